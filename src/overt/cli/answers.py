"""The commands that answer from what a workspace holds: incidents, status, explain."""

from typing import Annotated

import typer
from rich.text import Text

from overt import pipeline
from overt.cli import recall
from overt.cli.shared import (
    JsonOption,
    KnownAtOption,
    WorkspaceOption,
    flag,
    open_workspace,
    out,
    print_json,
    words,
)
from overt.dossier.explain import explain
from overt.dossier.shelf import Shelf
from overt.dossier.status import status_of
from overt.engine.base import to_json
from overt.engine.duck import Duck
from overt.errors import UsageError
from overt.publish.terminal import safe, show_collapses, show_explanation, show_incidents
from overt.reference.platforms import load_platforms
from overt.verdicts.rulebook import bundled
from overt.vocabulary.instants import parse_rfc3339
from overt.vocabulary.places import parse_cc


def incidents(
    known_at: KnownAtOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Show the incidents found, as they are known now or as they were on record at an instant.

    Example: overt incidents --known-at 2026-03-01
    """
    if known_at is not None:
        recall.incidents_known_at(parse_rfc3339(known_at), workspace, as_json=as_json)
        return
    with open_workspace(workspace) as (opened, _):
        found = pipeline.incidents_in(opened)
        silent = pipeline.collapses_in(opened)
    if as_json:
        print_json(to_json(found))
        return
    if found:
        show_incidents(found, load_platforms(), out())
        words().print(f"\nnext: overt explain {found[0].id}{flag(workspace)}", markup=False)
    else:
        words().print(
            "no incidents: no series changed beyond its error bound. A restriction of a few hours,"
            " or one that few units reported, is not seen"
        )
    show_collapses(silent, out())


def collapses(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002
    """Show coverage collapses: networks heard all day on which then nobody reported.

    A silence says nothing of what is reachable, and not why nobody reported.

    Example: overt collapses --json
    """
    with open_workspace(workspace) as (opened, _):
        found = pipeline.collapses_in(opened)
    if as_json:
        print_json(to_json(found))
    elif found:
        show_collapses(found, out(), most=len(found))
        words().print(f"\nnext: overt explain {found[0].id}{flag(workspace)}", markup=False)
    else:
        words().print(
            "no coverage collapse: no network that is heard all day fell silent. A network heard"
            " less than about once an hour is not watched for it"
        )


def status(
    platform: Annotated[str, typer.Argument(help="A platform (telegram, x, …) or a hostname.")],
    country: Annotated[str, typer.Option("--in", help="Country, two letters (ISO 3166-1).")],
    at: Annotated[str | None, typer.Option("--at", help="Instant or day, UTC.")] = None,
    known_at: KnownAtOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Say in one sentence whether a platform is reachable in a country, since when, where and how.

    --at asks about an instant, --known-at asks what was on record at one.

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
    if known_at is not None:
        recall.status_known_at(
            wanted, cc, instant, parse_rfc3339(known_at), workspace, as_json=as_json
        )
        return
    with open_workspace(workspace) as (opened, settings), Duck(settings) as duck:
        pipeline.relations(opened, duck, ["verdict"])
        found = status_of(
            wanted,
            cc,
            instant,
            pipeline.incidents_in(opened),
            duck,
            platforms,
            pipeline.versions_of(bundled(), platforms),
            pipeline.collapses_in(opened),
        )
    if as_json:
        print_json(to_json(found))
    else:
        out().print(Text(safe(found.sentence)))


def explain_id(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="Any id that overt printed.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Walk anything that was printed down to its bytes: an incident, change, cell or measurement.

    A rule, mechanism, platform, target, network, unit, file or FILE:LINE can be asked for too.

    Example: overt explain KE-telegram-2023-11-08
    """
    with open_workspace(workspace) as (opened, settings), Duck(settings) as duck:
        pipeline.relations(opened, duck, ["observation", "verdict", "cell", "change"])
        shelf = Shelf(
            pipeline.incidents_in(opened),
            opened.sources(),
            duck,
            bundled(),
            load_platforms(),
            opened.set_apart,
            opened.log,
            pipeline.collapses_in(opened),
        )
        found = explain(wanted, shelf)
    if as_json:
        print_json(to_json(found))
    else:
        show_explanation(found, out(), flag(workspace))
