"""Runs the floors in order; the only room that knows the whole order.

Files become observations once, by content. Verdicts, cells and votes are derived by calendar month
(by day where a month is large), and only where their inputs changed; changes and incidents are
derived from all votes, and every incident that is new, changed or gone is entered in the history.
A run over the same input with the same versions writes nothing.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import overt
from overt import cells
from overt.changes.admission import SetApart, admit
from overt.changes.registry import detect_all, presence_of
from overt.engine.base import from_json, schema_of, table_of, to_json
from overt.engine.duck import Duck
from overt.engine.workspace import Part, Workspace, fingerprint
from overt.errors import UsageError
from overt.incidents.case import cases_of
from overt.incidents.collapses import collapses_of
from overt.incidents.gather import gather
from overt.incidents.succession import inherited, succeed
from overt.incidents.witnesses import Verdicts
from overt.observations.intake import Progress, RunReport, find_inputs, no_progress, take_in
from overt.reference.platforms import PlatformList, load_platforms
from overt.settings import Settings
from overt.verdicts.judge import REACH_BACK, judge
from overt.verdicts.rulebook import Rulebook, bundled
from overt.vocabulary.facts import Observation
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.judgements import Change, Collapse, Incident, Verdict, Versions, Vote
from overt.vocabulary.records import Conclusion, RecordVersion


_REPORTERS = """
SELECT cc, asn, hour, unit, max(as_name) AS as_name FROM verdict GROUP BY ALL
ORDER BY cc, asn, hour, unit
"""
DAY_BY_DAY_ABOVE = 150_000  # observations in a month; above it a day at a time keeps memory bounded


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of whole UTC days that is judged at once, and its name in the catalog."""

    name: str
    first: date
    last: date


def versions_of(book: Rulebook, platforms: PlatformList) -> Versions:
    """Return what names the program, rules and lists a conclusion was drawn with."""
    return Versions(code=overt.__version__, rulebook=book.version, reference=platforms.version)


def run(
    paths: Sequence[Path], settings: Settings, now: datetime, progress: Progress = no_progress
) -> RunReport:
    """Bring a workspace up to date with these files and folders.

    Raises:
        UsageError: a path that does not exist, or nothing to read.
        WorkspaceError: the workspace cannot be written, or another run is writing.
    """
    files, others = find_inputs(paths)
    workspace = Workspace(settings.workspace, create=True)
    report = RunReport(skipped=[str(p) for p in others])
    try:
        with workspace.writing():
            take_in(files, workspace, now, report, progress)
            derive(workspace, settings, now, report, progress)
    finally:
        workspace.close()
    return report


# -- verdicts, cells, votes ------------------------------------------------------------------------


def derive(
    workspace: Workspace,
    settings: Settings,
    now: datetime,
    report: RunReport,
    progress: Progress = no_progress,
) -> None:
    """Bring verdicts, cells, votes, changes and incidents up to date with the observations.

    `now` is what the history says of when the conclusions were recorded; nothing is derived from
    it.
    """
    book, platforms = bundled(), load_platforms()
    versions = versions_of(book, platforms)
    observed = workspace.parts("observation")
    known = {part.partition: part for part in workspace.parts("verdict")}
    spans = list(_spans(workspace, settings, observed))
    for done, span in enumerate(spans):
        progress("judging", done, len(spans))
        near = _overlapping(observed, span)
        made_from = fingerprint(versions, [p.name for p in near], span.name)
        if span.name in known and known[span.name].fingerprint == made_from:
            continue
        added = _judge_span(workspace, settings, span, near, made_from, book, platforms)
        stale = [
            p
            for tier in ("verdict", "cell", "vote")
            for p in workspace.parts(tier)
            if p.partition == span.name
        ]
        workspace.replace_parts(stale, added)
        report.n_partitions_judged += 1
    progress("judging", len(spans), len(spans))
    gone = {span.name for span in spans}
    stale = [
        p
        for tier in ("verdict", "cell", "vote")
        for p in workspace.parts(tier)
        if p.partition not in gone
    ]
    if stale:
        workspace.replace_parts(stale, [])
    _conclude(workspace, settings, platforms, versions, now, report, progress)


