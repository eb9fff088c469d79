"""One event keeps one record, however its dates, its id and its neighbours move."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from overt.incidents.succession import inherited, said, succeed
from overt.vocabulary.judgements import Versions
from overt.vocabulary.records import Conclusion, Kind, RecordVersion


def conclusion(seq: int) -> Conclusion:
    return Conclusion(
        seq=seq,
        recorded=datetime(2026, 1, seq, tzinfo=UTC),
        versions=Versions(code="0.1", rulebook="r", reference="l"),
        made_from=f"m{seq}",
        n_incidents=0,
    )


def hour(n: int) -> str:
    return f"{datetime(2024, 2, 1, tzinfo=UTC) + timedelta(hours=n):%Y-%m-%dT%H:%M:%SZ}"


def incident(first: int, last: int, **others: Any) -> dict[str, Any]:
    platform = others.get("platform", "x")
    return {
        "id": f"XX-{platform}-{hour(first)[:10]}",
        "cc": "XX",
        "platform": platform,
        "onset": {"earliest": hour(first), "latest": hour(first + 2)},
        "ending": None,
        "last_failing": hour(last),
        "as_of": hour(last + 1),
        "n_measurements_since": 0,
        "n_failing_since": 0,
        "witnesses": [{"measurement_uid": "u"}],
        "versions": {"code": "0.1"},
        **others,
    }


class Record:
    """A log in memory that takes what succeed gives."""

    def __init__(self) -> None:
        self.heads: dict[str, RecordVersion] = {}
        self.seq = 0

    def then(self, *found: Mapping[str, Any]) -> list[tuple[str, int, Kind]]:
        self.last = self.versions(found)
        return [(v.record, v.version, v.kind) for v in self.last]

    def versions(self, found: Sequence[Mapping[str, Any]]) -> list[RecordVersion]:
        self.seq += 1
        given_heads = sorted(self.heads.values(), key=lambda h: h.record)
        appended = succeed(given_heads, found, conclusion(self.seq))
        for version in appended:
            before = self.heads.get(version.record)
            assert version.version == (before.version + 1 if before else 1)
            self.heads[version.record] = version
        return appended

    @property
    def open_ids(self) -> list[str]:
        return sorted(h.id for h in self.heads.values() if h.is_open)


A, B = "XX-x-2024-02-02", "XX-x-2024-02-06"


def test_an_incident_nobody_knew_is_new() -> None:
    assert Record().then(incident(30, 60)) == [(A, 1, Kind.NEW)]


def test_the_same_again_gives_no_version() -> None:
    log = Record()
    log.then(incident(30, 60))

    assert log.then(incident(30, 60)) == []


def test_an_onset_moved_by_late_data_continues_the_record_under_its_first_id() -> None:
    log = Record()
    log.then(incident(30, 60))

    assert log.then(incident(20, 60)) == [(A, 2, Kind.UPDATED)]
    assert log.open_ids == ["XX-x-2024-02-01"]


def test_what_is_found_no_more_is_withdrawn_once() -> None:
    log = Record()
    log.then(incident(30, 60))

    assert log.then() == [(A, 2, Kind.WITHDRAWN)]
    assert log.then() == []
    assert log.heads[A].body == incident(30, 60)


def test_what_was_withdrawn_and_is_found_again_returns_to_its_record() -> None:
    log = Record()
    log.then(incident(30, 60))
    log.then()

    assert log.then(incident(28, 50)) == [(A, 3, Kind.RETURNED)]


def test_two_that_become_one_are_merged_and_absorbed() -> None:
    log = Record()
    log.then(incident(30, 100), incident(130, 160))

    assert log.then(incident(30, 160)) == [(A, 2, Kind.MERGED), (B, 2, Kind.ABSORBED)]
    merged, absorbed = log.last
    assert (merged.took_in, merged.part_of) == ([B], None)
    assert (absorbed.id, absorbed.part_of, absorbed.is_open) == (A, A, False)


def test_one_that_becomes_two_is_parted_and_keeps_its_record_where_its_id_stays() -> None:
    log = Record()
    log.then(incident(30, 160))

    assert log.then(incident(30, 50), incident(130, 160)) == [
        (A, 2, Kind.PARTED),
        (B, 1, Kind.PARTED),
    ]
    assert [(v.gave_off, v.part_of) for v in log.last] == [([B], None), ([], A)]


def test_what_was_absorbed_and_parts_again_takes_up_its_own_record() -> None:
    log = Record()
    log.then(incident(30, 100), incident(130, 160))
    log.then(incident(30, 160))

    assert log.then(incident(30, 100), incident(130, 160)) == [
        (A, 3, Kind.PARTED),
        (B, 3, Kind.PARTED),
    ]
    assert log.open_ids == [A, B]


def test_without_its_id_a_record_goes_on_where_most_of_its_time_is() -> None:
    log = Record()
    log.then(incident(30, 160))

    log.then(incident(49, 60), incident(80, 160))
    assert log.heads[A].id == "XX-x-2024-02-04"
    assert log.heads["XX-x-2024-02-03"].part_of == A


def test_other_countries_and_platforms_are_other_events() -> None:
    log = Record()
    log.then(incident(30, 60))

    assert log.then(incident(30, 60), incident(30, 60, platform="telegram")) == [
        ("XX-telegram-2024-02-02", 1, Kind.NEW)
    ]


def test_a_later_event_does_not_continue_one_that_was_never_called_ended() -> None:
    log = Record()
    log.then(incident(30, 60, as_of=hour(300)))

    found = log.then(incident(30, 60, as_of=hour(300)), incident(130, 160))
    assert found == [(B, 1, Kind.NEW)]


def test_an_event_that_is_called_what_another_was_once_called_has_a_key_of_its_own() -> None:
    log = Record()
    log.then(incident(47, 60))
    log.then(incident(20, 24), incident(50, 60))
    log.then(incident(20, 24), incident(26, 29), incident(50, 60))

    assert {key: head.id for key, head in log.heads.items()} == {
        A: "XX-x-2024-02-03",
        "XX-x-2024-02-01": "XX-x-2024-02-01",
        f"{A}~2": A,
    }


def test_two_incidents_of_one_day_do_not_share_a_record() -> None:
    log = Record()

    assert [key for key, _, _ in log.then(incident(25, 28), incident(40, 44))] == [A, f"{A}~2"]


def test_fields_that_say_nothing_of_the_event_give_no_version() -> None:
    log = Record()
    log.then(incident(30, 60))

    assert log.then(incident(30, 60, versions={"code": "0.2"})) == []


def test_a_field_that_nobody_foresaw_is_heard() -> None:
    log = Record()
    log.then(incident(30, 60))

    assert log.then(incident(30, 60, n_units_to_cancel=3)) == [(A, 2, Kind.UPDATED)]


def test_an_ongoing_incident_known_for_longer_is_news_and_an_ended_one_is_not() -> None:
    ending = {"earliest": hour(60), "latest": hour(62)}

    assert said(incident(30, 60, as_of=hour(90))) != said(incident(30, 60, as_of=hour(99)))
    assert said(incident(30, 60, ending=ending, as_of=hour(90))) == said(
        incident(30, 60, ending=ending, as_of=hour(99), n_measurements_since=7)
    )


def test_what_was_known_before_there_was_a_log_is_inherited() -> None:
    [version] = inherited([incident(30, 60)], conclusion(1))

    assert (version.kind, version.version, version.is_open) == (Kind.INHERITED, 1, True)


spans = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 80)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=5,
)


@given(st.lists(spans, min_size=1, max_size=6))
def test_after_every_run_the_open_records_are_exactly_the_incidents(
    runs: list[list[tuple[int, int]]],
) -> None:
    log = Record()
    for run in runs:
        found = [incident(first, last) for first, last in sorted(run)]
        log.versions(found)

        assert log.open_ids == sorted(i["id"] for i in found)
        assert log.versions(found) == []


@given(spans, spans, st.randoms(use_true_random=False))
def test_the_order_in_which_records_are_given_decides_nothing(
    before: list[tuple[int, int]], after: list[tuple[int, int]], random: Any
) -> None:
    heads = succeed([], [incident(*s) for s in sorted(before)], conclusion(1))
    found = [incident(*s) for s in sorted(after)]
    shuffled = random.sample(heads, len(heads))

    def by_key(versions: list[RecordVersion]) -> list[RecordVersion]:
        return sorted(versions, key=lambda v: (v.record, v.version))

    assert by_key(succeed(heads, found, conclusion(2))) == by_key(
        succeed(shuffled, found, conclusion(2))
    )
