"""What an entry must say to be sound by itself, whatever else is in the record."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

from overt.record.layout import file_name
from overt.record.problems import Problem, instead, listed, nearest, shown
from overt.record.schema import Entry
from overt.reference.platforms import load_platforms
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Authority,
    AuthorityKind,
    Claim,
    Quantity,
    Reading,
    Source,
    When,
)


YESES = ("accepted", "corrected")
CONFIDENCES = ("reported", "documented")
INVENTED_CC = "XX"  # a country of examples and tests
_ID = re.compile(r"[a-z]+:[a-z0-9][a-z0-9._/-]*(?::[a-z0-9][a-z0-9._/-]*)*\Z")
_MOST_ID = 120
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_PLATFORM = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\Z")
_TITLES = re.compile(r"(?:mr|mrs|ms|miss|mst|shri|smt)\b\.?", re.IGNORECASE)
_ROLES = (
    *("petitioner", "respondent", "applicant", "appellant", "plaintiff", "defendant"),
    *("counsel", "intervener", "intervenor", "complainant", "litigant", "accused", "amicus"),
)
_PREFIXES = {"act", "authority", "claim", "deadline", "proceeding", "source"}
_ADJOURNING = (ActKind.HEARING, ActKind.ADJOURNMENT, ActKind.ORDER)


def check_entry(entry: Entry, now: datetime | None) -> Iterator[Problem]:
    """Yield what is wrong with an entry by itself; instants after `now` are refused, if given."""
    yield from _identity(entry, entry.id, "id", entry.kind)
    if (
        entry.has("id")
        and not entry.prefix
        and entry.file.rpartition("/")[2] != file_name(entry.id)
    ):
        what = f"the file is called {shown(entry.file)} and holds {shown(entry.id)}"
        expected = f"one entry in one file, called {file_name(entry.id)}"
        yield entry.problem("id", what, expected, "rename the file, or mend the id")
    yield from _parts(entry, now)
    yield from _repeated(entry)
    yield from _places(entry)
    if isinstance(entry.body, Authority):
        yield from _authority(entry, entry.body)
    elif isinstance(entry.body, Source):
        yield from _source(entry, entry.body)
    elif isinstance(entry.body, Claim):
        yield from _claim(entry, entry.body)
    elif isinstance(entry.body, Act):
        yield from _act(entry, entry.body)


def _parts(entry: Entry, now: datetime | None) -> Iterator[Problem]:
    for path, part in _of_type(entry.body, (When, Quantity, Reading)):
        if not entry.has(path):
            continue
        if isinstance(part, When):
            yield from _when(entry, path, part)
        elif isinstance(part, Quantity):
            yield from _quantity(entry, path, part)
        else:
            yield from _reading(entry, path, part, now)


def name_of_reader(who: str) -> str:
    """Return a reader's name as names are compared: case, spacing and look-alike forms folded."""
    return " ".join(unicodedata.normalize("NFKC", who).casefold().split())


def _identity(entry: Entry, entry_id: str, path: str, kind: str) -> Iterator[Problem]:
    expected = f"{kind}: and then small letters, digits and . _ - / as {kind}:pk-example"
    if not entry.has(path):
        return
    if not _ID.match(entry_id) or len(entry_id) > _MOST_ID:
        remedy = "use small letters and digits; at most 120 characters"
        yield entry.problem(path, f"{shown(entry_id)} is no id", expected, remedy)
    elif entry_id.partition(":")[0] != kind:
        what = f"{shown(entry_id)} does not begin with {kind}:"
        bare = entry_id.partition(":")[2]
        yield entry.problem(path, what, expected, f"write {kind}:{bare}")


def _of_type(
    body: Any,  # noqa: ANN401 - an entry, or a part of one
    kind: tuple[type, ...],
    path: str = "",
) -> Iterator[tuple[str, Any]]:
    """Yield every value of these types in an entry, with its field path."""
    if isinstance(body, kind):
        yield path, body
    elif isinstance(body, tuple):
        for i, item in enumerate(body):
            yield from _of_type(item, kind, f"{path}[{i}]")
    elif is_dataclass(body):
        for spec in fields(body):
            at = f"{path}.{spec.name}" if path else spec.name
            yield from _of_type(getattr(body, spec.name), kind, at)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _when(entry: Entry, path: str, when: When) -> Iterator[Problem]:
    expected = "the IANA name of a zone, as Asia/Karachi; UTC where no place is meant"
    if f"{path}.zone" not in entry.lines:
        yield entry.problem(
            f"{path}.zone", "the zone of these days is missing", expected, "add zone: …"
        )
        return
    if when.zone not in _zones():
        last = {z.rpartition("/")[2]: z for z in sorted(_zones())}
        near = nearest(when.zone, _zones()) or last.get(nearest(when.zone, last) or "")
        remedy = f"write {near}" if near else "look it up in the IANA time zone database"
        yield entry.problem(f"{path}.zone", f"{shown(when.zone)} is no time zone", expected, remedy)
        return
    if when.earliest is None and when.latest is None and when.at is None:
        what, expected = "neither end is given", "earliest, latest or both"
        yield entry.problem(
            path, what, expected, "give what the source says, or leave the field out"
        )
    if when.earliest and when.latest and when.latest < when.earliest:
        what = f"{when.latest} lies before earliest, {when.earliest}"
        expected = "latest on or after earliest"
        yield entry.problem(f"{path}.latest", what, expected, "exchange or correct the two days")
    elif when.at is not None:
        day = when.at.astimezone(ZoneInfo(when.zone)).date()
        if not (when.earliest or day) <= day <= (when.latest or day):
            what = f"{rfc3339(when.at)} is {day} in {when.zone}"
            expected = f"an instant from {when.earliest or 'any day'} to {when.latest or 'any day'}"
            remedy = "correct the instant, or the days; days are local"
            yield entry.problem(f"{path}.at", what, expected, remedy)


