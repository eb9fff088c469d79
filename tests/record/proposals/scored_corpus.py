"""Scores proposals on annotated texts: `python tests/record/proposals/scored_corpus.py`."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from overt.record.proposals.proposal import Proposal, Text
from overt.record.proposals.registry import proposals
from overt.vocabulary.stated import When


CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True, kw_only=True)
class Score:
    name: str
    n_proposed: int
    n_expected: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def of(path: Path) -> Score:
    """Return the score of one text; a proposal neither expected nor allowed is wrong."""
    body = tomllib.loads(path.read_text("utf-8"))
    text = Text(
        source=f"source:{path.stem}",
        text=body["text"],
        body=((0, len(body["text"])),),
        published=body["published"],
        zone=body["zone"],
    )
    found = proposals(text)
    missed = [e for e in body["expected"] if not any(fits(p, e) for p in found)]
    known = [*body["expected"], *body["allowed"]]
    wrong = [told(p) for p in found if not any(fits(p, k) for k in known)]
    return Score(
        name=path.stem,
        n_proposed=len(found),
        n_expected=len(body["expected"]),
        wrong=tuple(wrong),
        missed=tuple(missed),
    )


def fits(proposal: Proposal, wanted: str) -> bool:
    fragment, _, rest = wanted.partition(" |")
    claim = proposal.claim
    values = {
        str(v)
        for v in (
            claim.topic, claim.act_kind, claim.demand, claim.polarity, claim.standing, claim.forum,
            claim.restriction, claim.cc, claim.speaker, claim.issuer, *claim.platforms,
        )
    }  # fmt: skip
    named = {
        "when": first(claim.when),
        "due": first(claim.due),
        "speaker": claim.speaker,
        "issuer": claim.issuer,
        "addressee": claim.addressee,
        "low": str(int(claim.quantities[0].low)) if claim.quantities else "",
    }
    for word in rest.split():
        key, equals, value = word.partition("=")
        if (named[key] != value) if equals else (word not in values):
            return False
    return fragment in claim.span.quote


def first(when: When | None) -> str:
    return str(when.earliest) if when is not None else ""


def told(proposal: Proposal) -> str:
    claim = proposal.claim
    return (
        f"{claim.span.quote[:70]!r} {claim.topic}/{claim.act_kind}/{claim.demand}"
        f" {claim.polarity} {claim.platforms} {claim.speaker or claim.role}"
        f" {first(claim.when)} {first(claim.due)}"
    )


def scores() -> Iterator[Score]:
    yield from (of(path) for path in sorted(CORPUS.glob("*.toml")))


if __name__ == "__main__":
    n_proposed = n_wrong = n_expected = n_missed = 0
    for score in scores():
        n_proposed += score.n_proposed
        n_wrong += len(score.wrong)
        n_expected += score.n_expected
        n_missed += len(score.missed)
        if "-v" in sys.argv:
            lines = [f"wrong  {w}" for w in score.wrong] + [f"missed {m}" for m in score.missed]
            for line in lines:
                print(f"{score.name}: {line}")  # noqa: T201 - a script
    print(  # noqa: T201 - a script
        f"precision {n_proposed - n_wrong} of {n_proposed},"
        f" recall {n_expected - n_missed} of {n_expected}"
    )
