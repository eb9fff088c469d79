"""Who reports when on a simulated network, what befalls each report, and when it arrives.

The steady reports of a network come from one source of lots, drawn as they always were: a report
that a schedule covers draws no lot for chance. Every other lot of a report has its own source,
named after the report. So a pause, a share below one, a defect, an outage, a forgery, a visit or a
lost upload leaves all other reports as they were; a new interference does not, on its networks.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from overt.lab.documents import Moment
from overt.lab.draws import (
    JITTER_H,
    forged_units,
    lots,
    silences,
    unit_weights,
    usual_share,
    visits,
    weather,
)
from overt.lab.world import Scenario, SimulatedNetwork


_CHANCE = ("tcp.timeout", "tls.reset", "http.timeout")


@dataclass(frozen=True, slots=True)
class Report:
    """One report as a unit makes it, before anything befalls it.

    `name` tells it from every other report of its network. `chance` is the mechanism with which it
    fails by the scenario's `failing_share`; `has_lot` says that this lot was drawn.
    """

    name: str
    unit: int
    at: datetime
    chance: str | None = None
    has_lot: bool = False


def steady_reports(scenario: Scenario, network: SimulatedNetwork) -> Iterator[Report]:
    """Yield when the regular people of a network measure: fewer by night, and not all at once."""
    rng = lots(scenario, network)
    weights = unit_weights(network) if network.unit_skew else None
    at, index = scenario.start, 0
    while True:
        at += timedelta(hours=rng.expovariate(2 * network.reports_per_hour))
        if at >= scenario.end:
            return
        waking = 0.5 * (1 + 0.8 * math.sin(2 * math.pi * (at.hour - 6) / 24))
        if rng.random() >= waking:
            continue
        moment = at.replace(microsecond=rng.randrange(1_000_000))
        covered = any(i.covers(network.asn, moment) for i in scenario.interferences)
        chance = None
        if not covered and rng.random() < scenario.failing_share:
            chance = rng.choice(_CHANCE)
        unit = rng.randrange(network.units)
        if weights:
            picked = lots(scenario, network, "pick", index)
            unit = picked.choices(range(network.units), weights)[0]
        yield Report(f"steady {index}", unit, moment, chance, not covered)
        index += 1


def visiting_reports(scenario: Scenario, network: SimulatedNetwork) -> Iterator[Report]:
    """Yield the reports of the probes that come, measure on a timer, and vanish."""
    for number, visit in enumerate(visits(scenario, network)):
        rng = lots(scenario, network, "visit", number, visit.unit)
        for turn in range(visit.n_reports):
            at = visit.start + timedelta(hours=visit.every_h * turn + rng.random() * JITTER_H)
            if scenario.start <= at < scenario.end:
                yield Report(f"visit {number} {turn}", visit.unit, at)


def forged_moments(scenario: Scenario, network: SimulatedNetwork) -> Iterator[Moment]:
    """Yield the forged measurements that claim to be from a network."""
    for number, forgery in enumerate(scenario.forgeries):
        if forgery.network != network.asn:
            continue
        for unit in forged_units(scenario, network, forgery):
            rng = lots(scenario, network, "forgery", number, unit)
            start, end = max(forgery.start, scenario.start), min(forgery.end, scenario.end)
            for hour in range(math.ceil((end - start) / timedelta(hours=1))):
                for _ in range(forgery.reports_per_hour):
                    at = start + timedelta(hours=hour + rng.random())
                    lot = rng.getrandbits(64)
                    if at < end:
                        yield Moment(network, unit, at, forgery.mechanism, lot)


class Fates:
    """What befalls the reports of one network: its rules, weather and silences at hand."""

    def __init__(self, scenario: Scenario, network: SimulatedNetwork) -> None:
        self._scenario, self._network = scenario, network
        self._rules = [i for i in scenario.interferences if network.asn in i.networks]
        self._weather, self._silences = weather(scenario, network), silences(scenario, network)

    def moment(self, report: Report, lot: int) -> Moment | None:
        """Return the measurement a report becomes, or None when it never arrives."""
        is_blocked = any(
            r.mechanism != "down" and r.is_on(self._network.asn, report.at) for r in self._rules
        )
        if any(a <= report.at < b for a, b in self._silences):
            return None
        missing = self._scenario.uploads.missing(is_blocked=is_blocked)
        if self._hits(report, missing, "missing"):
            return None
        arrived = self._arrival(report, self._scenario.uploads.late(is_blocked=is_blocked))
        mechanism = self._mechanism(report)
        return Moment(self._network, report.unit, report.at, mechanism, lot, arrived)

    def _mechanism(self, report: Report) -> str | None:
        """Return what makes a report fail: interference, then its software, then chance."""
        for number, rule in enumerate(self._rules):
            if rule.is_on(self._network.asn, report.at) and self._hits(
                report, rule.share, "rule", number
            ):
                return rule.mechanism
        version = self._scenario.version_of(report.unit)
        for number, defect in enumerate(self._scenario.defects):
            is_on = defect.start <= report.at < (defect.end or self._scenario.end)
            is_on = is_on and defect.version == version
            if is_on and self._hits(report, defect.share, "defect", number):
                return defect.mechanism
        return self._chance(report)

    def _chance(self, report: Report) -> str | None:
        """Return what makes a report fail by chance, given the lot it may have drawn already.

        A lot drawn at the common share is kept: it is thinned for a steadier unit, and a second
        lot is added for a worse unit or bad weather, so that the share comes out right.
        """
        usual, drawn = usual_share(self._scenario, self._network, report.unit), 0.0
        if self._scenario.weather and any(a <= report.at < b for a, b in self._weather):
            usual = max(usual, self._scenario.weather.failing_share)
        if report.has_lot:
            drawn = self._scenario.failing_share
        if report.chance:
            return report.chance if self._hits(report, usual / drawn, "thin") else None
        more = (usual - drawn) / (1 - drawn) if usual > drawn else 0.0
        if not self._hits(report, more, "chance"):
            return None
        return lots(self._scenario, self._network, report.name, "how").choice(_CHANCE)

    def _arrival(self, report: Report, late_share: float) -> datetime | None:
        if not self._hits(report, late_share, "late"):
            return None
        rng = lots(self._scenario, self._network, report.name, "delay")
        arrived = report.at + timedelta(hours=rng.expovariate(1 / self._scenario.uploads.late_h))
        for start, end in sorted(self._silences):
            arrived = end if start <= arrived < end else arrived
        return arrived

    def _hits(self, report: Report, share: float, *purpose: object) -> bool:
        """Draw a lot that a report has for one purpose alone."""
        if share <= 0 or share >= 1:
            return share >= 1
        return lots(self._scenario, self._network, report.name, *purpose).random() < share
