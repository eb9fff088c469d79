from datetime import datetime

from overt.changes.registry import detect_all, series_of


HOUR = datetime(2024, 2, 17, 12)  # noqa: DTZ001 - tables are naive UTC


def vote(asn: int, unit: str, n_failing: int, hour: int = 12) -> dict[str, object]:
    return {
        "cc": "XX", "platform": "x", "target": "x/web", "asn": asn, "unit": unit,
        "hour": HOUR.replace(hour=hour), "n_measurements": 4, "n_failing": n_failing,
    }  # fmt: skip


def test_votes_become_one_series_a_target_and_network() -> None:
    later = [vote(asn, "a", 0, hour=13) for asn in (1, 2)]
    series = series_of([vote(2, "a", 1), vote(1, "a", 4), vote(1, "b", 0), *later])

    assert [(s.asn, s.unit, s.value.tolist()) for s in series] == [
        (1, ("a", "b", "a"), [1.0, 0.0, 0.0]),
        (2, ("a", "a"), [0.25, 0.0]),
    ]


def test_all_detectors_are_heard_and_changes_come_in_order_of_id() -> None:
    votes = [vote(asn, u, 4, hour) for asn in (2, 1) for hour in range(24) for u in "abc"]
    found = [c.id for c in detect_all(series_of(votes))]

    assert len(found) == 3
    assert found == sorted(found)