def _quantity(entry: Entry, path: str, quantity: Quantity) -> Iterator[Problem]:
    if quantity.high < quantity.low:
        what = f"{quantity.high} is less than low, {quantity.low}"
        remedy = "exchange the two; write the same number twice for one number"
        yield entry.problem(f"{path}.high", what, "high at least as large as low", remedy)
    for name in ("unit", "counts"):
        if not getattr(quantity, name).strip():
            what, expected = f"{name} is blank", "what is counted, as people or USD"
            yield entry.problem(f"{path}.{name}", what, expected, f"say it: {name}: …")


def _reading(entry: Entry, path: str, reading: Reading, now: datetime | None) -> Iterator[Problem]:
    if not reading.who.strip():
        what, expected = "the reader has no name", "the name by which the reader is known here"
        yield entry.problem(f"{path}.who", what, expected, "write who read it")
    if reading.decision not in YESES:
        what = f"{shown(reading.decision)} is not a yes"
        remedy = instead(reading.decision, YESES, "take the entry out; refused ones stay in queue/")
        yield entry.problem(f"{path}.decision", what, listed(YESES), remedy)
    if now is not None and reading.at > now + timedelta(minutes=5):  # clocks differ a little
        what = f"{rfc3339(reading.at)} has not come yet"
        remedy = "write when it was read, with its zone"
        yield entry.problem(f"{path}.at", what, f"an instant up to {rfc3339(now)}", remedy)


def _repeated(entry: Entry) -> Iterator[Problem]:
    for spec in fields(entry.body):
        value = getattr(entry.body, spec.name)
        if not (isinstance(value, tuple) and value and all(isinstance(v, str) for v in value)):
            continue
        for i, item in enumerate(value):
            at = f"{spec.name}[{i}]"
            if not item.strip() and entry.has(at):
                yield entry.problem(at, "the item is blank", "text", "write it, or delete the item")
            elif item in value[:i]:
                what = f"{shown(item)} stands in the list twice"
                yield entry.problem(at, what, "every item once", "delete one of the two")


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    known = get_global("territory_zones")
    return frozenset(c for c in known if len(c) == 2 and c != "ZZ") | {INVENTED_CC}  # noqa: PLR2004


@lru_cache(maxsize=1)
def _platforms() -> dict[str, str]:
    return {
        name.lower(): p.id
        for p in load_platforms().platforms
        for name in (p.id, p.name, *p.aliases)
    }


def _places(entry: Entry) -> Iterator[Problem]:
    cc = getattr(entry.body, "cc", None)
    if cc is not None and entry.has("cc") and cc not in _countries():
        may_lack = isinstance(entry.body, Authority)
        if not (may_lack and not cc):
            expected = "an ISO 3166-1 code of two capitals, as PK"
            remedy = "look the country's code up" + "; or leave it out" * may_lack
            remedy = f"write {cc.upper()}" if cc.upper() in _countries() else remedy
            yield entry.problem("cc", f"{shown(cc)} is no country", expected, remedy)
    for i, platform in enumerate(getattr(entry.body, "platforms", ())):
        if not platform.strip():
            continue
        known = _platforms()
        is_id = platform in known.values()
        near = known.get(platform.lower()) or (
            nearest(platform, known) if len(platform) > len("tick") else None
        )
        near = known.get(near, near) if near else None
        if not is_id and (near or not _PLATFORM.match(platform)):
            expected = "the id of a platform, as x or tiktok; or a hostname"
            remedy = f"write {near}" if near else "use small letters, digits, dots and dashes"
            what = f"{shown(platform)} is not the id of a platform"
            yield entry.problem(f"platforms[{i}]", what, expected, remedy)


