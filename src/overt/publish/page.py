"""A dossier as text on a terminal and as Markdown; text from strangers is text, never markup."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from overt.dossier import story
from overt.dossier.roof import Dossier
from overt.dossier.wording import printable


_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-_~:/?@!$&'*+,;=%]+\Z")
_BULLET = re.compile(r"^(\s*)([-+]|\d+[.)])(\s)")


def markdown(dossier: Dossier) -> str:
    """Return a dossier as a Markdown page; nothing a stranger wrote can become markup in it."""
    lines = [f"# {escape(dossier.title)}", "", escape(dossier.sentence)]
    for heading, items in sections(dossier):
        lines += ["", f"## {heading}", ""]
        lines += [f"- {escape(item)}" for item in items] or [f"- {story.NONE_ON_RECORD}"]
    lines += ["", f"## {story.HEADINGS['sources']}", ""]
    for source in dossier.sources:
        address = f" <{source.url}>" if _ADDRESS.match(source.url) else f" {escape(source.url)}"
        named = escape(story.source_line(source.outlet, source.title, source.family))
        lines.append(f"- `{escape_code(source.id)}` {named}{address.rstrip()}")
    return "\n".join(lines) + "\n"


def show_dossier(dossier: Dossier, console: Console) -> None:
    """Print a dossier: what it rests on, the timeline, and every comparison in sentences."""
    console.print(Text(printable(dossier.title), style="bold"))
    console.print(Text(printable(dossier.sentence)))
    for heading, items in sections(dossier):
        console.print()
        console.print(Text(heading, style="bold"))
        for item in items or [story.NONE_ON_RECORD]:
            console.print(Text(f"- {printable(item)}"))


def sections(dossier: Dossier) -> Iterable[tuple[str, Sequence[str]]]:
    """Yield the sections of a dossier in order, each a heading and its sentences."""
    yield (
        story.HEADINGS["timeline"],
        [f"{e.when} [{e.column}, {e.sort}] {e.sentence}" for e in dossier.timeline],
    )
    yield story.HEADINGS["lags"], _sentences(dossier.lags)
    yield story.HEADINGS["checks"], _sentences(dossier.checks)
    yield story.HEADINGS["compliance"], _sentences(dossier.compliance)
    yield story.HEADINGS["conflicts"], _sentences(dossier.conflicts)
    yield story.HEADINGS["precedents"], _sentences(dossier.precedents)
    yield story.HEADINGS["other_measures"], _sentences(dossier.other_measures)
    yield story.HEADINGS["kinds"], [dossier.kinds_sentence]
    if dossier.harm is not None:
        yield story.HEADINGS["harm"], list(dossier.harm.sentences)
    yield story.HEADINGS["limits"], list(dossier.limits)


def _sentences(rows: Sequence[Any]) -> list[str]:
    return [row.sentence for row in rows]


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    flat = " ".join(printable(text.replace("\n", " ")).split())
    return _BULLET.sub(r"\1\\\2\3", _MARKUP.sub(r"\\\1", flat))


def escape_code(text: str) -> str:
    """Return text that may stand between backticks."""
    return printable(text).replace("`", "'")
