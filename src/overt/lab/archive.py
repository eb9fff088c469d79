"""Writes a scenario as an OONI-format archive with its truth beside it, the same for every run."""

import gzip
import json
import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - the lab is the one place that draws lots, from a seed

from overt.lab.documents import Json, Moment, document
from overt.lab.scenario import Scenario, SimulatedNetwork


def simulate(scenario: Scenario) -> Iterator[Json]:
    """Yield the scenario's measurements in order of time; equal scenarios give equal documents."""
    moments = [m for network in scenario.networks for m in _moments(scenario, network)]
    rng = Random(f"{scenario.seed}:documents")
    for moment in sorted(moments, key=lambda m: (m.at, m.network.asn, m.unit)):
        yield document(scenario, moment, rng)


def _moments(scenario: Scenario, network: SimulatedNetwork) -> Iterator[Moment]:
    """Yield when the people of one network measure: fewer by night, and not all at once.

    Each network draws from its own lots, so that a change to one leaves the others as they were.
    """
    rng = Random(f"{scenario.seed}:{network.cc}:{network.asn}")
    at = scenario.start
    while True:
        at += timedelta(hours=rng.expovariate(2 * network.reports_per_hour))
        if at >= scenario.end:
            return
        waking = 0.5 * (1 + 0.8 * math.sin(2 * math.pi * (at.hour - 6) / 24))
        if rng.random() >= waking:
            continue
        moment = at.replace(microsecond=rng.randrange(1_000_000))
        active = [i.mechanism for i in scenario.interferences if i.is_on(network.asn, moment)]
        mechanism = active[0] if active else None
        if mechanism is None and rng.random() < scenario.failing_share:
            mechanism = rng.choice(("tcp.timeout", "tls.reset", "http.timeout"))
        yield Moment(network, rng.randrange(network.units), moment, mechanism)


def write_archive(scenario: Scenario, folder: Path) -> tuple[Path, Path, int]:
    """Write `<name>.jsonl.gz` and `<name>.truth.json`; return both paths and the number of lines.

    The bytes are the same on every machine and at every time: the gzip header carries no clock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{scenario.name}.jsonl.gz"
    n_lines = 0
    with archive.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        for body in simulate(scenario):
            packed.write(json.dumps(body, separators=(",", ":"), sort_keys=True).encode() + b"\n")
            n_lines += 1
    truth = folder / f"{scenario.name}.truth.json"
    truth.write_text(json.dumps(scenario.truth(), indent=2) + "\n", "utf-8")
    return archive, truth, n_lines
