"""The pages of the desk as HTML: everything that is shown is escaped, and no script runs."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from overt.record.problems import Problem
from overt.record.proposed import Item, State, place


AROUND = 600  # characters of the text shown on either side of a quote
_KEPT = {"\n", "\t"}

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
main.two { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; }
@media (max-width: 60rem) { main.two { grid-template-columns: 1fr; } }
blockquote { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: 1rem;
  background: #f4f4f2; }
mark { background: #ffe08a; color: inherit; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0;
  overflow-wrap: anywhere; border-bottom: 1px solid #ddd; }
th { font-weight: 600; }
table.list th, table.list td:not(:last-child), th[scope=row] { white-space: nowrap;
  overflow-wrap: normal; }
textarea { width: 100%; min-height: 22rem; font: 14px/1.4 ui-monospace, monospace; }
input[type=text] { width: 100%; font: inherit; }
button { font: inherit; padding: .4rem 1rem; margin: .5rem .5rem .5rem 0; }
.told { border-left: 4px solid #b00020; padding: .2rem 1rem; white-space: pre-wrap; }
:focus-visible { outline: 3px solid #0050b3; }
"""


def shown(value: object) -> str:
    """Return a stranger's text for HTML: escaped, and what moves or hides text made visible."""
    text = str(value)
    seen = "".join(c if c.isprintable() or c in _KEPT else f"\\x{ord(c):02x}" for c in text)
    return escape(seen, quote=True)


def in_context(item: Item, text: str | None, around: int = AROUND) -> tuple[str, str, str]:
    """Return what stands before a quote, the quote, and what stands after it.

    Both sides are empty where the text is not at hand, or does not have the quote there.
    """
    span = item.entry.get("span") or {}
    quote = str(span.get("quote", ""))
    _, start = place(item)
    if text is None or text[start : start + len(quote)] != quote:
        return "", quote, ""
    end = start + len(quote)
    before = ("…" * (start > around)) + text[max(0, start - around) : start]
    return before, quote, text[end : end + around] + ("…" * (end + around < len(text)))


def flat(fields: Any, path: str = "") -> Iterable[tuple[str, str]]:  # noqa: ANN401
    """Yield every value of an entry with its field path, in the order of the schema."""
    if isinstance(fields, Mapping):
        for name, value in fields.items():
            yield from flat(value, f"{path}.{name}" if path else str(name))
    elif isinstance(fields, list | tuple):
        if all(isinstance(f, str) for f in fields):
            yield path, ", ".join(fields)
            return
        for i, value in enumerate(fields):
            yield from flat(value, f"{path}[{i}]")
    else:
        yield path, str(fields)


def listing(items: Sequence[Item], counts: Mapping[State, int]) -> str:
    """Return the page with every open proposal."""
    rows = "".join(
        f'<tr><td><a href="/item/{shown(i.key)}">{shown(i.key)}</a></td><td>{shown(i.state)}</td>'
        f"<td>{shown(_what(i))}</td><td>{shown(_gist(i))}</td></tr>"
        for i in items
    )
    told = ", ".join(f"{counts.get(s, 0)} {shown(s)}" for s in State)
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("key", "state", "what", "words"))
    table = f'<table class="list"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    empty = "<p>Nothing waits to be read.</p>"
    return _page("The desk", f"<p>{told}</p>{table if items else empty}")


