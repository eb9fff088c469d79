"""A workspace as the measured side: its own incidents first, published ones where it has none."""

from dataclasses import replace
from typing import cast

from dossier.test_accounts import INCIDENT
from overt.dossier.measured import Fact
from overt.dossier.published import Published
from overt.dossier.sides import Holdings, sides_of
from overt.dossier.spans import Window
from overt.dossier.status import Status
from overt.vocabulary.instants import DAY
from overt.vocabulary.judgements import State, Versions
from records import AS_OF, at, stretch


THEIRS = Published(stretches=(stretch(), stretch(id="2", platform="telegram")))


def test_a_published_incident_stands_in_only_where_the_workspace_has_none() -> None:
    held = Holdings(incidents=[INCIDENT])

    own = sides_of("PK", "x", AS_OF, held, published=THEIRS)
    none = sides_of("PK", "telegram", AS_OF, held, published=THEIRS)

    assert [s.is_published for s in own.measured.stretches] == [False]
    assert [s.is_published for s in none.measured.stretches] == [True]
    assert [s.platform for s in own.elsewhere] == ["telegram", "x"]


def test_what_began_after_the_instant_is_not_there() -> None:
    assert sides_of("PK", "x", at(2, 1), published=THEIRS).measured.stretches == ()


def test_another_country_is_not_there() -> None:
    assert sides_of("KE", "x", AS_OF, Holdings(incidents=[INCIDENT])).measured.stretches == ()


def status(state: State) -> Status:
    return Status(
        platform="x", cc="PK", at=AS_OF, state=state, sentence="0 of 31 failed.", since=None,
        networks=(), mechanisms=(), incident=None, window_h=24, n_measurements=31, n_failing=0,
        n_down=0, n_units=9, n_networks=2, last_measurement=None,
        versions=Versions(code="1", rulebook="2", reference="3"),
    )  # fmt: skip


def fact(state: State, as_of: int = 20) -> Fact:
    held = Holdings(status=lambda _: status(state))
    side = sides_of("PK", "x", at(3, as_of), held).measured
    return side.read(Window(start=at(3, 16), end=at(3, 16) + DAY)).fact


def test_only_reports_that_show_it_reachable_make_a_time_free() -> None:
    assert fact(State.REACHABLE) is Fact.FREE
    assert {fact(s) for s in State if s is not State.REACHABLE} == {Fact.UNKNOWN}


def test_reports_after_the_instant_are_not_asked() -> None:
    assert fact(State.REACHABLE, as_of=10) is Fact.UNKNOWN


def test_the_history_gives_the_side_as_it_was_on_record() -> None:
    from overt.engine.base import to_json  # noqa: PLC0415
    from overt.engine.log import Log  # noqa: PLC0415
    from overt.vocabulary.records import Conclusion, Kind, RecordVersion  # noqa: PLC0415

    first = Conclusion(
        seq=1, recorded=at(3, 1), versions=INCIDENT.versions, made_from="a", n_incidents=1
    )
    second = replace(first, seq=2, recorded=at(4, 1), n_incidents=0)

    class Kept:
        def conclusions(self) -> list[Conclusion]:
            return [first, second]

        def heads(self, seq: int) -> list[RecordVersion]:
            kind = Kind.NEW if seq == 1 else Kind.WITHDRAWN
            return [
                RecordVersion(
                    record="r", version=seq, id=INCIDENT.id, kind=kind, took_in=[], gave_off=[],
                    part_of=None, body=to_json(INCIDENT), conclusion=first,
                )
            ]  # fmt: skip

    found = sides_of("PK", "x", AS_OF, Holdings(), cast("Log", Kept())).earlier

    assert [(s.known_at, len(s.stretches)) for s in found] == [(at(3, 1), 1), (at(4, 1), 0)]
