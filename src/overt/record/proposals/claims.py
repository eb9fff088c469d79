"""Assembles claims from findings: who, where, when, about what, and the reasons for each field."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from overt.record.proposals.dates import due
from overt.record.proposals.findings import Finding, Words, date_of, word
from overt.record.proposals.lines import Line
from overt.record.proposals.mentions import Mark
from overt.record.proposals.people import forum_of, standing_of
from overt.record.proposals.proposal import Proposal, Reason, Text, claim_id
from overt.vocabulary.stated import (
    ActKind,
    Claim,
    Demand,
    Forum,
    Polarity,
    Quantity,
    Restriction,
    Standing,
    Topic,
    When,
)


_OFFICIAL = "MGAVL"
_WITHIN = frozenset({"in", "across", "within"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a text is about: the platforms most spoken of beside a restriction, and its country.

    `withheld` are the platforms it says anything was done to; `news` the day of its undated acts.
    """

    foci: tuple[str, ...]
    withheld: frozenset[str]
    cc: str
    news: When | None


@dataclass(slots=True)
class Orders:
    """What was told just before: an order's addressee, each court's last day, platforms blocked."""

    addressee: Mark | None = None
    told: tuple[str, ...] = ()
    day: dict[str, When] = field(default_factory=dict)


def of_line(
    found: Sequence[Finding], text: Text, subject: Subject, words: Words, orders: Orders
) -> list[Proposal]:
    """Return the claims of one sentence, each once, in the order of the rules."""
    made: list[Proposal] = []
    orders.told = ()
    for finding in found:
        proposal = _proposal(finding, text, subject, words, orders)
        if proposal is None:
            continue
        twin = next((i for i, p in enumerate(made) if _same(p.claim, proposal.claim)), None)
        if twin is None:
            made.append(proposal)
        else:  # the first rule speaks; every one that held is named
            kept, other = made[twin], proposal
            if kept.claim.demand is None and other.claim.demand is not None:
                kept, other = other, kept
            made[twin] = replace(kept, why=(*kept.why, other.why[0]))
    return made


def _same(a: Claim, b: Claim) -> bool:
    """Return whether two claims of one sentence say one thing."""
    if (a.topic, a.act_kind, a.polarity) != (b.topic, b.act_kind, b.polarity):
        return False
    if a.topic in {Topic.RESTRICTION, Topic.REASON}:
        return bool(set(a.platforms) & set(b.platforms))
    if a.topic is Topic.REACTION:
        return a.speaker == b.speaker
    if a.act_kind in {ActKind.LIFTING, ActKind.FILING, ActKind.PETITION, ActKind.MEMORANDUM}:
        return True
    return (a.demand, a.platforms, a.quantities[:1]) == (b.demand, b.platforms, b.quantities[:1])


def _proposal(
    f: Finding, text: Text, subject: Subject, words: Words, orders: Orders
) -> Proposal | None:
    """Return the claim of one finding; None where what it is about or who acts is not known."""
    rule, line = f.rule, f.line
    why = [Reason(field="what", rule=rule.id, words=line.said(text.text, *f.pieces))]
    speaker = _speaker(f, why, text)
    platforms, how = _platforms(f, subject)
    if rule.family == "reason" and orders.told:
        platforms, how = orders.told, "those the reason is given for"
    quantities, low = _quantities(f, text)
    issuer, addressee = _parties(f, orders)
    if platforms is None or (rule.family == "count" and not quantities):
        return None
    if rule.family == "reaction" and not set(platforms) & subject.withheld:
        return None  # a platform's news, and nothing of it withheld
    if rule.whose and addressee is None and issuer is None:
        return None
    why.append(Reason(field="platforms", rule=how, words=", ".join(platforms)))
    cc, how = _country(f, issuer, speaker, subject)
    why.append(Reason(field="cc", rule=how, words=cc))
    when = _when(f, subject, why, issuer, orders)
    standing = _standing(f, speaker, words)
    topic, act_kind = _topic(f, platforms, subject, speaker, standing)
    asserted = _asserted(f)
    if asserted is not None:
        why.append(Reason(field="asserted", rule=asserted.rule, words=asserted.said))
    ordered = rule.act_kind is ActKind.ORDER and f.speech is None and issuer is not None
    span = text.span(line.start, line.end)
    kind = f"{rule.topic}/{act_kind}/{f.demand}/{f.polarity}/{','.join(platforms)}/{low}"
    claim = Claim(
        id=claim_id(span, kind),
        span=span,
        speaker=_id(speaker),
        role=_role(line, speaker, text),
        forum=Forum.ORDER if ordered else forum_of(line, f.speech),
        polarity=f.polarity,
        standing=standing,
        topic=topic,
        cc=cc,
        platforms=platforms,
        restriction=_restriction(f),
        asserted=asserted,
        when=when,
        due=_due(f, when, why),
        act_kind=act_kind,
        demand=f.demand,
        issuer="" if topic in {Topic.COUNT, Topic.REASON, Topic.REACTION} else _id(issuer),
        addressee=_id(addressee),
        quantities=quantities,
    )
    if rule.topic is Topic.RESTRICTION:
        orders.told = platforms
    return Proposal(claim=claim, why=tuple(why))


