"""Lags: per actor and per forum, from the measured onset, and of admissions alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dossier.test_accounts import INCIDENT
from overt.dossier.lags import Lag, lags_of
from overt.dossier.measured import Measured, of_incident
from overt.dossier.spans import Window
from overt.vocabulary.judgements import Bracket
from overt.vocabulary.stated import Act, ActKind, Claim, Forum, Polarity, Restriction, Standing
from records import AS_OF, act, at, claim, measured, on, record, source, stretch


def admission(name: str, issuer: str, day: str, proceeding: str = "", **kw: Any) -> Act:
    return act(
        name, ActKind.ADMISSION, on(day), issuer=f"authority:{issuer}", proceeding=proceeding,
        **{"forum": Forum.FILING, **kw},
    )  # fmt: skip


def days(found: list[Lag]) -> list[tuple[str, int | None, int | None, bool]]:
    return [(g.actor.partition(":")[2], g.days_low, g.days_high, g.is_first) for g in found]


def test_each_actor_has_its_own_lag_in_each_forum() -> None:
    told = record(
        admission("pta", "pta", "2024-03-20", "proceeding:shc"),
        admission("moi", "moi", "2024-04-17", "proceeding:ihc"),
        admission("moi-press", "moi", "2024-04-20", forum=Forum.PRESS),
        admission("moi-again", "moi", "2024-07-08", "proceeding:ihc"),
    )

    found = lags_of(told, measured())

    assert days(found) == [("pta", 32, 32, True), ("moi", 60, 60, False), ("moi", 63, 63, False)]
    assert "32 days after the onset" in found[0].sentence
    assert "before the Sindh High Court" in found[0].sentence
    assert "before the Islamabad High Court" in found[1].sentence


def test_a_lag_from_a_measured_onset_set_is_an_interval_of_local_dates() -> None:
    late = replace(INCIDENT, onset=Bracket(earliest=at(2, 17, 10), latest=at(2, 17, 20)))
    side = measured(of_incident(late, "Asia/Karachi", AS_OF))

    found = lags_of(record(admission("pta", "pta", "2024-03-20")), side)

    assert days(found) == [("pta", 31, 32, True)]
    assert "31 to 32 days" in found[0].sentence


def test_an_admission_known_to_within_days_widens_the_lag() -> None:
    wide = act("a", ActKind.ADMISSION, on("2024-03-18", "2024-03-20"))

    assert days(lags_of(record(wide), measured())) == [("moi", 30, 32, True)]


def test_of_what_stood_when_the_measurements_begin_the_lag_is_at_least() -> None:
    found = lags_of(
        record(admission("pta", "pta", "2024-03-20")), measured(stretch(is_standing=True))
    )

    assert days(found) == [("pta", 32, None, True)]
    assert "at least 32 days" in found[0].sentence


def test_without_an_onset_before_it_no_lag_is_counted() -> None:
    told = record(admission("pta", "pta", "2024-02-10"))

    assert days(lags_of(told, measured())) == [("pta", None, None, False)]
    assert days(lags_of(told, Measured(platform="x", cc="PK"))) == [("pta", None, None, False)]


@pytest.mark.parametrize(
    "given",
    [
        {"polarity": Polarity.DENIES},
        {"speaker": "authority:party"},
        {"speaker": "authority:shc", "standing": Standing.FINDS},
        {"standing": Standing.ALLEGES},
        {"standing": Standing.REPORTS},
        {"restriction": Restriction.ACCOUNT_OR_POST},
        {"act_kind": ActKind.LIFTING},
        {"cc": "IN"},
        {"platforms": ("tiktok",)},
        {"speaker": ""},
    ],
)
def test_what_is_no_admission_has_no_lag(given: dict[str, Any]) -> None:
    told = claim("c", **{"asserted": on("2024-03-20"), **given})

    assert lags_of(record(told), measured()) == []


def test_a_claim_is_an_admission_by_itself_and_counts_a_family_once() -> None:
    told: list[Claim | Act] = [
        claim(n, source=n, speaker="authority:pta", asserted=on("2024-03-20"), forum=Forum.FILING)
        for n in ("b", "c")
    ]
    entries = record(*told, source("b", "family:one"), source("c", "family:one"))

    found = lags_of(entries, measured())

    assert days(found) == [("pta", 32, 32, True)]
    assert (len(found[0].sources), found[0].families) == (2, ("family:one",))


def test_an_admission_dated_by_its_source_alone_has_no_least_lag() -> None:
    told = record(
        claim("c", speaker="authority:pta"),
        source("a", published=on("2024-03-20")),
    )

    assert days(lags_of(told, measured())) == [("pta", 0, 32, True)]


def test_an_admission_on_or_after_a_day_has_no_greatest_lag_and_one_of_no_day_none() -> None:
    after = act("a", ActKind.ADMISSION, on("2024-03-20", None))
    never = act("n", ActKind.ADMISSION, on(None, None), issuer="authority:pta")

    assert days(lags_of(record(after, never), measured())) == [("moi", 32, None, True)]


def test_a_second_event_has_its_own_first_admission() -> None:
    second = stretch(
        id="2",
        onset=Window(start=at(6, 1, year=2025), end=at(6, 2, year=2025)),
        ending=None,
        days=(date(2025, 6, 1), date(2025, 6, 1)),
        sure=(),
    )
    told = record(
        admission("one", "pta", "2024-03-20"),
        admission("two", "pta", "2025-06-11"),
    )

    found = lags_of(told, measured(stretch(), second))

    assert [(g.measured, g.days_low, g.is_first) for g in found] == [
        ("1", 32, True),
        ("2", 10, True),
    ]


def test_an_operator_admits_for_itself() -> None:
    assert days(lags_of(record(admission("t", "telco", "2024-02-20")), measured())) == [
        ("telco", 3, 3, True)
    ]
