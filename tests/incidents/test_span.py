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


def test_an_ending_needs_two_units() -> None:
    one = series(1, list(range(10)), list(range(10, 80)))

    assert span.ending_hour([one], [(H, H + 9)], H + 9) is None


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
    found = span.on_stretch(one, [two], 0.03, (H, H + 96), H)

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
    low, high = span.onset_set(both, 0.03, segment)

    assert low <= H + 100 <= high


def test_the_profile_set_shrinks_to_the_hour_when_reports_are_dense() -> None:
    one = series(1, list(range(100, 150)), list(range(100)))
    [segment] = restricted_segments(one.hour, scores(one.value, 0.03, 0.98))

    assert segment.onset == (H + 100, H + 100)
