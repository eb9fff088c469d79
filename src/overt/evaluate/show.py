"""The scorecard on a terminal, part by part, bars first."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from overt.evaluate import dates, delay, forged, national, quiet, silence
from overt.evaluate.history import Scored
from overt.evaluate.limits import Share
from overt.evaluate.scorecard import Bar, Scorecard


def show(card: Scorecard, console: Console) -> None:
    """Print a scorecard. Everything but the histories is simulated."""
    scores = card.scores
    console.print(f"overt {scores.version}, {scores.plan.name} run, seed {scores.plan.seed}")
    _bars(card.bars, console)
    _quiet(scores.quiet, console)
    _forged(scores.forged, console)
    _delay(scores.delay, console)
    _national(scores.national, console)
    _dates(scores.dates, console)
    _silence(scores.silence, console)
    _histories(scores.histories, console)
    seconds = ", ".join(f"{name} {took:.0f} s" for name, took in card.timings.seconds.items())
    console.print(f"\ntook: {seconds}", markup=False)


def _table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], console: Console
) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print()
    console.print(Text(title, style="bold"))
    console.print(table)


def _bars(bars: Sequence[Bar], console: Console) -> None:
    rows = [("yes" if b.reached else "NO", b.what, b.found, b.wanted) for b in bars]
    _table("Bars", ("reached", "what", "found", "wanted"), rows, console)


def _quiet(found: quiet.Summary, console: Console) -> None:
    listed = [
        (delay.OURS, found.ours, f"{found.bound:g}"),
        *((f"  {world} world", rate, f"{found.bound:g}") for world, rate in found.by_world.items()),
        ("  incidents (a country-year)", found.incidents, f"{found.incidents_bound:.3g}"),
        *((name, rate, "none printed") for name, rate in found.others.items()),
    ]
    rows = [
        (name, f"{r.years:,}", f"{r.alarms:,}", f"{r.per_year:.4f}", f"{r.upper:.4f}", bound)
        for name, r, bound in listed
    ]
    headings = ("method", "series-years", "alarms", "a year", "upper 95 % limit", "bound")
    _table("False alarms in quiet years (simulated)", headings, rows, console)


def _forged(found: Sequence[forged.Forgers], console: Console) -> None:
    rows = [
        (f"{f.reports_per_hour:g}", str(f.identities), *(_percent(f.alarmed[m]) for m in f.alarmed))
        for f in found
    ]
    headings = ("honest reports/h", "forged identities", *forged.METHODS)
    title = f"Histories with an alarm under forgery (simulated); m = {forged.M}"
    _table(title, headings, rows, console)


def _delay(found: Sequence[delay.Rate], console: Console) -> None:
    rows = [
        (f"{rate.reports_per_hour:g}", *(_delayed(rate.of(name)) for name in delay.METHODS))
        for rate in found
    ]
    title = "Delay on one network: median (90 %) hours; failing votes; undetected in 14 days"
    _table(title, ("reports/h", *delay.METHODS), rows, console)


def _delayed(method: delay.Method) -> str:
    missed = method.undetected.share or 0.0
    failing = "" if method.failing is None else f"; {method.failing:g}"
    return f"{_hours(method.median_h)} ({_hours(method.p90_h)}){failing}; {100 * missed:.0f} %"


def _national(found: Sequence[national.Country], console: Console) -> None:
    rows = [
        (
            f"{c.reports_per_hour:g}",
            f"{c.n_blocked} of {national.N_NETWORKS}",
            *(_delayed(c.of(name)) for name in national.METHODS),
        )
        for c in found
    ]
    title = "Delay of a country's incident: median (90 %) hours; undetected in 14 days"
    _table(title, ("reports/h each", "blocked", *national.METHODS), rows, console)


def _dates(found: dates.Summary, console: Console) -> None:
    listed = [*found.bands, *found.traits]
    rows = [
        (b.band, _of(b.found), f"{b.alerts_per_event:.2f}", _of(b.onset), _hours(b.width_h))
        for b in listed
    ]
    headings = ("events", "found", "incidents per event", "onset set holds truth", "width (h)")
    _table(f"{found.n:,} events with gaps and late data (simulated)", headings, rows, console)
    whole = [
        ("onset set of the incident", _of(found.onset), _hours(found.width_h)),
        ("onset sets of single networks", _of(found.own_onset), _hours(found.own_width_h)),
        ("ending set of the incident", _of(found.ending), _hours(found.ending_width_h)),
    ]
    _table("Dates over all events", ("set", "holds truth", "median width (h)"), whole, console)
    error = found.ending_error_mean_h
    console.print(
        f"endings called {_of(found.ending_called)};"
        f" mean ending error {'none' if error is None else f'{error:.1f} h'};"
        f" incidents about nothing: {found.n_elsewhere}",
        markup=False,
    )


def _silence(found: silence.Summary, console: Console) -> None:
    rows = [
        (
            f"{d.reports_per_hour:g}",
            f"{_hours(d.median_h)} ({_hours(d.p90_h)})",
            _of(d.told),
            _of(d.within_a_day),
            _of(d.ended),
        )
        for d in found.rates
    ]
    title = "A network goes dark in a block (simulated): median (90 %) hours until it is told"
    headings = ("reports/h", "overt", "told in 6 days", "within a day", "called ended")
    _table(title, headings, rows, console)
    quiet_years = found.quiet
    console.print(
        f"silences told in {quiet_years.years:,} quiet series-years, half of them with silences of"
        f" half a day: {quiet_years.alarms:,} (upper 95 % limit {quiet_years.upper:.4f} a year)",
        markup=False,
    )


def _histories(found: Sequence[Scored], console: Console) -> None:
    for scored in found:
        if scored.skipped:
            console.print(f"\n{scored.name}: skipped, {scored.skipped}", markup=False)
            continue
        rows = [
            (
                told.method,
                _hours(told.delay_h),
                f"{told.n_alerts} ({told.n_before} before)",
                _held(told.onset, told.onset_holds),
                _held(told.ending, told.ending_holds),
            )
            for told in scored.methods
        ]
        title = (
            f"{scored.name}: {scored.n_votes:,} votes in {scored.n_series} series. {scored.source}"
        )
        headings = ("method", "alarm after (h)", "alerts", "onset", "ending")
        _table(title, headings, rows, console)


def _held(told: str | None, holds: bool | None) -> str:  # noqa: FBT001 - a fact, not a flag
    word = {True: "agrees", False: "does not agree", None: "nothing known"}[holds]
    return ("none" if told is None else told) + ("" if holds is None else f" ({word})")


def _percent(share: Share) -> str:
    return "none" if share.share is None else f"{100 * share.share:.0f} %"


def _of(share: Share) -> str:
    if share.share is None:
        return "none"
    interval = f"{100 * share.low:.1f} to {100 * share.high:.1f}"
    return f"{100 * share.share:.1f} % of {share.n:,} ({interval})"


def _hours(value: float | None) -> str:
    return "never" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.2g}"  # noqa: PLR2004
