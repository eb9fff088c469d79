"""The commands of the desk: read proposals in the terminal or on a local page, and draft acts."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.prompt import Prompt
from rich.text import Text

from overt.cli.record_ledger import (
    DEFAULT_FOLDER,
    FolderArgument,
    calendar_of,
    day_of,
    zone_of,
)
from overt.cli.shared import JsonOption, out, print_json, words
from overt.engine.base import to_json
from overt.errors import InputError, OvertError, UsageError
from overt.publish.terminal import safe
from overt.record.correcting import assigned, batches
from overt.record.desk import LOOPBACK, Desk
from overt.record.deskpage import flat, in_context
from overt.record.drafting import Given, draft
from overt.record.ledger import load
from overt.record.problems import shown
from overt.record.proposed import OPEN, Item
from overt.record.queue import Queue
from overt.record.trial import entry_from
from overt.record.yamltext import dump
from overt.vocabulary.instants import now
from overt.vocabulary.stated import ActKind, Authority, AuthorityKind, Demand


RecordOption = Annotated[
    Path, typer.Option("--record", help="The record's folder [default: overt-record].")
]
NameOption = Annotated[str, typer.Option("--as", metavar="NAME", help="Your name as a reader.")]
_ASKED = {"a": "accepted", "r": "refused", "d": "deferred"}
_MOST_ASKED = 1000


def enqueue(
    files: Annotated[list[Path], typer.Argument(help="Files of JSON lines; - for stdin.")],
    record: RecordOption = DEFAULT_FOLDER,
) -> None:
    """Put proposals into the desk's queue; what was refused before is not asked again.

    Example: overt record enqueue proposals.jsonl
    """
    queue, n_new, n_known, n_refused = Queue(record), 0, 0, 0
    for path in files:
        try:
            text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise InputError("the file cannot be read as UTF-8", where=str(path)) from problem
        for batch in batches(text.split("\n"), str(path), queue.sources()):
            added = queue.add(
                batch.proposals,
                batch.source,
                at=now(),
                text=batch.text,
                authorities=batch.authorities,
            )
            n_new, n_known = n_new + added.n_new, n_known + added.n_known
            n_refused += added.n_refused
            for fault in added.unsound:
                words().print(Text(safe_lines(f"passed over: {fault}")))
    out().print(f"{n_new} new, {n_known} known, {n_refused} refused before")


@dataclass(frozen=True, slots=True)
class _Wanted:
    decision: str
    ids: list[str]


def review(  # noqa: PLR0913, PLR0917 - one option for each decision
    folder: FolderArgument = DEFAULT_FOLDER,
    who: NameOption = "",
    accept: Annotated[list[str] | None, typer.Option(metavar="ID", help="Say yes to it.")] = None,
    correct: Annotated[
        str | None, typer.Option(metavar="ID", help="Say yes to it as --set has it.")
    ] = None,
    assign: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Set one field.")
    ] = None,
    refuse: Annotated[list[str] | None, typer.Option(metavar="ID", help="Say no to it.")] = None,
    defer: Annotated[list[str] | None, typer.Option(metavar="ID", help="Leave it open.")] = None,
    note: Annotated[str, typer.Option(help="Why, in your words; kept with the decision.")] = "",
    listed_only: Annotated[bool, typer.Option("--list", help="List what is open.")] = False,  # noqa: FBT002
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Read proposals beside their quotes, and accept, correct, refuse or defer each.

    Without a decision on the command line it asks, one proposal after another.

    Example: overt record review --as "A. Reader"
    """
    queue = Queue(folder)
    if listed_only or as_json:
        _list(queue, as_json=as_json)
        return
    given = [
        _Wanted("accepted", accept or []),
        _Wanted("corrected", [correct] if correct else []),
        _Wanted("refused", refuse or []),
        _Wanted("deferred", defer or []),
    ]
    if assign and not correct:
        raise UsageError("--set belongs to --correct ID", remedy="name what is to be corrected")
    if not any(w.ids for w in given):
        _ask(queue, who)
        return
    for wanted in given:
        for name in wanted.ids:
            item = queue.get(name)
            _show_decided(_decide(queue, item, wanted.decision, who, note, assign or []), queue)


