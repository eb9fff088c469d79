"""What is said of acts and what came of them: admissions, deadlines, conflicts, precedents."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from overt.dossier.measured import Reading, Stretch
from overt.dossier.rulings import (
    FORUM_WORDS,
    RESTRICTION_WORDS,
    day,
    days,
    gap,
    on_days,
    quoted,
    rests_on,
    side,
    spell,
)
from overt.dossier.wording import listing, moment, number, printable
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Compliance,
    Deadline,
    Demand,
    Forum,
    Restriction,
    When,
)


# What is withheld where the service as a whole may well work: measurements of it do not bear.
BESIDE = frozenset({Restriction.ACCOUNT_OR_POST, Restriction.SLOWED, Restriction.NETWORK_OFF})
DEED = MappingProxyType(
    {
        ActKind.DIRECTIVE: "gave a directive",
        ActKind.REQUEST: "made a request",
        ActKind.ORDER: "ordered",
        ActKind.FILING: "filed a paper",
        ActKind.HEARING: "held a hearing",
        ActKind.ADJOURNMENT: "adjourned",
        ActKind.STATEMENT: "made a statement",
        ActKind.DENIAL: "denied a restriction",
        ActKind.ADMISSION: "admitted the restriction",
        ActKind.LIFTING: "lifted a restriction",
        ActKind.MEMORANDUM: "signed a memorandum",
        ActKind.PETITION: "petitioned",
        ActKind.RESTRICTION: "restricted",
    }
)
DEMANDED = MappingProxyType(
    {
        Demand.BLOCK: "to block",
        Demand.RESTORE: "to restore",
        Demand.WITHDRAW: "to withdraw an earlier act",
        Demand.REVIEW: "to review an earlier act",
        Demand.REPORT: "to answer",
        Demand.RESTRAIN: "not to restrict again",
        Demand.REMOVE: "to remove an account or a post",
    }
)
IN_EFFECT = frozenset({Compliance.COMPLIED, Compliance.PARTLY, Compliance.NOT_COMPLIED})
CALENDAR = "counted in calendar days"


def lag_sentence(
    actor: str,
    forum: Forum,
    court: str,
    when: When,
    lag: tuple[int | None, int | None],
    stretch: Stretch | None,
    sources: tuple[int, int],
) -> str:
    """Return how long after its measured onset an actor admitted a restriction, and where."""
    before = f" before the {printable(court)}" if court else ""
    opening = f"{printable(actor)} admitted it {FORUM_WORDS[forum]}{before} {on_days(when)}"
    rest = rests_on(*sources)
    low, high = lag
    if stretch is None or low is None:
        return f"{opening}; no measured onset comes before that, and no lag is counted. {rest}"
    if high is None:
        span = f"at least {number(low, 'day')}"
    else:
        span = number(low, "day") if low == high else f"{low} to {number(high, 'day')}"
    onset = day(stretch.days[0])
    if stretch.days[0] != stretch.days[1]:
        onset = f"{onset} to {day(stretch.days[1])}"
    published = ", the day it gives (UTC)" if stretch.is_published else ", local dates"
    since = "when it was already so as the measurements begin" if stretch.is_standing else onset
    return (
        f"{opening}: {span} after the onset by {side(stretch)} ({since}{published}), {CALENDAR}."
        f" {rest}"
    )


def act_sentence(
    act: Act,
    issuer: str,
    addressees: Sequence[str],
    called: Sequence[str],
    sources: tuple[int, int],
) -> str:
    """Return an act in one sentence: when, who, what, to whom, of what kind, how well founded."""
    to = f", addressed to {listing([printable(a) for a in addressees])}" if addressees else ""
    wanted = f" {DEMANDED[act.demand]}" if act.demand else ""
    kind = f" ({RESTRICTION_WORDS[act.restriction]})" if act.restriction else ""
    on = f", {listing([printable(p) for p in called])}" if called else ""
    later = f"; adjourned to {days(act.adjourned_to)}" if act.adjourned_to else ""
    ground = f"; basis given: {printable(act.legal_basis)}" if act.legal_basis else ""
    reason = f"; reason given: {printable(act.reason)}" if act.reason else ""
    return (
        f"{printable(issuer)} {DEED[act.kind]}{wanted}{kind}{on}{to} ({printable(act.confidence)})"
        f"{later}{ground}{reason}. {rests_on(*sources)}"
    )


def deadline_sentence(deadline: Deadline, addressee: str) -> str:
    """Return what falls due when, for whom, by which rule."""
    condition = f", {printable(deadline.condition)}" if deadline.condition else ""
    rule = f" ({printable(deadline.due.rule)})" if deadline.due.rule else ""
    return (
        f"Due by the end of {days(deadline.due)}, local time in"
        f" {printable(deadline.due.zone)}{rule}: {printable(addressee) or 'nobody named'}"
        f" {DEMANDED[deadline.demand]}{condition}."
    )


def compliance_sentence(
    state: Compliance, opening: str, reason: str, further: Sequence[str], *, by_effect: bool = False
) -> str:
    """Return how a demand stood at its due date, why, and what else is known of it."""
    effect = " in effect" if by_effect and state in IN_EFFECT else ""
    return " ".join([f"{opening}: {state}{effect}; {reason}.", *further])


def due_opening(who: str, demand: Demand, deadline: Deadline | None, issuer: str, on: When) -> str:
    """Return which demand of whose act is assessed, and when it fell due."""
    due = f", due by the end of {days(deadline.due)}" if deadline else ", without a due date"
    return (
        f"{printable(who) or 'The addressee'}, told by {printable(issuer)} {on_days(on)}"
        f" {DEMANDED[demand]}{due}"
    )


EFFECT_ONLY = (
    "The measurements show the effect and not the paper: whether the earlier act itself was"
    " withdrawn by then, they cannot tell."
)


def so_at_due(reading: Reading, *, restricted: bool) -> str:
    """Return what was so at the end of the due date, by which stretch or which reports."""
    verb = "was restricted" if restricted else "was not restricted"
    if reading.stretch is not None and reading.seen is None:
        stretch = reading.stretch
        return (
            f"at that instant it {verb} according to {side(stretch)}, which gives it"
            f" {spell(stretch)}, as known at {moment(stretch.known_at)} UTC"
        )
    counted = f": {reading.seen.sentence}" if reading.seen else ""
    return f"at that instant it {verb}{counted}"


def not_so_known(reading: Reading) -> str:
    """Return why the state at the due date is not known."""
    if reading.stretch is None:
        return gap(reading)
    stretch = reading.stretch
    known = f"as known at {moment(stretch.known_at)} UTC"
    return f"by {side(stretch)}, {spell(stretch)}, {known}, {gap(reading)}"


def partly(n_ended: int, n_affected: int) -> str:
    """Return on how many of the affected networks it had ended."""
    return f"at that instant it had ended on {n_ended} of {number(n_affected, 'affected network')}"


def pending(as_of: str) -> str:
    """Return that a due date has not come."""
    return f"the due date had not passed as of {as_of}"


def superseded(by: str, on: When) -> str:
    """Return that a later act took the place of the demand before it fell due."""
    return f"{printable(by)} took its place {on_days(on)}, before it fell due"


def claimed(who: str, quote: str) -> str:
    """Return that somebody says it was complied with, and that nothing measured bears on it."""
    return f"{printable(who)} says so: {quoted(quote)}; nothing measured bears on it"


def claimed_otherwise(who: str, when: When | None, quote: str, contradicted: bool) -> str:  # noqa: FBT001
    """Return that somebody claims compliance, for when, beside what is measured."""
    beside = ", which the measured state at the due date contradicts" if contradicted else ""
    return f"{printable(who)} claimed it done, {days(when)}{beside}: {quoted(quote)}."


def demands_differ(told: Sequence[str], assessed: Demand) -> str:
    """Return that sources differ on what was demanded, and which of it is assessed."""
    return (
        f"Sources differ on what was demanded ({listing(list(told))}); what is assessed is the"
        f" demand {DEMANDED[assessed]}."
    )


def answered(act: Act, who: str) -> str:
    """Return that the record has the answer that was asked for, in time."""
    return f"the record has a paper or statement of {printable(who)} by then, {days(act.on)}"


def answered_later(act: Act, who: str) -> str:
    """Return that the record has an answer, and only a later one."""
    return (
        f"the record has a paper or statement of {printable(who)} in the same proceeding only"
        f" later, {days(act.on)}; that none by then is on record does not show that there was none"
    )


def unanswered() -> str:
    """Return that the record has no answer, which is no proof that there was none."""
    return (
        "the record has no answer in the same proceeding by then; that none is on record does not"
        " show that there was none"
    )


def reported_order(issuer: str) -> str:
    """Return what reports of one order differ on, where the order itself is not entered."""
    whose = f"an order of {printable(issuer)}" if issuer else "an order"
    return f"what {whose} demands, as it is reported"


def not_of_measurement(demand: Demand) -> str:
    """Return that a demand leaves no trace that measurements show."""
    return f"{DEMANDED[demand]} leaves no trace in measurements of the service"


def no_due_date() -> str:
    """Return that an act sets no date at which to assess it."""
    return "it sets no due date at which it could be assessed"


def due_open() -> str:
    """Return that the due date is open."""
    return "its due date is not resolved on its later side"


def target_unknown() -> str:
    """Return that what is to be withdrawn is not on record as an act that blocks."""
    return "the act to be withdrawn is not on record as one that blocks this platform"


def returned(stretch: Stretch) -> str:
    """Return that it was restricted again after the due date."""
    return f"It was restricted again later, according to {side(stretch)}: {spell(stretch)}."


def ended_later(stretch: Stretch) -> str:
    """Return when a restriction that was ordered ended."""
    if stretch.ending is None:
        return ""
    return f"It ended later, according to {side(stretch)}: {spell(stretch)}."


def as_recorded(recorded: str, state: Compliance) -> str:
    """Return what an earlier version of the incidents said of the same due date."""
    return f"As recorded on {recorded} it was: {state}."


def conflict_sentence(what: str, sides: Sequence[Mapping[str, object]]) -> str:
    """Return a conflict: what about, and each value with its sources and how many are one."""
    told = []
    for one in sides:
        rest = rests_on(int(str(one["n_sources"])), int(str(one["n_families"])))
        told.append(f"{one['value']} ({rest.removesuffix('.').lower()}; {one['said']})")
    return f"Conflict on {what}: {'; against '.join(told)}."


def act_named(act: Act, issuer: str) -> str:
    """Return an act by what it is, whose and when: `the order of A on 17 Apr 2024`."""
    return f"the {act.kind} of {printable(issuer)} {on_days(act.on)}"


def precedent_sentence(platform: str, begun: str, lifted: str) -> str:
    """Return an earlier restriction and how it was lifted, or that its lifting is not on record."""
    tail = lifted or "how it was lifted is not on record"
    return f"{printable(platform)}: {begun}; {tail}."


def lifted_clause(act: Act, issuer: str) -> str:
    """Return who lifted a restriction when, and the reason or condition given."""
    reason = f", {printable(act.reason)}" if act.reason else ""
    return f"lifted {on_days(act.on)} by {printable(issuer)}{reason}"


def begun_clause(act: Act, issuer: str) -> str:
    """Return who restricted a platform when, and the reason given."""
    reason = f", {printable(act.reason)}" if act.reason else ""
    return f"restricted {on_days(act.on)}, {printable(issuer)} {DEED[act.kind]}{reason}"


def measured_precedent(platform: str, stretch: Stretch) -> str:
    """Return an earlier measured or published restriction."""
    return f"{printable(platform)}: {side(stretch)}, {spell(stretch)}."


def kinds_sentence(kinds: Mapping[Restriction, tuple[int, int]], n_measured: int) -> str:
    """Return what is withheld according to whom: the record's words and what is measured."""
    said = listing(
        [
            f"{RESTRICTION_WORDS[k]} ({number(s, 'source')}, {number(f, 'family', 'families')})"
            for k, (s, f) in kinds.items()
        ]
    )
    seen = (
        f"what is measured is the service as a whole ({number(n_measured, 'incident')})"
        if n_measured
        else "nothing is measured"
    )
    return f"Restriction type: according to the record {said}; {seen}."
