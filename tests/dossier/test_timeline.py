"""One timeline of both columns, in order."""

from dataclasses import replace

from dossier.test_accounts import INCIDENT
from overt.dossier.measured import of_incident
from overt.dossier.timeline import Sort, timeline
from overt.reference.platforms import load_platforms
from overt.vocabulary.judgements import Change, Episode
from overt.vocabulary.stated import ActKind, Demand, Restriction, Topic
from records import AS_OF, act, at, claim, deadline, measured, on, record


PLATFORMS = load_platforms()
EPISODES = [
    Episode(start=at(2, 17, 11), end=at(2, 18)),
    Episode(start=at(2, 19), end=at(2, 20)),
]
CHANGE = Change(
    id="change:1", cc="PK", platform="x", target="x/web", asn=0, direction="onset",
    earliest=at(2, 17, 10), latest=at(2, 17, 14), coverage=0.95, alerted_at=at(2, 18),
    evidence=2e5, threshold=1e5, usual_share=0.1, false_alarms_per_year=0.1,
    system_false_alarms_per_year=1, forged_units_survived=1, n_windows=9, detector="d", cells=[],
)  # fmt: skip


def test_acts_claims_deadlines_onsets_episodes_and_changes_are_told_in_order() -> None:
    told = record(
        claim("of-act", act="act:o"),
        claim("alone", asserted=on("2024-03-16")),
        claim("mobile", topic=Topic.OTHER_MEASURE, platforms=(),
            restriction=Restriction.NETWORK_OFF, when=on("2024-02-08")),
        act("o", ActKind.ORDER, on("2024-04-17"), claims=("claim:of-act",),
            deadlines=(deadline(Demand.RESTORE, on("2024-04-24")),)),
    )  # fmt: skip
    side = measured(of_incident(replace(INCIDENT, episodes=EPISODES), "UTC", AS_OF))

    found = timeline(told, side, [CHANGE], AS_OF, PLATFORMS)

    assert [(e.sort, e.id.rpartition(":")[2]) for e in found] == [
        (Sort.CLAIM, "mobile"),
        (Sort.ONSET, "PK-x-2024-02-17"),
        (Sort.CHANGE, "1"),
        (Sort.EPISODE, "PK-x-2024-02-17"),
        (Sort.EPISODE, "PK-x-2024-02-17"),
        (Sort.ENDING, "PK-x-2024-02-17"),
        (Sort.CLAIM, "alone"),
        (Sort.ACT, "o"),
        (Sort.DEADLINE, "restore"),
    ]


def test_the_onset_of_our_own_incident_is_told_with_its_counts() -> None:
    found = timeline(record(), measured(of_incident(INCIDENT, "UTC", AS_OF)), [], AS_OF, PLATFORMS)

    assert "600 of 1,234 measurements by 40 units" in found[0].sentence


def test_changes_after_the_instant_and_of_other_platforms_are_left_out() -> None:
    others = [replace(CHANGE, platform="tiktok"), replace(CHANGE, cc="IN")]

    found = timeline(record(), measured(), [CHANGE, *others], at(2, 17), PLATFORMS)

    assert Sort.CHANGE not in {e.sort for e in found}


def test_a_corrected_act_is_not_told() -> None:
    told = record(
        act("old", ActKind.DENIAL, on("2024-03-16")),
        act("new", ActKind.DENIAL, on("2024-03-13"), supersedes="act:old"),
    )

    found = timeline(told, measured(), [], AS_OF, PLATFORMS)

    assert [e.id for e in found if e.sort is Sort.ACT] == ["act:new"]
