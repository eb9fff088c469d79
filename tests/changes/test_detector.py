import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.changes.detector import (
    Series,
    fit_segments,
    hour_number,
    hour_time,
    restricted_segments,
    scores,
)
from strategies import FIRST_HOUR, KEY, series_of, steady, votes


USUAL = 0.05


def test_hours_go_to_numbers_and_back() -> None:
    assert hour_number(hour_time(FIRST_HOUR)) == FIRST_HOUR


@given(votes())
def test_a_series_is_the_same_whatever_the_order_of_its_votes(
    drawn: list[tuple[int, str, float]],
) -> None:
    forward, backward = series_of(drawn), series_of(drawn[::-1])

    assert forward.unit == backward.unit
    assert np.array_equal(forward.hour, backward.hour)
    assert np.array_equal(forward.value, backward.value)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_vote_outside_zero_to_one_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not in"):
        series_of([(FIRST_HOUR, "a", value)])


def test_a_unit_that_votes_twice_in_an_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="votes twice"):
        Series.of(KEY, [(1, "a", 0.0), (1, "a", 1.0)])


def test_hours_are_means_over_units() -> None:
    hours, shares = series_of([(1, "a", 1.0), (1, "b", 0.0), (3, "a", 1.0)]).by_hour()

    assert hours.tolist() == [1, 3]
    assert shares.tolist() == [0.5, 1.0]


def test_without_a_unit_is_as_if_it_never_reported() -> None:
    whole = series_of([(1, "a", 1.0), (1, "b", 0.0)])

    assert whole.without("a").unit == ("b",)


def test_a_failing_vote_scores_for_and_a_working_vote_against() -> None:
    fails, works = scores(np.array([1.0, 0.0]), USUAL, 0.5)

    assert fails > 0 > works


@given(votes())
def test_segments_are_disjoint_ordered_and_inside_their_sets(
    drawn: list[tuple[int, str, float]],
) -> None:
    series = series_of(drawn)
    segments = restricted_segments(series.hour, scores(series.value, USUAL, 0.5))

    last = -1
    for s in segments:
        assert last < s.first <= s.last
        assert s.onset[0] <= s.first <= s.onset[1] <= s.last
        assert s.first <= s.end[0] <= s.last <= s.end[1]
        last = s.last


@given(votes(max_hours=60))
def test_no_stretch_scores_more_than_the_best_segment(
    drawn: list[tuple[int, str, float]],
) -> None:
    series = series_of(drawn)
    score = scores(series.value, USUAL, 0.5)
    segments = restricted_segments(series.hour, score, alpha=1.0)
    hours = np.unique(series.hour)
    best = max(
        (
            float(score[(series.hour >= a) & (series.hour <= b)].sum())
            for a in hours
            for b in hours
            if a <= b
        ),
        default=0.0,
    )

    assert max((s.score for s in segments), default=0.0) == pytest.approx(max(best, 0.0), abs=1e-9)


def test_a_block_is_dated_to_the_hour() -> None:
    series = series_of([*steady(0, 0, 100), *steady(1, 100, 50), *steady(0, 150, 100)])
    [segment], share = fit_segments(series, USUAL)

    assert (segment.first - FIRST_HOUR, segment.last - FIRST_HOUR) == (100, 149)
    assert share == pytest.approx(0.98)


def test_nights_and_a_weekend_off_stay_inside_one_segment() -> None:
    blocked = [
        v for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11) for v in (*steady(1, 240 + 24 * day + 7, 9),)
    ]
    hours = {h for h, _, _ in blocked}
    free = [v for v in steady(0, 0, 24 * 40) if v[0] not in hours]
    segments, _ = fit_segments(series_of([*blocked, *free]), USUAL)

    assert len(segments) == 1
    assert segments[0].first - FIRST_HOUR == 247


def test_two_blocks_two_months_apart_are_two_segments() -> None:
    gap = 24 * 60
    series = series_of(
        [*steady(0, 0, 100), *steady(1, 100, 48), *steady(0, 148, gap), *steady(1, 148 + gap, 48)]
    )

    assert len(fit_segments(series, USUAL)[0]) == 2


def test_one_failing_report_among_many_is_no_segment() -> None:
    series = series_of([*steady(0, 0, 50), *steady(1, 50, 1, "a"), *steady(0, 51, 50)])

    assert fit_segments(series, USUAL)[0] == []


@given(st.integers(0, 3))
def test_an_empty_series_has_no_segments(asn: int) -> None:
    assert fit_segments(series_of([], asn), USUAL)[0] == []
