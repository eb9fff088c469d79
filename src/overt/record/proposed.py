"""One proposal at the desk: the entry proposed, the reasons, who read it and what they decided."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from overt.record.ledger import written
from overt.record.schema import plain
from overt.record.soundness import YESES
from overt.record.trial import entry_from
from overt.vocabulary.stated import Act, Claim, Reading


class State(StrEnum):
    """Where a proposal stands."""

    WAITING = "waiting"
    SECOND = "wants a second reader"
    DEFERRED = "deferred"
    REFUSED = "refused"
    ACCEPTED = "accepted"


OPEN = (State.SECOND, State.WAITING, State.DEFERRED)


class Proposed(Protocol):
    """What a proposer hands in: a claim without readings, and why it was read so."""

    @property
    def claim(self) -> Claim:
        """Return the claim."""

    @property
    def why(self) -> Sequence[object]:
        """Return the reasons, in words or as records of field, rule and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One proposal: the entry as plain values, the reasons, and every decision on it.

    `counted_from` is the first of `readings` that is about the entry as it is now. `authorities`
    are those the entry names that the record may not have; they enter with it.
    """

    key: str
    kind: str
    entry: dict[str, Any]
    why: tuple[str, ...]
    proposed_at: datetime
    state: State = State.WAITING
    readings: tuple[Reading, ...] = ()
    counted_from: int = 0
    authorities: tuple[dict[str, Any], ...] = ()
    source: dict[str, Any] | None = None

    @property
    def version(self) -> int:
        """Return the number that grows with every decision."""
        return len(self.readings)

    @property
    def yeses(self) -> tuple[Reading, ...]:
        """Return the readers who said yes to the entry as it is now."""
        return tuple(r for r in self.readings[self.counted_from :] if r.decision in YESES)

    @property
    def yaml(self) -> str:
        """Return the entry as the YAML it would be written as."""
        return written(self.body)

    @property
    def body(self) -> Any:  # noqa: ANN401 - a claim or an act
        """Return the entry itself."""
        return entry_from(self.kind, self.entry).body


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """How many proposals were new, known or refused before, and what is wrong with the others."""

    n_new: int = 0
    n_known: int = 0
    n_refused: int = 0
    unsound: tuple[str, ...] = ()


def key_of(body: Claim | Act) -> str:
    """Return the name of a reading: the same words of a source read to say the same thing.

    How dates and numbers were worked out is left out, so that a better rule for them does not ask
    again what was refused.
    """
    if isinstance(body, Act):
        kept = [body.id, *(v for k, v in plain(body).items() if k not in {"id", "readings"})]
    else:
        b, s = body, body.span
        said = [b.speaker, b.polarity, b.topic, b.act_kind, b.demand, b.cc, b.issuer, b.addressee]
        kept = [s.source, s.start, s.end, *said, *b.platforms]
    text = json.dumps(kept, ensure_ascii=True)
    return sha256(text.encode("ascii")).hexdigest()[:16]


def reason(why: object) -> str:
    """Return a reason in words, whichever way a proposer gave it."""
    if isinstance(why, dict):
        parts = [why.get(name) for name in ("field", "rule", "words")]
    else:
        parts = [getattr(why, name, None) for name in ("field", "rule", "words")]
    if all(isinstance(p, str) for p in parts):
        return f"{parts[0]}: {parts[1]}" + (f" ({parts[2]})" if parts[2] else "")
    return str(why)


def place(item: Item) -> tuple[str, int]:
    """Return the source and the first character of what a proposal quotes."""
    span = item.entry.get("span") or {}
    return str(span.get("source", "")), int(span.get("start", 0))
