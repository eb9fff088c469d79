"""Which sources are one: near-copies, and reports that rest on one wire story or court paper.

Twelve reports off one wire story are one source told twelve times. Two sources are of one family
when

- their texts are near-copies: of the runs of five words of both bodies at least half are common
  (Jaccard), or one body holds at least 80 % of the other's; or
- they share an origin that binds (`origins`) about the same act: they name no two courts for it,
  are not known to be published more than ten days apart, and their first paragraphs have at least
  two names in common.

A report of which no date is known joins those it shares an origin with only while these are of one
event; where the dated ones lie in several, it cannot be told and it stands alone. A family's key is
the smallest id of its sources, so that it depends on the set and not on its order.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations

from overt.record.furniture import names
from overt.record.taken import Kinship, Origin, Taken


# Hand-set, on rewritten invented reports: of two that differ in one word of twenty, 60 % is common.
SHINGLE_WORDS, COPY_SHARE, HELD_SHARE = 5, 0.5, 0.8
LEAST_SHINGLES = 30
MOST_DAYS_APART = timedelta(days=10)
SHARED_NAMES = 2
_LEAD = 4  # paragraphs of the body whose names say what a report is about: headline and first three
_MOST_WORDS = 20_000
_TOO_COMMON = 50  # sources: a run of words that stands in more is a phrase of the trade
_WORD = re.compile(r"\w+")

Family = tuple[str, tuple[Kinship, ...]]


def families(sources: Sequence[Taken]) -> dict[str, Family]:
    """Return for each source's id the key of its family, and its kin with the reason for each."""
    taken = {t.source.id: t for t in sorted(sources, key=lambda t: t.source.id)}
    kin: dict[str, list[Kinship]] = {i: [] for i in taken}
    for one, other, share in _copies(taken):
        kin[one].append(Kinship(source=other, why="near-copy", share=share))
        kin[other].append(Kinship(source=one, why="near-copy", share=share))
    for one, other, origin in _shared(taken):
        kin[one].append(Kinship(source=other, why="same origin", origin=origin))
        kin[other].append(Kinship(source=one, why="same origin", origin=origin))
    keys = _components(kin)
    return {
        i: (keys[i], tuple(sorted(kin[i], key=lambda k: (k.source, k.why, k.origin))))
        for i in taken
    }


def _components(kin: dict[str, list[Kinship]]) -> dict[str, str]:
    """Return for each id the key of all it is connected to: their smallest id."""
    keys: dict[str, str] = {}
    for first in sorted(kin):
        waiting = [first]
        while waiting:
            one = waiting.pop()
            if one not in keys:
                keys[one] = first.replace("source:", "family:")
                waiting += [k.source for k in kin[one]]
    return keys


def _copies(taken: dict[str, Taken]) -> Iterable[tuple[str, str, float]]:
    """Yield the pairs of near-copies, each with the Jaccard similarity of its shingles."""
    shingles = {i: _shingles(t) for i, t in taken.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for i, own in shingles.items():
        for shingle in own:
            holders[shingle].append(i)
    common: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        if 1 < len(ids) <= _TOO_COMMON:
            common.update(combinations(ids, 2))
    for (one, other), n_common in sorted(common.items()):
        sizes = len(shingles[one]), len(shingles[other])
        share = n_common / (sum(sizes) - n_common)
        if min(sizes) >= LEAST_SHINGLES and (
            share >= COPY_SHARE or n_common >= HELD_SHARE * min(sizes)
        ):
            yield one, other, round(share, 3)


def _shingles(taken: Taken) -> frozenset[str]:
    """Return the runs of words of a body."""
    body = " ".join(taken.text[start:end] for start, end in taken.body)
    words = _WORD.findall(body.casefold())[:_MOST_WORDS]
    return frozenset(
        " ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)
    )


def _shared(taken: dict[str, Taken]) -> Iterable[tuple[str, str, str]]:
    """Yield the pairs that share an origin about the same act, with its id."""
    holders: dict[str, list[tuple[str, Origin]]] = defaultdict(list)
    for i, told in taken.items():
        for origin in told.origins:
            if origin.binding:
                holders[origin.id].append((i, origin))
    leads = {i: names(_lead(t)) for i, t in taken.items()}
    days = {i: _day(t) for i, t in taken.items()}
    for origin_id, held in sorted(holders.items()):
        groups = _events([i for i, _ in held], days)
        courts = {i: origin.court for i, origin in held}
        for group in groups:
            for one, other in combinations(group, 2):
                named = {courts[one], courts[other]} - {""}
                if len(named) < 2 and len(leads[one] & leads[other]) >= SHARED_NAMES:  # noqa: PLR2004
                    yield one, other, origin_id


def _events(ids: Sequence[str], days: dict[str, date | None]) -> list[list[str]]:
    """Return the ids parted where dates lie far apart; the undated with the only part there is."""
    dated = sorted((day, i) for i in ids if (day := days[i]) is not None)
    undated = [i for i in ids if days[i] is None]
    groups: list[list[str]] = []
    first = None
    for day, i in dated:
        if first is None or day - first > MOST_DAYS_APART:
            groups.append([])
            first = day
        groups[-1].append(i)
    if len(groups) <= 1:
        return [sorted([*(groups[0] if groups else []), *undated])]
    return [sorted(group) for group in groups]


def _day(taken: Taken) -> date | None:
    when = taken.source.published
    return when.earliest if when else None


def _lead(taken: Taken) -> str:
    return "\n".join(taken.text[start:end] for start, end in taken.body[:_LEAD])
