"""The command that lays the record beside the measurements: dossier."""

import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from overt import pipeline
from overt.cli.shared import JsonOption, WorkspaceOption, open_workspace, out, print_json
from overt.dossier.harm import estimate, read_inputs
from overt.dossier.published import Published, read_published
from overt.dossier.roof import Dossier, dossier_of
from overt.dossier.sides import Holdings, Sides, sides_of
from overt.dossier.status import Status, status_of
from overt.engine.base import from_json, to_json
from overt.engine.duck import Duck
from overt.errors import UsageError
from overt.publish import claimreview, ftm, prov, stop
from overt.publish.page import markdown, show_dossier
from overt.record.ledger import load
from overt.reference.platforms import PlatformList, load_platforms
from overt.settings import load_settings
from overt.verdicts.rulebook import bundled
from overt.vocabulary.instants import now, parse_rfc3339
from overt.vocabulary.judgements import Change
from overt.vocabulary.places import Platform, parse_cc
from overt.vocabulary.stated import Record


class Export(StrEnum):
    """The formats a dossier is handed on in."""

    STOP = "stop"
    CLAIMREVIEW = "claimreview"
    PROV = "prov"
    FTM = "ftm"


def dossier(  # noqa: PLR0913, PLR0917 - the options of one command
    platform: Annotated[str, typer.Argument(help="A platform (telegram, x, …) or a hostname.")],
    country: Annotated[str, typer.Option("--in", help="Country, two letters (ISO 3166-1).")],
    record: Annotated[
        Path | None, typer.Option("--record", help="Folder of the official record.")
    ] = None,
    measured: Annotated[
        Path | None,
        typer.Option("--measured", help="Published incidents (OONI's list), where none are ours."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="As of this instant or day, UTC [default: now].")
    ] = None,
    harm: Annotated[
        Path | None, typer.Option("--harm", help="Inputs of an estimate of harm (TOML).")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002
    as_markdown: Annotated[bool, typer.Option("--md", help="Print Markdown.")] = False,  # noqa: FBT002
    export: Annotated[Export | None, typer.Option("--export", help="Print an export.")] = None,
) -> None:
    """Lay acts, claims, episodes and changes on one timeline and set them against each other.

    Lags, denials, dates, deadlines and conflicts are worded from the record and from what was
    measured, as known when each sentence says.

    Example: overt dossier x --in PK --record FOLDER --measured FILE --as-of 2025-07-09
    """
    platforms = load_platforms()
    wanted, cc = platforms.find(platform), _country(country)
    instant = now() if as_of is None else parse_rfc3339(as_of)
    stated = Record() if record is None else load(record)
    published = None if measured is None else read_published(measured, platforms)
    with ExitStack() as stack:
        sides = _sides(stack, wanted, cc, instant, workspace, published, platforms)
        found = dossier_of(
            wanted,
            stated,
            sides.measured,
            platforms,
            instant,
            elsewhere=sides.elsewhere,
            changes=sides.changes,
            earlier=sides.earlier,
        )
        if harm is not None:
            estimated = estimate(read_inputs(harm), sides.measured, stated, instant)
            found = replace(found, harm=estimated)
    if export is not None:
        _export(export, found, stated)
    elif as_json:
        print_json(to_json(found))
    elif as_markdown:
        sys.stdout.write(markdown(found))
    else:
        show_dossier(found, out())


def _country(text: str) -> str:
    try:
        cc = parse_cc(text)
    except ValueError:
        cc = None
    if cc is None:
        raise UsageError(f"{text!r} is not a country code", remedy="use two letters, such as PK")
    return cc


def _sides(
    stack: ExitStack,
    platform: Platform,
    cc: str,
    as_of: datetime,
    workspace: Path | None,
    published: Published | None,
    platforms: PlatformList,
) -> Sides:
    """Return the measured side: of the workspace where there is one, else of what is published.

    Without -w a workspace is used only where its default folder is there and nothing published was
    named.
    """
    there = load_settings(workspace).workspace.is_dir() and published is None
    if workspace is None and not there:
        return sides_of(cc, platform.id, as_of, published=published)
    opened, settings = stack.enter_context(open_workspace(workspace))
    duck = stack.enter_context(Duck(settings))
    pipeline.relations(opened, duck, ["verdict", "change"])
    incidents, collapses = pipeline.incidents_in(opened), pipeline.collapses_in(opened)
    versions = pipeline.versions_of(bundled(), platforms)

    def status(at: datetime) -> Status:
        return status_of(platform, cc, at, incidents, duck, platforms, versions, collapses)

    rows = duck.query(
        "SELECT * FROM change WHERE cc = ? AND platform = ?", [cc, platform.id]
    ).to_pylist()
    conclusions = opened.log.conclusions()
    held = Holdings(
        incidents=incidents,
        collapses=collapses,
        changes=[_change(row) for row in rows],
        recorded=conclusions[-1].recorded if conclusions else None,
        status=status,
    )
    return sides_of(cc, platform.id, as_of, held, opened.log, published)


def _change(row: dict[str, object]) -> Change:
    instants = {k: v.replace(tzinfo=UTC) for k, v in row.items() if isinstance(v, datetime)}
    return from_json(Change, {**row, **instants})


def _export(export: Export, found: Dossier, stated: Record) -> None:
    if export is Export.STOP:
        print_json(stop.rows(found, stated))
    elif export is Export.CLAIMREVIEW:
        print_json(claimreview.graph(found, stated))
    elif export is Export.PROV:
        print_json(prov.document(found, stated))
    else:
        for line in ftm.lines(found, stated):
            sys.stdout.write(line + "\n")
