"""The command `overt evaluate`: options in, a scorecard out."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from overt.engine.base import to_json
from overt.evaluate import plots, scorecard, show
from overt.evaluate.plan import FULL, QUICK
from overt.publish.progress import bar_on


_PIPED_WIDTH = 200


def evaluate(
    quick: Annotated[bool, typer.Option("--quick", help="A small run, for a first look.")] = False,  # noqa: FBT002
    history: Annotated[
        Path | None,
        typer.Option("--history", help="Folder of real histories; without it they are skipped."),
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option("-w", "--workspace", help="Workspace that holds Kenya 2023 already."),
    ] = None,
    plots_to: Annotated[
        Path | None, typer.Option("--plots", metavar="DIR", help="Write plots (SVG) to a folder.")
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, help="How many processes to use.")
    ] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,  # noqa: FBT002
) -> None:
    """Score detection over simulated worlds with a known truth, beside other methods.

    The same program gives the same scores; what depends on the machine stands under "timings".
    PELT and plots need the extra: pip install 'overt[evaluate]'. Ends with 1 if a bar is missed.

    Example: overt evaluate --quick
    """
    plan = QUICK if quick else FULL
    words = Console(stderr=True, highlight=False, soft_wrap=True)
    with bar_on(words) as tell:
        card = scorecard.evaluate(plan, history, workspace, processes, tell)
    if as_json:
        body = to_json(card) | {"bars": to_json(card.bars)}
        sys.stdout.write(json.dumps(body, indent=2, ensure_ascii=True) + "\n")
    else:
        width = None if sys.stdout.isatty() else _PIPED_WIDTH
        show.show(card, Console(width=width, highlight=False))
    if plots_to is not None:
        for path in plots.write(card.scores, plots_to):
            words.print(f"wrote {path}", markup=False)
    if not all(b.reached for b in card.bars):
        raise typer.Exit(1)
