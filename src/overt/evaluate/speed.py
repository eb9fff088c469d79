"""How fast the recursion is: many series in one run, in a process of its own, on one core."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from overt.changes.bets import BATCH, MOST_BETS, first_alarms
from overt.changes.blocking import THRESHOLD
from overt.changes.detector import Floats
from overt.changes.null import MIN_USUAL
from overt.evaluate.plan import Plan
from overt.evaluate.worlds import seeded


FAILING_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Speed:
    """One run of the recursion. A cell-hour is one hour of one series, with up to three bets.

    `seconds` is processor time of the recursion, without drawing the cells; `peak_mib` is the most
    memory the process held, everything included.
    """

    n_series: int
    n_hours: int
    n_alarms: int
    seconds: float
    cell_hours_per_second: float
    peak_mib: float


def measure(plan: Plan) -> Speed:
    """Run the recursion over quiet series in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_run, (plan,))


def _run(plan: Plan) -> Speed:
    clock = _Clock()
    firsts = first_alarms(clock.around(_batches(plan)), THRESHOLD)
    seconds = clock.total()
    cells = plan.speed_series * plan.speed_hours
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Speed(
        n_series=len(firsts),
        n_hours=plan.speed_hours,
        n_alarms=int((firsts >= 0).sum()),
        seconds=seconds,
        cell_hours_per_second=cells / seconds,
        peak_mib=held / (2**20 if sys.platform == "darwin" else 2**10),
    )


def _batches(plan: Plan) -> Iterator[tuple[Floats, Floats]]:
    for start in range(0, plan.speed_series, BATCH):
        n = min(BATCH, plan.speed_series - start)
        rng = seeded(plan.seed, start)
        fails = rng.random((plan.speed_hours, MOST_BETS, n)) < FAILING_SHARE
        yield -np.sort(-fails.astype(np.float64), axis=1), np.full(n, MIN_USUAL)


class _Clock:
    """Processor time spent between the batches, not in making them."""

    def __init__(self) -> None:
        self._spent = 0.0
        self._since = time.process_time()

    def around(self, batches: Iterator[tuple[Floats, Floats]]) -> Iterator[tuple[Floats, Floats]]:
        """Yield the batches with the clock stopped while the next one is made."""
        while True:
            self._spent += time.process_time() - self._since
            batch = next(batches, None)
            self._since = time.process_time()
            if batch is None:
                return
            yield batch

    def total(self) -> float:
        """Return the seconds spent."""
        return self._spent + time.process_time() - self._since
