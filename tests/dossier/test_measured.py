"""What the measured side shows of a time, and where it stays silent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dossier.test_accounts import INCIDENT
from overt.dossier.measured import Fact, Gap, Measured, Seen, clipped, of_incident
from overt.dossier.spans import Window
from overt.vocabulary.instants import DAY
from overt.vocabulary.judgements import Bracket, Collapse, Episode
from records import AS_OF, at, measured, stretch


def day(month: int, number: int, year: int = 2024) -> Window:
    start = at(month, number, year=year)
    return Window(start=start, end=start + DAY)


@pytest.mark.parametrize(
    ("wanted", "fact", "gap"),
    [
        (day(3, 16), Fact.RESTRICTED, None),
        (day(2, 17), Fact.UNKNOWN, Gap.ONSET),
        (day(5, 6, 2025), Fact.UNKNOWN, Gap.ENDING),
        (day(2, 10), Fact.UNKNOWN, Gap.BEFORE),
        (day(6, 1, 2025), Fact.UNKNOWN, Gap.AFTER),
        (Window(start=at(2, 17), end=at(2, 20)), Fact.MIXED, None),
    ],
)
def test_only_what_surely_lies_in_a_restriction_is_restricted(
    wanted: Window, fact: Fact, gap: Gap | None
) -> None:
    found = measured().read(wanted)

    assert (found.fact, found.gap) == (fact, gap)


def test_nothing_measured_says_nothing() -> None:
    assert Measured(platform="x", cc="PK").read(day(3, 1)).gap is Gap.NO_SIDE


def test_outside_every_restriction_the_reports_of_the_days_are_asked() -> None:
    asked = []

    def look(instant: object) -> Seen:
        asked.append(instant)
        return Seen(fact=Fact.FREE, sentence="0 of 40 failed")

    found = measured(look=look).read(Window(start=at(2, 10), end=at(2, 12)))

    assert found.fact is Fact.FREE
    assert asked == [at(2, 12), at(2, 11)]


def test_days_whose_reports_disagree_are_not_known() -> None:
    facts = iter([Fact.FREE, Fact.UNKNOWN])
    side = measured(look=lambda _: Seen(fact=next(facts), sentence=""))

    assert side.read(Window(start=at(2, 10), end=at(2, 12))).fact is Fact.UNKNOWN


def test_a_silence_within_an_incident_is_not_known() -> None:
    hole = Window(start=at(2, 18, 6), end=at(2, 19, 6))
    silence = Collapse(
        id="c", cc="PK", asn=0, name=None, last_heard=hole.start, since=INCIDENT.onset,
        until=hole.end, as_of=AS_OF, usual_units=5, is_alone=False, change="",
    )  # fmt: skip
    found = of_incident(INCIDENT, "UTC", AS_OF, [silence])
    side = measured(found)

    assert side.read(Window(start=at(2, 18, 12), end=at(2, 18, 13))).gap is Gap.SILENCE
    assert side.read(Window(start=at(2, 18, 1), end=at(2, 18, 2))).fact is Fact.RESTRICTED


def test_the_silence_of_one_of_two_affected_networks_is_no_gap() -> None:
    networks = [replace(n, state=INCIDENT.state) for n in INCIDENT.networks[:2]]
    silence = Collapse(
        id="c", cc="PK", asn=1, name=None, last_heard=at(2, 18), since=INCIDENT.onset,
        until=at(2, 19), as_of=AS_OF, usual_units=5, is_alone=False, change="",
    )  # fmt: skip
    found = of_incident(replace(INCIDENT, networks=networks), "UTC", AS_OF, [silence])

    assert found.silences == ()


def test_an_incident_is_sure_from_the_end_of_its_onset_set_within_its_episodes() -> None:
    incident = replace(
        INCIDENT,
        episodes=[
            Episode(start=at(2, 17, 11), end=at(2, 18)),
            Episode(start=at(2, 19), end=at(2, 20)),
        ],
    )
    found = of_incident(incident, "UTC", AS_OF)

    assert [(w.start, w.end) for w in found.sure] == [
        (at(2, 17, 14), at(2, 18)),
        (at(2, 19), at(2, 20)),
    ]
    assert measured(found).read(Window(start=at(2, 18, 5), end=at(2, 18, 6))).gap is Gap.PAUSE


def test_after_the_last_failing_report_of_one_that_is_not_ended_nothing_is_known() -> None:
    open_ended = replace(INCIDENT, ending=None, last_failing=at(2, 20), as_of=at(2, 25))
    found = of_incident(open_ended, "UTC", AS_OF)

    assert measured(found).read(day(2, 21)).gap is Gap.AFTER_LAST


def test_days_of_the_onset_set_are_local() -> None:
    late = replace(INCIDENT, onset=Bracket(earliest=at(2, 17, 10), latest=at(2, 17, 20)))

    days = of_incident(late, "Asia/Karachi", AS_OF).days

    assert [str(d) for d in days] == ["2024-02-17", "2024-02-18"]


def test_as_of_an_instant_before_its_ending_a_restriction_has_none() -> None:
    cut = clipped(stretch(), at(4, 1))

    assert cut is not None
    assert cut.ending is None
    assert cut.sure[-1].end == at(4, 1)
    assert clipped(stretch(), at(2, 16)) is None
    assert clipped(stretch(), at(2, 17) + timedelta(seconds=1)) is not None
