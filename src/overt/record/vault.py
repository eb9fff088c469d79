"""The vault: pages and documents as stored bytes and texts, named by what they hold.

```
vault/
├── bytes/ab/<sha256>          what was had, as it was
├── texts/ab/<sha256>.txt      the text drawn from it, in which spans count
├── sources/<16 digits>.json   what is known of it and how each was found, under a seal
└── warc/<16 digits>-<n>.warc.gz   the exchanges with the server, where there were any
```

A file is written under a temporary name, flushed and renamed, so that a killed run leaves at worst
a file nobody names. What is read is hashed again: a damaged entry is told, never used.
"""

import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from overt.engine.base import from_json, to_json
from overt.errors import UsageError, WorkspaceError
from overt.record.taken import Taken


_SHA256 = re.compile(r"[0-9a-f]{64}")
_SOURCE_ID = re.compile(r"source:([0-9a-f]{16})")
_LAYOUT = 1
_REMEDY = "take the same page or document in again; the same bytes mend the entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """One time the bytes were had: from where, when, with which headers, by which redirects.

    `url` is empty for a file of which no address was given. `hops` are the addresses asked, the
    first first, each with the status it answered. `warc` names the file with the exchanges.
    """

    url: str
    at: datetime
    file: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    hops: tuple[tuple[str, int], ...] = ()
    warc: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the vault keeps of one source beside its bytes and its text."""

    taken: Taken  # its text is left empty: it is stored by its own hash
    retrievals: tuple[Retrieval, ...]


class Vault:
    """A folder of stored bytes, texts and what is known of them. Made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def content(self, sha256: str) -> bytes:
        """Return stored bytes.

        Raises:
            WorkspaceError: when they are not there or are not what their name says.
        """
        return self._checked(self._place("bytes", sha256, ""), sha256)

    def text(self, text_sha256: str) -> str:
        """Return a stored text; the offsets of spans count its characters.

        Raises:
            WorkspaceError: when it is not there or is not what its name says.
        """
        return self._checked(self._place("texts", text_sha256, ".txt"), text_sha256).decode()

    def put_bytes(self, content: bytes) -> bool:
        """Store bytes; return whether a damaged entry of the same name was mended."""
        return self._put("bytes", content, "")

    def put_text(self, text: str) -> bool:
        """Store a text; return whether a damaged entry of the same name was mended."""
        return self._put("texts", text.encode(), ".txt")

    def put_entry(self, entry: Entry) -> None:
        """Store what is known of a source, in place of what was."""
        body = to_json(entry)
        body["taken"]["text"] = ""
        sealed = {"layout": _LAYOUT, "seal": _seal(body), "entry": body}
        content = json.dumps(sealed, ensure_ascii=True, indent=1, sort_keys=True).encode()
        self._write(self._entry_place(entry.taken.source.id), content)

    def put_warc(self, source_id: str, content: bytes) -> str:
        """Store the exchanges with a server; return the name of the file."""
        folder = self.root / "warc"
        stem = _SOURCE_ID.fullmatch(source_id)
        number = len(list(folder.glob(f"{stem[1]}-*.warc.gz"))) if stem and folder.is_dir() else 0
        place = folder / f"{source_id.removeprefix('source:')}-{number + 1}.warc.gz"
        self._write(place, content)
        return place.name

    def entry(self, source_id: str) -> Entry | None:
        """Return what is known of a source, without its text; None when it is not here.

        Raises:
            UsageError: when it is no source's id.
            WorkspaceError: when the entry is damaged.
        """
        place = self._entry_place(source_id)
        try:
            sealed: Any = json.loads(place.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as problem:
            raise _damaged(place, "it cannot be read as JSON") from problem
        if not isinstance(sealed, dict) or sealed.get("seal") != _seal(sealed.get("entry")):
            raise _damaged(place, "what is in it is not what was sealed")
        if sealed.get("layout") != _LAYOUT:
            raise WorkspaceError(
                f"the entry has layout {sealed.get('layout')}; this version reads {_LAYOUT}",
                where=str(place),
                remedy="use the version of overt that wrote it",
            )
        entry: Entry = from_json(Entry, sealed["entry"])
        if entry.taken.source.id != source_id:
            raise _damaged(place, "it is another source's")
        return entry

    def taken(self, source_id: str) -> Taken:
        """Return a source with its text and how it was found.

        Raises:
            UsageError: when it is no source's id, or not in the vault.
            WorkspaceError: when the entry, its text or its bytes are damaged.
        """
        entry = self.entry(source_id)
        if entry is None:
            raise UsageError(
                f"{source_id} is not in the vault",
                where=str(self.root),
                remedy="take it in first: overt record take-in FILE|URL",
            )
        self.content(entry.taken.source.sha256)
        return with_text(entry.taken, self.text(entry.taken.source.text_sha256))

    def sources(self) -> list[str]:
        """Return the ids of all sources, sorted."""
        found = (self.root / "sources").glob("*.json") if self.root.is_dir() else ()
        ids = (f"source:{place.stem}" for place in found)
        return sorted(i for i in ids if _SOURCE_ID.fullmatch(i))

    def _entry_place(self, source_id: str) -> Path:
        match = _SOURCE_ID.fullmatch(source_id)
        if match is None:
            raise UsageError(
                f"{source_id!r} is no source's id",
                remedy="it is `source:` and 16 digits of 0-9 and a-f, as overt record take-in says",
            )
        return self.root / "sources" / f"{match[1]}.json"

    def _place(self, kind: str, sha256: str, ending: str) -> Path:
        if _SHA256.fullmatch(sha256) is None:
            raise UsageError(
                f"{sha256!r} is no SHA-256", remedy="it has 64 digits, each of 0-9 and a-f"
            )
        return self.root / kind / sha256[:2] / (sha256 + ending)

    def _checked(self, place: Path, sha256: str) -> bytes:
        try:
            content = place.read_bytes()
        except OSError as problem:
            raise _damaged(place, "it is missing or cannot be read") from problem
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _damaged(place, "its bytes are not those it is named by")
        return content

    def _put(self, kind: str, content: bytes, ending: str) -> bool:
        sha256 = hashlib.sha256(content).hexdigest()
        place = self._place(kind, sha256, ending)
        was_there = place.exists()
        if was_there:
            try:
                self._checked(place, sha256)
            except WorkspaceError:
                pass
            else:
                return False
        self._write(place, content)
        return was_there

    def _write(self, place: Path, content: bytes) -> None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".writing-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(temporary).replace(place)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            folder = os.open(place.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as problem:
            raise WorkspaceError(
                f"the vault cannot be written: {problem.strerror or problem}",
                where=str(place),
                remedy="check that the folder exists, is yours and has room, or name another",
            ) from problem


def with_text(taken: Taken, text: str) -> Taken:
    """Return the same with its text."""
    return from_json(Taken, {**to_json(taken), "text": text})


def source_id(sha256: str) -> str:
    """Return the id of the source whose bytes have this SHA-256."""
    return f"source:{sha256[:16]}"


def _seal(body: object) -> str:
    canonical = json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _damaged(place: Path, what: str) -> WorkspaceError:
    return WorkspaceError(f"a vault entry is damaged: {what}", where=str(place), remedy=_REMEDY)
