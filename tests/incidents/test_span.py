import pytest

from overt.changes.detector import Series, restricted_segments, scores
from overt.incidents import span


H = 475_000


def series(asn: int, failing: list[int], working: list[int], unit: str = "a") -> Series:
    votes = [(H + h, unit, 1.0) for h in failing] + [(H + h, unit, 0.0) for h in working]
    return Series.of(("XX", "x", "x", asn), votes)


def test_an_episode_ends_at_a_working_hour() -> None:
    one = series(1, [1, 2, 5, 6], [3, 4])

    assert span.episodes_of(one, (H, H + 10)) == [(H + 1, H + 2), (H + 5, H + 6)]


def test_an_episode_is_not_carried_over_more_than_a_day_nobody_measured() -> None:
    one = series(1, [1, 20, 46], [])

    assert span.episodes_of(one, (H, H + 60)) == [(H + 1, H + 20), (H + 46, H + 46)]


def test_runs_that_touch_are_one() -> None:
    assert span.union([(5, 6), (1, 2), (3, 4), (9, 9)]) == [(1, 6), (9, 9)]


def test_nothing_is_called_ended_within_a_day() -> None:
    one = series(1, list(range(10)), list(range(10, 30)))
    two = series(2, list(range(10)), list(range(10, 30)), "b")

    assert span.ending_hour([one, two], [(H, H + 9)], H + 9) is None


def test_an_ending_needs_working_reports_and_not_silence() -> None:
    one = series(1, list(range(10)), [])

    assert span.ending_hour([one], [(H, H + 9)], H + 9) is None


def test_an_ending_needs_two_units_where_two_failed() -> None:
    one = series(1, list(range(10)), list(range(10, 80)))
    two = series(2, list(range(10)), [], "b")

    assert span.ending_hour([one, two], [(H, H + 9)], H + 9) is None


def test_one_unit_can_end_what_one_unit_reported() -> None:
    one = series(1, list(range(10)), list(range(10, 80)))

    assert span.ending_hour([one], [(H, H + 9)], H + 9) == H + 34


def test_after_four_quiet_days_no_earlier_pause_keeps_an_incident_open() -> None:
    runs = [(H, H + 9), (H + 209, H + 218)]
    one = series(1, [*range(10), *range(209, 219)], list(range(219, 400)))

    assert span.ending_hour([one], runs, H + 218) == H + 218 + 96 + 1


def test_a_quiet_day_on_half_of_the_networks_by_two_units_is_an_ending() -> None:
    one = series(1, list(range(10)), list(range(10, 80)))
    two = series(2, list(range(10)), list(range(40, 80)), "b")

    assert span.ending_hour([one, two], [(H, H + 9)], H + 9) == H + 41


def test_a_pause_no_longer_than_an_earlier_one_is_not_an_ending() -> None:
    runs = [(H, H + 9), (H + 74, H + 80)]
    one = series(1, [*range(10), *range(74, 81)], list(range(81, 150)))
    two = series(2, [*range(10)], list(range(81, 150)), "b")

    assert span.ending_hour([one, two], runs, H + 80) is None


def test_a_working_night_does_not_speak_against_a_network_when_all_work_at_night() -> None:
    nights = [h for h in range(96) if h % 24 >= 8]
    days = [h for h in range(96) if h % 24 < 8]
    one, two = series(1, days, nights), series(2, days, nights, "b")
    found = span.OffHours([one, two], 0.03, (H, H + 96), H, {}).stretch(one)

    assert found is not None
    assert (found.first, found.last) == (H, H + days[-1])
    assert found.onset == (H, H)


def test_one_unit_cannot_set_the_date() -> None:
    quiet = list(range(100))
    forged = Series.of(
        ("XX", "x", "x", 1),
        [(H + h, "a", 0.0) for h in quiet]
        + [(H + h, "forger", 1.0) for h in range(90, 100)]
        + [(H + h, "a", 1.0) for h in range(100, 150)],
    )
    two = series(2, list(range(100, 150)), quiet, "b")
    hours = sorted(set(forged.hour) | set(two.hour))
    both = [forged, two]
    segment = span.stretch(both, 0.03, [0.9, 0.9], (int(hours[90]), int(hours[-1])))
    assert segment is not None
    onset = span.onset_of(both, 0.03, segment, {})

    assert onset.earliest <= H + 100 <= onset.latest
    assert not onset.is_standing


def test_a_stray_failing_report_days_before_does_not_date_a_network() -> None:
    others = series(1, list(range(200, 260)), list(range(200)))
    one = series(2, [40, *range(230, 260)], [h for h in range(230) if h != 40], "b")
    off = span.OffHours([others, one], 0.03, (H + 176, H + 260), H + 200, {})
    found = off.stretch(one)

    assert found is not None
    assert H + 220 <= found.onset[0] <= H + 230 <= found.onset[1]


def test_two_failures_in_a_row_before_a_block_leave_its_beginning_open() -> None:
    chance, begun = [30, 31], 60
    working = [h for h in range(begun) if h not in chance]
    one = series(1, [*chance, *range(begun, begun + 30)], working)
    found = span.OffHours([one], 0.05, (H, H + 90), H + begun, {}).stretch(one)

    assert found is not None
    assert found.onset[0] <= H + 30
    assert found.onset[1] >= H + begun


def test_an_early_episode_beyond_chance_is_the_beginning() -> None:
    early, begun = range(26, 36), 76
    working = [h for h in range(begun) if h not in early]
    one = series(1, [*early, *range(begun, begun + 30)], working)
    found = span.OffHours([one], 0.05, (H, H + 106), H + begun, {}).stretch(one)

    assert found is not None
    assert found.onset[0] <= H + 26 <= found.onset[1] < H + 36


def test_a_long_pause_in_which_all_works_parts_two_events() -> None:
    one = series(1, [*range(10), *range(160, 170)], list(range(10, 160)))

    assert span.parted([one], [(H, H + 9), (H + 160, H + 169)], 0.9) == [
        [(H, H + 9)],
        [(H + 160, H + 169)],
    ]


def test_a_long_pause_nobody_measured_parts_nothing() -> None:
    one = series(1, [*range(10), *range(160, 170)], [])

    assert len(span.parted([one], [(H, H + 9), (H + 160, H + 169)], 0.9)) == 1


def test_a_weekend_parts_nothing() -> None:
    one = series(1, [*range(10), *range(75, 85)], list(range(10, 75)))

    assert len(span.parted([one], [(H, H + 9), (H + 75, H + 84)], 0.9)) == 1


@pytest.mark.parametrize(("share", "pieces"), [(0.2, 1), (0.8, 2)])
def test_a_pause_is_measured_against_how_much_failed_around_it(share: float, pieces: int) -> None:
    works = [(H + 12 + 10 * k, "abcd"[k % 4], 0.0) for k in range(14)]
    one = Series.of(("XX", "x", "x", 1), [(H, "a", 1.0), *works, (H + 160, "b", 1.0)])

    assert len(span.parted([one], [(H, H + 9), (H + 160, H + 169)], share)) == pieces


def test_the_profile_set_shrinks_to_the_hour_when_reports_are_dense() -> None:
    one = series(1, list(range(100, 150)), list(range(100)))
    [segment] = restricted_segments(one.hour, scores(one.value, 0.03, 0.98))

    assert segment.onset == (H + 100, H + 100)
