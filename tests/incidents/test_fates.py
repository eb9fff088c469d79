from overt.changes.detector import Series
from overt.incidents.fates import network_state
from overt.incidents.witnesses import NetworkDetail
from overt.vocabulary.judgements import State


H = 475_000
WINDOW = (H, H + 60)
DETAIL = NetworkDetail(
    name="Pond", n_measurements=60, n_failing=50, n_units=3, mechanisms=["tls.reset"]
)


def series(values: list[float]) -> Series:
    return Series.of(("XX", "x", "x", 1), [(H + n, "a", v) for n, v in enumerate(values)])


def vote(n_failing: int, n_controlled: int, n_artefact: int, unit: str) -> dict[str, object]:
    return {
        "n_failing": n_failing,
        "n_controlled": n_controlled,
        "n_artefact": n_artefact,
        "unit": unit,
    }


def test_a_network_outside_the_incident_is_reachable_when_measured_enough() -> None:
    state = network_state(series([0.0] * 60), [], DETAIL, None, None, None, WINDOW, ended=True)

    assert (state.state, state.onset, state.mechanisms) == (State.REACHABLE, None, [])


def test_a_network_outside_the_incident_is_insufficient_when_hardly_measured() -> None:
    state = network_state(series([0.0] * 3), [], DETAIL, None, None, None, WINDOW, ended=True)

    assert state.state is State.INSUFFICIENT


def test_an_affected_network_has_the_state_its_votes_allow() -> None:
    votes = [vote(9, 9, 4, "a"), vote(9, 9, 4, "b")]
    state = network_state(
        series([1.0] * 60), votes, DETAIL, None, [(H, H + 59)], None, WINDOW, ended=False
    )

    assert (state.state, state.mechanisms) == (State.BLOCKED, ["tls.reset"])
    assert len(state.episodes) == 1