def _decide(
    queue: Queue, item: Item, decision: str, who: str, note: str, assign: list[str]
) -> Item:
    text = None
    if decision == "corrected":
        text = dump(assigned(item.kind, item.entry, assign))
    return queue.decide(
        item.key,
        decision,
        who=who,
        at=now(),
        note=note,
        corrected=text,
        version=item.version,
    )


def _show_decided(item: Item, queue: Queue) -> None:
    more = f"; {len(item.yeses)} of {queue.wants(item)} yes" if item.state in OPEN else ""
    out().print(Text(safe(f"{item.key} {item.entry.get('id', '')}: {item.state}{more}")))


def _list(queue: Queue, *, as_json: bool) -> None:
    items = queue.items()
    if as_json:
        print_json(to_json(items))
        return
    for item in items:
        quote = str((item.entry.get("span") or {}).get("quote") or item.entry.get("id"))
        out().print(Text(safe(f"{item.key}  {item.state:22}  {item.kind:5}  {quote}")))
    words().print(f"{len(items):,} open", markup=False)


def _ask(queue: Queue, who: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "nobody can be asked: this is not a terminal",
            remedy="decide with --accept, --correct, --refuse or --defer ID and --as NAME",
        )
    name = who or Prompt.ask("Your name as a reader", console=words())
    passed: set[str] = set()
    for _ in range(_MOST_ASKED):
        left = [i for i in queue.items() if i.key not in passed]
        mine = {i.key for i in left for r in i.yeses if r.who == name}
        left = [i for i in left if i.key not in mine]
        if not left:
            words().print("nothing is left to read", markup=False)
            return
        item = left[0]
        passed.add(item.key)
        _show(item, queue)
        if not _ask_one(queue, item, name):
            return


def _ask_one(queue: Queue, item: Item, name: str) -> bool:
    """Ask about one proposal until it is decided or passed; False when the reader leaves."""
    choices = ["a", "c", "r", "d", "s", "q"]
    prompt = "accept, correct, refuse, defer, skip or quit"
    while True:
        answer = Prompt.ask(prompt, choices=choices, console=words())
        if answer in {"s", "q"}:
            return answer == "s"
        assign: list[str] = []
        if answer == "c":
            while line := Prompt.ask("field=value, empty to end", default="", console=words()):
                assign.append(line)
        note = Prompt.ask("note", default="", console=words())
        try:
            decision = _ASKED.get(answer, "corrected")
            _show_decided(_decide(queue, item, decision, name, note, assign), queue)
        except OvertError as problem:
            words().print(Text(safe_lines(str(problem))))
            continue
        return True


def safe_lines(text: str) -> str:
    """Return text whose lines are kept and in which nothing else moves the cursor."""
    return "\n".join(safe(line) for line in text.split("\n"))


def _show(item: Item, queue: Queue) -> None:
    console = out()
    told = f"{item.kind} {item.key}: {item.state}; {len(item.yeses)} of {queue.wants(item)} yes"
    console.print(Text(f"\n{told}", style="bold"))
    text = None
    if item.source is not None:
        text = queue.text_of(entry_from("source", item.source).body)
    before, quote, after = (safe_lines(part) for part in in_context(item, text, around=300))
    console.print(Text(before).append(quote, style="bold reverse").append(after))
    for name, value in flat(item.entry):
        if name != "span.quote":
            console.print(Text(f"  {name}: {safe(value)}"))
    for why in item.why:
        console.print(Text(f"  why: {safe(why)}", style="dim"))
    for reading in item.readings:
        console.print(Text(f"  {safe(reading.who)}: {reading.decision} {safe(reading.note)}"))


