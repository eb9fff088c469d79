from dataclasses import replace
from datetime import timedelta

import pytest

from overt.evaluate import dates
from overt.evaluate.heard import Heard, hear, series_in
from overt.evaluate.worlds import Event, event_world
from overt.lab.votes import pilot_world
from overt.vocabulary.instants import HOUR


EVENT = Event(
    pilot_world(4, (3.0, 1.0, 1.0), 40, blocked=(0, 1), span_h=(480.0, 600.0)),
    "multi-network",
    (),
    None,
)
HEARD = hear(series_in(EVENT.world))


def moved(heard: Heard, hours: int) -> Heard:
    [incident] = heard.incidents
    onset = incident.onset
    by = timedelta(hours=hours)
    late = replace(onset, earliest=onset.earliest + by, latest=onset.latest + by)
    return Heard(heard.changes, [replace(incident, onset=late)])


def test_a_plain_event_is_found_dated_and_ended() -> None:
    found = dates.compare(EVENT, 0, HEARD)

    assert (found.n_incidents, found.n_elsewhere) == (1, 0)
    assert found.covered
    assert found.ending_covered
    assert [covered for covered, _ in found.own] == [True, True]


@pytest.mark.parametrize(("by", "sign"), [(100, -1), (-100, 1)])
def test_a_set_moved_off_the_truth_misses_it_on_the_right_side(by: int, sign: int) -> None:
    found = dates.compare(EVENT, 0, moved(HEARD, by))

    assert found.covered is False
    assert found.miss_h is not None
    assert found.miss_h * sign > 0


def test_the_edges_of_a_set_belong_to_it() -> None:
    [incident] = HEARD.incidents
    width = (incident.onset.latest - incident.onset.earliest) // HOUR
    inside = [dates.compare(EVENT, 0, moved(HEARD, by)).covered for by in range(-width, width + 1)]

    assert sum(bool(c) for c in inside) == width == dates.compare(EVENT, 0, HEARD).width_h


def test_an_event_nobody_heard_is_counted_as_missed() -> None:
    rows = [dates.compare(EVENT, 0, Heard([], [])), dates.compare(EVENT, 1, HEARD)]
    found = dates.summary(rows)

    assert (found.found.hits, found.found.n) == (1, 2)
    assert (found.onset.hits, found.onset.n) == (1, 1)


def test_an_incident_about_nothing_is_an_alert_of_no_event() -> None:
    [incident] = HEARD.incidents
    away = timedelta(days=365)
    other = replace(
        incident,
        onset=replace(
            incident.onset,
            earliest=incident.onset.earliest + away,
            latest=incident.onset.latest + away,
        ),
        last_failing=incident.last_failing + away,
    )
    found = dates.compare(EVENT, 0, Heard(HEARD.changes, [incident, other]))

    assert (found.n_incidents, found.n_elsewhere) == (1, 1)
    assert dates.summary([found]).alerts_per_event == 2


def test_a_history_is_the_same_each_time() -> None:
    assert dates.one(dates.Task(1, 3)) == dates.one(dates.Task(1, 3))


def test_an_event_that_goes_on_has_no_ending_to_hit() -> None:
    event = next(e for k in range(40) if (e := event_world(1, k)).as_of_h is not None)
    first = int(event.world.scenario.start.timestamp() // 3600)
    early = replace(EVENT, as_of_h=first + 500)
    found = dates.compare(early, 0, hear(series_in(early.world, early.as_of_h)))

    assert found.has_ended is False
    assert found.ending_covered is None
