"""The commands on archives of our own making: demo, lab list, lab simulate."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from overt import pipeline
from overt.cli.shared import open_workspace, out, progress, words
from overt.lab.archive import write_archive
from overt.lab.scenario import bundled_scenarios, load_scenario
from overt.publish.terminal import show_incidents, show_networks
from overt.reference.platforms import load_platforms
from overt.settings import load_settings
from overt.vocabulary.instants import now


def demo(
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", help="Folder for the demonstration.")
    ] = Path("overt-demo"),
) -> None:
    """Simulate a small archive with a known truth, run everything over it, and show what comes out.

    Example: overt demo
    """
    told, console = words(), out()
    scenario = load_scenario("demo")
    archive, truth, n_lines = write_archive(scenario, workspace / "input")
    told.print(f"simulated: {scenario.title}", markup=False)
    told.print(f"  {n_lines:,} measurements in {archive}; the truth is in {truth}", markup=False)
    settings = load_settings(workspace / "workspace")
    with progress() as tell:
        pipeline.run([archive], settings, now(), tell)
    with open_workspace(settings.workspace) as (opened, _):
        found = pipeline.incidents_in(opened)
    show_incidents(found, load_platforms(), console)
    for incident in found:
        console.print()
        show_networks(incident, console)
    told.print("\nEverything above is simulated. What to do next:")
    place = f"-w {settings.workspace}"
    told.print(f"  overt explain {found[0].id if found else 'ID'} {place}", markup=False)
    told.print(f"  overt status telegram --in {scenario.cc} {place}", markup=False)
    told.print("  overt run PATH            with OONI measurements of your own", markup=False)


def lab_list() -> None:
    """List the scenarios that come with the program."""
    for name in bundled_scenarios():
        out().print(Text(f"{name}  {load_scenario(name).title}"))


def lab_simulate(
    scenario: Annotated[str, typer.Argument(help="A scenario's name, or a .toml file.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write to.")] = Path(),
) -> None:
    """Write a scenario as an OONI-format archive, with the truth beside it.

    Example: overt lab simulate demo -o simulated
    """
    archive, truth, n_lines = write_archive(load_scenario(scenario), output)
    out().print(Text(str(archive)))
    words().print(f"{n_lines:,} simulated measurements; the truth is in {truth}", markup=False)
