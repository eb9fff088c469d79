import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from overt.dossier.history import History, ToldVersion
from overt.dossier.shelf import Explanation, Table
from overt.publish.terminal import (
    safe,
    show_explanation,
    show_history,
    show_incidents,
    show_networks,
)
from overt.reference.platforms import load_platforms
from overt.vocabulary.judgements import Bracket, Episode, Incident, NetworkState, State, Versions
from overt.vocabulary.records import Kind


START = datetime(2024, 3, 4, 7, tzinfo=UTC)
ONSET = Bracket(earliest=START, latest=START.replace(hour=9))
PLATFORMS = load_platforms()
HOSTILE = ["\x1b[2J", "\x07", "\r", "\x00", "\x7f", "\x9b31m", "\u200e", "\u202e", "\u2066", "\n"]


def network(name: str, state: State = State.BLOCKED, asn: int = 64496) -> NetworkState:
    return NetworkState(
        asn=asn,
        name=name,
        state=state,
        onset=ONSET if state is State.BLOCKED else None,
        ending=None,
        episodes=[],
        schedule=None,
        mechanisms=["tls.reset"] if state is State.BLOCKED else [],
        n_measurements=1234,
        n_failing=1000,
        n_units=7,
    )


def incident(*networks: NetworkState) -> Incident:
    return Incident(
        id="20240304-xx-x-abc",
        cc="XX",
        platform="x",
        state=State.BLOCKED,
        onset=ONSET,
        ending=None,
        episodes=[],
        networks=list(networks),
        mechanisms=["tls.reset"],
        counted=Episode(start=START, end=START),
        n_measurements=1234,
        n_failing=1000,
        n_units=7,
        last_failing=START,
        n_measurements_since=0,
        n_failing_since=0,
        as_of=START,
        is_standing=False,
        false_alarms_per_year=0.1,
        n_series=3,
        n_networks_at_least=1,
        n_networks_measured=3,
        alpha=0.01,
        removal=None,
        changes=[],
        collapses=[],
        witnesses=[],
        versions=Versions(code="0", rulebook="0", reference="0"),
    )


def screen(width: int = 400) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def incidents_shown(name: str) -> str:
    console = screen()
    show_incidents([incident(network(name))], PLATFORMS, console)
    return printed(console)


def networks_shown(*networks: NetworkState) -> str:
    console = screen()
    show_networks(incident(*networks), console)
    return printed(console)


def explained(explanation: Explanation) -> str:
    console = screen()
    show_explanation(explanation, console)
    return printed(console)


# -- text from strangers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PTCL", "PTCL"),
        ("Télécom Ägypten", "Télécom Ägypten"),
        ("\u0627\u062a\u0635\u0627\u0644", "\u0627\u062a\u0635\u0627\u0644"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\u202eb", "a\\x202eb"),
        ("a\u2066b", "a\\x2066b"),
        ("a\nb", "a\\x0ab"),
        ("", ""),
        (None, "None"),
        (17557, "17557"),
        (["a", "b"], "a, b"),
        (("a\r", 1), "a\\x0d, 1"),
    ],
)
def test_text_is_shown_with_what_is_invisible_made_visible(text: object, expected: str) -> None:
    assert safe(text) == expected


@given(st.text())
def test_nothing_shown_can_move_the_cursor_or_turn_a_line(text: str) -> None:
    assert safe(text).isprintable()


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"])))
def test_what_can_be_read_is_shown_as_it_is(text: str) -> None:
    assert safe(text) == text


# -- incidents and networks ------------------------------------------------------------------------


def test_an_incident_is_a_row_and_a_sentence() -> None:
    text = incidents_shown("Pond")

    assert "20240304-xx-x-abc" in text and "AS64496 (Pond)" in text


def test_counts_come_with_their_denominator() -> None:
    assert "1,000 of 1,234" in incidents_shown("Pond")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_network_name_in_a_sentence_cannot_disturb_the_screen(hostile: str) -> None:
    text = incidents_shown(f"Po{hostile}nd")

    assert f"Po{safe(hostile)}nd" in text
    assert all(character.isprintable() for character in text.replace("\n", ""))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_network_name_in_a_table_cannot_disturb_the_screen(hostile: str) -> None:
    text = networks_shown(network(f"Po{hostile}nd"))

    assert f"Po{safe(hostile)}nd" in text
    assert all(character.isprintable() for character in text.replace("\n", ""))


