"""Parse, call, print. No decision is taken here; this is the only room that looks at the clock.

Each group of commands is a module of its own; a new command is a function there and one line here.
"""

import os
import sys
from typing import Annotated

import typer
import typer.exceptions
from rich.text import Text

import overt
from overt.cli import answers, recall, record_propose, simulated, taking
from overt.cli.shared import out, words
from overt.errors import OvertError
from overt.publish.terminal import safe


EXIT_USAGE = 64
EXIT_DEFECT = 70
EXIT_INTERRUPTED = 130

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
record = typer.Typer(
    help="The official record: sources, claims, acts and deadlines.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(record, name="record")

# In the order in which the help lists them.
app.command()(taking.run)
app.command()(answers.incidents)
app.command()(answers.collapses)
app.command()(answers.status)
app.command(name="explain")(answers.explain_id)
app.command()(recall.history)
app.command()(taking.quarantine)
app.command()(taking.doctor)
app.command()(simulated.demo)
lab.command("list")(simulated.lab_list)
lab.command("simulate")(simulated.lab_simulate)
record.command("propose")(record_propose.propose)


def _version(value: bool) -> None:  # noqa: FBT001
    if value:
        out().print(f"overt {overt.__version__}")
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
        words().print(Text(str(problem)))
        sys.exit(problem.exit_code)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except typer.exceptions.TyperException as problem:
        said = problem.format_message()
        if not said.startswith("Usage:"):  # a group called without a command answers with its help
            said = f"error: {said}\ntry:   overt --help, or overt COMMAND --help"
        words().print(Text(said))
        sys.exit(EXIT_USAGE)
    except (KeyboardInterrupt, typer.Abort):
        words().print("interrupted; run the same command again to go on")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as defect:
        if os.environ.get("OVERT_DEBUG"):
            raise
        words().print(
            Text(
                f"error: a defect of overt itself: {type(defect).__name__}: {safe(defect)}\n"
                "try:   report it with the command you ran; OVERT_DEBUG=1 shows where it happened"
            )
        )
        sys.exit(EXIT_DEFECT)
