"""What is said where the record meets the measurements: found how, by what, as known when.

Nothing is called false. A statement is *contradicted by*, *consistent with* or *not testable by*
the measurements as known at an instant, and the sentence says what they are: counted reports of a
workspace, or an incident somebody published whose measurements are not at hand.
"""

from datetime import date, datetime
from enum import StrEnum

from overt.dossier import accounts
from overt.dossier.measured import Gap, Measured, Reading, Stretch
from overt.dossier.wording import bracket, listing, moment, number, printable
from overt.vocabulary.judgements import Bracket
from overt.vocabulary.stated import (
    ActKind,
    Claim,
    Forum,
    Polarity,
    Restriction,
    Standing,
    Topic,
    When,
)


class Finding(StrEnum):
    """How a statement stands to what was measured, or to another statement."""

    CONTRADICTED = "contradicted by"
    CONSISTENT = "consistent with"
    NOT_TESTABLE = "not testable by"


PARAPHRASE = "[paraphrase]"  # begins a stored text that has a source's sense, and not its words
NO_QUOTE = "in our words"
LONGEST_QUOTE = 400  # characters of a stranger's text in one sentence

FORUM_WORDS = {
    Forum.PRESS: "to the press",
    Forum.POST: "in a post",
    Forum.FILING: "in a court filing",
    Forum.HEARING: "at a hearing",
    Forum.ORDER: "in an order",
    Forum.LETTER: "in a letter",
    Forum.PARLIAMENT: "in parliament",
    Forum.STATEMENT: "in a statement of its own",
}
RESTRICTION_WORDS = {
    Restriction.SERVICE: "the whole service",
    Restriction.ACCOUNT_OR_POST: "an account or a post",
    Restriction.SLOWED: "slowed",
    Restriction.NETWORK_OFF: "network off",
    Restriction.UNKNOWN: "not said",
}
_GAPS = {
    Gap.NO_SIDE: "there is no incident, and no measurement says that it was reachable",
    Gap.ONSET: "that time lies in the set of instants at which it can have begun",
    Gap.ENDING: "that time lies in the set of instants at which it can have ended",
    Gap.SILENCE: "in that time nobody reported from the affected networks (coverage collapse)",
    Gap.PAUSE: "in that time no report failed on the affected networks, or nobody measured",
    Gap.AFTER_LAST: "that time lies after the last failing report, and no ending is established",
    Gap.BEFORE: "that time lies before it began, and what was so before is not said",
    Gap.AFTER: "that time lies after it ended, and what was so since is not said",
    Gap.FUTURE: "that time lies after the last of what is known",
}


def day(value: date) -> str:
    """Return a date as `17 Feb 2024`."""
    return f"{value.day} {value:%b %Y}"


def days(when: When | None) -> str:
    """Return a stated time as days, open sides said so; what is not given is said so."""
    if when is None or (when.earliest is None and when.latest is None):
        return "at a time not given"
    if when.earliest is None and when.latest is not None:
        return f"on or before {day(when.latest)}"
    if when.latest is None and when.earliest is not None:
        return f"on or after {day(when.earliest)}"
    if when.earliest is None or when.latest is None or when.earliest == when.latest:
        return day(when.earliest) if when.earliest else ""
    return f"between {day(when.earliest)} and {day(when.latest)}"


def on_days(when: When | None) -> str:
    """Return `on 17 Feb 2024`, or the words of `days` where it is more than one day."""
    said = days(when)
    single = when is not None and when.earliest is not None and when.earliest == when.latest
    return f"on {said}" if single else said


def quoted(quote: str) -> str:
    """Return a quote in marks, or a stored paraphrase without them and named as one."""
    text = printable(" ".join(quote.split()))
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE].rstrip() + " […]"
    if text.startswith(PARAPHRASE):
        return f"({NO_QUOTE}: {text.removeprefix(PARAPHRASE).strip().rstrip('.')})"
    return f"“{text}”"


def side(stretch: Stretch | None, measured: Measured | None = None) -> str:
    """Return what is measured, by name: an incident of ours, or a published one."""
    if stretch is None:
        theirs = measured.stretches if measured and measured.look is None else ()
        only_theirs = theirs and all(s.is_published for s in theirs)
        return "the published incidents (OONI)" if only_theirs else "the measurements"
    if stretch.is_published:
        return f"the published incident (OONI) {printable(stretch.id)}"
    return f"the measurements (incident {printable(stretch.id)})"


def known(stretch: Stretch | None, measured: Measured) -> str:
    """Return as of when what was measured is known."""
    at = stretch.known_at if stretch else measured.known_at
    return f"as known at {moment(at)} UTC" if at else "as none are at hand"


def spell(stretch: Stretch) -> str:
    """Return from when to when a stretch lasts, as widely as it is known."""
    if stretch.is_published:
        begun = day(stretch.days[0])
        if stretch.ending is None:
            return f"since {begun}, without an end as of {day(stretch.known_to.date())}"
        return f"from {begun} to {day(stretch.ending.start.date())}"
    begun = bracket(Bracket(earliest=stretch.onset.start, latest=stretch.onset.end))
    if stretch.is_standing:
        begun = f"before the measurements begin ({moment(stretch.onset.start)} UTC)"
    if stretch.ending is None:
        return f"since {begun}, not called ended as of {moment(stretch.known_to)} UTC"
    ended = bracket(Bracket(earliest=stretch.ending.start, latest=stretch.ending.end))
    return f"from {begun} to {ended}"