def _speaker(f: Finding, why: list[Reason], text: Text) -> Mark | None:
    own = f.mark("speaker")
    if own is not None and f.rule.family != "count":
        return own
    if f.speech is None:
        return None
    said = f.line.said(text.text, *f.speech.region)
    why.append(Reason(field="speaker", rule=f.speech.rule.id, words=said))
    return f.speech.speaker


def _standing(f: Finding, speaker: Mark | None, words: Words) -> Standing:
    """Return how the words stand; VPNs and networks are told of as alleged unless officially so."""
    official = speaker is not None and speaker.letter in _OFFICIAL
    if f.rule.standing is not None and not official:
        return f.rule.standing
    own = f.mark("speaker")
    if f.rule.topic is Topic.REACTION and own is not None and f.polarity is Polarity.AFFIRMS:
        return Standing.STATES if own.letter in "SYP" else Standing.REPORTS
    spoken = f.polarity is not Polarity.DECLINES
    return standing_of(f.speech, speaker, words.allege, words.find, spoken=spoken)


def _topic(
    f: Finding,
    platforms: tuple[str, ...],
    subject: Subject,
    speaker: Mark | None,
    standing: Standing,
) -> tuple[Topic, ActKind | None]:
    topic = f.rule.topic or Topic.ACT
    if topic is not Topic.RESTRICTION:
        return topic, f.rule.act_kind
    kind = _kind_of_saying(f, speaker, standing)
    if platforms and subject.foci and not set(platforms) & set(subject.foci):
        return Topic.OTHER_MEASURE, kind and ActKind.RESTRICTION
    return topic, kind


def _restriction(f: Finding) -> Restriction | None:
    if f.rule.topic is Topic.ACT and f.demand is Demand.REMOVE:
        return Restriction.ACCOUNT_OR_POST
    if f.rule.topic is Topic.ACT and f.demand in {Demand.BLOCK, Demand.RESTORE}:
        return Restriction.SERVICE
    return f.rule.restriction


def _asserted(f: Finding) -> When | None:
    """Return when it was said: beside the verb of saying, or in the frame it stands in."""
    mark = f.mark("asserted", "asserted2")
    if mark is None and f.rule.says:
        mark = date_of(f)[0]
    if mark is not None and mark.date is not None:
        return mark.date.when
    return f.speech.asserted if f.speech is not None else None


def _kind_of_saying(f: Finding, speaker: Mark | None, standing: Standing) -> ActKind | None:
    if f.polarity is Polarity.DECLINES:
        return None
    first_hand = standing in {Standing.STATES, Standing.ALLEGES}
    official = speaker is not None and speaker.letter in _OFFICIAL and first_hand
    if f.polarity is Polarity.DENIES:
        return ActKind.DENIAL if official else ActKind.RESTRICTION
    return ActKind.ADMISSION if official else ActKind.RESTRICTION


