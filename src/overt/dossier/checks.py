"""Claims set against what was measured: states, dates of onset and ending, and durations.

Every denial, date and number about the platform in the country is checked. The method of each is in
docs/explanation/record-and-measurement.md.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from overt.dossier import rulings
from overt.dossier.measured import Fact, Measured, Reading, Stretch
from overt.dossier.orders import BESIDE
from overt.dossier.rulings import Finding
from overt.dossier.spans import EVER, FOREVER, Window, shifted, window
from overt.dossier.witnesses import (
    Resting,
    denies_restriction,
    resting_on,
    said_when,
    speaker_of,
    standing_claims,
)
from overt.vocabulary.instants import DAY, HOUR
from overt.vocabulary.stated import (
    ActKind,
    Claim,
    Polarity,
    Quantity,
    Record,
    Topic,
    When,
)


NEAR = timedelta(days=45)  # hand-set: a claimed date farther from an onset is of another event
_UNITS = {"hour": HOUR, "day": DAY, "week": 7 * DAY}


class Aspect(StrEnum):
    """What of a claim is checked."""

    STATE = "state"
    ONSET = "onset"
    ENDING = "ending"
    DURATION = "duration"
    NONE = "none"  # it is not of what is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A finding and why, by which stretch; `stretch` is None where there is none to name."""

    finding: Finding
    reason: str
    stretch: Stretch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One claim set against what was measured, and the sentence that says so."""

    claim: str
    speaker: str
    aspect: Aspect
    finding: Finding
    measured: str | None
    published: bool
    sentence: str
    sources: tuple[str, ...]
    families: tuple[str, ...]


def check_claims(record: Record, measured: Measured) -> list[Checked]:
    """Return every denial, date and number about the platform, checked, in order of time said."""
    found = []
    for claim in standing_claims(record).values():
        if not concerns(claim, measured.cc, measured.platform):
            continue
        aspect = aspect_of(claim)
        if aspect is None:
            continue
        ruled = rule(claim, aspect, record, measured)
        resting = resting_on([claim], record)
        found.append(
            (_order(claim, record), _checked(claim, aspect, ruled, record, measured, resting))
        )
    return [c for _, c in sorted(found, key=lambda pair: (pair[0], pair[1].claim))]


def concerns(claim: Claim, cc: str, platform: str) -> bool:
    """Say whether a claim is of a platform in a country."""
    return claim.cc == cc and platform in claim.platforms


def aspect_of(claim: Claim) -> Aspect | None:
    """Return what of a claim is to be checked; None where it has no denial, date or number.

    A claim that a restriction was carried out is checked for its onset, one that it was lifted for
    its ending, and so is a time that is open on one side ("before", "since"); any other one for
    what was so in the time it speaks of.
    """
    if claim.topic is Topic.COUNT:
        return Aspect.DURATION if _duration(claim) else Aspect.NONE
    if claim.topic is not Topic.RESTRICTION:
        return Aspect.NONE if claim.polarity is not Polarity.AFFIRMS else None
    if claim.polarity is not Polarity.AFFIRMS or claim.when is None:
        return Aspect.STATE
    if claim.act_kind is ActKind.LIFTING:
        return Aspect.ENDING
    half_open = (claim.when.earliest is None) != (claim.when.latest is None)
    begins = claim.act_kind is ActKind.RESTRICTION or half_open
    return Aspect.ONSET if begins else Aspect.STATE


def rule(claim: Claim, aspect: Aspect, record: Record, measured: Measured) -> Ruling:
    """Return how a claim stands to what was measured."""
    reason = _why_not(claim, aspect)
    if reason:
        return Ruling(finding=Finding.NOT_TESTABLE, reason=reason)
    if aspect is Aspect.DURATION:
        return rule_duration(claim, record, measured)
    if aspect is Aspect.ONSET and claim.when is not None:
        return rule_onset(onset_claimed(claim.when), measured)
    if aspect is Aspect.ENDING and claim.when is not None:
        return rule_ending(window(claim.when), measured)
    when = claim.when
    if when is None or not window(when).is_closed:
        when = said_when(claim, record)
    return rule_state(when, measured, denied=denies_restriction(claim))


def _why_not(claim: Claim, aspect: Aspect) -> str:
    """Return why nothing measured can bear on a claim; empty where it can."""
    if claim.polarity is Polarity.DECLINES:
        return rulings.nothing_stated()
    if aspect is Aspect.NONE:
        return rulings.not_of_service()
    if claim.restriction in BESIDE:
        return rulings.another_kind(claim.restriction)
    return ""


def rule_state(when: When | None, measured: Measured, *, denied: bool) -> Ruling:
    """Return how "it is" or "it is not restricted" stands to what was so at the time spoken of."""
    span = window(when) if when is not None else None
    if span is None or not span.is_closed:
        return Ruling(finding=Finding.NOT_TESTABLE, reason=rulings.no_time())
    reading = measured.read(span)
    found = {
        Fact.RESTRICTED: Finding.CONTRADICTED if denied else Finding.CONSISTENT,
        Fact.FREE: Finding.CONSISTENT if denied else Finding.CONTRADICTED,
        Fact.MIXED: Finding.NOT_TESTABLE if denied else Finding.CONSISTENT,
        Fact.UNKNOWN: Finding.NOT_TESTABLE,
    }[reading.fact]
    return Ruling(finding=found, reason=_reason(reading), stretch=reading.stretch)


def _reason(reading: Reading) -> str:
    if reading.fact is Fact.RESTRICTED:
        return rulings.restricted_throughout()
    if reading.fact is Fact.MIXED:
        return rulings.restricted_in_part()
    if reading.fact is Fact.FREE:
        return rulings.free(reading)
    return rulings.gap(reading)


def onset_claimed(when: When) -> Window:
    """Return when a restriction is claimed to have begun: "since" a day is on that day."""
    words = when.said.lower().split()
    if when.latest is None and when.earliest is not None and words[:1] in (["since"], ["from"]):
        return window(When(earliest=when.earliest, latest=when.earliest, zone=when.zone))
    return window(when)


def rule_onset(claimed: Window, measured: Measured) -> Ruling:
    """Return how a claimed beginning stands to the onset sets measured.

    It is consistent with an onset it can share, contradicted by the nearest one otherwise, and not
    testable where none is near or where the restriction stood when the measurements begin.
    """
    is_open, claimed = not claimed.is_closed, nearby(claimed)
    shared = [s for s in measured.stretches if claimed.overlaps(s.onset)]
    if shared:
        if shared[0].is_standing:
            reason, found = rulings.date_unseen("onset"), Finding.NOT_TESTABLE
        else:
            reason, found = rulings.date_within("onset"), Finding.CONSISTENT
        return Ruling(finding=found, reason=reason, stretch=shared[0])
    near = [s for s in measured.stretches if _distance(claimed, s.onset) <= NEAR]
    if not near:
        return _far(claimed, measured)
    stretch = min(near, key=lambda s: _distance(claimed, s.onset))
    earlier = claimed.end <= stretch.onset.start
    if stretch.is_standing and earlier:
        return Ruling(
            finding=Finding.NOT_TESTABLE, reason=rulings.date_unseen("onset"), stretch=stretch
        )
    return Ruling(
        finding=Finding.CONTRADICTED,
        reason=_apart("onset", claimed, stretch.onset, earlier=earlier, is_open=is_open),
        stretch=stretch,
    )


def nearby(claimed: Window) -> Window:
    """Return a claimed time with an open side cut where it would reach into other events."""
    if claimed.start == EVER and claimed.end < FOREVER:
        return Window(start=shifted(claimed.end, -NEAR), end=claimed.end)
    if claimed.end == FOREVER and claimed.start > EVER:
        return Window(start=claimed.start, end=shifted(claimed.start, NEAR))
    return claimed


def _far(claimed: Window, measured: Measured) -> Ruling:
    """Return the ruling on a beginning near no onset: by what was so then, else not testable."""
    within = [s for s in measured.stretches if any(p.holds(claimed) for p in s.sure)]
    if within:
        return Ruling(
            finding=Finding.NOT_TESTABLE, reason=rulings.restricted_throughout(), stretch=within[0]
        )
    if claimed.is_closed:
        reading = measured.read(claimed)
        if reading.fact is Fact.FREE:
            return Ruling(
                finding=Finding.CONTRADICTED, reason=rulings.free(reading), stretch=reading.stretch
            )
    return Ruling(finding=Finding.NOT_TESTABLE, reason=rulings.date_far())


def rule_ending(claimed: Window, measured: Measured) -> Ruling:
    """Return how a claimed ending stands to the ending sets, and to the pauses between episodes."""
    for stretch in measured.stretches:
        if stretch.ending is not None and claimed.overlaps(stretch.ending):
            return Ruling(
                finding=Finding.CONSISTENT, reason=rulings.date_within("ending"), stretch=stretch
            )
    for stretch in measured.stretches:
        if not any(p.overlaps(claimed) for p in stretch.sure):
            continue
        if stretch.is_published:
            return Ruling(
                finding=Finding.NOT_TESTABLE, reason=rulings.pause_unseen(), stretch=stretch
            )
        if any(p.holds(claimed) for p in stretch.sure):
            return Ruling(
                finding=Finding.CONTRADICTED, reason=rulings.ended_within(), stretch=stretch
            )
        return Ruling(
            finding=Finding.CONSISTENT, reason=rulings.restricted_in_part(), stretch=stretch
        )
    ended = [
        s
        for s in measured.stretches
        if s.ending is not None and _distance(claimed, s.ending) <= NEAR
    ]
    if ended:
        stretch = min(ended, key=lambda s: _distance(claimed, s.ending or s.onset))
        last = stretch.ending or stretch.onset
        return Ruling(
            finding=Finding.CONTRADICTED,
            reason=_apart(
                "ending",
                claimed,
                last,
                earlier=claimed.end <= last.start,
                is_open=not claimed.is_closed,
            ),
            stretch=stretch,
        )
    return Ruling(finding=Finding.NOT_TESTABLE, reason=rulings.date_far())


def rule_duration(claim: Claim, record: Record, measured: Measured) -> Ruling:
    """Return how a claimed length of the restriction stands to the one measured up to that time."""
    quantity, said = _duration(claim), said_when(claim, record)
    span = window(said) if said is not None else None
    if quantity is None or span is None or not span.is_closed:
        return Ruling(finding=Finding.NOT_TESTABLE, reason=rulings.no_time())
    stretch = measured.lasting_at(span.end)
    if stretch is None:
        return Ruling(finding=Finding.NOT_TESTABLE, reason=rulings.date_far())
    unit = _UNITS[quantity.unit.lower().removesuffix("s")]
    low = max(timedelta(0), min(span.start, stretch.end) - stretch.onset.end) / unit
    high = max(timedelta(0), min(span.end, stretch.end) - stretch.onset.start) / unit
    if stretch.is_standing:
        high = float("inf")
    # A number of units is said of what has begun or been completed: one more and one less pass.
    meets = quantity.low - 1 <= high and low <= quantity.high + 1
    reason = rulings.lasted(
        f"{quantity.low:g} {quantity.unit}"
        if quantity.low == quantity.high
        else f"{quantity.low:g} to {quantity.high:g} {quantity.unit}",
        low,
        high,
        quantity.unit,
    )
    found = Finding.CONSISTENT if meets else Finding.CONTRADICTED
    return Ruling(finding=found, reason=reason, stretch=stretch)


def _duration(claim: Claim) -> Quantity | None:
    """Return the length of the restriction a claim gives, None where it counts something else."""
    about = ("restrict", "block", "ban", "shut", "outage", "disrupt", "suspen", "down", "inaccess")
    for quantity in claim.quantities:
        unit = quantity.unit.lower().removesuffix("s")
        if unit in _UNITS and any(word in quantity.counts.lower() for word in about):
            return quantity
    return None


def _distance(one: Window, other: Window) -> timedelta:
    """Return the time between two windows, nothing where they touch."""
    return max(other.start - one.end, one.start - other.end, timedelta(0))


def _apart(what: str, claimed: Window, measured: Window, *, earlier: bool, is_open: bool) -> str:
    if is_open:
        return rulings.date_open(what, _distance(claimed, measured) // DAY, earlier)
    near, far = (
        (measured.start - claimed.end, measured.end - claimed.start)
        if earlier
        else (claimed.start - measured.end, claimed.end - measured.start)
    )
    return rulings.date_apart(what, (near // DAY, -(-far // DAY)), earlier)


def _order(claim: Claim, record: Record) -> tuple[date, date]:
    when = said_when(claim, record) or claim.when
    last = when.latest if when and when.latest else EVER.date()
    return (when.earliest if when and when.earliest else last, last)


def _checked(
    claim: Claim,
    aspect: Aspect,
    ruled: Ruling,
    record: Record,
    measured: Measured,
    resting: Resting,
) -> Checked:
    who = speaker_of(claim, record)
    found = rulings.ruling(ruled.finding, ruled.stretch, measured, ruled.reason)
    sentence = rulings.checked_sentence(
        claim,
        who,
        found,
        rulings.rests_on(len(resting.sources), len(resting.families)),
        rulings.basis(ruled.stretch),
    )
    return Checked(
        claim=claim.id,
        speaker=claim.speaker,
        aspect=aspect,
        finding=ruled.finding,
        measured=ruled.stretch.id if ruled.stretch else None,
        published=ruled.stretch.is_published if ruled.stretch else False,
        sentence=sentence,
        sources=resting.sources,
        families=resting.families,
    )
