from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.errors import RecordError, WorkspaceError
from overt.record.ledger import check, enter, load, superseded
from overt.record.problems import Problem
from overt.vocabulary.stated import Authority, AuthorityKind
from record import sample
from record.sample import FILES, SOURCE_FILE


COURT, MINISTRY = "authorities/xx-court.yaml", "authorities/xx-ministry.yaml"
PETITIONERS, CASE = "authorities/xx-petitioners.yaml", "proceedings/xx-case.yaml"
LETTER, WITHDRAW = "acts/xx-letter.yaml", "acts/xx-withdraw.yaml"

# file, what stands there, what is put in its place, then: field, what is wrong, the remedy
BROKEN = [
    (COURT, "kind: court", "kind: cuort", "kind", "'cuort' is not a word", "write court"),
    (COURT, "kind: court", "kind: person", "kind", "'person' is not", "no private persons"),
    (COURT, "kind: court\n", "", "kind", "the field is missing", "add kind"),
    (COURT, "cc: XX", "cc: xx", "cc", "'xx' is no country", "write XX"),
    (COURT, "cc: XX", "cc: [XX]", "cc", "found a list", "write a value"),
    (COURT, "name: High", "nmae: High", "nmae", "'nmae' is not a field", "write name"),
    (COURT, "name: High", "name: Mr High", "name", "private person", "the office or the role"),
    (COURT, "cc: XX", "cc: XX\ncc: PK", "cc", "'cc' is written twice", "delete the other"),
    (COURT, "cc: XX", "cc: &a XX", "", "the anchor or alias 'a'", "write the value out"),
    (COURT, "cc: XX", "cc: !!str XX", "", "the tag", "leave it out"),
    (COURT, "cc: XX", "cc: 'XX", "", "this is not YAML", "quotes"),
    (COURT, "cc: XX", "cc: XX\n---\nid: b", "", "a second document", "one entry in one file"),
    (COURT, FILES[COURT], "", "", "the file is empty", "write the entry"),
    (COURT, FILES[COURT], "- a\n- b\n", "", "found a list", "write its fields"),
    (COURT, "id: authority:xx-court", "id: xx-court", "id", "is no id", "small letters"),
    (COURT, "id: authority:xx-court", "id: act:xx-court", "id", "begin with", "authority:xx-court"),
    (COURT, "xx-court", "xx-other", "id", "the file is called", "rename the file"),
    (COURT, "cc: XX", "cc: XX\nnames: HC", "names", "found text 'HC'", "after a dash"),
    (COURT, "name: High Court of Examplia", 'name: "\\u202eHigh"', "name", "U+202E",
     "delete the character"),
    (PETITIONERS, "petitioners before", "A. Person at", "name", "not a role", "write the role"),
    (MINISTRY, "cc: XX", "cc: XX\npart_of: authority:xx-min", "part_of", "not in", "xx-ministry"),
    (SOURCE_FILE, f"sha256: {sample.SHA256}", "sha256: abc", "sha256", "no SHA-256", "copy it"),
    (SOURCE_FILE, "sha256: ", "sha256: 0", "sha256", "is no SHA-256", "take-in"),
    (SOURCE_FILE, "https://", "ftp://", "url", "is not such an address", "copy the address"),
    (SOURCE_FILE, "T09:00:00Z\nurl", "T09:00:00\nurl", "retrieved_at", "found", "Z for UTC"),
    (SOURCE_FILE, "earliest: 2024-04-18", "earliest: 2024-02-30", "published.earliest",
     "found '2024-02-30'", "calendar"),
    (SOURCE_FILE, "latest: 2024-04-18", "latest: 2024-04-17", "published.latest",
     "lies before earliest", "exchange"),
    (SOURCE_FILE, "zone: Asia/Karachi\nlang", "zone: Asia/Karaci\nlang", "published.zone",
     "'Asia/Karaci' is no time zone", "write Asia/Karachi"),
    (SOURCE_FILE, "  zone: Asia/Karachi\nlang", "\nlang", "published.zone", "missing", "add zone"),
    (SOURCE_FILE, "language: en", "language: English", "language", "no language", "the tag"),
    (SOURCE_FILE, "earliest: 2024-04-18\n  latest: 2024-04-18",
     "earliest: 2024-05-18\n  latest: 2024-05-18", "published.earliest", "after it was retrieved",
     "correct the day"),
    (SOURCE_FILE, "quote: The regulator said", "quote: The regulator sayd",
     "claims[1].span.quote", "is not there", "exactly as they are stored"),
    (SOURCE_FILE, "quote: The regulator said", "quote: The regulator", "claims[1].span.quote",
     "characters are named", "write end:"),
    (SOURCE_FILE, f"start: {sample.TEXT.index(sample.SAID)}", "start: -4", "claims[1].span.end",
     "characters -4 to", "count the characters"),
    (SOURCE_FILE, "polarity: affirms\n    standing: states",
     "polarity: denys\n    standing: states", "claims[1].polarity", "'denys' is not a word",
     "write denies"),
    (SOURCE_FILE, "speaker: authority:xx-regulator", "speaker: authority:xx-regulatr",
     "claims[1].speaker", "is not in the record", "write authority:xx-regulator"),
    (SOURCE_FILE, "speaker: authority:xx-regulator", "speaker: act:xx-letter",
     "claims[1].speaker", "is of kind act", "add the authority first"),
    (SOURCE_FILE, "act: act:xx-withdraw", "act: act:nothing-of-it", "claims[0].act", "not in the",
     "add the act first"),
    (SOURCE_FILE, sample.SECOND, "", "claims[0].readings", "was read by a. reader only",
     "another person"),
    (SOURCE_FILE, "who: B. Reader", "who: a.  READER", "claims[0].readings", "a. reader only",
     "another person"),
    (SOURCE_FILE, f"    restriction: service\n    readings:{sample.READING}\n", "",
     "claims[1].readings", "nobody has read it", "overt record review"),
    (SOURCE_FILE, "decision: corrected", "decision: refused", "claims[0].readings[1].decision",
     "'refused' is not a yes", "take the entry out"),
    (SOURCE_FILE, "at: 2024-04-19T09", "at: 2034-04-19T09", "claims[0].readings[1].at",
     "has not come yet", "when it was read"),
    (SOURCE_FILE, "at: 2024-04-19T09", "at: 2023-04-19T09", "claims[0].readings[1].at",
     "before the source was had", "correct the reading's time"),
    (SOURCE_FILE, "low: 4000000", "low: 4,000,000", "claims[2].quantities[0].low", "4,000,000",
     "digits only"),
    (SOURCE_FILE, "low: 4000000", "low: 6000000", "claims[2].quantities[0].high", "less than low",
     "exchange"),
    (SOURCE_FILE, "platforms: [x]", "platforms: [twitter]", "claims[1].platforms[0]", "'twitter'",
     "write x"),
    (SOURCE_FILE, "platforms: [x]", "platforms: [x, x]", "claims[1].platforms[1]", "twice",
     "delete one"),
    (SOURCE_FILE, "claim:loss", "claim:blocked", "claims[2].id", "the id of two entries",
     "an id of its own"),
    (SOURCE_FILE, "    topic: count", "    topic: count\n    supersedes: claim:loss",
     "claims[2].supersedes", "leads back to itself", "the first one none"),
    (SOURCE_FILE, "    topic: count", "    topic: count\n    supersedes: claim:lost",
     "claims[2].supersedes", "'claim:lost' is not in the record", "write claim:loss"),
    (LETTER, "  - claim:order", "", "claims", "the list is empty", "add its items"),
    (LETTER, "claims:\n  - claim:order", "claims: []", "claims", "rests on no claim",
     "add what a source says"),
    (LETTER, "claim:order", "claim:ordre", "claims[0]", "not in the record", "write claim:order"),
    (LETTER, "issuer: authority:xx-ministry", "issuer: ''", "issuer", "has no issuer", "name the"),
    (LETTER, "demand: block", "demand: block\nconfidence: documented", "confidence",
     "none of its claims comes from the document", "confidence: reported"),
    (LETTER, "demand: block", "demand: block\nconfidence: reportd", "confidence", "'reportd'",
     "write reported"),
    (WITHDRAW, "earliest: 2024-04-24", "earliest: 2024-04-23", "deadlines[0].due",
     "due 2024-04-23 to 2024-04-24", "correct the days"),
    (WITHDRAW, "of 2024-04-17: cal", "of 2024-04-17: some", "deadlines[0].due.rule",
     "how days are counted", "overt record due"),
    (WITHDRAW, f"'{sample.RULE}'", "about a week", "deadlines[0].due.rule",
     "'about a week' is no rule", "overt record due"),
    (WITHDRAW, "      latest: 2024-04-24", "      latest: 2024-04-14", "deadlines[0].due.latest",
     "lies before earliest", "exchange"),
    (WITHDRAW, "  - who: B. Reader\n    at: 2024-04-19T09:00:00Z\n    decision: accepted\n", "",
     "readings", "a deadline was read by a. reader only", "another person"),
    (WITHDRAW, "    addressee: authority:xx-ministry", "    addressee: authority:xx-minister",
     "deadlines[0].addressee", "is not in the record", "write authority:xx-ministry"),
    (WITHDRAW, "target_act: act:xx-letter", "target_act: act:xx-leter", "target_act", "not in the",
     "write act:xx-letter"),
    (WITHDRAW, "proceeding: proceeding:xx-case", "proceeding: proceeding:xx-cas", "proceeding",
     "is not in the record", "write proceeding:xx-case"),
    (WITHDRAW, "forum: hearing", "forum: hearing\nwhy: because", "why", "is not a field", "delete"),
    (CASE, "court: authority:xx-court", "court: authority:xx-ministry", "court",
     "is of kind ministry", "name the court"),
    (CASE, "number: C.P. 1 of 2024", "number: ''", "number", "is blank", "not given"),
    (CASE, "  - authority:xx-regulator", "  - A. Private Person", "parties[1]", "not in the record",
     "add the authority first"),
]  # fmt: skip
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample.write(tmp_path / "record")


