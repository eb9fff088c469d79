"""The commands that answer from the history: a record's versions, and what was on record when."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from overt import pipeline
from overt.cli.shared import (
    JsonOption,
    WorkspaceOption,
    flag,
    open_workspace,
    out,
    print_json,
    words,
)
from overt.dossier.history import history_of, read, status_as_recorded, whole
from overt.engine.base import to_json
from overt.publish.terminal import safe, show_history, show_incidents
from overt.reference.platforms import load_platforms
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.places import Platform


def history(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="An incident's id, also a former.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Show every version of an incident: when it was recorded, and what changed from the last.

    Example: overt history KE-telegram-2023-11-08
    """
    with open_workspace(workspace) as (opened, _):
        found = history_of(wanted, opened.log, load_platforms())
    if as_json:
        print_json(to_json(found))
    else:
        for record in found:
            show_history(record, out())


def incidents_known_at(instant: datetime, workspace: Path | None, *, as_json: bool) -> None:
    """Print the incidents as they were on record at an instant."""
    platforms = load_platforms()
    with open_workspace(workspace) as (opened, _):
        conclusion, versions = pipeline.known_at(opened, instant)
    if as_json:
        print_json([v.body for v in versions])
        return
    readable = [i for v in versions if (i := read(v.body)) is not None]
    if readable:
        show_incidents(readable, platforms, out())
    for version in versions:
        if read(version.body) is None:
            out().print(Text(safe(f"{version.id}: {whole(version.body, platforms)}")))
    words().print(
        f"\n{len(versions)} incidents on record at {rfc3339(instant)}, as recorded"
        f" {rfc3339(conclusion.recorded)}. now: overt incidents{flag(workspace)}",
        markup=False,
    )


def status_known_at(
    platform: Platform,
    cc: str,
    at: datetime | None,
    known_at: datetime,
    workspace: Path | None,
    *,
    as_json: bool,
) -> None:
    """Print what the incidents on record at an instant said of a platform in a country."""
    with open_workspace(workspace) as (opened, _):
        on_record = pipeline.known_at(opened, known_at)
    found = status_as_recorded(platform, cc, at, known_at, on_record, load_platforms())
    if as_json:
        print_json(to_json(found))
    else:
        out().print(Text(safe(found.sentence)))
