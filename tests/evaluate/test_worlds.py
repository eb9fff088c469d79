from collections import Counter

from overt.evaluate.worlds import BANDS, event_world, uneven_world
from overt.lab.votes import simulate_series, truth_of


def test_an_uneven_country_is_measured_as_kenya_was() -> None:
    n = sorted((len(s.hour) for s in simulate_series(uneven_world(1, days=46))), reverse=True)

    # 46 days of Kenya: the first three of its networks send 59 % of the reports (lab.world)
    assert 0.4 < sum(n[:3]) / sum(n) < 0.75
    assert n[len(n) // 2] < 60


def test_the_same_numbers_are_the_same_history_and_others_are_not() -> None:
    assert event_world(1, 5) == event_world(1, 5)
    assert len({event_world(1, k).world.scenario.seed for k in range(20)}) == 20


def test_events_come_in_every_size_and_with_every_trait() -> None:
    events = [event_world(1, k) for k in range(64)]
    bands = Counter(e.band for e in events)
    traits = Counter(t for e in events for t in e.traits)

    assert bands == dict.fromkeys(BANDS, 16)
    assert set(traits) == {"late", "returns", "roll-out", "timetable"}


def test_the_truth_has_the_networks_of_its_band() -> None:
    for number in range(32):
        event = event_world(2, number)
        hit = next(iter(truth_of(event.world).values())).networks_hit
        n_networks = len(event.world.scenario.networks)
        least, most = {
            "national": (n_networks - 1, n_networks),
            "multi-network": (2, n_networks // 2),
        }.get(event.band, (1, 1))

        assert least <= len(hit) <= most
