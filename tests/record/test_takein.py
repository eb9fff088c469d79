"""Taking in, from bytes to family; once, whole, and never a traceback."""

import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import pages
from overt.errors import InputError, OvertError
from overt.record.fetch import Fetched
from overt.record.published import given
from overt.record.takein import NOTHING, Given, take_in
from overt.record.taken import Taken
from overt.record.vault import Vault


NOW = datetime(2031, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def of(text: str | bytes, vault: Vault, name: str = "a.txt", known: Given = NOTHING) -> Taken:
    path = vault.root.parent / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return take_in(str(path), vault, NOW, given=known)


def snapshot(vault: Vault) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in vault.root.rglob("*") if p.is_file()}


def fetched(url: str) -> Fetched:
    return Fetched(
        content=pages.HTML.encode(),
        url=url,
        media_type="text/html",
        headers=(("Content-Type", "text/html"),),
        hops=((url, 200),),
        warc=b"a warc",
    )


def test_what_was_taken_in_is_in_the_vault(vault: Vault) -> None:
    taken = of(pages.MENU_AND_CARDS, vault)

    assert vault.taken(taken.source.id) == taken
    assert vault.content(taken.source.sha256) == pages.MENU_AND_CARDS.encode()
    assert taken.text == vault.text(taken.source.text_sha256) == pages.MENU_AND_CARDS
    assert taken.source.title == taken.text[slice(*taken.body[0])]


def test_taking_in_twice_changes_nothing(vault: Vault) -> None:
    first = of(pages.MENU_AND_CARDS, vault)
    before = snapshot(vault)
    path = vault.root.parent / "a.txt"
    second = take_in(str(path), vault, NOW + timedelta(days=3))

    assert snapshot(vault) == before
    assert not second.is_new
    assert second.source == first.source


def test_what_a_person_gave_is_kept_until_given_anew(vault: Vault) -> None:
    known = Given(published=given("2031-03-04"), outlet="Harbour Post", url="https://example.org/a")
    of(pages.NO_MARKERS, vault, known=known)
    again = of(pages.NO_MARKERS, vault)
    anew = of(pages.NO_MARKERS, vault, known=Given(outlet="Another"))

    assert (again.source.outlet, again.source.published) == ("Harbour Post", given("2031-03-04"))
    assert again.source.url == "https://example.org/a"
    assert (anew.source.outlet, anew.source.published) == ("Another", given("2031-03-04"))


def test_an_address_is_kept_with_its_headers_hops_and_warc(vault: Vault) -> None:
    taken = take_in("https://example.org/a", vault, NOW, get=fetched)
    take_in("https://example.org/a", vault, NOW, get=fetched)
    take_in("https://example.com/b", vault, NOW, get=fetched)

    entry = vault.entry(taken.source.id)
    assert entry is not None
    assert [r.url for r in entry.retrievals] == ["https://example.org/a", "https://example.com/b"]
    assert entry.retrievals[0].headers == (("Content-Type", "text/html"),)
    assert (vault.root / "warc" / entry.retrievals[1].warc).read_bytes() == b"a warc"
    assert taken.source.url == "https://example.org/a"


def test_a_family_grows_and_all_its_members_know(vault: Vault) -> None:
    first = of(pages.MENU_AND_CARDS, vault)
    second = of(pages.TOLD, vault)

    kept = vault.taken(first.source.id)
    assert kept.source.family == second.source.family
    assert {k.source for k in kept.why_family} == {second.source.id}


def test_a_damaged_entry_is_mended_with_a_note(vault: Vault) -> None:
    taken = of(pages.TOLD, vault)
    place = vault.root / "bytes" / taken.source.sha256[:2] / taken.source.sha256
    place.write_bytes(b"damaged")
    again = of(pages.TOLD, vault)

    assert again.notes == ("a damaged entry of the vault was mended",)
    assert vault.content(taken.source.sha256) == pages.TOLD.encode()


def test_another_sources_damage_is_told_and_stops_nothing(vault: Vault) -> None:
    taken = of(pages.TOLD, vault)
    (vault.root / "sources" / f"{taken.source.id[7:]}.json").write_bytes(b"{")

    assert "left out of the families" in of(pages.OTHER, vault).notes[0]


BAD = {
    "empty": b"",
    "blank": b" \n ",
    "image": b"\x89PNG\r\n\x1a\n" + bytes(99),
    "binary": bytes(range(256)) * 99,
    "gzip": b"\x1f\x8b\x08\x00" + bytes(99),
    "broken pdf": b"%PDF-1.7\n" + bytes(range(256)),
    "empty page": b"<html><body><img src=x></body></html>",
    "page of scripts": b"<html><script>" + b"a" * 999 + b"</script></html>",
    "bomb": b"%PDF-1.4\n" + zlib.compress(bytes(9_000_000), 9),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_and_leaves_nothing(vault: Vault, name: str) -> None:
    with pytest.raises(InputError) as caught:
        of(BAD[name], vault)

    assert caught.value.remedy
    assert str(vault.root.parent) in str(caught.value.where)
    assert not vault.root.exists()


def test_a_file_of_100_mb_is_refused_unread(vault: Vault) -> None:
    path = vault.root.parent / "big.txt"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)

    with pytest.raises(InputError, match="over 20 MiB"):
        take_in(str(path), vault, NOW)


@pytest.mark.parametrize("path", ["", ".", "/dev/zero", "no/such/file", "nul\0", "a" * 5000])
def test_what_is_no_file_is_refused(vault: Vault, path: str) -> None:
    with pytest.raises(OvertError):
        take_in(path, vault, NOW)
