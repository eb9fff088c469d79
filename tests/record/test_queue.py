import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.errors import OvertError, RecordError, UsageError, WorkspaceError
from overt.record.drafting import Given, draft
from overt.record.ledger import check, load
from overt.record.proposed import State
from overt.record.queue import Queue
from overt.vocabulary.stated import Claim, Record, Source
from record import sample


NOW = datetime(2024, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Proposal:
    claim: Claim
    why: Sequence[object] = ("topic: the verb (blocked)",)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return load(sample.write(tmp_path_factory.mktemp("whole")))


@pytest.fixture
def source(whole: Record) -> Source:
    return whole.sources[sample.SOURCE_ID]


@pytest.fixture
def queue(tmp_path: Path, whole: Record, source: Source) -> Queue:
    queue = Queue(tmp_path / "record")
    claims = [replace(c, act="") for c in whole.claims.values()]
    added = queue.add(
        map(Proposal, claims), source, at=NOW, text=sample.TEXT, authorities=whole.authorities
    )
    assert added.n_new == 3
    return queue


def key(queue: Queue, claim: str) -> str:
    return queue.get(claim).key


def test_nothing_is_in_the_record_before_somebody_said_yes(queue: Queue) -> None:
    assert not (queue.folder / "sources").exists()
    assert [i.state for i in queue.items()] == [State.WAITING] * 3


def test_a_yes_enters_the_claim_with_its_source_and_the_authorities_it_names(queue: Queue) -> None:
    item = queue.decide(key(queue, "claim:blocked"), "accepted", who="A. Reader", at=NOW)

    record = load(queue.folder)
    assert item.state is State.ACCEPTED
    assert list(record.claims) == ["claim:blocked"]
    assert [r.who for r in record.claims["claim:blocked"].readings] == ["A. Reader"]
    assert sorted(record.authorities) == ["authority:xx-ministry", "authority:xx-regulator"]
    assert [line.id for line in check(queue.folder).lines][-1] == "claim:blocked"


def test_a_court_order_wants_two_readers_of_different_names(queue: Queue) -> None:
    order = key(queue, "claim:order")
    first = queue.decide(order, "accepted", who="A. Reader", at=NOW)

    assert first.state is State.SECOND
    assert not (queue.folder / "sources").exists()
    with pytest.raises(UsageError, match="said yes already"):
        queue.decide(order, "accepted", who="a.  reader", at=NOW)
    assert queue.decide(order, "accepted", who="B. Reader", at=NOW).state is State.ACCEPTED
    assert len(load(queue.folder).claims["claim:order"].readings) == 2


def test_a_correction_begins_the_count_anew(queue: Queue) -> None:
    order = key(queue, "claim:order")
    queue.decide(order, "accepted", who="A. Reader", at=NOW)
    text = queue.get(order).yaml.replace("demand: withdraw", "demand: review")
    item = queue.decide(order, "corrected", who="B. Reader", at=NOW, corrected=text)

    assert (item.state, [r.who for r in item.yeses]) == (State.SECOND, ["B. Reader"])
    assert queue.decide(order, "accepted", who="A. Reader", at=NOW).state is State.ACCEPTED
    claim = load(queue.folder).claims["claim:order"]
    assert claim.demand == "review"
    assert [(r.who, r.decision) for r in claim.readings] == [
        ("B. Reader", "corrected"),
        ("A. Reader", "accepted"),
    ]


def test_an_unsound_correction_changes_nothing(queue: Queue) -> None:
    blocked = key(queue, "claim:blocked")
    good = queue.get(blocked).yaml
    for bad in (
        good.replace("affirms", "maybe"),
        good.replace("quote: The", "quote: A"),
        good.replace("xx-regulator", "xx-nobody"),
        "[",
        "",
    ):
        with pytest.raises(RecordError):
            queue.decide(blocked, "corrected", who="A. Reader", at=NOW, corrected=bad)

    assert queue.get(blocked).version == 0
    assert not (queue.folder / "sources").exists()


def test_what_was_refused_is_not_proposed_again(
    queue: Queue, whole: Record, source: Source
) -> None:
    queue.decide(key(queue, "claim:loss"), "refused", who="A. Reader", at=NOW, note="a menu")
    claims = [replace(c, act="") for c in whole.claims.values()]

    added = queue.add(map(Proposal, claims), source, at=NOW)

    assert (added.n_new, added.n_known, added.n_refused) == (0, 2, 1)
    assert len(queue.items()) == 2
    assert queue.get("claim:loss").readings[0].note == "a menu"
    with pytest.raises(UsageError, match="refused already"):
        queue.decide(key(queue, "claim:loss"), "accepted", who="B. Reader", at=NOW)


def test_what_was_deferred_can_be_read_later(queue: Queue) -> None:
    blocked = key(queue, "claim:blocked")
    assert queue.decide(blocked, "deferred", who="A. Reader", at=NOW).state is State.DEFERRED

    assert queue.decide(blocked, "accepted", who="A. Reader", at=NOW).state is State.ACCEPTED


def test_a_decision_on_an_older_version_is_refused(queue: Queue) -> None:
    order = key(queue, "claim:order")
    queue.decide(order, "accepted", who="A. Reader", at=NOW, version=0)

    with pytest.raises(WorkspaceError, match="meanwhile"):
        queue.decide(order, "refused", who="B. Reader", at=NOW, version=0)


@pytest.mark.parametrize("who", ["", "  ", "a\0b", "x" * 200])
def test_a_decision_needs_a_name(queue: Queue, who: str) -> None:
    with pytest.raises(UsageError, match="name of its reader"):
        queue.decide(key(queue, "claim:loss"), "accepted", who=who, at=NOW)


def test_many_readers_at_once_enter_every_claim_once(queue: Queue) -> None:
    keys = [i.key for i in queue.items()]

    def read(who: str) -> None:
        for k in keys:
            try:
                queue.decide(k, "accepted", who=who, at=NOW)
            except OvertError:
                continue

    readers = [threading.Thread(target=read, args=(f"Reader {n}",)) for n in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert check(queue.folder).problems == []
    assert len(load(queue.folder).claims) == 3
    assert len(check(queue.folder).lines) == len({x.id for x in check(queue.folder).lines})


def test_a_broken_off_decision_can_be_taken_again(queue: Queue) -> None:
    blocked = key(queue, "claim:blocked")
    path = queue.folder / "queue" / f"{blocked}.json"
    before = path.read_text()
    queue.decide(blocked, "accepted", who="A. Reader", at=NOW)
    path.write_text(before)

    assert queue.decide(blocked, "accepted", who="A. Reader", at=NOW).state is State.ACCEPTED
    assert len(load(queue.folder).claims) == 1


def test_a_draft_of_an_act_waits_for_two_readers_where_it_sets_a_deadline(queue: Queue) -> None:
    for who in ("A. Reader", "B. Reader"):
        queue.decide(key(queue, "claim:order"), "accepted", who=who, at=NOW)
    act, why = draft(["claim:order"], load(queue.folder), Given())
    item = queue.add_act(act, why, NOW)

    assert queue.add_act(act, why, NOW).key == item.key
    assert queue.wants(item) == 2
    queue.decide(item.key, "accepted", who="A. Reader", at=NOW)
    queue.decide(item.key, "accepted", who="B. Reader", at=NOW)
    assert load(queue.folder).acts[act.id].deadlines == act.deadlines


def test_an_unsound_proposal_is_passed_over_and_told(
    queue: Queue, whole: Record, source: Source
) -> None:
    bad = replace(whole.claims["claim:loss"], speaker="authority:\x1b[2J")

    added = queue.add([Proposal(bad)], source, at=NOW)

    assert (added.n_new, len(added.unsound)) == (0, 1)
    assert "U+001B" in added.unsound[0]
    assert len(queue.items()) == 3


def test_a_proposal_may_not_quote_another_source(
    queue: Queue, whole: Record, source: Source
) -> None:
    other = replace(source, id="source:0000000000000000")

    with pytest.raises(UsageError, match="quotes"):
        queue.add([Proposal(whole.claims["claim:loss"])], other, at=NOW)
    with pytest.raises(UsageError, match="not the one"):
        queue.add([], source, at=NOW, text="another text")


def test_two_readings_of_the_same_words_get_ids_of_their_own(
    queue: Queue, whole: Record, source: Source
) -> None:
    queue.decide(key(queue, "claim:blocked"), "accepted", who="A. Reader", at=NOW)
    other = replace(whole.claims["claim:blocked"], topic=whole.claims["claim:order"].topic)
    queue.add([Proposal(other, "another reading")], source, at=NOW)
    [item] = [i for i in queue.items() if i.why == ("another reading",)]

    done = queue.decide(item.key, "accepted", who="A. Reader", at=NOW)

    assert done.entry["id"] == "claim:blocked-2"
    assert set(load(queue.folder).claims) == {"claim:blocked", "claim:blocked-2"}


def test_a_damaged_file_of_the_queue_is_told(queue: Queue) -> None:
    path = queue.folder / "queue" / f"{key(queue, 'claim:loss')}.json"
    path.write_text(json.dumps({"key": 1}))

    with pytest.raises(WorkspaceError, match="cannot be read"):
        queue.items()
