"""Parse, call, print. No decision is taken here; this is the only room that looks at the clock."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.exceptions
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

import overt
from overt import pipeline
from overt.dossier.explain import explain
from overt.dossier.shelf import Shelf
from overt.dossier.status import status_of
from overt.engine.base import to_json
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.errors import InputError, OvertError, UsageError, WorkspaceError
from overt.lab.archive import write_archive
from overt.lab.scenario import bundled_scenarios, load_scenario
from overt.observations.intake import Progress as Tell
from overt.publish import doctor as checks
from overt.publish.terminal import safe, show_explanation, show_incidents, show_networks
from overt.reference.platforms import load_platforms
from overt.settings import Settings, load_settings
from overt.verdicts.rulebook import bundled
from overt.vocabulary.instants import now, parse_rfc3339
from overt.vocabulary.places import parse_cc


EXIT_USAGE = 64
EXIT_DEFECT = 70
EXIT_INTERRUPTED = 130
_PIPED_WIDTH = 200

app = typer.Typer(
    name="overt",
    help="What was blocked, where, since when and how: network measurements into dated incidents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
lab = typer.Typer(
    help="Simulated archives with a known truth.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(lab, name="lab")

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("-w", "--workspace", help="Workspace folder [default: overt-workspace]."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def _out() -> Console:
    """Return the console for data; wide when it is not a terminal, so that nothing is folded."""
    return Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH, highlight=False)


def _words() -> Console:
    """Return the console for words."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def _flag(workspace: Path | None) -> str:
    """Return the option that names the workspace, for the commands we suggest."""
    return "" if workspace is None else f" -w {workspace}"


def _print_json(body: object) -> None:
    sys.stdout.write(json.dumps(body, indent=2, ensure_ascii=True) + "\n")


@contextmanager
def _opened(folder: Path | None) -> Iterator[tuple[Workspace, Settings]]:
    settings = load_settings(folder)
    workspace = Workspace(settings.workspace)
    try:
        if workspace.is_behind():
            if workspace.document("incidents") is None:
                raise WorkspaceError(
                    "measurements were read here and nothing was concluded from them yet",
                    where=str(settings.workspace),
                    remedy="wait for the run to end, or give overt run the same files again",
                )
            _words().print(
                "note: some measurements here are not part of the answer yet; a run is under way"
                " or was broken off"
            )
        yield workspace, settings
    finally:
        workspace.close()