def broken(folder: Path, file: str, old: str, new: str) -> list[Problem]:
    assert old in FILES[file], "the mutation must bite"
    (folder / file).write_text(FILES[file].replace(old, new, 1))
    return check(folder, now=NOW).problems


def test_a_sound_record_has_no_problem_and_loads_whole(folder: Path) -> None:
    record = load(folder)

    assert check(folder, now=NOW).problems == []
    assert (len(record.authorities), len(record.claims), len(record.acts)) == (4, 3, 2)
    assert record.claims["claim:order"].span.source == sample.SOURCE_ID
    assert record.acts["act:xx-withdraw"].deadlines[0].due.said == "within a week"


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "what", "remedy"),
    BROKEN,
    ids=[f"{i}-{b[3] or 'file'}" for i, b in enumerate(BROKEN)],
)
def test_a_broken_file_is_told_with_file_field_fault_and_remedy(
    folder: Path, file: str, old: str, new: str, field: str, what: str, remedy: str
) -> None:
    problems = broken(folder, file, old, new)

    told = [p for p in problems if (p.file, p.field) == (file, field) and what in p.what]
    assert told, "\n".join(map(str, problems))
    assert remedy in told[0].remedy
    assert told[0].expected


@pytest.mark.parametrize(("file", "old", "new"), [b[:3] for b in BROKEN])
def test_a_broken_record_is_never_handed_out(folder: Path, file: str, old: str, new: str) -> None:
    if broken(folder, file, old, new) and "2034" not in new:  # load does not look at the clock
        with pytest.raises(RecordError, match="problem"):
            load(folder)


