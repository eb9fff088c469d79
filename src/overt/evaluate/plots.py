"""The figures of a scorecard as SVG files, the same bytes for the same scores."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from overt.errors import UsageError
from overt.evaluate import dates, delay, forged, national
from overt.evaluate.scorecard import Scores


_SIZE = (6.4, 3.6)  # inches
_COLOURS = {
    "overt": "#0b5fa5",
    "incident": "#5aa0d6",
    "median-CUSUM": "#d1600a",
    "PELT": "#7a7a7a",
    "fixed threshold": "#2e8b57",
}


def write(scores: Scores, folder: Path) -> list[Path]:
    """Write every plot and return where.

    Raises:
        UsageError: when matplotlib is not installed.
    """
    plots = _pyplot()
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    drawn: tuple[tuple[str, Callable[[Any, Scores], None]], ...] = (
        ("delay", _delay),
        ("national", _national),
        ("forged", _forged),
        ("dates", _dates),
    )
    with plots.rc_context({"svg.hashsalt": "overt", "svg.fonttype": "none", "font.size": 9}):
        for name, draw in drawn:
            figure, axes = plots.subplots(figsize=_SIZE, layout="constrained")
            draw(axes, scores)
            axes.spines[["top", "right"]].set_visible(False)
            path = folder / f"evaluate-{name}.svg"
            figure.savefig(path, metadata={"Date": None, "Creator": None})
            plots.close(figure)
            made.append(path)
    return made


def _pyplot() -> Any:  # noqa: ANN401 - an optional package
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra; asked for when it is needed
        from matplotlib import pyplot as plt  # noqa: PLC0415
    except ImportError as missing:
        raise UsageError(
            "plots need the package matplotlib, which is not installed",
            remedy="install overt with its extra: pip install 'overt[evaluate]'",
        ) from missing
    mpl.use("svg")
    return plt


def _delay(axes: Any, scores: Scores) -> None:  # noqa: ANN401
    for name in delay.METHODS:
        told = [(r.reports_per_hour, r.of(name).median_h, r.of(name).p90_h) for r in scores.delay]
        rates = [rate for rate, median, _ in told if median is not None]
        medians = [median for _, median, _ in told if median is not None]
        axes.plot(rates, medians, marker="o", color=_COLOURS[name], label=name)
        if name == delay.OURS:
            axes.fill_between(
                rates,
                medians,
                [p90 or delay.BLOCKED_D * 24 for _, median, p90 in told if median is not None],
                color=_COLOURS[name],
                alpha=0.15,
                label=f"{name}, up to the 90th percentile",
            )
    axes.set(xscale="log", yscale="log", xlabel="reports an hour on one network")
    axes.set(ylabel="hours to the alarm, median", title="Delay on one network (simulated)")
    axes.legend(frameon=False)


def _national(axes: Any, scores: Scores) -> None:  # noqa: ANN401
    for name in national.METHODS:
        for n_blocked, line in zip(national.BLOCKED, ("-", "--"), strict=True):
            some = [c for c in scores.national if c.n_blocked == n_blocked]
            rates = [c.reports_per_hour for c in some if c.of(name).median_h is not None]
            medians = [c.of(name).median_h for c in some if c.of(name).median_h is not None]
            label = f"{name}, {n_blocked} of {national.N_NETWORKS} blocked"
            axes.plot(rates, medians, line, marker="o", color=_COLOURS[name], label=label)
    axes.set(xscale="log", yscale="log", xlabel="reports an hour on each of six networks")
    axes.set(ylabel="hours to the alarm, median", title="Delay of a country's incident (simulated)")
    axes.legend(frameon=False)


def _forged(axes: Any, scores: Scores) -> None:  # noqa: ANN401
    width = 0.8 / len(forged.METHODS)
    for place, name in enumerate(forged.METHODS):
        heights, lows, highs = [], [], []
        for identities in forged.IDENTITIES:
            some = [f.alarmed[name] for f in scores.forged if f.identities == identities]
            share = sum(s.hits for s in some) / max(sum(s.n for s in some), 1)
            heights.append(100 * share)
            lows.append(100 * (share - min((s.share or 0.0 for s in some), default=share)))
            highs.append(100 * (max((s.share or 0.0 for s in some), default=share) - share))
        at = [k + (place - (len(forged.METHODS) - 1) / 2) * width for k in forged.IDENTITIES]
        error = {"ecolor": "#444444", "linewidth": 0.8}
        axes.bar(
            at,
            heights,
            width,
            yerr=[lows, highs],
            error_kw=error,
            color=_COLOURS[name],
            label=name,
        )
    axes.set_xticks(forged.IDENTITIES)
    axes.set(xlabel=f"forged identities (m = {forged.M})", ylabel="histories with an alarm, %")
    axes.set(title="A quiet network with forgers (simulated; bars: range over rates)")
    axes.legend(frameon=False, fontsize=7)


def _dates(axes: Any, scores: Scores) -> None:  # noqa: ANN401
    found: dates.Summary = scores.dates
    bands = [*found.bands, *found.traits]
    for place, band in enumerate(bands):
        if band.onset.share is None:
            continue
        low, high = 100 * band.onset.low, 100 * band.onset.high
        axes.plot([low, high], [place, place], color=_COLOURS["overt"])
        axes.plot([100 * band.onset.share], [place], "o", color=_COLOURS["overt"])
    axes.axvline(95, color="#444444", linewidth=0.8, linestyle="--")
    axes.set_yticks(range(len(bands)), [f"{b.band} ({b.onset.n})" for b in bands])
    axes.invert_yaxis()
    axes.set(xlabel="onset sets that hold the truth, % (line: 95 % interval)")
    axes.set(title="Onset-set coverage by kind of event (simulated)")
