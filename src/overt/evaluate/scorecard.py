"""Runs every part of an evaluation and puts the figures beside the bars they have to reach."""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import overt
from overt.evaluate import dates, delay, forged, history, national, quiet, silence, speed
from overt.evaluate.plan import Plan


LEAST_CELLS_PER_SECOND, MOST_MIB = 5e6, 1024.0
LEAST_COVERAGE, MOST_ALERTS_PER_EVENT = 0.95, 1.1
LONGEST_NATIONAL_H = {6: 30.0, 3: 132.0}  # at 0.3 reports an hour, by networks blocked of six
NATIONAL_RATE, LEAST_DELAY_RATE = 0.3, 3.0
LONGEST_SILENCE_H, LEAST_SILENCE_RATE = 24.0, 2.0

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Scores:
    """What an evaluation found. The same plan gives the same scores, part by part."""

    version: str
    plan: Plan
    quiet: quiet.Summary
    forged: tuple[forged.Forgers, ...]
    delay: tuple[delay.Rate, ...]
    national: tuple[national.Country, ...]
    dates: dates.Summary
    silence: silence.Summary
    histories: tuple[history.Scored, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """What depends on the machine: the recursion's speed and how long each part took, seconds."""

    speed: speed.Speed
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Scores, and timings apart from them."""

    scores: Scores
    timings: Timings

    @property
    def bars(self) -> list["Bar"]:
        """Whether each bar is reached."""
        return bars_of(self.scores) + bars_of_speed(self.timings.speed)


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that has to hold, and the figures that say whether it does."""

    what: str
    found: str
    wanted: str
    reached: bool


def evaluate(
    plan: Plan,
    folder: Path | None,
    workspace: Path | None,
    processes: int,
    progress: Progress,
) -> Scorecard:
    """Run a plan and score it.

    Raises:
        UsageError: when a package of the extra `evaluate` is missing.
        InputError: a history's file is not what its publisher promised.
    """
    took: dict[str, float] = {}
    found: dict[str, Any] = {}
    progress("speed", 0, 1)
    measured = speed.measure(plan)
    progress("speed", 1, 1)
    parts = {
        "quiet": quiet,
        "forged": forged,
        "delay": delay,
        "national": national,
        "dates": dates,
        "silence": silence,
    }
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for name, part in parts.items():
            began = time.perf_counter()
            tasks = part.tasks(plan)
            rows = pool.map(part.one, tasks, chunksize=1 if name == "quiet" else 4)
            found[name] = part.summary(list(_told(rows, name, len(tasks), progress)))
            took[name] = time.perf_counter() - began
    began = time.perf_counter()
    progress("histories", 0, 1)
    histories = history.score_all(folder, workspace)
    progress("histories", 1, 1)
    took["histories"] = time.perf_counter() - began
    scores = Scores(overt.__version__, plan, **found, histories=histories)
    return Scorecard(scores, Timings(measured, took))


def _told(rows: Iterable[Any], name: str, total: int, progress: Progress) -> Iterable[Any]:
    for done, row in enumerate(rows):
        progress(name, done + 1, total)
        yield row


def bars_of(scores: Scores) -> list[Bar]:
    """Return the bars that simulation decides."""
    years, dated = scores.quiet, scores.dates
    limit = f"upper 95 % limit {years.ours.upper:.4f} over {years.ours.years:,}"
    interval = f"95 % interval {dated.onset.low:.3f} to {dated.onset.high:.3f}"
    alarms = "false alarms a quiet series-year, at most the bound printed"
    return [
        _bar(alarms, years.ours.per_year, years.bound, limit),
        *_forged_bars(scores.forged),
        *(
            _bar(
                f"median delay at {rate.reports_per_hour:g}/h, at most the median-CUSUM's (h)",
                rate.of(delay.OURS).median_h,
                rate.of("median-CUSUM").median_h,
            )
            for rate in scores.delay
            if rate.reports_per_hour >= LEAST_DELAY_RATE
        ),
        *(
            _bar(
                f"median delay of the incident, {c.n_blocked} of 6 networks at 0.3/h (h)",
                c.of(delay.OURS).median_h,
                LONGEST_NATIONAL_H[c.n_blocked],
            )
            for c in scores.national
            if c.reports_per_hour == NATIONAL_RATE
        ),
        _bar(
            "onset sets that hold the truth",
            dated.onset.share,
            LEAST_COVERAGE,
            interval,
            least=True,
        ),
        _bar("incidents per event found", dated.alerts_per_event, MOST_ALERTS_PER_EVENT),
        *_silence_bars(scores.silence),
    ]


def _silence_bars(found: silence.Summary) -> list[Bar]:
    """Return whether dark networks are told within a day where reports are dense, and end nothing.

    The bar on the day is on nine of ten networks.
    """
    ended = sum(d.ended.hits for d in found.rates)
    n = sum(d.ended.n for d in found.rates)
    return [
        *(
            _bar(
                f"hours until a dark network at {d.reports_per_hour:g}/h is told, 90 %",
                d.p90_h,
                LONGEST_SILENCE_H,
            )
            for d in found.rates
            if d.reports_per_hour >= LEAST_SILENCE_RATE
        ),
        _bar("incidents called ended while a network is dark", ended, 0.0, f"of {n}"),
    ]


def _forged_bars(found: Sequence[forged.Forgers]) -> list[Bar]:
    """Return for each rate whether m forgers leave the alarms as they are without any."""
    honest = {f.reports_per_hour: f.alarmed[delay.OURS].hits for f in found if not f.identities}
    return [
        _bar(
            f"alarms with {forged.M} forger at {f.reports_per_hour:g}/h, as without",
            float(f.alarmed[delay.OURS].hits),
            float(honest[f.reports_per_hour]),
            f"of {f.alarmed[delay.OURS].n} histories",
        )
        for f in found
        if f.identities == forged.M
    ]


def bars_of_speed(measured: speed.Speed) -> list[Bar]:
    """Return the bars that the machine has a part in."""
    rate, held = measured.cell_hours_per_second, measured.peak_mib
    run = f"{measured.n_series:,} series x {measured.n_hours:,} h"
    return [
        _bar("cell-hours a second on one core", rate, LEAST_CELLS_PER_SECOND, run, least=True),
        _bar("peak memory of that run (MiB)", held, MOST_MIB, run),
    ]


def _bar(
    what: str, found: float | None, wanted: float | None, beside: str = "", *, least: bool = False
) -> Bar:
    """Return a bar; what was not found does not reach it, and what others never find is no bar."""
    if found is None:
        reached = wanted is None
    else:
        reached = wanted is None or (found >= wanted if least else found <= wanted)
    told, sign = _figure(found), "≥" if least else "≤"
    return Bar(what, f"{told} ({beside})" if beside else told, f"{sign} {_figure(wanted)}", reached)


def _figure(value: float | None) -> str:
    if value is None:
        return "never"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"  # noqa: PLR2004 - for reading
