"""Corrections as assignments, `when.earliest=2024-04-17`, and proposals as JSON lines."""

import json
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any

from overt.errors import InputError, UsageError
from overt.record.layout import KINDS
from overt.record.problems import instead, shown
from overt.record.schema import hints
from overt.record.trial import entry_from
from overt.vocabulary.stated import Authority, Claim, Source


MOST_LINES = 50_000
_MOST_WHYS = 100
_STEP = re.compile(r"([a-z_0-9]+)((?:\[\d{1,4}\])*)\Z")


def assigned(kind: str, fields: Mapping[str, Any], assignments: Iterable[str]) -> dict[str, Any]:
    """Return an entry's plain values with fields set; a field set to nothing is left out.

    A list of texts is written with commas; `quantities[0].low=4` reaches into a list.

    Raises:
        UsageError: when an assignment names no field.
    """
    made: dict[str, Any] = json.loads(json.dumps(fields))
    for assignment in assignments:
        path, equals, value = assignment.partition("=")
        if not equals:
            raise UsageError(f"{shown(assignment)} sets nothing", remedy="write field=value")
        _assign(made, KINDS[kind], path.strip(), value.strip())
    return made


def _assign(made: Any, hint: Any, path: str, value: str) -> None:  # noqa: ANN401
    at, whole = made, hint
    steps = path.split(".")
    for depth, step in enumerate(steps, 1):
        found = _STEP.match(step)
        name = found[1] if found else step
        known = hints(typing.cast("type", whole)) if is_dataclass(whole) else {}
        if name not in known or found is None:
            remedy = instead(name, known, "see docs/reference/record.md for the fields")
            raise UsageError(f"{shown(path)} is no field: {shown(name)}", remedy=remedy)
        whole = _inner(known[name])
        places = [int(n) for n in re.findall(r"\d+", found[2])]
        if depth == len(steps) and not places:
            _set(at, name, whole, value)
            return
        at = at.setdefault(name, [] if places else {})
        for n in places:
            if not isinstance(at, list) or n >= len(at):
                raise UsageError(f"{shown(path)} reaches beyond the list", remedy="count from 0")
            whole = typing.get_args(whole)[0]
            if depth == len(steps):
                at[n] = value
                return
            at = at[n]


def _set(at: dict[str, Any], name: str, hint: Any, value: str) -> None:  # noqa: ANN401
    if typing.get_origin(hint) is tuple:
        at[name] = [part.strip() for part in value.split(",") if part.strip()]
    elif value:
        at[name] = value
    else:
        at.pop(name, None)


def _inner(hint: Any) -> Any:  # noqa: ANN401
    if typing.get_origin(hint) is types.UnionType:
        return next(a for a in typing.get_args(hint) if a is not type(None))
    return hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A proposal of a file of JSON lines."""

    claim: Claim
    why: tuple[object, ...] = ()


@dataclass(slots=True)
class Batch:
    """The proposals of one source, its text where the file has it, and authorities they name."""

    source: Source
    text: str | None
    authorities: dict[str, Authority]
    proposals: list[Line]


def batches(lines: Iterable[str], where: str, sources: Mapping[str, Source]) -> Iterator[Batch]:
    """Yield the proposals of a file source by source.

    A line is `{"claim": {…}, "why": […]}`, or describes the source of the lines that follow:
    `{"source": {…}, "text": "…", "authorities": [{…}]}`. Without such a line the source is looked
    up in the record by the claim's span.

    Raises:
        InputError: when a line is neither, or a source is not known.
        RecordError: when a claim or source is not of the schema's shape.
    """
    batch: Batch | None = None
    lines = _unpacked(lines, where)
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        place = f"{where}, line {number}"
        body = _object(text, place, number)
        if "source" in body:
            if batch is not None and batch.proposals:
                yield batch
            batch = _batch(body, place)
            continue
        claim = entry_from("claim", _with_open_ends(body["claim"]), place).body
        if batch is None or batch.source.id != claim.span.source:
            if claim.span.source not in sources:
                raise InputError(
                    f"the source {shown(claim.span.source)} is neither in the file nor the record",
                    where=place,
                    remedy='put a line {"source": {…}} before its claims',
                )
            if batch is not None and batch.proposals:
                yield batch
            batch = Batch(sources[claim.span.source], None, {}, [])
        why = body.get("why", [])
        whys = tuple(why[:_MOST_WHYS]) if isinstance(why, list) else (why,)
        batch.proposals.append(Line(claim=claim, why=whys))
    if batch is not None and batch.proposals:
        yield batch


def _unpacked(lines: Iterable[str], where: str) -> list[str]:
    """Return the lines; of a file that is one JSON list, its items."""
    every = list(lines)
    if not "".join(every[:1]).lstrip().startswith("["):
        return every
    try:
        body = json.loads("\n".join(every))
    except (ValueError, RecursionError) as problem:
        raise InputError(
            "the file begins as a JSON list and is none",
            where=f"{where}, line {getattr(problem, 'lineno', 1)}",
            remedy="write a list of proposals, or one to a line",
        ) from problem
    return [json.dumps(item) for item in body]


def _with_open_ends(claim: dict[str, Any]) -> dict[str, Any]:
    """Return a claim whose quantities say where they are open; JSON has null for that."""
    listed = claim.get("quantities")
    if not isinstance(listed, list):
        return claim
    ends = {"low": "-.inf", "high": ".inf"}
    closed = [
        {k: ends.get(k) if v is None else v for k, v in q.items()} if isinstance(q, dict) else q
        for q in listed
    ]
    return {**claim, "quantities": closed}


def _batch(body: Mapping[str, Any], place: str) -> Batch:
    text, named = body.get("text"), body.get("authorities", [])
    if not (text is None or isinstance(text, str)) or not isinstance(named, list):
        raise InputError(
            "text is no text, or authorities no list", where=place, remedy="mend the line"
        )
    source = entry_from("source", body["source"], place).body
    authorities = [entry_from("authority", a, place).body for a in named]
    return Batch(source, text, {a.id: a for a in authorities}, [])


def _object(text: str, place: str, number: int) -> dict[str, Any]:
    if number > MOST_LINES:
        raise InputError(f"more than {MOST_LINES:,} lines", where=place, remedy="split the file")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    is_sound = isinstance(body, dict) and (
        isinstance(body.get("claim"), dict) or isinstance(body.get("source"), dict)
    )
    if not is_sound:
        raise InputError(
            "the line is neither a proposal nor a source",
            where=place,
            remedy='write {"claim": {…}, "why": […]} or {"source": {…}, "text": "…"}',
        )
    return dict(body)
