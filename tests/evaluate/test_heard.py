from datetime import UTC

import numpy as np
import pytest

from overt.changes.blocking import detect
from overt.changes.detector import hour_number, hour_time
from overt.evaluate.heard import VoteLedger, hear, onsets_of, series_in, votes_table
from overt.lab.votes import pilot_world
from strategies import FIRST_HOUR, series_of, steady


WORLD = pilot_world(3, (3.0, 1.0), 30, blocked=(0,), span_h=(360.0, 480.0))


def test_a_block_becomes_one_incident_with_its_counts() -> None:
    population = series_in(WORLD)
    heard = hear(population)
    [incident] = heard.incidents
    inside = next(n for n in incident.networks if n.asn == 64496)

    assert onsets_of(heard.changes)
    assert incident.n_failing > 0
    assert 0 < inside.n_failing <= inside.n_measurements
    assert inside.n_units > 2


def test_a_quiet_world_is_nothing() -> None:
    heard = hear(series_in(pilot_world(3, (3.0, 1.0), 30)))

    assert (heard.changes, heard.incidents) == ([], [])


def test_votes_keep_their_values_in_the_table() -> None:
    values = [0.0, 1.0, 0.5, 1 / 3]
    series = series_of([(h, "a", v) for h, v in enumerate(values)])
    rows = votes_table([series]).to_pylist()

    assert [r["n_failing"] / r["n_measurements"] for r in rows] == pytest.approx(values)


def test_a_ledger_counts_the_votes_of_a_span() -> None:
    series = series_of([*steady(0, 0, 10, "ab"), *steady(1, 10, 5, "a")])
    start, end = (hour_time(FIRST_HOUR + h).replace(tzinfo=UTC) for h in (8, 12))
    found = VoteLedger([series]).details(series.cc, series.platform, start, end)[series.asn]

    assert (found.n_measurements, found.n_failing, found.n_units) == (6, 2, 2)
    assert VoteLedger([series]).witnesses("XX", "x", start, end, [1]) == []


def test_an_alarm_needs_nothing_that_came_after_it() -> None:
    [series] = series_in(pilot_world(5, (3.0,), 40, blocked=(0,), span_h=(480.0, 960.0)))
    first = onsets_of(detect([series]))[0]
    alarm = hour_number(first.alerted_at) - 1
    then = onsets_of(detect([series.between(0, alarm)]))
    before = onsets_of(detect([series.between(0, alarm - 1)]))

    assert [c.alerted_at for c in then] == [first.alerted_at]
    assert before == []
    assert np.all(series.hour[:-1] <= series.hour[1:])
