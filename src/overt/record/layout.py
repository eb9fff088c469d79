"""Where entries lie in a record's folder, and how its files are read: plain, bounded, no links."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from overt.record.problems import Problem, nearest, shown
from overt.record.schema import Entry, read
from overt.record.yamltext import MOST_BYTES, Node, parse
from overt.vocabulary.stated import Act, Authority, Claim, Proceeding, Source


FOLDERS: dict[str, type] = {
    "authorities": Authority,
    "sources": Source,
    "acts": Act,
    "proceedings": Proceeding,
}
KINDS: dict[str, type] = {k.__name__.lower(): k for k in (*FOLDERS.values(), Claim)}
MOST_FILES = 20_000
MOST_TEXT_BYTES = 16 * 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")

TextOf = Callable[[Source], str | None]


@dataclass(slots=True)
class Files:
    """Every entry of a folder as read, the problems met, and the ids of entries beyond reading."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread_ids: set[str] = field(default_factory=set)


def folder_of(kind: str) -> str:
    """Return the folder in which entries of a kind lie; claims lie in their source's file."""
    wanted = Source if kind == "claim" else KINDS[kind]
    return next(name for name, k in FOLDERS.items() if k is wanted)


def file_name(entry_id: str) -> str:
    """Return the name of the file an entry belongs into."""
    return re.sub(r"[:/]", "-", entry_id.partition(":")[2] or entry_id) + ".yaml"


def read_folder(folder: Path) -> Files:
    """Return what the files of a record hold, in the order of their names."""
    files = Files()
    if not any((folder / name).is_dir() for name in FOLDERS):
        what = "there is no record in this folder"
        expected = f"a folder with {', '.join(FOLDERS)}"
        remedy = "name the folder that holds them; docs/how-to/keep-a-record.md tells the layout"
        files.problems.append(_of_file(str(folder), what, expected, remedy))
        return files
    for path in _listed(folder, files):
        name = path.relative_to(folder).as_posix()
        try:
            raw = _bytes(path, MOST_BYTES)
        except OSError as problem:
            what = f"the file cannot be read: {problem.strerror or problem}"
            files.problems.append(_of_file(name, what, "a readable file", "mend its permissions"))
            continue
        read_text(raw, name, files)
    return files


def read_text(raw: bytes, name: str, files: Files) -> None:
    """Add to `files` what one file holds: an entry, and with a source its claims."""
    kind = FOLDERS[name.partition("/")[0]]
    node, problems = parse(raw, name)
    files.problems += problems
    if node is None:
        if not problems:
            what, remedy = "the file is empty", "write the entry, or delete the file"
            files.problems.append(_of_file(name, what, "one entry", remedy))
        files.unread_ids |= set(_ids_in(raw))
        return
    claims = None
    if kind is Source and isinstance(node.value, dict):
        claims = node.value.pop("claims", None)
    whole = Entry(kind=kind.__name__.lower(), file=name, body=None, line=node.line)
    whole.body = read(kind, node, whole, files.problems)
    files.entries.append(whole)
    if claims is not None:
        _read_claims(claims, whole, files)


def _read_claims(node: Node, source: Entry, files: Files) -> None:
    if not isinstance(node.value, list):
        what = f"found {node.shape}"
        problem = source.problem("claims", what, "a list of claims", "begin each claim with a dash")
        files.problems.append(problem)
        return
    for i, child in enumerate(node.value):
        claim = Entry(
            kind="claim", file=source.file, body=None, prefix=f"claims[{i}].", line=child.line
        )
        span = child.value.get("span") if isinstance(child.value, dict) else None
        if span is not None and isinstance(span.value, dict) and "source" not in span.value:
            span.value["source"] = Node(span.line, source.id)
            span.key_lines["source"] = span.line
        claim.body = read(Claim, child, claim, files.problems)
        files.entries.append(claim)


def texts_beside(folder: Path) -> TextOf:
    """Return the reader of the texts kept with the record: in `texts`, or in its vault."""

    def text_of(source: Source) -> str | None:
        if not _SHA256.match(source.text_sha256):
            return None
        name = f"{source.text_sha256}.txt"
        for path in (folder / "texts" / name, folder / "vault" / "texts" / name[:2] / name):
            try:
                return _bytes(path, MOST_TEXT_BYTES).decode("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
        return None

    return text_of


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _listed(folder: Path, files: Files) -> Iterator[Path]:
    n_files = 0
    for stray in sorted(p.name for p in folder.iterdir() if p.is_dir()):
        meant = nearest(stray, FOLDERS)
        if stray not in FOLDERS and meant and not (folder / meant).exists():
            what = f"the folder {shown(stray)} is not read"
            remedy = f"rename it to {meant}"
            files.problems.append(_of_file(stray, what, f"one of {', '.join(FOLDERS)}", remedy))
    for name in FOLDERS:
        if not (folder / name).is_dir():
            continue
        for path in sorted((folder / name).iterdir()):
            n_files += 1
            if n_files > MOST_FILES:
                what = f"more than {MOST_FILES:,} files"
                files.problems.append(_of_file(name, what, "fewer", "split the record by country"))
                return
            shown_as = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file():
                what = "this is a link or a folder"
                remedy = "put the file itself here"
                files.problems.append(_of_file(shown_as, what, "a plain file", remedy))
            elif path.suffix == ".yaml":
                yield path
            elif not path.name.startswith("."):
                what = "the file is not read: its name does not end in .yaml"
                remedy = "rename it, or move it out of the record"
                files.problems.append(_of_file(shown_as, what, "files called *.yaml", remedy))


def _bytes(path: Path, most: int) -> bytes:
    """Return a file's bytes, at most one more than `most`; a link is not followed."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as opened:
        return opened.read(most + 1)


def _ids_in(raw: bytes) -> list[str]:
    """Return what look like ids in a file that is not YAML, so that they are not called missing."""
    text = raw[:MOST_BYTES].decode("utf-8", "replace")
    found: list[Any] = re.findall(r"^[ -]*id: *[\"']?([^\s\"'#]+)", text, re.MULTILINE)
    return [str(f) for f in found]


def _of_file(file: str, what: str, expected: str, remedy: str) -> Problem:
    return Problem(file=file, line=0, field="", what=what, expected=expected, remedy=remedy)
