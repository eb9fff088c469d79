"""What every command shares: its options, where data and words go, and the opened workspace."""

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from overt.engine.workspace import Workspace
from overt.errors import WorkspaceError
from overt.observations.intake import Progress as Tell
from overt.publish.progress import bar_on
from overt.settings import Settings, load_settings


_PIPED_WIDTH = 200

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("-w", "--workspace", help="Workspace folder [default: overt-workspace]."),
]
KnownAtOption = Annotated[
    str | None,
    typer.Option("--known-at", help="Answer as it was on record at this instant or day, UTC."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def out() -> Console:
    """Return the console for data; wide when it is not a terminal, so that nothing is folded."""
    return Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH, highlight=False)


def words() -> Console:
    """Return the console for words."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def flag(workspace: Path | None) -> str:
    """Return the option that names the workspace, for the commands we suggest."""
    return "" if workspace is None else f" -w {workspace}"


def print_json(body: object) -> None:
    """Print JSON on stdout, in ASCII, so that no text of a stranger reaches the terminal raw."""
    sys.stdout.write(json.dumps(body, indent=2, ensure_ascii=True) + "\n")


@contextmanager
def open_workspace(folder: Path | None) -> Iterator[tuple[Workspace, Settings]]:
    """Yield the workspace and the settings; refuse one from which nothing was concluded yet."""
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
            words().print(
                "note: some measurements here are not part of the answer yet; a run is under way"
                " or was broken off"
            )
        yield workspace, settings
    finally:
        workspace.close()


def progress() -> AbstractContextManager[Tell]:
    """Show a bar on stderr while something long runs; nothing when stderr is not a terminal."""
    return bar_on(words())