def reading(
    item: Item,
    *,
    text: str | None,
    wants: int,
    token: str,
    who: str,
    told: Sequence[Problem | str] = (),
    entry: str | None = None,
) -> str:
    """Return the page of one proposal: the quote in its context beside what is proposed."""
    before, quote, after = in_context(item, text)
    place_known = bool(before or after)
    note = "" if place_known or item.kind == "act" else "<p>The stored text is not at hand.</p>"
    quoted = f"{shown(before)}<mark>{shown(quote)}</mark>{shown(after)}"
    left = f"<h2>In its context</h2>{_source(item)}{note}<blockquote>{quoted}</blockquote>"
    if item.kind == "act":
        left = "<h2>An act, drafted from claims</h2>"
    left += f"<h2>Why</h2><ul>{''.join(f'<li>{shown(w)}</li>' for w in item.why)}</ul>{_read(item)}"
    fields = "".join(
        f'<tr><th scope="row">{shown(n)}</th><td>{shown(v)}</td></tr>'
        for n, v in flat(item.entry)
        if n != "span.quote"
    )
    new = "".join(
        f"<li>{shown(a.get('name'))} ({shown(a.get('kind'))}, {shown(a.get('id'))})</li>"
        for a in item.authorities
    )
    told_of = "<p>What the record does not have of these enters with it:</p>"
    entering = f"{told_of}<ul>{new}</ul>" if new else ""
    problems = "".join(f'<p class="told">{shown(t)}</p>' for t in told)
    right = (
        f"<h2>What is proposed</h2><p>{shown(item.state)}; {len(item.yeses)} of {wants} yes</p>"
        f"{problems}<table>{fields}</table>{entering}{_form(item, token, who, entry)}"
    )
    body = f'<p><a href="/">All proposals</a></p><main class="two"><section>{left}</section>'
    return _page(f"{item.kind} {item.key}", f"{body}<section>{right}</section></main>")


def refusal(what: str) -> str:
    """Return the page that says why nothing was done."""
    return _page("The desk", f'<p class="told">{shown(what)}</p><p><a href="/">Back</a></p>')


def _form(item: Item, token: str, who: str, entry: str | None) -> str:
    decisions = ("accepted", "Accept"), ("refused", "Refuse"), ("deferred", "Defer")
    buttons = "".join(
        f'<button name="decision" value="{value}">{words}</button>' for value, words in decisions
    )
    text = shown(item.yaml if entry is None else entry)
    return (
        f'<form method="post" action="/item/{shown(item.key)}" autocomplete="off">'
        f'<input type="hidden" name="token" value="{shown(token)}">'
        f'<input type="hidden" name="version" value="{item.version}">'
        f'<p><label>Your name <input type="text" name="who" maxlength="80" required'
        f' value="{shown(who)}"></label></p>'
        '<p><label>Note <input type="text" name="note" maxlength="2000"></label></p>'
        f"<p>{buttons}</p>"
        f'<p><label>Or correct it <textarea name="entry" spellcheck="false">{text}</textarea>'
        '</label></p><p><button name="decision" value="corrected">Accept as corrected</button></p>'
        "</form>"
    )


def _source(item: Item) -> str:
    source = item.source or {}
    told = [source.get("title"), source.get("outlet"), source.get("url"), place(item)[0]]
    return f"<p>{' · '.join(shown(t) for t in told if t)}</p>"


def _read(item: Item) -> str:
    if not item.readings:
        return ""
    rows = "".join(
        f"<li>{shown(r.who)}: {shown(r.decision)}, {r.at:%Y-%m-%d %H:%M} UTC {shown(r.note)}</li>"
        for r in item.readings
    )
    return f"<h2>Decisions so far</h2><ul>{rows}</ul>"


def _what(item: Item) -> str:
    """Return what a proposal would enter: its kind, and what a claim is about."""
    told = [item.kind, *(item.entry.get(k) for k in ("topic", "act_kind", "demand"))]
    return " · ".join(dict.fromkeys(str(t) for t in told if t))


def _gist(item: Item) -> str:
    words = str((item.entry.get("span") or {}).get("quote") or item.entry.get("id"))
    return words if len(words) <= AROUND // 4 else f"{words[: AROUND // 4]}…"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>'
        f'{shown(title)}</title><meta name="viewport" content="width=device-width">'
        f'<link rel="stylesheet" href="/desk.css"></head><body><h1>{shown(title)}</h1>{body}'
        "</body></html>"
    )
