"""`overt record propose`: what a text may be read to claim, with quotes and reasons."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text as Shown

from overt.cli.shared import JsonOption, out, print_json, words
from overt.errors import InputError, UsageError
from overt.publish.terminal import safe
from overt.record.proposals.proposal import MAX_READ, Proposal, Text
from overt.record.proposals.registry import proposals
from overt.vocabulary.places import parse_cc
from overt.vocabulary.stated import When


_MAX_BYTES = 8_000_000  # of a text file; an article has 10,000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A stored text as a vault gives it: its source's id, the text, the body, when it came out."""

    source: str
    text: str
    body: tuple[tuple[int, int], ...]
    published: When | None = None


def from_file(wanted: str) -> Stored:
    """Return a plain text file, all of it body; its id is that of its bytes.

    Raises:
        UsageError: when there is no such file.
        InputError: when it is too long or not UTF-8.
    """
    path = Path(wanted)
    if not path.is_file():
        raise UsageError(
            f"there is no file {wanted!r}",
            remedy="name a text file, or take a page in first: overt record take-in",
        )
    if path.stat().st_size > _MAX_BYTES:
        raise InputError(
            f"the file is longer than {_MAX_BYTES} bytes", where=wanted, remedy="give a shorter one"
        )
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError(
            f"not a text in UTF-8: {problem.reason} at byte {problem.start}",
            where=wanted,
            remedy="take it in first: overt record take-in",
        ) from problem
    source = f"source:{sha256(raw).hexdigest()[:16]}"
    return Stored(source=source, text=text, body=((0, len(text)),))


# How a text is found; the vault's door is put here when a vault is at hand.
find: Callable[[str], Stored] = from_file


def propose(
    wanted: Annotated[str, typer.Argument(metavar="FILE|SOURCE-ID", help="A text, or a source.")],
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="Local day of publication.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="IANA zone, as Asia/Karachi.")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--in", metavar="CC", help="Country it is about, if known.")
    ] = None,
    proposer: Annotated[str, typer.Option("--proposer", help="Which proposer reads it.")] = "rules",
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Propose claims from a text: quotes with speaker, dates, numbers, and the rules behind each.

    Example: overt record propose article.txt --published 2024-04-18 --zone Asia/Karachi
    """
    stored = find(wanted)
    text = Text(
        source=stored.source,
        text=stored.text,
        body=stored.body,
        published=_day(published) or (stored.published.latest if stored.published else None),
        zone=_zone(zone) or (stored.published.zone if stored.published else "UTC"),
        cc=_country(country),
    )
    found = proposals(text, (proposer,))
    if as_json:
        print_json([as_record(p) for p in found])
        return
    for proposal in found:
        _show(proposal)
    cut = f" the first {MAX_READ} characters of" if text.is_cut else ""
    known = "" if text.published else "; give --published to resolve dates"
    words().print(
        f"{len(found)} proposals from{cut} {stored.source}{known}."
        " none is in the record before a person accepts it",
        markup=False,
    )


def _day(given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as problem:
        raise UsageError(f"{given!r} is not a day", remedy="write it as 2024-04-18") from problem


def _zone(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return ZoneInfo(given).key
    except (ValueError, OSError) as problem:
        raise UsageError(
            f"{given!r} is not a time zone", remedy="write an IANA name, as Asia/Karachi"
        ) from problem
    except KeyError as problem:
        raise UsageError(
            f"{given!r} is not a time zone", remedy="write an IANA name, as Asia/Karachi"
        ) from problem


def _country(given: str | None) -> str:
    try:
        return parse_cc(given) or ""
    except ValueError as problem:
        raise UsageError(str(problem), remedy="write two letters, as PK") from problem


def as_record(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON can hold it; an open end of a number is null."""
    body = asdict(proposal)
    return {"claim": _plain(body["claim"]), "why": _plain(body["why"])}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is Any
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float) and math.isinf(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value


def _show(proposal: Proposal) -> None:
    """Print a proposal: its quote, its fields, and the rule and words behind each."""
    claim = proposal.claim
    rows = {
        "id": claim.id,
        "quote": f"“{claim.span.quote}” ({claim.span.start}-{claim.span.end})",
        "what": " · ".join(str(v) for v in (claim.topic, claim.act_kind, claim.demand) if v),
        "said": f"{claim.polarity} · {claim.standing} · {claim.forum}",
        "speaker": " · ".join(v for v in (claim.speaker, claim.role) if v),
        "about": " ".join((claim.cc, *claim.platforms, claim.restriction or "")).strip(),
        "issuer": claim.issuer,
        "addressee": claim.addressee,
        "asserted": _when(claim.asserted),
        "when": _when(claim.when),
        "due": _when(claim.due),
        "numbers": "; ".join(
            f"{_range(q.low, q.high)} {q.unit}: {q.counts}" for q in claim.quantities
        ),
    }
    for name, value in rows.items():
        if value:
            out().print(Shown(f"{name:10}{safe(value)}"))
    for reason in proposal.why:
        out().print(Shown(f"  why {reason.field}: {reason.rule} “{safe(reason.words)}”"))
    out().print()


def _when(when: When | None) -> str:
    if when is None:
        return ""
    ends = f"{when.earliest or '…'} to {when.latest or '…'}"
    day = str(when.earliest) if when.earliest and when.earliest == when.latest else ends
    return f"{day} {when.zone} “{when.said}” ({when.rule})"


def _range(low: float, high: float) -> str:
    if low == high:
        return f"{low:,.10g}"
    return f"{low:,.10g} or more" if math.isinf(high) else f"{low:,.10g} to {high:,.10g}"