@pytest.mark.parametrize("name", ["[bold]Pond[/bold]", "[/]", "[link=x]Pond", ":goose:", "\\[b]"])
def test_markup_in_a_network_name_is_text(name: str) -> None:
    assert name in incidents_shown(name) and name in networks_shown(network(name))


def test_affected_networks_come_first_and_scarce_ones_last() -> None:
    text = networks_shown(
        network("Scarce", State.INSUFFICIENT, 1),
        network("Reachable", State.REACHABLE, 2),
        network("Affected", State.BLOCKED, 3),
    )

    assert text.index("Affected") < text.index("Reachable") < text.index("Scarce")


def test_no_incident_is_an_empty_table() -> None:
    console = screen()

    show_incidents([], PLATFORMS, console)

    assert printed(console).split()[:2] == ["id", "state"]


# -- explanations ----------------------------------------------------------------------------------

EXPLANATION = Explanation(
    id="goose",
    kind="measurement",
    sentences=["A measurement of a goose."],
    tables=[Table("endpoints", [{"ip": "1.1.1.1", "failure": "eof_error"}, {"port": 443}])],
    next=["5:7"],
)


def test_an_explanation_says_where_to_go_on() -> None:
    assert explained(EXPLANATION).rstrip().endswith("next: overt explain 5:7")


def test_a_table_says_how_many_rows_it_has() -> None:
    assert "endpoints (2)" in explained(EXPLANATION)


def test_a_table_without_rows_is_left_out() -> None:
    assert "nothing" not in explained(replace(EXPLANATION, tables=[Table("nothing", [])]))


def test_a_column_only_some_rows_have_is_shown() -> None:
    assert {"ip", "failure", "port", "443"} <= set(explained(EXPLANATION).split())


def test_rows_with_many_columns_are_shown_one_under_another() -> None:
    wide = {f"column_{n}": n for n in range(12)}
    text = explained(replace(EXPLANATION, tables=[Table("wide", [wide])]))

    assert "- column_0=0  column_1=1" in text


@pytest.mark.parametrize("width", [1, 12])
@pytest.mark.parametrize("hostile", [*HOSTILE, "[red]", "[/]"])
def test_a_strangers_words_in_an_explanation_are_only_words(hostile: str, width: int) -> None:
    rows = [{f"c{n}": f"a{hostile}b" for n in range(width)}]
    words = Explanation(
        id=f"a{hostile}b",
        kind="measurement",
        sentences=[f"Of a{hostile}b."],
        tables=[Table("t", rows)],
        next=[f"a{hostile}b"],
    )

    text = explained(words)

    assert text.count(f"a{safe(hostile)}b") == 3 + width
    assert all(character.isprintable() for character in text.replace("\n", ""))


# -- history ---------------------------------------------------------------------------------------


def history_shown(text: str) -> str:
    version = ToldVersion(
        version=2,
        id=text,
        kind=Kind.UPDATED,
        recorded=START,
        versions=Versions(code=text, rulebook="0", reference="0"),
        made_from="m",
        took_in=[],
        gave_off=[],
        part_of=None,
        changed=["networks"],
        sentences=[f"Affected no longer: AS1 ({text})."],
        incident={},
    )
    console = screen()
    show_history(History(record="r", id=text, is_open=True, versions=[version]), console)
    return printed(console)


def test_a_version_is_shown_with_its_number_kind_instant_and_sentences() -> None:
    text = history_shown("Pond")

    assert "record r, called Pond now" in text
    assert "version 2  updated  recorded 2024-03-04T07:00:00Z" in text
    assert "  - Affected no longer: AS1 (Pond)." in text


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if h != "\n"])
def test_no_text_in_a_history_reaches_the_terminal_raw(hostile: str) -> None:
    assert hostile not in history_shown(f"a{hostile}b").replace("\x1b[1m", "").replace(
        "\x1b[2m", ""
    ).replace("\x1b[0m", "")


def test_markup_in_a_history_is_shown_as_text() -> None:
    assert "AS1 ([bold red]Pond[/])" in history_shown("[bold red]Pond[/]")