def _platforms(f: Finding, subject: Subject) -> tuple[tuple[str, ...] | None, str]:
    rule = f.rule
    if rule.platform == "none" or rule.restriction is Restriction.NETWORK_OFF:
        return (), "a measure on no one platform"
    named, how = f.mark("platform"), "named in the match"
    if named is not None and named.common:
        how = "stands for the one named before"
    inside = [m for m in f.line.found if m.letter == "P" and m.value]
    said = f.mark("speaker", "addressee")
    values = tuple(dict.fromkeys(m.value for m in inside))
    told = [m for m in inside if m.first >= f.line.pieces[f.pivot][0] and m is not said]
    if named is not None and named.value:
        found = (named.value, *also(f, named))
    elif said is not None and said.letter == "P" and said.value:
        found, how = (said.value,), "the speaker or addressee"
    elif rule.family in {"act", "reaction", "count"} and len(values) == 1:
        found, how = values, "the one named in the sentence"
    elif rule.family == "act" and told:
        found, how = (told[0].value, *also(f, told[0])), "named after the verb"
    elif rule.family == "count" and subject.withheld:
        found, how = tuple(sorted(subject.withheld)), "those the text says were withheld"
    else:
        found, how = subject.foci, "what the text is about"
    return (found, how) if found else (None, "")


def also(f: Finding, named: Mark) -> tuple[str, ...]:
    """Return the platforms listed with the named one: "Facebook, WhatsApp and X were blocked"."""
    listed = [m for m in f.line.found if m.letter == "P" and m.value]
    at = next((i for i, m in enumerate(listed) if m.first == named.first), 0)
    first = last = at
    while first > 0 and _listed(f.line, listed[first - 1], listed[first]):
        first -= 1
    while last + 1 < len(listed) and _listed(f.line, listed[last], listed[last + 1]):
        last += 1
    return tuple(dict.fromkeys(m.value for m in listed[first : last + 1] if m.value != named.value))


def _listed(line: Line, a: Mark, b: Mark) -> bool:
    between = {t.word for t in line.words[a.last : b.first]}
    return bool(between) and between <= {",", "and", "the", "as", "well", "or"}


def _parties(f: Finding, orders: Orders) -> tuple[Mark | None, Mark | None]:
    issuer, addressee = f.mark("issuer"), f.mark("addressee")
    if f.rule.act_kind is ActKind.ORDER and addressee is not None:
        orders.addressee = addressee
    if f.rule.whose and issuer is None:
        piece = (f.groups.get("issuer") or "").strip()
        issuer = orders.addressee if piece in {"its", "their", "his"} else None
    if f.rule.issuer == "platform":
        issuer = f.mark("platform")
    if f.rule.act_kind is ActKind.ADJOURNMENT:
        courts = [
            m for m in f.line.found if m.letter == "C" and m.last <= f.line.pieces[f.pivot][0]
        ]
        issuer = courts[-1] if courts else None
    return issuer, addressee


def _country(
    f: Finding, issuer: Mark | None, speaker: Mark | None, subject: Subject
) -> tuple[str, str]:
    first = f.line.pieces[f.pivot][0]
    near = [
        m
        for m in f.line.found
        if m.letter == "l" and m.first and f.line.words[m.first - 1].word in _WITHIN
    ]
    if near and f.rule.family != "reaction":
        best = min(near, key=lambda m: (m.first < first, abs(m.first - first)))
        if best.value:
            return best.value, "named in the sentence"
    if issuer is not None and issuer.letter == "l":
        return issuer.value, "the country that acts"
    for mark, how in ((issuer, "of the issuer"), (speaker, "of the speaker")):
        if mark is not None and mark.cc and mark.letter in _OFFICIAL + "CO":
            return mark.cc, how
    return subject.cc, "the country the text is about"