def _spans(workspace: Workspace, settings: Settings, parts: Sequence[Part]) -> Iterator[Span]:
    """Yield the months that have observations, or their days where a month is large."""
    if not parts:
        return
    with Duck(settings) as duck:
        duck.parts("observation", [workspace.path_of(p) for p in parts], schema_of(Observation))
        rows = duck.query(
            "SELECT date_trunc('day', measurement_start_time)::DATE AS day, count(*) AS n"
            " FROM observation GROUP BY 1 ORDER BY 1"
        ).to_pylist()
    months: dict[tuple[int, int], list[tuple[date, int]]] = {}
    for row in rows:
        months.setdefault((row["day"].year, row["day"].month), []).append((row["day"], row["n"]))
    for (year, month), days in months.items():
        if sum(n for _, n in days) > DAY_BY_DAY_ABOVE:
            for day, _ in days:
                yield Span(day.isoformat(), day, day)
        else:
            last = calendar.monthrange(year, month)[1]
            yield Span(f"{year:04}-{month:02}", date(year, month, 1), date(year, month, last))


def _overlapping(parts: Sequence[Part], span: Span) -> list[Part]:
    """Return the parts that can hold a row of the span or of the hours around it."""
    low = datetime(span.first.year, span.first.month, span.first.day) - REACH_BACK  # noqa: DTZ001
    high = (
        datetime(span.last.year, span.last.month, span.last.day)  # noqa: DTZ001
        + timedelta(days=1)
        + REACH_BACK
    )
    return [
        p
        for p in parts
        if p.first_hour is not None
        and p.last_hour is not None
        and p.first_hour < high.isoformat()
        and p.last_hour >= low.isoformat()
    ]


def _judge_span(
    workspace: Workspace,
    settings: Settings,
    span: Span,
    near: Sequence[Part],
    made_from: str,
    book: Rulebook,
    platforms: PlatformList,
) -> list[Part]:
    with Duck(settings) as duck:
        duck.parts("observation", [workspace.path_of(p) for p in near], schema_of(Observation))
        verdicts = judge(duck, span.first, span.last, book, platforms)
        duck.table("verdict", verdicts)
        tables = {"verdict": verdicts, "cell": cells.tally(duck), "vote": cells.votes(duck)}
    return [
        workspace.write_part(tier, span.name, made_from, table, "hour")
        for tier, table in tables.items()
    ]


# -- changes and incidents -------------------------------------------------------------------------


def _conclude(
    workspace: Workspace,
    settings: Settings,
    platforms: PlatformList,
    versions: Versions,
    now: datetime,
    report: RunReport,
    progress: Progress,
) -> None:
    """Derive changes and incidents when the votes changed, and enter what is new of them."""
    progress("detecting", 0, 1)
    votes = workspace.parts("vote")
    made_from = fingerprint(versions, [(p.name, p.fingerprint) for p in votes])
    stored = workspace.document("incidents")
    if stored is not None and stored[0] == made_from:
        if workspace.is_behind():
            workspace.caught_up()
        report.n_incidents = len(stored[1])
        progress("detecting", 1, 1)
        return
    changes, collapses, incidents, apart = _detect(workspace, settings, platforms, versions)
    found = to_json(incidents)
    part = workspace.write_part(
        "change", "all", made_from, table_of(Change, map(asdict, changes)), "alerted_at"
    )
    history = _history(workspace, found, versions, made_from, now)
    workspace.store_documents(
        made_from,
        {"incidents": found, "collapses": to_json(collapses)},
        removed=workspace.parts("change"),
        added=[part],
        history=history,
    )
    report.n_incidents = len(incidents)
    report.not_watched = dict(Counter(one.reason for one in apart))
    report.recorded = dict(Counter(str(v.kind) for _, entered in history for v in entered))
    progress("detecting", 1, 1)


