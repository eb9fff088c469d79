"""The slow lots of a world, common to both outputs: who visits, what weather, who is forged.

Documents (`archive`) and votes (`votes`) ask here, so that a scenario is one world however it is
written. Each kind of lot on each network has its own source, named by seed, country, network and
kind: what is added elsewhere leaves it as it was. Reports are left to the two outputs.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random  # noqa: TID251 - the lab is the one place that draws lots, from a seed
from typing import Any

from overt.lab.world import Forgery, HourlyProbe, Scenario, SimulatedNetwork, Span


# Numbers of units that are not a network's regular ones are drawn below this, so that a forged
# identity and a visitor look alike.
MAX_UNIT = 2**31
JITTER_H = 1 / 12  # a probe on a timer starts within five minutes of its turn; hand-set
MAX_FAILING_SHARE = 0.5  # of a unit in quiet times, as in the pilot simulation


def lots(scenario: Scenario, network: SimulatedNetwork, *kind: object) -> Random:
    """Return a network's own source of lots of one kind."""
    return Random(":".join(map(str, (scenario.seed, network.cc, network.asn, *kind))))


@dataclass(frozen=True, slots=True)
class Visit:
    """A unit on a timer: it reports at `start` and every `every_h` hours, `n_reports` times."""

    unit: int
    start: datetime
    every_h: float
    n_reports: int


def visits(scenario: Scenario, network: SimulatedNetwork) -> list[Visit]:
    """Return who came to a network and vanished, by chance or as listed, in order of drawing."""
    rng, found, at = lots(scenario, network, "visits"), list[Visit](), scenario.start
    while network.visits_per_day:
        at += timedelta(days=rng.expovariate(network.visits_per_day))
        if at >= scenario.end:
            break
        unit, stay_h = _stranger(network, rng), rng.expovariate(1 / network.visit_h)
        found.append(Visit(unit, at, 1.0, 1 + int(stay_h)))
    listed = [p for p in scenario.probes if p.network == network.asn]
    return found + [_listed(scenario, network, p, k) for k, p in enumerate(listed)]


def _listed(scenario: Scenario, network: SimulatedNetwork, probe: HourlyProbe, index: int) -> Visit:
    """Return a listed probe with a number that gives it the version it is to run."""
    unit = _stranger(network, lots(scenario, network, "probe", index))
    while probe.version is not None and scenario.version_of(unit) != probe.version:
        unit += 1
    turn = timedelta(hours=probe.every_h)
    return Visit(unit, probe.start, probe.every_h, -((probe.start - probe.end) // turn))


def _stranger(network: SimulatedNetwork, rng: Random) -> int:
    return rng.randrange(network.units, MAX_UNIT)


def forged_units(scenario: Scenario, network: SimulatedNetwork, forgery: Forgery) -> list[int]:
    """Return the numbers of the identities a forgery invents."""
    rng = lots(scenario, network, "forged", scenario.forgeries.index(forgery))
    return [_stranger(network, rng) for _ in range(forgery.identities)]


def weather(scenario: Scenario, network: SimulatedNetwork) -> list[Span]:
    """Return a network's bad hours, in order; two may overlap."""
    if scenario.weather is None:
        return []
    rate, length = scenario.weather.bursts_per_day, timedelta(hours=scenario.weather.burst_h)
    rng = lots(scenario, network, "weather")
    return [(at, at + length) for at in _arrivals(scenario, rate, rng)]


def silences(scenario: Scenario, network: SimulatedNetwork) -> list[Span]:
    """Return when nobody on a network reports: its outages, and its gaps by chance."""
    rng = lots(scenario, network, "gaps")
    gaps = [
        (at, at + timedelta(hours=rng.expovariate(1 / network.gap_h)))
        for at in _arrivals(scenario, network.gaps_per_day, lots(scenario, network, "gap-starts"))
    ]
    return [(o.start, o.end) for o in scenario.outages if network.asn in o.networks] + gaps


def _arrivals(scenario: Scenario, per_day: float, rng: Random) -> list[datetime]:
    found, at = list[datetime](), scenario.start
    while per_day:
        at += timedelta(days=rng.expovariate(per_day))
        if at >= scenario.end:
            break
        found.append(at)
    return found


def usual_share(scenario: Scenario, network: SimulatedNetwork, unit: int) -> float:
    """Return the share of a unit's reports that fail in quiet times, by chance."""
    if not scenario.failing_spread:
        return scenario.failing_share
    draw = lots(scenario, network, "unit", unit).gauss(
        scenario.failing_share, scenario.failing_spread
    )
    return min(max(draw, 0.0), MAX_FAILING_SHARE)


def unit_weights(network: SimulatedNetwork) -> list[float]:
    """Return which share of a network's steady reports each of its regular units sends."""
    raw = [(rank + 1) ** -network.unit_skew for rank in range(network.units)]
    return [w / sum(raw) for w in raw]


def unit_name(scenario: Scenario, network: SimulatedNetwork, unit: int) -> str:
    """Return a unit's identity: 32 hexadecimal digits that tell nothing of how it was made."""
    place = f"{scenario.seed}:{network.cc}:{network.asn}:{unit}"
    return hashlib.sha256(place.encode()).hexdigest()[:32]


def drawn_truth(scenario: Scenario) -> dict[str, Any]:
    """Return what the lots made of a scenario, as JSON values; empty when there was none to draw.

    The forged identities are named here and nowhere else.
    """
    told: dict[str, dict[str, Any]] = {}
    for network in scenario.networks:
        place = f"{network.cc}:{network.asn}"
        found = {
            "forged_units": sorted(
                unit_name(scenario, network, unit)
                for forgery in scenario.forgeries
                if forgery.network == network.asn
                for unit in forged_units(scenario, network, forgery)
            ),
            "visits": [
                {"unit": unit_name(scenario, network, v.unit), "start": v.start.isoformat()}
                | {"every_h": v.every_h, "n_reports": v.n_reports}
                for v in visits(scenario, network)
            ],
            "weather": [[a.isoformat(), b.isoformat()] for a, b in weather(scenario, network)],
            "silences": [[a.isoformat(), b.isoformat()] for a, b in silences(scenario, network)],
        }
        for kind, value in found.items():
            if value:
                told.setdefault(kind, {})[place] = value
    return told
