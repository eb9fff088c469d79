"""Every error this package raises, as one tree; each carries where it was met and its remedy.

```
OvertError           1   something we did not foresee
├── UsageError      64   the command cannot mean anything
├── InputError      65   the bytes are not what their publisher promised
│   └── RecordError 65   the official record is unsound; carries every problem found
├── WorkspaceError  74   the workspace cannot be read or written
└── RuleError       78   the rulebook or a reference list is unsound
```

The numbers are exit codes, after BSD `sysexits.h`.
What is wrong with one record of a file is not an error: it is a quarantine row, counted.
"""

from collections.abc import Sequence
from typing import ClassVar


class OvertError(Exception):
    """Something this program cannot go on from.

    Args:
        what: what was found and what was expected, one sentence.
        where: file, line, field or id, when there is one.
        remedy: what the reader can do about it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        lines = [f"error: {self.what}"]
        if self.where:
            lines.append(f"where: {self.where}")
        if self.remedy:
            lines.append(f"try:   {self.remedy}")
        return "\n".join(lines)


class UsageError(OvertError):
    """The command cannot mean anything."""

    exit_code = 64


class InputError(OvertError):
    """The bytes are not what their publisher promised."""

    exit_code = 65


class RecordError(InputError):
    """The official record is unsound.

    Args:
        problems: every problem found, each a whole message of its own.
    """

    def __init__(self, what: str, *, problems: Sequence[object], where: str | None = None) -> None:
        super().__init__(what, where=where, remedy="mend what is named above, then check again")
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), super().__str__()])


class WorkspaceError(OvertError):
    """The workspace cannot be read or written."""

    exit_code = 74


class RuleError(OvertError):
    """The rulebook or a reference list is unsound."""

    exit_code = 78
