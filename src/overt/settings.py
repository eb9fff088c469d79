"""One frozen Settings, read once from the environment; no other module reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from overt.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reader may choose about how a run uses the machine.

    Attributes:
        workspace: the folder that holds everything derived from the input.
        threads: how many threads the SQL engine may use.
        memory_limit_mib: how much memory the SQL engine may use before it spills to disk.
    """

    workspace: Path = Path("overt-workspace")
    threads: int = 2
    memory_limit_mib: int = 512


_MOST_DIGITS = 9


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > _MOST_DIGITS or int(text) < 1:
        raise UsageError(
            f"{name} is {text!r}; expected a whole number of at least 1",
            where="environment",
            remedy=f"unset {name}, or set it to a number such as {default}",
        )
    return int(text)


def load_settings(
    workspace: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings of this process.

    Args:
        workspace: the folder named on the command line; it wins over `OVERT_WORKSPACE`.
        environ: the environment to read; the process's own when omitted.

    Raises:
        UsageError: when a number in the environment is not a whole number of at least 1.
    """
    env = os.environ if environ is None else environ
    return Settings(
        workspace=workspace or Path(env.get("OVERT_WORKSPACE") or "overt-workspace"),
        threads=_whole_number(env, "OVERT_THREADS", min(os.cpu_count() or 1, 4)),
        memory_limit_mib=_whole_number(env, "OVERT_MEMORY_MIB", 512),
    )