def test_one_fault_is_told_once_and_not_again_by_what_refers_to_it(folder: Path) -> None:
    for file, old, new in (
        (COURT, "kind: court", "kind: cuort"),
        (COURT, "cc: XX", "cc: 'XX"),
        (SOURCE_FILE, "polarity: affirms", "polarity: maybe"),
        (LETTER, "kind: directive", "kind: dirctive"),
    ):
        assert len(broken(folder, file, old, new)) == 1
        (folder / file).write_text(FILES[file])


def test_every_problem_of_a_file_is_told_with_its_line(folder: Path) -> None:
    text = FILES[LETTER].replace("cc: XX", "cc: QQ").replace("demand: block", "demand: blok")
    (folder / LETTER).write_text(text.replace("claim:order", "claim:odrer"))

    problems = check(folder).problems

    assert {p.field: p.line for p in problems} == {"cc": 8, "claims[0]": 12, "demand": 15}


def test_a_problem_reads_as_place_fault_expected_and_remedy(folder: Path) -> None:
    [problem] = broken(folder, COURT, "kind: court", "kind: cuort")

    first, expected, remedy = str(problem).splitlines()
    assert first.startswith("authorities/xx-court.yaml, line 3, kind: 'cuort' is not a word")
    assert "ministry, regulator, court" in expected
    assert remedy.endswith("write court")


