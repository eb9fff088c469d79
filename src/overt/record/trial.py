"""Whether an entry would be sound in the record, before it is let in."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from overt.errors import RecordError
from overt.record.crosscheck import Shelf, check_links, supersession, unique_ids
from overt.record.layout import KINDS, Files, TextOf, file_name, folder_of, read_folder
from overt.record.problems import Problem
from overt.record.schema import Entry, plain, read
from overt.record.soundness import check_entry
from overt.record.yamltext import dump, parse
from overt.vocabulary.stated import Claim


_OF_CLAIM = "claim."  # marks the fields of a claim that is not in its source's file yet


def entry_of(kind: str, text: str, name: str) -> tuple[Entry, list[Problem]]:
    """Return the entry a YAML text holds, and what is wrong with its shape.

    Raises:
        RecordError: when the text is not YAML at all.
    """
    node, problems = parse(text.encode("utf-8", "surrogatepass"), name)
    if node is None:
        raise RecordError("the entry cannot be read", problems=problems or ["it is empty"])
    entry = Entry(kind=kind, file=name, body=None, line=node.line)
    entry.body = read(KINDS[kind], node, entry, problems)
    return entry, problems


def entry_from(kind: str, fields: dict[str, Any], name: str = "the entry") -> Entry:
    """Return the entry that plain values hold.

    Raises:
        RecordError: when they are not of that shape.
    """
    entry, problems = entry_of(kind, dump(fields), name)
    if problems:
        raise RecordError("the entry is unsound", problems=problems)
    return entry


def as_entry(body: Any, name: str = "") -> Entry:  # noqa: ANN401 - an entry of the vocabulary
    """Return an entry of the vocabulary as one that was read from its file."""
    kind = type(body).__name__.lower()
    owner = body.span.source if isinstance(body, Claim) else body.id
    entry = entry_from(kind, plain(body), name or f"{folder_of(kind)}/{file_name(owner)}")
    entry.prefix = _OF_CLAIM if isinstance(body, Claim) else ""
    return entry


def faults(
    candidates: Sequence[Entry], folder: Path, text_of: TextOf, among: Files | None = None
) -> list[Problem]:
    """Return what would be wrong with these entries, were they in the record of the folder."""
    files = among or (read_folder(folder) if folder.exists() else Files())
    mine = {id(c) for c in candidates}
    shelf = Shelf(met=set(files.unread_ids))
    found = [p for p in unique_ids([*files.entries, *candidates], shelf) if _is_of(p, candidates)]
    at_hand = lru_cache(maxsize=8)(text_of)
    for entry in candidates:
        found += check_entry(entry, None)
        found += check_links(entry, shelf, at_hand)
    if mine:
        found += [p for p in supersession(shelf) if _is_of(p, candidates)]
    named = {(c.file, c.prefix): f"{c.kind} {c.id}" for c in candidates}
    return sorted(
        {
            replace(
                p, file=named.get((p.file, _prefix(p)), p.file), field=p.field[len(_prefix(p)) :]
            )
            for p in found
        }
    )


def _prefix(problem: Problem) -> str:
    return _OF_CLAIM if problem.field.startswith(_OF_CLAIM) else ""


def _is_of(problem: Problem, candidates: Iterable[Entry]) -> bool:
    return any(problem.file == c.file and problem.field.startswith(c.prefix) for c in candidates)
