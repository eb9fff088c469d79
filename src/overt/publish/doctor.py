"""What is installed, what is missing, and what a workspace holds."""

import re
import sqlite3
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from rich.console import Console
from rich.text import Text

import overt
from overt.dossier.wording import printable
from overt.engine.workspace import Workspace
from overt.errors import OvertError
from overt.reference.platforms import load_platforms
from overt.settings import Settings
from overt.verdicts.rulebook import bundled


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The findings of `overt doctor`; `problems` is empty when all is well."""

    overt: str
    python: str
    packages: dict[str, str]
    rulebook: str
    n_rules: int
    reference: str
    n_platforms: int
    workspace: str
    holds: dict[str, int]
    quarantined: dict[str, int]
    damaged: list[str]
    problems: list[str]


def examine(settings: Settings) -> Health:
    """Return what is there and what is wrong; a workspace that does not exist yet is no problem."""
    problems: list[str] = []
    packages = _packages(problems)
    book, platforms = bundled(), load_platforms()
    holds: dict[str, int] = {}
    quarantined: dict[str, int] = {}
    damaged: list[str] = []
    if (settings.workspace / "catalog.sqlite").exists():
        try:
            workspace = Workspace(settings.workspace)
            holds, quarantined, damaged = _contents(workspace, problems)
            workspace.close()
        except (OvertError, sqlite3.Error) as problem:
            problems.append(f"workspace {settings.workspace}: {problem}")
    return Health(
        overt=overt.__version__,
        python=sys.version.split()[0],
        packages=packages,
        rulebook=book.version,
        n_rules=len(book.rules),
        reference=platforms.version,
        n_platforms=len(platforms.platforms),
        workspace=str(settings.workspace),
        holds=holds,
        quarantined=quarantined,
        damaged=damaged,
        problems=problems,
    )


def _packages(problems: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for requirement in requires("overt") or []:
        name = re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0]
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            problems.append(f"{name} is not installed; install overt again with its dependencies")
    return found


def _contents(
    workspace: Workspace, problems: list[str]
) -> tuple[dict[str, int], dict[str, int], list[str]]:
    sources = workspace.sources()
    holds = {
        "files": len(sources),
        "lines": sum(s.n_lines for s in sources),
        "lines read": sum(s.n_read for s in sources),
        "lines set apart": sum(s.n_quarantined for s in sources),
    }
    for tier in ("observation", "verdict", "cell", "vote", "change"):
        parts = workspace.parts(tier)
        holds[f"{tier}s"] = sum(p.n_rows for p in parts)
        missing = [p.name for p in parts if not workspace.path_of(p).exists()]
        if missing:
            problems.append(f"{len(missing)} {tier} parts are gone, among them {missing[0]}")
    stored = workspace.document("incidents")
    holds["incidents"] = len(stored[1]) if stored else 0
    gone = [s.path for s in sources if not Path(s.path).exists()]
    if gone:
        holds["files no longer where they were read"] = len(gone)
    damaged = [f"{s.path}: {s.defect}" for s in sources if s.defect]
    return holds, workspace.quarantine_counts(), damaged


def show(health: Health, console: Console) -> None:
    """Print the findings as plain lines."""
    lines = [
        f"overt {health.overt} on Python {health.python}",
        f"rulebook {health.rulebook}: {health.n_rules} rules",
        f"reference {health.reference}: {health.n_platforms} platforms",
        "packages: " + ", ".join(f"{n} {v}" for n, v in sorted(health.packages.items())),
    ]
    if health.holds:
        lines.append(f"workspace {health.workspace}:")
        lines += [f"  {count:>12,}  {what}" for what, count in health.holds.items()]
        lines += [f"  {n:>12,}  set apart: {why}" for why, n in health.quarantined.items()]
        lines += [f"  damaged file: {path}" for path in health.damaged]
    else:
        lines.append(f"workspace {health.workspace}: none yet; make one with: overt run PATH")
    lines += [f"problem: {problem}" for problem in health.problems] or ["no problem found"]
    for line in lines:
        console.print(Text(printable(line)))
