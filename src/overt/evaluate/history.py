"""Real histories whose onset is known: what was found, when, and what other methods make of them.

The data are given by the caller and never shipped. `HISTORIES` says where in the folder they lie
and what is known of them from elsewhere; it is used to score and never to detect.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from overt import pipeline
from overt.changes.detector import Series, hour_number, hour_time
from overt.changes.registry import series_of
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.errors import InputError
from overt.evaluate import baselines, delay
from overt.evaluate.heard import hear
from overt.settings import load_settings
from overt.vocabulary.instants import from_table, to_table
from overt.vocabulary.judgements import Incident


READ_AT = datetime(2026, 1, 1, tzinfo=UTC)  # after every history, so that a run is reproducible
UNNAMED_NETWORK = 64512  # stands for "not published"; a private number (RFC 6996)


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one event. `begun` bounds its first hour; `ended` its end, None: ongoing."""

    name: str
    path: str
    cc: str
    platform: str
    begun: tuple[datetime, datetime]
    ended: tuple[datetime, datetime] | None
    source: str


HISTORIES = (
    History(
        name="Kenya 2023, Telegram",
        path="ooni/kenya-telegram-2023",
        cc="KE",
        platform="telegram",
        begun=(datetime(2023, 11, 8, 7, tzinfo=UTC), datetime(2023, 11, 8, 12, tzinfo=UTC)),
        ended=(datetime(2023, 11, 24, tzinfo=UTC), datetime(2023, 11, 25, tzinfo=UTC)),
        source="OONI incident of 8 to 24 November 2023; first failing measurements 8 November",
    ),
    History(
        name="Brazil 2019, womenonwaves.org",
        path="ooni/series/brazil-womenonwaves-2018-2019.json",
        cc="BR",
        platform="womenonwaves",
        begun=(datetime(2019, 2, 25, tzinfo=UTC), datetime(2019, 3, 11, tzinfo=UTC)),
        ended=None,
        source="weekly share of anomalies: 0 % before ISO week 2019-W09, 65 to 85 % from W10 on",
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one method says of a history; delays in hours after the earliest hour it can have begun.

    `n_alerts` counts what a reader would be told: incidents, or alarms of every series.
    `n_before` of them were raised before the event. Instants are ISO 8601, UTC.
    """

    method: str
    delay_h: int | None
    n_alerts: int
    n_before: int
    onset: str | None
    onset_holds: bool | None
    ending: str | None
    ending_holds: bool | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A history and what each method says of it; `skipped` says why nothing does."""

    name: str
    source: str
    n_series: int
    n_votes: int
    methods: tuple[Told, ...]
    skipped: str | None = None


def score_all(folder: Path | None, workspace: Path | None = None) -> tuple[Scored, ...]:
    """Return every history scored, or why it was not.

    `workspace` is used for Kenya instead of reading its files anew.
    """
    return tuple(score(history, folder, workspace) for history in HISTORIES)


def score(history: History, folder: Path | None, workspace: Path | None = None) -> Scored:
    """Return one history scored.

    Raises:
        InputError: the file of a series is not what its publisher promised.
    """
    reads_workspace = workspace is not None and history.path.endswith("2023")
    if folder is None and not reads_workspace:
        return _skipped(history, "no folder of histories was given (--history)")
    path = Path() if folder is None else folder / history.path
    if not reads_workspace and not path.exists():
        return _skipped(history, f"{history.path} is not in the folder given")
    if path.suffix == ".json":
        population = [_brazil(path, history)]
        incidents = hear(population).incidents
    elif workspace is not None and reads_workspace:
        population, incidents = _of_workspace(workspace, history)
    else:
        with TemporaryDirectory(prefix="overt-evaluate-") as temporary:
            pipeline.run([path], load_settings(Path(temporary)), READ_AT)
            population, incidents = _of_workspace(Path(temporary), history)
    others = [_others(name, population, history) for name in baselines.METHODS]
    return Scored(
        name=history.name,
        source=history.source,
        n_series=len(population),
        n_votes=sum(len(s.hour) for s in population),
        methods=(_ours(incidents, history), *others),
    )


def _skipped(history: History, why: str) -> Scored:
    return Scored(history.name, history.source, 0, 0, (), why)


def _of_workspace(folder: Path, history: History) -> tuple[list[Series], list[Incident]]:
    settings = load_settings(folder)
    workspace = Workspace(settings.workspace)
    try:
        with Duck(settings) as duck:
            pipeline.relations(workspace, duck, ["vote"])
            rows = duck.query(
                "SELECT * FROM vote WHERE cc = ? AND platform = ?", [history.cc, history.platform]
            ).to_pylist()
        incidents = pipeline.incidents_in(workspace)
    finally:
        workspace.close()
    return series_of(rows), [
        i for i in incidents if (i.cc, i.platform) == (history.cc, history.platform)
    ]


def _brazil(path: Path, history: History) -> Series:
    """Return a published series of scored measurements as votes.

    It names no reporter and no network: each measurement is taken as a unit of its own, so that
    nothing can be said of forgery here. Only `anomaly: true` is a failure.
    """
    try:
        rows = json.loads(path.read_bytes())
        votes = [
            (
                hour_number(datetime.fromisoformat(row["measurement_start_time"])),
                f"measurement-{number:04}",
                float(row["anomaly"] is True),
            )
            for number, row in enumerate(rows)
        ]
    except (ValueError, KeyError, TypeError) as problem:
        raise InputError(
            f"a list of objects with measurement_start_time and anomaly was expected: {problem}",
            where=str(path),
            remedy="give the folder the file was published in, unchanged",
        ) from problem
    return Series.of(
        (history.cc, history.platform, f"{history.platform}/web", UNNAMED_NETWORK), votes
    )


def _ours(incidents: Sequence[Incident], history: History) -> Told:
    """Return what our incidents say: the first that is under way once the event can have begun."""
    earliest, latest = history.begun
    event = next((i for i in incidents if i.last_failing > earliest), None)
    before = [
        i for i in incidents if i.onset.alerted_at is not None and i.onset.alerted_at <= earliest
    ]
    if event is None:
        return Told(delay.OURS, None, len(incidents), len(before), *[None] * 4)
    onset, ending = event.onset, event.ending
    holds = onset.earliest < latest and onset.latest > earliest
    alerted = event.onset.alerted_at
    return Told(
        method=delay.OURS,
        delay_h=None if alerted is None else round((alerted - earliest).total_seconds() / 3600),
        n_alerts=len(incidents),
        n_before=len(before),
        onset=f"{onset.earliest:%Y-%m-%dT%H:%MZ}/{onset.latest:%Y-%m-%dT%H:%MZ}",
        onset_holds=holds,
        ending=None
        if ending is None
        else f"{ending.earliest:%Y-%m-%dT%H:%MZ}/{ending.latest:%Y-%m-%dT%H:%MZ}",
        ending_holds=_ending_holds(
            history, None if ending is None else (ending.earliest, ending.latest)
        ),
    )


def _ending_holds(history: History, told: tuple[datetime, datetime] | None) -> bool | None:
    """Say whether an ending agrees with what is known; None where none is known and none told."""
    if history.ended is None:
        return None if told is None else False
    return told is not None and told[0] < history.ended[1] and told[1] > history.ended[0]


def _others(name: str, population: Sequence[Series], history: History) -> Told:
    """Return what a method says over all series; the event is its first alarm from then on."""
    first = hour_number(to_table(history.begun[0]))
    latest = hour_number(to_table(history.begun[1]))
    alarms = sorted(
        (a for series in population for a in baselines.alarms(series)[name]),
        key=lambda a: (a.hour, a.onset),
    )
    event = baselines.first_from(alarms, first)
    before = sum(a.hour < first for a in alarms)
    if event is None:
        return Told(name, None, len(alarms), before, *[None] * 4)
    of_event = [a for a in alarms if a.hour >= first]
    over = None
    if all(a.over is not None for a in of_event):
        over = max(a.over for a in of_event if a.over is not None)
    told = None if over is None else (_instant(over), _instant(over + 1))
    return Told(
        method=name,
        delay_h=event.hour + 1 - first,
        n_alerts=len(alarms),
        n_before=before,
        onset=f"{_instant(event.onset):%Y-%m-%dT%H:%MZ}",
        onset_holds=first <= event.onset < latest,
        ending=None if over is None else f"{_instant(over):%Y-%m-%dT%H:%MZ}",
        ending_holds=_ending_holds(history, told),
    )


def _instant(hour: int) -> datetime:
    return from_table(hour_time(hour))