@contextmanager
def _progress() -> Iterator[Tell]:
    """Show a bar on stderr while something long runs; nothing when stderr is not a terminal."""
    console = _words()
    with Progress(
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield tell


@app.command()
def run(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of measurements.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - a flag
) -> None:
    """Read measurements and bring observations, verdicts, cells, changes and incidents up to date.

    Reads OONI observation tables (.csv, .csv.gz) and OONI raw measurements (.jsonl, .jsonl.gz).
    A file is counted once however often it is given.

    Example: overt run archive/ -w pakistan
    """
    settings = load_settings(workspace)
    with _progress() as tell:
        report = pipeline.run(paths, settings, now(), tell)
    if as_json:
        _print_json(to_json(report))
    words = _words()
    words.print(
        f"{report.n_files_new} new and {report.n_files_known} known files;"
        f" {report.n_lines:,} lines: {report.n_read:,} read,"
        f" {sum(report.quarantined.values()):,} set apart"
    )
    for reason, count in sorted(report.quarantined.items(), key=lambda item: (-item[1], item[0])):
        words.print(Text(f"  {count:>9,}  {reason}"))
    if report.quarantined:
        words.print(f"  see them with: overt quarantine{_flag(workspace)}", markup=False)
    if report.skipped:
        words.print(f"  {len(report.skipped)} files passed over: their names are not measurements'")
    for path, notice in report.notices:
        words.print(Text(f"note: {safe(path)}: {safe(notice)}"))
    for path, defect in report.defects:
        words.print(Text(f"damaged: {safe(path)}: {safe(defect)}"))
    words.print(
        f"{report.n_incidents} incidents. next: overt incidents{_flag(workspace)}", markup=False
    )
    if report.defects:
        raise InputError(
            f"{len(report.defects)} of the files given could not be read whole;"
            " everything readable was taken in",
            remedy="get damaged files again, leave out what holds no measurements, and run again",
        )


@app.command()
def incidents(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002
    """Show the incidents found.

    Example: overt incidents --json
    """
    with _opened(workspace) as (opened, _):
        found = pipeline.incidents_in(opened)
    if as_json:
        _print_json(to_json(found))
    elif found:
        show_incidents(found, load_platforms(), _out())
        _words().print(f"\nnext: overt explain {found[0].id}{_flag(workspace)}", markup=False)
    else:
        _words().print(
            "no incidents: no series changed beyond its error bound. A restriction of a few hours,"
            " or one that few units reported, is not seen"
        )


@app.command()
def status(
    platform: Annotated[str, typer.Argument(help="A platform (telegram, x, …) or a hostname.")],
    country: Annotated[str, typer.Option("--in", help="Country, two letters (ISO 3166-1).")],
    at: Annotated[str | None, typer.Option("--at", help="Instant or day, UTC.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Say in one sentence whether a platform is reachable in a country, since when, where and how.

    Example: overt status telegram --in KE --at 2023-11-15
    """
    platforms = load_platforms()
    wanted = platforms.find(platform)
    try:
        cc = parse_cc(country)
    except ValueError:
        cc = None
    if cc is None:
        raise UsageError(f"{country!r} is not a country code", remedy="use two letters, such as KE")
    instant = None if at is None else parse_rfc3339(at)
    with _opened(workspace) as (opened, settings), Duck(settings) as duck:
        pipeline.relations(opened, duck, ["verdict"])
        found = status_of(
            wanted,
            cc,
            instant,
            pipeline.incidents_in(opened),
            duck,
            platforms,
            pipeline.versions_of(bundled(), platforms),
        )
    if as_json:
        _print_json(to_json(found))
    else:
        _out().print(Text(safe(found.sentence)))


@app.command(name="explain")
def explain_id(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="Any id that overt printed.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Walk anything that was printed down to its bytes: an incident, change, cell or measurement.

    A rule, mechanism, platform, target, network, unit, file or FILE:LINE can be asked for too.

    Example: overt explain KE-telegram-2023-11-08
    """
    with _opened(workspace) as (opened, settings), Duck(settings) as duck:
        pipeline.relations(opened, duck, ["observation", "verdict", "cell", "change"])
        shelf = Shelf(
            pipeline.incidents_in(opened),
            opened.sources(),
            duck,
            bundled(),
            load_platforms(),
            opened.set_apart,
        )
        found = explain(wanted, shelf)
    if as_json:
        _print_json(to_json(found))
    else:
        show_explanation(found, _out(), _flag(workspace))


@app.command()
def quarantine(
    workspace: WorkspaceOption = None,
    limit: Annotated[int, typer.Option(help="How many lines to show at most.")] = 100,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Show the lines that were set apart, with file, line and reason.

    Example: overt quarantine --limit 20
    """
    with _opened(workspace) as (opened, _):
        rows = opened.quarantine(limit)
        paths = {s.id: s.path for s in opened.sources()}
        total = sum(opened.quarantine_counts().values())
    listed = [{**to_json(q), "path": paths[q.source_id]} for q in rows]
    if as_json:
        _print_json(listed)
        return
    console = _out()
    for row in listed:
        place = f"{row['path']}:{row['line']}"
        console.print(Text(f"{safe(place)}  {row['reason']}  {safe(row['detail'])}"))
    _words().print(f"{len(listed)} of {total} shown")


@app.command()
def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002
    """Say what is installed, what is missing, and what the workspace holds.

    Example: overt doctor -w pakistan
    """
    report = checks.examine(load_settings(workspace))
    if as_json:
        _print_json(to_json(report))
    else:
        checks.show(report, _out())
    if report.problems:
        raise typer.Exit(1)


@app.command()
def demo(
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", help="Folder for the demonstration.")
    ] = Path("overt-demo"),
) -> None:
    """Simulate a small archive with a known truth, run everything over it, and show what comes out.

    Example: overt demo
    """
    words, console = _words(), _out()
    scenario = load_scenario("demo")
    archive, truth, n_lines = write_archive(scenario, workspace / "input")
    words.print(f"simulated: {scenario.title}", markup=False)
    words.print(f"  {n_lines:,} measurements in {archive}; the truth is in {truth}", markup=False)
    settings = load_settings(workspace / "workspace")
    with _progress() as tell:
        pipeline.run([archive], settings, now(), tell)
    with _opened(settings.workspace) as (opened, _):
        found = pipeline.incidents_in(opened)
    show_incidents(found, load_platforms(), console)
    for incident in found:
        console.print()
        show_networks(incident, console)
    words.print("\nEverything above is simulated. What to do next:")
    place = f"-w {settings.workspace}"
    words.print(f"  overt explain {found[0].id if found else 'ID'} {place}", markup=False)
    words.print(f"  overt status telegram --in {scenario.cc} {place}", markup=False)
    words.print("  overt run PATH            with OONI measurements of your own", markup=False)


@lab.command("list")
def lab_list() -> None:
    """List the scenarios that come with the program."""
    for name in bundled_scenarios():
        _out().print(Text(f"{name}  {load_scenario(name).title}"))


@lab.command("simulate")
def lab_simulate(
    scenario: Annotated[str, typer.Argument(help="A scenario's name, or a .toml file.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write to.")] = Path(),
) -> None:
    """Write a scenario as an OONI-format archive, with the truth beside it.

    Example: overt lab simulate demo -o simulated
    """
    archive, truth, n_lines = write_archive(load_scenario(scenario), output)
    _out().print(Text(str(archive)))
    _words().print(f"{n_lines:,} simulated measurements; the truth is in {truth}", markup=False)


def _version(value: bool) -> None:  # noqa: FBT001
    if value:
        _out().print(f"overt {overt.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[  # noqa: FBT002
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What was blocked, where, since when and how: network measurements into dated incidents."""


def main() -> None:
    """Run the command line; every way it can end has its own exit code and no traceback."""
    try:
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except OvertError as problem:
        _words().print(Text(str(problem)))
        sys.exit(problem.exit_code)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except typer.exceptions.TyperException as problem:
        said = problem.format_message()
        if not said.startswith("Usage:"):  # a group called without a command answers with its help
            said = f"error: {said}\ntry:   overt --help, or overt COMMAND --help"
        _words().print(Text(said))
        sys.exit(EXIT_USAGE)
    except (KeyboardInterrupt, typer.Abort):
        _words().print("interrupted; run the same command again to go on")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as defect:
        if os.environ.get("OVERT_DEBUG"):
            raise
        _words().print(
            Text(
                f"error: a defect of overt itself: {type(defect).__name__}: {safe(defect)}\n"
                "try:   report it with the command you ran; OVERT_DEBUG=1 shows where it happened"
            )
        )
        sys.exit(EXIT_DEFECT)