def test_an_act_is_documented_where_the_document_itself_is_a_source(folder: Path) -> None:
    (folder / LETTER).write_text(FILES[LETTER] + "confidence: documented\n")
    source = FILES[SOURCE_FILE].replace("claims:", "document_of: authority:xx-ministry\nclaims:", 1)
    (folder / SOURCE_FILE).write_text(source)

    assert check(folder).problems == []


def test_a_text_that_is_not_the_one_quoted_from_is_told(folder: Path) -> None:
    (folder / "texts" / f"{sample.TEXT_SHA256}.txt").write_text("another text")

    problems = check(folder).problems

    assert {p.field for p in problems} >= {"text_sha256", "claims[0].span.quote"}


def test_a_quote_that_stands_elsewhere_is_told_where(folder: Path) -> None:
    start = sample.TEXT.index(sample.SAID)
    text = FILES[SOURCE_FILE].replace(f"start: {start}", f"start: {start - 2}")
    (folder / SOURCE_FILE).write_text(
        text.replace(f"end: {start + len(sample.SAID)}", f"end: {start + len(sample.SAID) - 2}")
    )

    [problem] = check(folder).problems

    assert problem.remedy == f"write start: {start}, end: {start + len(sample.SAID)}"


def test_what_could_not_be_compared_is_a_remark_and_no_fault(folder: Path) -> None:
    (folder / "texts" / f"{sample.TEXT_SHA256}.txt").unlink()

    checked = check(folder)

    assert checked.problems == []
    assert checked.notices[0] == (
        "quotes from 1 of 1 sources were not compared: their texts are not at hand"
    )


def test_a_folder_without_a_record_is_told(tmp_path: Path) -> None:
    [problem] = check(tmp_path).problems

    assert "there is no record" in problem.what


def test_stray_files_folders_and_links_are_told(folder: Path) -> None:
    (folder / "acts" / "b.yml").write_text("id: b")
    (folder / "acts" / "c.yaml").symlink_to("/etc/hostname")
    (folder / "acts" / "d.yaml").mkdir()

    assert [p.file for p in check(folder).problems] == ["acts/b.yml", "acts/c.yaml", "acts/d.yaml"]


def test_a_bomb_is_refused_in_no_time(folder: Path) -> None:
    (folder / COURT).write_text("a: " + "[" * 100_000)
    (folder / MINISTRY).write_bytes(b"id: " + b"x" * 3_000_000)
    (folder / CASE).write_text("a: &a [x]\nb: &b [*a, *a]\n")
    (folder / LETTER).write_bytes(b"\xff\xfe\x00")

    problems = {p.file: p.what for p in check(folder).problems}

    assert "nested" in problems[COURT]
    assert "bytes" in problems[MINISTRY]
    assert "anchor" in problems[CASE]
    assert "not UTF-8" in problems[LETTER]


def test_the_order_of_supersession_is_a_chain(folder: Path) -> None:
    text = FILES[LETTER].replace("act:xx-letter", "act:xx-letter-2")
    (folder / "acts/xx-letter-2.yaml").write_text(text + "supersedes: act:xx-letter\n")
    text = FILES[LETTER].replace("act:xx-letter", "act:xx-letter-3")
    (folder / "acts/xx-letter-3.yaml").write_text(text + "supersedes: act:xx-letter\n")

    problems = check(folder).problems

    assert [p.file for p in problems] == ["acts/xx-letter-2.yaml", "acts/xx-letter-3.yaml"]
    assert all("more than one" in p.what for p in problems)


def test_what_was_superseded_stays_and_is_named(folder: Path) -> None:
    text = FILES[LETTER].replace("act:xx-letter", "act:xx-letter-2")
    (folder / "acts/xx-letter-2.yaml").write_text(text + "supersedes: act:xx-letter\n")

    record = load(folder)

    assert superseded(record) == {"act:xx-letter"}
    assert "act:xx-letter" in record.acts


def test_an_entry_is_written_once_and_never_over_another(folder: Path) -> None:
    record = load(folder)
    body = Authority(id="authority:xx-agency", name="Agency", kind=AuthorityKind.AGENCY, cc="XX")

    path = enter(body, record, folder)

    assert path.name == "xx-agency.yaml"
    assert load(folder).authorities["authority:xx-agency"] == body
    with pytest.raises(WorkspaceError, match="not edited"):
        enter(body, record, folder)
