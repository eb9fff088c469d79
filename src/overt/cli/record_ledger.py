"""The commands of the ledger: check the record, add to its log, and resolve a due date."""

from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

import typer
from rich.text import Text

from overt.cli.shared import JsonOption, out, print_json, words
from overt.engine.base import to_json
from overt.errors import UsageError
from overt.publish.terminal import safe
from overt.record.chain import check_earlier
from overt.record.deadlines import WEEKDAYS, Calendar, day_ends, resolve
from overt.record.earlier import earlier
from overt.record.ledger import Checked, check, seal_all, unsound
from overt.record.problems import Problem, instead, shown
from overt.vocabulary.instants import now, parse_rfc3339, rfc3339
from overt.vocabulary.stated import When


DEFAULT_FOLDER = Path("overt-record")
FolderArgument = Annotated[
    Path, typer.Argument(metavar="[FOLDER]", help="The record's folder [default: overt-record].")
]
AsOption = Annotated[str, typer.Option("--as", metavar="NAME", help="Who you are to the record.")]


def check_record(
    folder: FolderArgument = DEFAULT_FOLDER,
    against: Annotated[
        str | None,
        typer.Option(metavar="REV|FOLDER", help="Also compare with an earlier state: git or copy."),
    ] = None,
    head: Annotated[
        str | None, typer.Option(help="A hash noted earlier: the log must still hold it.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Check a record: every problem with its file, line, field, and what to do.

    Example: overt record check overt-record --against HEAD
    """
    checked = check(folder, now=now())
    problems = list(checked.problems)
    if against is not None:
        state = earlier(against, folder)
        problems += check_earlier(checked.entries, checked.lines, state)
    if head is not None and head not in {line.hash for line in checked.lines}:
        problems.append(_lost(head))
    if as_json:
        body = {"problems": problems, "notices": checked.notices, "counts": checked.counts}
        print_json(to_json({**body, "head": checked.head, "n_lines": len(checked.lines)}))
        if problems:
            raise typer.Exit(unsound(problems, folder).exit_code)
        return
    for notice in checked.notices:
        words().print(Text(safe(f"note: {notice}")))
    if problems:
        raise unsound(problems, folder)
    out().print(Text(_sound(checked)))


def _lost(head: str) -> Problem:
    return Problem(
        file="log.jsonl",
        line=0,
        field="hash",
        what=f"no line has the hash {shown(head)}",
        expected="every line that was ever there",
        remedy="restore the log from the copy that had it",
    )


def _sound(checked: Checked) -> str:
    told = ", ".join(f"{n:,} {name}" for name, n in checked.counts.items())
    return f"sound: {told}; {len(checked.lines):,} lines in the log, head {checked.head}"


def seal_record(
    who: AsOption,
    folder: FolderArgument = DEFAULT_FOLDER,
    why: Annotated[str, typer.Option(help="Why an authority, source or case was amended.")] = "",
) -> None:
    """Add every entry that is not there yet to the record's log, which is chained by hash.

    Example: overt record seal --as "A. Reader"
    """
    lines = seal_all(folder, who, now(), why)
    for line in lines:
        out().print(Text(safe(f"{line.what:8} {line.id}")))
    words().print(f"{len(lines):,} entries added to the log", markup=False)


def due_date(
    said: Annotated[str, typer.Argument(help='The order\'s words, as "within a week".')],
    on: Annotated[str, typer.Option(help="The day of the order, or its instant with a zone.")],
    zone: Annotated[str, typer.Option(help="The court's zone, as Asia/Karachi.")],
    rest: Annotated[
        list[str] | None, typer.Option(help="A weekly rest day; for working days. Repeatable.")
    ] = None,
    holiday: Annotated[
        list[str] | None, typer.Option(help="A day that is no working day. Repeatable.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Resolve a due date by a stated rule: local days, the last one included.

    Example: overt record due "within a week" --on 2024-04-17 --zone Asia/Karachi
    """
    due = resolve(said, _ordered(on, zone), calendar=calendar_of(rest, holiday))
    if as_json:
        print_json(to_json(due))
        return
    days = f"{due.earliest}" if due.earliest == due.latest else f"{due.earliest} to {due.latest}"
    out().print(Text(safe(f"due {days} ({zone})")))
    out().print(Text(safe(f"rule: {due.rule}")))
    if due.latest is not None:
        ends = due.at or day_ends(due.latest, zone)
        out().print(Text(f"has passed from {rfc3339(ends)}"))


def _ordered(on: str, zone: str) -> When:
    """Return when an order was made, from a day or an instant as a person writes them."""
    place = zone_of(zone)
    try:
        if "T" in on:
            at = parse_rfc3339(on)
            day = at.astimezone(place).date()
            return When(earliest=day, latest=day, zone=zone, at=at)
        return day_of(on, zone)
    except (ValueError, OverflowError) as problem:
        raise UsageError(
            f"{shown(on)} is no day", remedy="write 2024-04-17, or 2024-04-17T10:00:00+05:00"
        ) from problem


def day_of(text: str, zone: str) -> When:
    """Return one local day; a ValueError where there is no such day."""
    day = date.fromisoformat(text)
    return When(earliest=day, latest=day, zone=zone)


def zone_of(name: str) -> ZoneInfo:
    """Return a zone.

    Raises:
        UsageError: when there is no zone of that name.
    """
    if name not in available_timezones():
        remedy = instead(name, available_timezones(), "use an IANA name, as Asia/Karachi")
        raise UsageError(f"{shown(name)} is no time zone", remedy=remedy)
    return ZoneInfo(name)


def calendar_of(rest: list[str] | None, holidays: list[str] | None) -> Calendar | None:
    """Return which days do not count; None where nobody said.

    Raises:
        UsageError: when a word is no weekday, or a holiday no day.
    """
    if not rest:
        return None
    days = []
    for name in rest:
        full = [i for i, d in enumerate(WEEKDAYS) if d.casefold() == name.strip().casefold()]
        if not full:
            raise UsageError(
                f"{shown(name)} is no weekday", remedy=instead(name, WEEKDAYS, "write Saturday")
            )
        days += full
    try:
        return Calendar(rest=days, holidays=[date.fromisoformat(h) for h in holidays or ()])
    except ValueError as problem:
        raise UsageError(f"a holiday is no day: {problem}", remedy="write 2024-05-01") from problem
