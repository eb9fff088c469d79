"""The command that takes a page or document into the record's vault: record take-in."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.text import Text

from overt.cli.shared import JsonOption, out, print_json, words
from overt.dossier.wording import printable as safe
from overt.engine.base import to_json
from overt.errors import UsageError
from overt.record import published as dates
from overt.record.takein import Given
from overt.record.takein import take_in as taken_in
from overt.record.taken import Taken
from overt.record.vault import Vault
from overt.vocabulary.instants import now, rfc3339
from overt.vocabulary.stated import When


VaultOption = Annotated[
    Path,
    typer.Option("--vault", help="Folder of stored pages and documents."),
]
VAULT = Path("overt-record") / "vault"
_QUOTED = 200  # characters of a quote that are shown
_MOST_REASONS = 12


def take_in(
    source: Annotated[str, typer.Argument(help="A file, or an http or https address.")],
    url: Annotated[str, typer.Option(help="Where a file was: its address.")] = "",
    published: Annotated[
        str, typer.Option(help="When it was published: a day, or an instant with its zone.")
    ] = "",
    zone: Annotated[
        str, typer.Option(help="The IANA zone of a day given with --published.")
    ] = "UTC",
    outlet: Annotated[str, typer.Option(help="Who published it.")] = "",
    vault: VaultOption = VAULT,
    as_json: JsonOption = False,  # noqa: FBT002 - a flag
) -> None:
    """Store a page or document, and say what it is, what may be quoted and what it rests on.

    Takes HTML, PDF and plain text. An address is fetched from public hosts only.

    Example: overt record take-in article.html --url https://example.org/a --published 2024-04-17
    """
    given = Given(
        url=url,
        published=dates.given(published, _zone(zone)) if published else None,
        outlet=" ".join(outlet.split()),
    )
    kept = Vault(vault)
    taken = taken_in(source, kept, now(), given=given)
    if as_json:
        print_json(_document(taken))
        return
    _show(taken)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UsageError(
            f"{name[:60]!r} is no time zone", remedy="name one such as Asia/Karachi or UTC"
        ) from problem


def _document(taken: Taken) -> dict[str, Any]:
    """Return what was taken in as JSON, without the text, with the quote of every span."""
    body: dict[str, Any] = to_json(taken)
    del body["text"]
    body["n_chars"] = len(taken.text)
    body["body"] = [_span(taken, start, end) for start, end in taken.body]
    body["origins"] = [
        {**to_json(o), "spans": [_span(taken, start, end) for start, end in o.spans]}
        for o in taken.origins
    ]
    body["rules"] = dict(taken.rules)
    return body


def _span(taken: Taken, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "quote": taken.text[start:end]}


def _show(taken: Taken) -> None:
    """Print what was stored and how each of it was found."""
    console = out()
    source, rules = taken.source, dict(taken.rules)
    state = "taken in" if taken.is_new else "in the vault already"
    console.print(Text(f"{source.id}  {source.media_type}  {state}", style="bold"))
    rows = [
        ("title", source.title, rules.get("title", "")),
        ("outlet", source.outlet, rules.get("outlet", "")),
        ("authors", ", ".join(source.authors), rules.get("authors", "")),
        ("published", _day(source.published), rules.get("published", "")),
        ("language", source.language, rules.get("language", "")),
        ("address", source.url, ""),
        ("had", rfc3339(source.retrieved_at), ""),
    ]
    for label, value, rule in rows:
        told = f"  ({safe(rule)})" if rule else ""
        console.print(Text(f"{label:<10} {safe(value) or 'unknown'}{told}"))
    in_body = sum(end - start for start, end in taken.body)
    in_furniture = sum(f.end - f.start for f in taken.furniture)
    console.print(
        Text(
            f"{'text':<10} {in_body:,} characters in {len(taken.body)} paragraphs may be quoted;"
            f" {in_furniture:,} in {len(taken.furniture)} are furniture"
        )
    )
    reasons = Counter(f.why for f in taken.furniture).most_common()
    for why, n in reasons[:_MOST_REASONS]:
        console.print(Text(f"  {n:>4}  {safe(why)}", style="dim"))
    if len(reasons) > _MOST_REASONS:
        console.print(Text(f"        and {len(reasons) - _MOST_REASONS} more reasons", style="dim"))
    _show_family(taken)
    for note in taken.notes:
        words().print(Text(f"note: {safe(note)}"))


def _show_family(taken: Taken) -> None:
    console = out()
    for origin in taken.origins:
        binds = "" if origin.binding else ", named in passing"
        console.print(Text(f"{'rests on':<10} {safe(origin.id)}  ({safe(origin.why)}{binds})"))
        for start, end in origin.spans:
            quote = " ".join(taken.text[start:end].split())
            cut = quote if len(quote) <= _QUOTED else f"{quote[:_QUOTED]}…"
            console.print(Text(f"  {start}-{end}  {safe(cut)}", style="dim"))
    kin: dict[str, list[str]] = {}
    for one in taken.why_family:
        share = f" ({one.share:.0%} of the text in common)" if one.share is not None else ""
        kin.setdefault(one.source, []).append(f"{one.origin or one.why}{share}")
    console.print(
        Text(f"{'family':<10} {taken.source.family}: this and {len(kin)} it is directly kin to")
    )
    for source, why in kin.items():
        console.print(Text(f"  {source}  {safe('; '.join(why))}", style="dim"))


def _day(when: When | None) -> str:
    if when is None:
        return ""
    at = f", {rfc3339(when.at)}" if when.at else ""
    return f"{when.earliest} in {when.zone}{at}"