def desk(
    folder: FolderArgument = DEFAULT_FOLDER,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 0,
    who: NameOption = "",
) -> None:
    """Open the desk as a local web page; it ends with Ctrl-C.

    Example: overt record desk --as "A. Reader"
    """
    try:
        server = Desk(Queue(folder), port, now, who)
    except OSError as problem:
        raise UsageError(
            f"port {port} of {LOOPBACK} cannot be had: {problem.strerror}", remedy="use --port 0"
        ) from problem
    with server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        words().print("open this address; only you should know it. Ctrl-C ends the desk.")
        server.serve_forever()


def authority_new(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="As authority:pk-pta.")],
    name: Annotated[str, typer.Option(help="Its name: an office or an organisation.")],
    kind: Annotated[AuthorityKind, typer.Option(help="What it is.")],
    who: Annotated[str, typer.Option("--as", metavar="NAME", help="Your name as a reader.")],
    cc: Annotated[str, typer.Option("--in", help="Its country's code; of none: leave out.")] = "",
    called: Annotated[list[str] | None, typer.Option(help="Another name of it.")] = None,
    part_of: Annotated[str, typer.Option(help="The id of what it is part of.")] = "",
    folder: RecordOption = DEFAULT_FOLDER,
) -> None:
    """Enter an authority that proposals name and the record does not have.

    Example: overt record authority new authority:x --name X --kind platform --as "A. Reader"
    """
    body = Authority(
        id=entry_id, name=name, kind=kind, cc=cc, names=tuple(called or ()), part_of=part_of
    )
    path = Queue(folder).enter_authority(body, who, now())
    out().print(Text(safe(f"entered {path}")))


def act_new(  # noqa: PLR0913, PLR0917 - one option for each thing a claim may leave open
    claims: Annotated[list[str], typer.Option("--from", metavar="CLAIM", help="Repeatable.")],
    folder: FolderArgument = DEFAULT_FOLDER,
    entry_id: Annotated[str, typer.Option("--id", help="The act's id.")] = "",
    kind: Annotated[ActKind | None, typer.Option(help="What was done.")] = None,
    demand: Annotated[Demand | None, typer.Option(help="What it asks.")] = None,
    issuer: Annotated[str, typer.Option(help="The id of who did it.")] = "",
    to: Annotated[list[str] | None, typer.Option(help="The id of an addressee.")] = None,
    on: Annotated[str, typer.Option(help="The day of the act.")] = "",
    zone: Annotated[str, typer.Option(help="The zone of that day.")] = "",
    within: Annotated[str, typer.Option(help='The time limit, as "within a week".')] = "",
    rest: Annotated[list[str] | None, typer.Option(help="A weekly rest day.")] = None,
    holiday: Annotated[list[str] | None, typer.Option(help="No working day.")] = None,
    proceeding: Annotated[str, typer.Option(help="The id of the case.")] = "",
    target_act: Annotated[str, typer.Option(help="The id of the act it is about.")] = "",
    supersedes: Annotated[str, typer.Option(help="The id of the act it corrects.")] = "",
) -> None:
    """Draft an act from accepted claims, its deadlines resolved; it waits at the desk.

    Example: overt record act new --from claim:one --from claim:two
    """
    if zone:
        zone_of(zone)
    try:
        day = day_of(on, zone).earliest if on else None
    except ValueError as problem:
        raise UsageError(f"{shown(on)} is no day", remedy="write 2024-04-17") from problem
    given = Given(
        id=entry_id,
        kind=kind,
        demand=demand,
        issuer=issuer,
        addressees=tuple(to or ()),
        on=day,
        zone=zone,
        within=within,
        calendar=calendar_of(rest, holiday),
        proceeding=proceeding,
        target_act=target_act,
        supersedes=supersedes,
    )
    queue = Queue(folder)
    made, why = draft(claims, load(folder), given)
    item = queue.add_act(made, why, now())
    sys.stdout.write(safe_lines(item.yaml))
    for reason in why:
        words().print(Text(safe(f"why: {reason}")))
    words().print(Text(f"\n{item.key} waits at the desk; readers wanted: {queue.wants(item)}"))