def basis(stretch: Stretch | None) -> str:
    """Return what a stretch rests on, as a sentence: denominator, window and units, or none."""
    if stretch is None:
        return ""
    if stretch.incident is None:
        networks = ""
        if stretch.asns:
            named = listing([f"AS{a}" for a in stretch.asns])
            networks = f", on {number(len(stretch.asns), 'network')} ({named})"
        return f"It is given {spell(stretch)}{networks}, without its measurements or counts."
    return f"It is given {spell(stretch)}; {accounts.counts(stretch.incident)}."


def ruling(finding: Finding, stretch: Stretch | None, measured: Measured, reason: str) -> str:
    """Return a finding with what it was found by, as known when, and why."""
    return f"{finding} {side(stretch, measured)} {known(stretch, measured)}: {reason}"


def gap(reading: Reading) -> str:
    """Return why nothing is known of a time, with what reports there were."""
    said = _GAPS[reading.gap] if reading.gap else "nothing is known of that time"
    return f"{said}; {reading.seen.sentence}" if reading.seen else said


def restricted_throughout() -> str:
    """Return that all of the time lies in a restriction."""
    return "all of that time lies within the restriction"


def restricted_in_part() -> str:
    """Return that some of the time lies in a restriction."""
    return "a part of that time lies within the restriction, and when in it is not said"


def free(reading: Reading) -> str:
    """Return that the reports of the time show it reachable, with their counts."""
    return reading.seen.sentence if reading.seen else "it was reachable"


def date_apart(what: str, n_days: tuple[int, int], earlier: bool) -> str:  # noqa: FBT001
    """Return how far a claimed date lies from the one measured, in days."""
    low, high = n_days
    span = f"{low}" if low == high else f"{low} to {high}"
    order = "before" if earlier else "after"
    return (
        f"the time claimed for its {what} lies {span} days {order} it; another restriction of"
        " the same platform at the time claimed is not excluded"
    )


def date_open(what: str, n_days: int, earlier: bool) -> str:  # noqa: FBT001
    """Return how far at least a claimed date with an open side lies from the one measured."""
    order = "before" if earlier else "after"
    return (
        f"every day claimed for its {what} lies at least {n_days} days {order} it; another"
        " restriction of the same platform at the time claimed is not excluded"
    )


def date_within(what: str) -> str:
    """Return that a claimed date and the measured one can be the same."""
    return f"the time claimed for its {what} and the time measured share at least a part"


def date_unseen(what: str) -> str:
    """Return that a date is not seen in the data."""
    return f"its {what} is not seen: it was so before the measurements begin"


def date_far() -> str:
    """Return that no measured incident is near a claimed date."""
    return "no incident is known near the time claimed, and no measurement speaks of it"


def pause_unseen() -> str:
    """Return that a return within a published incident cannot be seen."""
    return "it gives no pauses, so that a return for a time cannot be told from none"


def ended_within() -> str:
    """Return that the restriction went on through the claimed ending."""
    return "reports failed before, throughout and after the time claimed for its ending"


def another_kind(restriction: Restriction) -> str:
    """Return that a restriction of another kind was claimed than is measured."""
    return (
        f"the claim is of {RESTRICTION_WORDS[restriction]}, and what is measured is whether the"
        " service as a whole works"
    )


def not_of_service() -> str:
    """Return that the claim is not of what is measured."""
    return (
        "measurements show whether the service works, and not what was said, ordered or withdrawn"
    )


def nothing_stated() -> str:
    """Return that the speaker would not say."""
    return "the speaker states nothing"


def no_time() -> str:
    """Return that a claim cannot be placed in time."""
    return "neither the time it speaks of nor the time it was said is given on both sides"


def lasted(claimed: str, low: float, high: float, unit: str) -> str:
    """Return how long it can have lasted, beside how long is claimed."""
    span = f"{low:,.1f}" if low == high else f"{low:,.1f} to {high:,.1f}"
    return f"{claimed} is claimed, and {span} {unit} lie between its onset and that time"


_VERBS = {
    (Topic.RESTRICTION, Polarity.AFFIRMS): "said that it is or was restricted",
    (Topic.RESTRICTION, Polarity.DENIES): "denied that it is or was restricted",
}
_LIFTED = {
    Polarity.AFFIRMS: "said that the restriction was lifted",
    Polarity.DENIES: "denied that the restriction was lifted",
}


def telling(claim: Claim, who: str) -> str:
    """Return who said what where, with the quote: `A, in a court filing, 20 Mar 2024: “…”`."""
    asserted = f", {days(claim.asserted)}" if claim.asserted else ""
    hedge = " (alleged)" if claim.standing is Standing.ALLEGES else ""
    deed = _VERBS.get((claim.topic, claim.polarity), "")
    if claim.act_kind is ActKind.LIFTING:
        deed = _LIFTED.get(claim.polarity, "")
    if claim.polarity is Polarity.DECLINES:
        deed = "would not say"
    elif claim.polarity is Polarity.DENIES and not deed:
        deed = "denied"
    said = f" {deed}" if deed else ""
    comma = "," if said or hedge else ""
    return (
        f"{printable(who)}, {FORUM_WORDS[claim.forum]}{asserted}{comma}{said}{hedge}:"
        f" {quoted(claim.span.quote)}"
    )


def checked_sentence(claim: Claim, who: str, found: str, rests: str, measured_basis: str) -> str:
    """Return a checked claim in full: who said it, how it stands, by what, on what it rests."""
    return " ".join(s for s in (f"{telling(claim, who)}: {found}.", measured_basis, rests) if s)


def rests_on(n_sources: int, n_families: int) -> str:
    """Return how many sources a statement has, and how many of them are independent."""
    kin = number(n_families, "independent family", "independent families")
    return f"Told by {number(n_sources, 'source')}, {kin}."


def instant(value: datetime) -> str:
    """Return an instant with its zone."""
    return f"{moment(value)} UTC"
