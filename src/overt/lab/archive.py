"""Writes a scenario as an OONI-format archive with its truth beside it, the same for every run."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random  # noqa: TID251 - the lab is the one place that draws lots, from a seed
from typing import Any

from overt.lab.documents import Json, Moment, document
from overt.lab.draws import drawn_truth, lots
from overt.lab.reporters import Fates, forged_moments, steady_reports, visiting_reports
from overt.lab.world import Scenario


def simulate(scenario: Scenario) -> Iterator[Json]:
    """Yield the scenario's measurements in order of arrival; equal scenarios, equal documents."""
    for moment in sorted(
        moments(scenario), key=lambda m: (m.arrived or m.at, m.network.asn, m.unit)
    ):
        yield document(scenario, moment)


def moments(scenario: Scenario) -> Iterator[Moment]:
    """Yield who measures when and what befalls them, in no order.

    The identifiers of steady reports are dealt over all networks in order of time, to those as well
    that get lost, so that they stay when anything but the steady reports changes.
    """
    fates = {network: Fates(scenario, network) for network in scenario.networks}
    steady = [(network, r) for network in fates for r in steady_reports(scenario, network)]
    rng = Random(f"{scenario.seed}:documents")
    for network, report in sorted(steady, key=lambda s: (s[1].at, s[0].asn, s[1].unit)):
        if moment := fates[network].moment(report, rng.getrandbits(64)):
            yield moment
    for network, fate in fates.items():
        for report in visiting_reports(scenario, network):
            lot = lots(scenario, network, report.name, "lot").getrandbits(64)
            if moment := fate.moment(report, lot):
                yield moment
        yield from forged_moments(scenario, network)


def full_truth(scenario: Scenario) -> dict[str, Any]:
    """Return what was done, and under `drawn` what the lots made of it: visits, forged units, …."""
    drawn = drawn_truth(scenario)
    return scenario.truth() | ({"drawn": drawn} if drawn else {})


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
    truth.write_text(json.dumps(full_truth(scenario), indent=2) + "\n", "utf-8")
    return archive, truth, n_lines
