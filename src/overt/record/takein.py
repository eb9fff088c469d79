"""Takes a page or document in: bytes and text into the vault, described, and set into its family.

The same bytes are taken in once. Taking them in again tells what is stored, adds where they were
had if that is new, and mends a damaged entry; what a person gives (`Given`) replaces what was read.
"""

import hashlib
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from overt.errors import InputError, OvertError, WorkspaceError
from overt.record import fetch
from overt.record.describe import describe
from overt.record.extract import Extract, extract
from overt.record.families import families
from overt.record.fetch import Fetched
from overt.record.origins import origins
from overt.record.taken import Taken
from overt.record.vault import Entry, Retrieval, Vault, source_id
from overt.vocabulary.stated import Source, When


Fetch = Callable[[str], Fetched]
_MENDED = "a damaged entry of the vault was mended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the person who takes a page in knows of it: where it was, when and by whom published."""

    url: str = ""
    published: When | None = None
    outlet: str = ""


NOTHING = Given()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Had:
    """Bytes as they were had."""

    content: bytes
    declared: str
    retrieval: Retrieval
    warc: bytes = b""


def take_in(
    path_or_url: str,
    vault: Vault,
    now: datetime,
    *,
    given: Given = NOTHING,
    get: Fetch = fetch.fetch,
) -> Taken:
    """Return a page or document that is in the vault now, with what is known of it.

    Args:
        path_or_url: a file, or an http or https address.
        vault: where it is kept.
        now: the present.
        given: what a person knows of it.
        get: what fetches an address.

    Raises:
        UsageError: when it is no address of a page.
        InputError: when there is no such file, or it cannot be read, fetched or understood.
        WorkspaceError: when the vault cannot be written.
    """
    had = _had(path_or_url, now, given, get)
    try:
        page = extract(had.content, had.declared)
    except OvertError as problem:
        problem.where = problem.where or path_or_url
        raise
    source = source_id(hashlib.sha256(had.content).hexdigest())
    mended = vault.put_bytes(had.content), vault.put_text(page.text)
    known, notes = _known(vault, source)
    retrievals = _retrievals(vault, source, had, known)
    if known is not None:
        given = _merged(given, known.taken)
    taken = _taken(page, had, retrievals[0], given, now)
    notes = (*page.notes, *notes, *((_MENDED,) if any(mended) else ()))
    taken = replace(taken, notes=notes, is_new=known is None)
    return _with_family(vault, taken, retrievals)


def _had(path_or_url: str, now: datetime, given: Given, get: Fetch) -> _Had:
    if "://" in path_or_url[:12]:
        answer = get(path_or_url)
        retrieval = Retrieval(url=answer.url, at=now, headers=answer.headers, hops=answer.hops)
        return _Had(
            content=answer.content,
            declared=answer.media_type,
            retrieval=retrieval,
            warc=answer.warc,
        )
    if given.url:
        given = replace(given, url=str(fetch.parsed(given.url)))
    path = Path(path_or_url)
    retrieval = Retrieval(url=given.url, at=now, file=path.name)
    return _Had(content=_read(path), declared="", retrieval=retrieval)


def _read(path: Path) -> bytes:
    """Return the bytes of a file of bounded size.

    Raises:
        InputError: when there is none, it is no file, or too big.
    """
    limit = fetch.MAX_BYTES
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(
                "this is no file", where=str(path), remedy="name one page or document at a time"
            )
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as problem:
        said = getattr(problem, "strerror", None) or "its name cannot be used"
        raise InputError(
            f"the file cannot be read: {said}", where=str(path), remedy="check its name"
        ) from problem
    if len(content) > limit:
        raise InputError(
            f"the file is over {limit // 1024**2} MiB",
            where=str(path),
            remedy="cut out the part that matters and take that in",
        )
    return content


def _known(vault: Vault, source: str) -> tuple[Entry | None, tuple[str, ...]]:
    """Return what the vault has on a source, and a note where that was damaged."""
    try:
        return vault.entry(source), ()
    except WorkspaceError as problem:
        return None, (f"written anew: {problem.what}",)


def _retrievals(vault: Vault, source: str, had: _Had, known: Entry | None) -> tuple[Retrieval, ...]:
    """Return when the bytes were had, with this time where it is from somewhere else."""
    before = known.retrievals if known else ()
    if any(r.url == had.retrieval.url for r in before) or (before and not had.retrieval.url):
        return before
    own = had.retrieval
    if had.warc:
        own = replace(own, warc=vault.put_warc(source, had.warc))
    return (*before, own)


def _merged(given: Given, known: Taken) -> Given:
    """Return what is given now, else what a person gave before."""
    before = dict(known.rules)
    was_given = "given by whoever took it in"
    return replace(
        given,
        published=given.published
        or (known.source.published if before.get("published", "").startswith(was_given) else None),
        outlet=given.outlet or (known.source.outlet if before.get("outlet") == was_given else ""),
    )


def _taken(page: Extract, had: _Had, first: Retrieval, given: Given, now: datetime) -> Taken:
    url = next((u for u in (first.url, had.retrieval.url, given.url) if u), "")
    told = describe(page, now, url=url, given_outlet=given.outlet, given_published=given.published)
    body = {start for start, _ in page.body}
    furniture = {f.start: f.why for f in page.furniture}
    why = [None if b.start in body else furniture[b.start] for b in page.blocks]
    rests_on = origins(page.text, page.blocks, why, told.outlet)
    sha256 = hashlib.sha256(had.content).hexdigest()
    source = Source(
        id=source_id(sha256),
        sha256=sha256,
        text_sha256=hashlib.sha256(page.text.encode()).hexdigest(),
        media_type=page.media_type,
        retrieved_at=first.at,
        url=url,
        title=told.title,
        outlet=told.outlet,
        authors=told.authors,
        published=told.published,
        language=told.language,
        origins=tuple(o.id for o in rests_on if o.binding),
    )
    return Taken(
        source=source,
        text=page.text,
        body=page.body,
        furniture=page.furniture,
        origins=rests_on,
        rules=told.rules,
    )


def _with_family(vault: Vault, taken: Taken, retrievals: tuple[Retrieval, ...]) -> Taken:
    """Store a source and return it with its family; write those whose family it changes anew."""
    others: dict[str, Entry] = {}
    texts = [taken]
    notes = list(taken.notes)
    for other in vault.sources():
        if other == taken.source.id:
            continue
        try:
            entry = vault.entry(other)
            if entry is not None:
                others[other] = entry
                text = vault.text(entry.taken.source.text_sha256)
                texts.append(replace(entry.taken, text=text))
        except WorkspaceError as problem:
            notes.append(f"{other} was left out of the families: {problem.what}")
    told = families(texts)
    for one in texts[1:]:
        family, kin = told[one.source.id]
        if (one.source.family, one.why_family) != (family, kin):
            kept = replace(one, source=replace(one.source, family=family), why_family=kin)
            vault.put_entry(Entry(taken=kept, retrievals=others[one.source.id].retrievals))
    family, kin = told[taken.source.id]
    taken = replace(
        taken,
        source=replace(taken.source, family=family),
        why_family=kin,
        notes=tuple(notes),
    )
    vault.put_entry(Entry(taken=replace(taken, is_new=True), retrievals=retrievals))
    return taken
