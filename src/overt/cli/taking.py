"""The commands that take measurements in, and say what became of them: run, quarantine, doctor."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from overt import pipeline
from overt.changes.admission import REASONS
from overt.cli.shared import (
    JsonOption,
    WorkspaceOption,
    flag,
    open_workspace,
    out,
    print_json,
    progress,
    words,
)
from overt.engine.base import to_json
from overt.errors import InputError
from overt.publish import doctor as checks
from overt.publish.terminal import safe
from overt.settings import load_settings
from overt.vocabulary.instants import now


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
    with progress() as tell:
        report = pipeline.run(paths, settings, now(), tell)
    if as_json:
        print_json(to_json(report))
    told = words()
    told.print(
        f"{report.n_files_new} new and {report.n_files_known} known files;"
        f" {report.n_lines:,} lines: {report.n_read:,} read,"
        f" {sum(report.quarantined.values()):,} set apart"
    )
    for reason, count in sorted(report.quarantined.items(), key=lambda item: (-item[1], item[0])):
        told.print(Text(f"  {count:>9,}  {reason}"))
    if report.quarantined:
        told.print(f"  see them with: overt quarantine{flag(workspace)}", markup=False)
    if report.skipped:
        told.print(f"  {len(report.skipped)} files passed over: their names are not measurements'")
    for path, notice in report.notices:
        told.print(Text(f"note: {safe(path)}: {safe(notice)}"))
    for path, defect in report.defects:
        told.print(Text(f"damaged: {safe(path)}: {safe(defect)}"))
    for reason, count in sorted(report.not_watched.items()):
        told.print(f"not watched: {count:,} {reason} ({REASONS[reason]})")
    if report.recorded:
        entered = ", ".join(f"{n} {kind}" for kind, n in sorted(report.recorded.items()))
        told.print(f"entered in the history: {entered}")
    told.print(
        f"{report.n_incidents} incidents. next: overt incidents{flag(workspace)}", markup=False
    )
    if report.defects:
        raise InputError(
            f"{len(report.defects)} of the files given could not be read whole;"
            " everything readable was taken in",
            remedy="get damaged files again, leave out what holds no measurements, and run again",
        )


def quarantine(
    workspace: WorkspaceOption = None,
    limit: Annotated[int, typer.Option(help="How many lines to show at most.")] = 100,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Show the lines that were set apart, with file, line and reason.

    Example: overt quarantine --limit 20
    """
    with open_workspace(workspace) as (opened, _):
        rows = opened.quarantine(limit)
        paths = {s.id: s.path for s in opened.sources()}
        total = sum(opened.quarantine_counts().values())
    listed = [{**to_json(q), "path": paths[q.source_id]} for q in rows]
    if as_json:
        print_json(listed)
        return
    console = out()
    for row in listed:
        place = f"{row['path']}:{row['line']}"
        console.print(Text(f"{safe(place)}  {row['reason']}  {safe(row['detail'])}"))
    words().print(f"{len(listed)} of {total} shown")


def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002
    """Say what is installed, what is missing, and what the workspace holds.

    Example: overt doctor -w pakistan
    """
    report = checks.examine(load_settings(workspace))
    if as_json:
        print_json(to_json(report))
    else:
        checks.show(report, out())
    if report.problems:
        raise typer.Exit(1)