def _detect(
    workspace: Workspace, settings: Settings, platforms: PlatformList, versions: Versions
) -> tuple[list[Change], list[Collapse], list[Incident], list[SetApart]]:
    """Return the changes in all votes, the silences among them, and the incidents they make.

    And the votes and series that no detector was given.
    """
    with Duck(settings) as duck:
        relations(workspace, duck, ["vote", "verdict"])
        table = duck.query("SELECT * FROM vote ORDER BY cc, target, asn, hour, unit")
        reporters = duck.query(_REPORTERS).to_pylist()
        presence = presence_of(reporters)
        series, apart = admit(table.to_pylist())
        changes = detect_all(series, presence)
        names = {(r["cc"], r["asn"]): r["as_name"] for r in reporters if r["as_name"]}
        collapses = collapses_of(changes, presence, names)
        combine = {p.id: p.combine for p in platforms.platforms}
        cases = cases_of(table, combine)
        incidents = gather(cases, changes, Verdicts(duck), versions, collapses)
        return changes, collapses, incidents, apart


def _history(
    workspace: Workspace,
    found: Sequence[Mapping[str, Any]],
    versions: Versions,
    made_from: str,
    now: datetime,
) -> list[tuple[Conclusion, list[RecordVersion]]]:
    """Return what to append to the history: a conclusion, and a version of whatever changed.

    What a workspace knew before it had a history is entered first, as inherited.
    """
    heads = workspace.log.heads()
    done = workspace.log.conclusions()
    stored = workspace.document("incidents")
    entries = []
    if not done and stored is not None:
        first = Conclusion(
            seq=1,
            recorded=now,
            versions=from_json(Versions, stored[1][0]["versions"]) if stored[1] else versions,
            made_from=stored[0],
            n_incidents=len(stored[1]),
        )
        heads = inherited(stored[1], first)
        entries.append((first, heads))
    conclusion = Conclusion(
        seq=len(done) + len(entries) + 1,
        recorded=now,
        versions=versions,
        made_from=made_from,
        n_incidents=len(found),
    )
    return [*entries, (conclusion, succeed(heads, found, conclusion))]


def known_at(workspace: Workspace, instant: datetime) -> tuple[Conclusion, list[RecordVersion]]:
    """Return the last conclusion recorded by an instant, and the incidents as recorded then.

    Raises:
        UsageError: when nothing had been concluded here by then.
    """
    conclusion = workspace.log.as_of(instant)
    if conclusion is None:
        done = workspace.log.conclusions()
        raise UsageError(
            f"nothing was on record here at {rfc3339(instant)}",
            where=str(workspace.root),
            remedy=f"name an instant from {rfc3339(done[0].recorded)} on"
            if done
            else "a history begins with the next overt run that brings new measurements",
        )
    heads = [h for h in workspace.log.heads(conclusion.seq) if h.is_open]
    return conclusion, sorted(
        heads,
        key=lambda h: (h.body["cc"], h.body["platform"], h.body["onset"]["earliest"], h.record),
    )


def incidents_in(workspace: Workspace) -> list[Incident]:
    """Return the incidents a workspace holds, by country, platform and onset."""
    stored = workspace.document("incidents")
    return [] if stored is None else from_json(list[Incident], stored[1])


def collapses_in(workspace: Workspace) -> list[Collapse]:
    """Return the coverage collapses a workspace holds, by country, network and time."""
    stored = workspace.document("collapses")
    return [] if stored is None else from_json(list[Collapse], stored[1])


def relations(workspace: Workspace, duck: Duck, tiers: Iterable[str]) -> None:
    """Make tiers of a workspace readable in `duck` under their own names."""
    schemas = {
        "observation": schema_of(Observation),
        "verdict": schema_of(Verdict),
        "cell": schema_of(cells.Cell),
        "vote": schema_of(Vote),
        "change": schema_of(Change),
    }
    for tier in tiers:
        paths = [workspace.path_of(p) for p in workspace.parts(tier)]
        duck.parts(tier, paths, schemas[tier])
