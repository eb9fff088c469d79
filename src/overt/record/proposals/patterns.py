"""The small language patterns are written in, made into a regular expression of bounded reach.

A pattern is elements with spaces between, read over the canonical line of a sentence:

| element | matches |
|---|---|
| `word`, `a|b_c` | the word, or one of several; `_` joins the words of a phrase |
| `@set` | a word or phrase of a set in `rules/words.toml`; may stand among alternatives |
| `<kind>` | a mention: an actor, a platform, a date, a number; may stand among alternatives |
| `name:...` | the same, and remembered under the name |
| `...?` | the same, or nothing |
| `..N` | at most N pieces, within a clause and no comma; `,,N`: commas too |
| `^`, `$` | the beginning, the end of the sentence |
| `<demand>` | one of the demands of `rules/words.toml`, remembered as `demand_<name>` |
| `(a|b)` | brackets may group alternatives |

There is no other repetition, so that the time a match takes is bounded by the pattern.
"""

import re
from collections.abc import Mapping, Sequence

from overt.errors import RuleError


# What a line has in place of a mention: this mark, the letter of its kind, its number.
MARK = "\ue000"
# Letters of the kinds of mention that each `<kind>` stands for.
KINDS: Mapping[str, str] = {
    "platform": "P", "court": "C", "agency": "A", "official": "MGAVL", "addressee": "MGAVLOPCE",
    "speaker": "MGCAVLOPYTSWUNRQ", "civil": "S", "watchdog": "W", "party": "Y", "litigant": "TQ",
    "outlet": "U", "user": "N", "statement": "R", "date": "dsubfy", "within": "wy", "number": "nm",
    "money": "m", "place": "l",
}  # fmt: skip
_MAX_GAP = 30
_NO_CLAUSE = "(?!(?:that|which|who|while|but) )"  # a gap stays within a clause
_NAME = re.compile(r"([a-z][a-z0-9]*):(.+)\Z")
_GAP = re.compile(r"(\.\.|,,)(\d{1,2})\Z")


class Language:
    """The sets and demands patterns may name."""

    def __init__(
        self, sets: Mapping[str, Sequence[str]], demands: Mapping[str, Sequence[str]]
    ) -> None:
        self._sets = sets
        self._demands = demands

    def words(self, name: str) -> frozenset[str]:
        """Return the words and phrases of a set, with spaces in phrases."""
        return frozenset(w.replace("_", " ") for w in self._sets[name])

    def compiled(self, pattern: str, where: str) -> re.Pattern[str]:
        """Return the expression for a pattern.

        Raises:
            RuleError: when it names an unknown set or kind, or a gap that is too wide.
        """
        body = "".join(self._element(e, where) for e in pattern.split(" ") if e)
        try:
            return re.compile(f"(?:(?<= )|^){body}")
        except re.error as problem:
            raise RuleError(
                f"the pattern {pattern!r} cannot be read: {problem}",
                where=where,
                remedy="use a name once, and close every bracket",
            ) from problem

    def _element(self, element: str, where: str) -> str:
        optional = element.endswith("?")
        core = element[:-1] if optional else element
        if core in {"^", "$"}:
            return "^" if core == "^" else r"(?:[.!:] )?$"
        gap = _GAP.match(core)
        if gap is not None:
            if int(gap[2]) > _MAX_GAP:
                raise RuleError(
                    f"the gap {core!r} is wider than {_MAX_GAP}", where=where, remedy="narrow it"
                )
            piece = f"{_NO_CLAUSE}[^ ,;]+ " if gap[1] == ".." else "[^ ;]+ "
            return f"(?:{piece}){{0,{gap[2]}}}?"
        if core == "<demand>":
            return self._demand(where)
        named = _NAME.match(core)
        inner = named[2] if named else core
        inner = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
        found = "|".join(self._choice(c, where) for c in inner.split("|"))
        found = f"(?P<{named[1]}>{found})" if named else f"(?:{found})"
        return f"{found}?" if optional else found

    def _choice(self, choice: str, where: str) -> str:
        if choice.startswith("@"):
            if choice[1:] not in self._sets:
                raise RuleError(
                    f"there is no set {choice!r}", where=where, remedy="add it to rules/words.toml"
                )
            return "|".join(
                re.escape(w.replace("_", " ")) + " "
                for w in sorted(self._sets[choice[1:]], key=len, reverse=True)
            )
        if choice.startswith("<"):
            letters = KINDS.get(choice[1:-1])
            if letters is None:
                raise RuleError(
                    f"there is no kind of mention {choice!r}",
                    where=where,
                    remedy=f"use one of {', '.join(sorted(KINDS))}",
                )
            return f"{MARK}[{letters}][0-9]+ "
        return re.escape(choice.replace("_", " ")) + " "

    def _demand(self, where: str) -> str:
        ways = []
        for name, patterns in self._demands.items():
            bodies = ("".join(self._element(e, where) for e in p.split(" ") if e) for p in patterns)
            ways.append(f"(?P<demand_{name}>{'|'.join(bodies)})")
        return f"(?:{'|'.join(ways)})"
