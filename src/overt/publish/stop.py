"""A dossier in the fields of Access Now's STOP registry, one row for each measured restriction.

The columns are those of the registry as published with its 2025 edition. A field that the dossier
has no evidence for is None, and is not filled with the registry's "Unknown", which is a judgement.
"""

from datetime import datetime

from overt.dossier.checks import NEAR
from overt.dossier.roof import Dossier, Spell
from overt.dossier.spans import Window, window
from overt.dossier.witnesses import known_by, name_of, standing_acts
from overt.dossier.wording import country
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.judgements import State
from overt.vocabulary.stated import (
    Act,
    ActKind,
    AuthorityKind,
    Claim,
    Demand,
    Record,
)


COLUMNS = (
    "start_date_type", "start_date", "country", "geo_scope", "area_name", "shutdown_type",
    "affected_network", "shutdown_extent", "ordered_by", "decision_maker", "actual_cause",
    "actual_cause_details", "info_source", "info_source_link", "shutdown_status", "end_date",
    "duration", "gov_justification", "gov_just_details", "gov_ack", "legal_just", "legal_method",
    "gov_ack_source", "gov_ack_quote", "facebook_affected", "twitter_affected",
    "whatsapp_affected", "instagram_affected", "telegram_affected", "other_affected",
    "sms_affected", "phonecall_affected", "telcos_involved", "telco_ack", "telco_ack_source",
    "telco_ack_quote", "election", "violence", "hr_abuse_reported", "users_targeted",
    "users_target_detail", "users_notified", "econ_impact", "event", "an_link", "region",
    "count_year",
)  # fmt: skip
APPS = {
    "facebook": "facebook_affected",
    "x": "twitter_affected",
    "whatsapp": "whatsapp_affected",
    "instagram": "instagram_affected",
    "telegram": "telegram_affected",
}
ORDERED_BY = {
    AuthorityKind.MINISTRY: "Executive government",
    AuthorityKind.GOVERNMENT: "Executive government",
    AuthorityKind.REGULATOR: "Executive government",
    AuthorityKind.COURT: "Judiciary",
    AuthorityKind.AGENCY: "Law enforcement",
}


def rows(dossier: Dossier, record: Record) -> list[dict[str, str | None]]:
    """Return a row for each measured restriction, every column in the registry's order."""
    known = known_by(record, dossier.as_of)
    return [_row(spell, dossier, known) for spell in dossier.measured]


def _row(spell: Spell, dossier: Dossier, record: Record) -> dict[str, str | None]:
    row: dict[str, str | None] = dict.fromkeys(COLUMNS)
    around = _around(spell, dossier)
    orders = _orders(around, dossier, record)
    admitted = [lag for lag in dossier.lags if lag.measured == spell.id]
    telcos = [a for a in admitted if _kind(a.actor, record) is AuthorityKind.OPERATOR]
    state = [a for a in admitted if a not in telcos]
    ended = spell.ending_earliest
    row |= {
        "start_date_type": "Estimated" if spell.is_standing else "Actual",
        "start_date": _date(spell.onset_earliest),
        "country": country(dossier.cc),
        "shutdown_type": "Throttle" if spell.state == State.THROTTLED else "Shutdown",
        "shutdown_extent": "Service-based",
        "shutdown_status": "Ended" if ended else "Ongoing",
        "end_date": _date(ended) if ended else None,
        "duration": str((ended.date() - spell.onset_earliest.date()).days + 1) if ended else None,
        "info_source": "Other" if spell.published else None,
        "info_source_link": "; ".join(_links(spell, around, dossier)) or None,
        "gov_ack": "Yes" if state else None,
        "telco_ack": "Yes" if telcos else None,
        "event": " ".join(e.sentence for e in dossier.timeline if e.id == spell.id) or None,
        "count_year": str(spell.onset_earliest.year),
    }
    row[APPS.get(dossier.platform, "other_affected")] = (
        "Yes" if dossier.platform in APPS else dossier.name
    )
    if orders:
        first = orders[0]
        kind = _kind(first.issuer, record)
        row["ordered_by"] = ORDERED_BY.get(kind) if kind else None
        row["decision_maker"] = name_of(record, first.issuer)
        row["legal_method"] = first.legal_basis or None
    reasons = [a.reason for a in _acts(around, dossier, record) if a.reason]
    row["gov_just_details"] = "; ".join(dict.fromkeys(reasons)) or None
    for prefix, lags in (("gov", state), ("telco", telcos)):
        told = [record.claims[c] for lag in lags for c in lag.claims if c in record.claims]
        row[f"{prefix}_ack_source"] = "; ".join(_addresses(told, record)) or None
        row[f"{prefix}_ack_quote"] = " / ".join(dict.fromkeys(c.span.quote for c in told)) or None
    return row


def _around(spell: Spell, dossier: Dossier) -> Window:
    """Return the time whose acts are of a restriction: from 45 days before it to before the next.

    The bound before it is the one by which claimed dates are told apart (`checks.NEAR`).
    """
    later = [m.onset_earliest for m in dossier.measured if m.onset_earliest > spell.onset_earliest]
    end = min(later, default=dossier.as_of + NEAR) - NEAR
    start = spell.onset_earliest - NEAR
    return Window(start=start, end=max(end, spell.onset_latest))


def _acts(around: Window, dossier: Dossier, record: Record) -> list[Act]:
    """Return the acts on the platform in a time, by the last day they can have been on."""
    own = [
        a
        for a in standing_acts(record).values()
        if a.cc == dossier.cc
        and dossier.platform in a.platforms
        and around.start < window(a.on).end < around.end
    ]
    return sorted(own, key=lambda a: (window(a.on).end, a.id))


def _orders(around: Window, dossier: Dossier, record: Record) -> list[Act]:
    """Return the acts that order to block, the first first."""
    return [
        a
        for a in _acts(around, dossier, record)
        if a.demand is Demand.BLOCK and a.kind in {ActKind.DIRECTIVE, ActKind.ORDER}
    ]


def _kind(authority: str, record: Record) -> AuthorityKind | None:
    known = record.authorities.get(authority)
    return known.kind if known else None


def _links(spell: Spell, around: Window, dossier: Dossier) -> list[str]:
    told = {
        source
        for e in dossier.timeline
        if e.end is not None and around.start < e.end < around.end
        for source in e.sources
    }
    return [a for a in (spell.url, *(s.url for s in dossier.sources if s.id in told)) if a]


def _addresses(claims: list[Claim], record: Record) -> list[str]:
    found = (record.sources.get(c.span.source) for c in claims)
    return list(dict.fromkeys(s.url for s in found if s and s.url))


def _date(instant: datetime) -> str:
    return rfc3339(instant)[: len("2024-02-17")]