def _when(
    f: Finding, subject: Subject, why: list[Reason], issuer: Mark | None, orders: Orders
) -> When | None:
    """Return the day of what is told: of the sentence, of the court's order before, of the news."""
    if f.rule.family in {"count", "reaction", "reason"} or f.rule.says:
        return None
    is_order = f.rule.act_kind in {ActKind.ORDER, ActKind.ADJOURNMENT}
    court = _id(issuer)
    mark, how = date_of(f)
    if mark is not None and mark.date is not None:
        when = mark.date.when
        why.append(Reason(field="when", rule=f"{how}; {when.rule}", words=when.said))
        if is_order and court:
            orders.day[court] = when
        return when
    if not is_order or not _is_news(f):
        return None
    found = orders.day.get(court) if court else None
    if found is not None:
        found = replace(found, rule=f"the day of this court's order before: {found.rule}")
    found = found or subject.news
    if found is not None:
        why.append(Reason(field="when", rule=found.rule, words=found.said))
    return found


def _is_news(f: Finding) -> bool:
    """Return whether an undated act is told as news: no pluperfect, no year, no `earlier`."""
    said = {t.word for t in f.line.words}
    before = {word(f.line, n) for n in range(max(0, f.pivot - 2), f.pivot)}
    return not said & {"earlier", "previously", "ago", "last"} and "had" not in before


def _due(f: Finding, when: When | None, why: list[Reason]) -> When | None:
    if f.rule.act_kind not in {ActKind.ORDER, ActKind.ADJOURNMENT, ActKind.DIRECTIVE}:
        return None
    named = f.mark("due")
    if named is None:
        here = f.line.pieces[f.pieces[0]][0]
        later = [m for m in f.line.found if m.letter in "wy" and m.first > here]
        named = later[0] if len(later) == 1 else None
    if named is None or named.date is None or f.rule.whose:
        return None
    date = named.date
    if date.within is None:
        if f.rule.act_kind is not ActKind.ADJOURNMENT and date.relation.value not in {
            "by",
            "until",
        }:
            return None
        why.append(Reason(field="due", rule=date.when.rule, words=date.when.said))
        return date.when
    act = when or When(earliest=None, latest=None, zone=date.when.zone, rule="the act is not dated")
    found = replace(due(act, date.within), said=date.when.said)
    why.append(Reason(field="due", rule=found.rule, words=found.said))
    # a span without either end says nothing that the quote does not; the reason tells why
    return None if found.earliest is None and found.latest is None else found


def _quantities(f: Finding, text: Text) -> tuple[tuple[Quantity, ...], str]:
    mark = f.mark("verb") if f.rule.family == "count" else None
    if mark is None or mark.number is None:
        return (), ""
    quantity = mark.number.quantity
    platform = f.mark("platform")
    named = (
        text.text[f.line.words[platform.first].start : f.line.words[platform.last - 1].end]
        if platform
        else ""
    )
    counts = quantity.counts
    if platform is not None:
        joint = "of" if f.rule.id == "platform_has" else "on"
        counts = f"{counts} {joint} {named}"
    owner = _owner(f, mark) if f.rule.id in {"followers_of_a_person", "has_followers_on"} else ""
    if owner:
        counts = f"{counts}, of {owner}"
    found = replace(quantity, counts=counts)
    return (found,), f"{found.low:g}:{counts}"


def _owner(f: Finding, number: Mark) -> str:
    """Return whom followers are of: the nearest name with a possessive before, or the pronoun."""
    for i in range(number.first - 1, -1, -1):
        token = f.line.words[i]
        if token.word == "'s" and i and f.line.words[i - 1].capital:
            return f.line.words[i - 1].word.capitalize()
        if token.word in {"he", "she", "they", "his", "her"}:
            return {"his": "him", "her": "her", "he": "him", "she": "her"}.get(token.word, "them")
    return ""


def _id(mark: Mark | None) -> str:
    if mark is None:
        return ""
    if mark.letter == "P":
        return f"authority:{mark.value}" if mark.value else ""
    return mark.value if mark.value.startswith("authority:") else ""


def _role(line: Line, mark: Mark | None, text: Text) -> str:
    """Return the source's words for the speaker's office; a person's name is left out."""
    if mark is None or mark.letter == "Q":
        return ""
    first, last = mark.office or (mark.first, mark.last)
    last = min(last, len(line.words))
    return text.text[line.words[first].start : line.words[last - 1].end] if first < last else ""