def _authority(entry: Entry, body: Authority) -> Iterator[Problem]:
    for path, name in [
        ("name", body.name),
        *((f"names[{i}]", n) for i, n in enumerate(body.names)),
    ]:
        if not entry.has(path):
            continue
        if not name.strip():
            yield entry.problem(path, "the name is blank", "a name", "write it")
        elif _TITLES.match(name.strip()):
            what = f"{shown(name)} reads as the name of a private person"
            remedy = "write the office or the role, as petitioners before the Sindh High Court"
            yield entry.problem(path, what, "an office, a court or an organisation", remedy)
    if body.kind is AuthorityKind.LITIGANT and entry.has("kind", "name") and body.name.strip():
        if any(role in body.name.casefold() for role in _ROLES):
            return
        what = f"{shown(body.name)} names a litigant and not a role"
        expected = f"a role, with one of {listed(_ROLES)}"
        remedy = "write the role; an organisation is civil_society, operator or platform"
        yield entry.problem("name", what, expected, remedy)


def _source(entry: Entry, body: Source) -> Iterator[Problem]:
    for name in ("sha256", "text_sha256"):
        digest = getattr(body, name)
        if entry.has(name) and not _HEX.match(digest):
            what, expected = f"{shown(digest)} is no SHA-256", "64 digits 0-9 a-f, small letters"
            yield entry.problem(name, what, expected, "copy it from overt record take-in")
    due = f"source:{body.sha256[:16]}"
    if entry.has("id", "sha256") and _HEX.match(body.sha256) and body.id != due:
        what = f"{shown(body.id)} is not what the sha256 gives"
        yield entry.problem("id", what, f"source: and the first 16 digits: {due}", f"write {due}")
    if body.url and entry.has("url"):
        yield from _url(entry, body.url)
    if entry.has("media_type") and not _MEDIA_TYPE.match(body.media_type):
        what = f"{shown(body.media_type)} is no media type"
        yield entry.problem("media_type", what, "as text/html", "write it as the server named it")
    if body.language and entry.has("language") and not _LANGUAGE.match(body.language):
        what = f"{shown(body.language)} is no language"
        yield entry.problem("language", what, "a BCP 47 tag, as en or ur", "write the tag")
    first = body.published.earliest if body.published else None
    if first and entry.has("published", "retrieved_at"):
        latest_day = (body.retrieved_at + timedelta(hours=14)).date()  # the earliest zone of all
        if first > latest_day:
            what = f"published on {first}, after it was retrieved, {rfc3339(body.retrieved_at)}"
            remedy = "correct the day of publication or the time of retrieval"
            yield entry.problem("published.earliest", what, f"{latest_day} or before", remedy)


def _url(entry: Entry, url: str) -> Iterator[Problem]:
    expected = "an address that begins with http:// or https://, without a user name"
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", url):
        what = f"{shown(url)} is not such an address"
        yield entry.problem("url", what, expected, "copy the address; leave it out for a file")


def _claim(entry: Entry, body: Claim) -> Iterator[Problem]:
    span = body.span
    if not entry.has("span"):
        return
    if span.start < 0 or span.end <= span.start:
        what = f"characters {span.start} to {span.end}"
        expected = "start from 0, end after start (the character after the last one quoted)"
        yield entry.problem("span.end", what, expected, "count the characters of the stored text")
    elif span.end - span.start != len(span.quote):
        what = f"{span.end - span.start} characters are named, and {len(span.quote)} are quoted"
        expected = "end - start is the length of the quote"
        remedy = f"write end: {span.start + len(span.quote)}, or quote the text as it is stored"
        yield entry.problem("span.quote", what, expected, remedy)


def _act(entry: Entry, body: Act) -> Iterator[Problem]:
    if entry.has("confidence") and body.confidence not in CONFIDENCES:
        what = f"{shown(body.confidence)} is no confidence"
        remedy = instead(body.confidence, CONFIDENCES, "write reported where the press tells of it")
        yield entry.problem("confidence", what, listed(CONFIDENCES), remedy)
    if not body.claims and entry.has("claims"):
        what, expected = "the act rests on no claim", "the id of at least one claim"
        yield entry.problem("claims", what, expected, "add what a source says of it, then name it")
    if body.adjourned_to and entry.has("adjourned_to", "kind", "on"):
        if body.kind not in _ADJOURNING:
            what, expected = f"{_a(body.kind)} is not adjourned", f"{listed(_ADJOURNING)}"
            yield entry.problem("adjourned_to", what, expected, "move it to the hearing's own act")
        elif _before(body.adjourned_to.latest, body.on.earliest):
            what = f"{body.adjourned_to.latest} lies before the act, {body.on.earliest}"
            yield entry.problem(
                "adjourned_to.latest", what, f"{body.on.earliest} or later", "correct one of them"
            )
    for i, deadline in enumerate(body.deadlines):
        yield from _identity(entry, deadline.id, f"deadlines[{i}].id", "deadline")


def _before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other


def _a(word: str) -> str:
    return f"an {word}" if word[:1] in "aeiou" else f"a {word}"
