"""What each line of a dossier says: onsets, endings, episodes, claims; its head and its limits."""

from datetime import datetime

from overt.dossier.measured import Measured, Stretch
from overt.dossier.rulings import basis, day, instant, side, spell, telling
from overt.dossier.wording import (
    bracket,
    change_sentence,
    country,
    listing,
    number,
    printable,
)
from overt.vocabulary.judgements import Bracket, Change
from overt.vocabulary.stated import Claim


HEADINGS = {
    "timeline": "Timeline",
    "lags": "Acknowledgement lags",
    "checks": "Denials, dates and numbers against the measurements",
    "compliance": "Compliance",
    "conflicts": "Conflicts between sources",
    "precedents": "Precedents",
    "other_measures": "Other measures at the time",
    "kinds": "Restriction type",
    "harm": "Harm",
    "limits": "Limits",
    "sources": "Sources",
}
NONE_ON_RECORD = "none on record"


def title(platform: str, cc: str) -> str:
    """Return the heading of a dossier."""
    return f"{platform} in {country(cc)}"


def head(
    platform: str, measured: Measured, n_sources: int, n_families: int, as_of: datetime
) -> str:
    """Return what a dossier rests on: the stated side, the measured side, and as of when."""
    stated = (
        f"{number(n_sources, 'source')} of"
        f" {number(n_families, 'independent family', 'independent families')}"
    )
    if not n_sources:
        stated = "nothing"
    opening = f"{title(platform, measured.cc)}, as of {instant(as_of)}: {stated} on record; "
    if not measured.stretches:
        return f"{opening}no incident is measured or published for it."
    told = listing([f"{side(s)}, {spell(s)}" for s in measured.stretches], most=4)
    return f"{opening}measured side: {told}. {basis(measured.stretches[-1])}"


def limits(measured: Measured) -> list[str]:
    """Return what a dossier cannot say."""
    found = [
        (
            "Nothing here is called false: a statement is contradicted by, consistent with or not"
            " testable by what was measured, as known when the sentence says."
        ),
        "What only the press tells of is reported; sources that rest on one origin count once.",
        "What stands after “in our words” is a paraphrase: the words themselves are not stored.",
    ]
    published = [s for s in measured.stretches if s.is_published]
    if published:
        found.append(
            f"The measured side is {number(len(published), 'published incident')} (OONI), without"
            " its measurements: whole days (UTC), no pauses, no counts, and nothing on the time"
            " before the first day or after the last."
        )
    return found


def claim_line(claim: Claim, who: str) -> str:
    """Return a claim as one line of the timeline."""
    return telling(claim, who) + "."


def instants(start: datetime, end: datetime) -> str:
    """Return a set of instants as widely as it is known."""
    return bracket(Bracket(earliest=start, latest=end))


def measured_when(stretch: Stretch, start: datetime, end: datetime) -> str:
    """Return when something measured was: a published one's day, or the set of instants."""
    return day(start.date()) if stretch.is_published else instants(start, end)


def onset_line(stretch: Stretch) -> str:
    """Return that a restriction began, by whom it is given and on what it rests."""
    if stretch.is_standing:
        return f"Restricted when the measurements begin, by {side(stretch)}. {basis(stretch)}"
    named = f" “{printable(stretch.title.strip())}”" if stretch.title else ""
    return f"Onset, by {side(stretch)}{named}. {basis(stretch)}"


def ending_line(stretch: Stretch) -> str:
    """Return that a restriction ended, and by whom that is given."""
    return f"Ending, by {side(stretch)}."


def episode_line(stretch: Stretch, nth: int, total: int) -> str:
    """Return that an episode of a restriction lasted this long."""
    return (
        f"Episode {nth} of {total} of {side(stretch)}: from its first failing report to its last."
    )


def silence_line(stretch: Stretch) -> str:
    """Return that nobody reported for a while."""
    return (
        f"Coverage collapse within {side(stretch)}: nobody reported, which says nothing of what was"
        " reachable."
    )


def change_line(change: Change) -> str:
    """Return a detected change as one line: where, which way, and what its evidence is worth."""
    where = f"AS{change.asn}" if change.asn else "all networks of the country"
    worth = change_sentence(
        change.detector,
        change.evidence,
        change.threshold,
        change.n_windows,
        change.forged_units_survived,
    )
    return f"Change ({change.direction}) of {printable(change.target)} on {where}. {worth}"


def source_line(outlet: str, title: str, family: str) -> str:
    """Return a source as a line of the list: whose, what it is called, and its family."""
    named = "; ".join(printable(part) for part in (outlet, title) if part)
    return f"{named or 'without a name'} (family {printable(family)})"
