"""The vault: what is stored is what is read, and damage is told."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.errors import UsageError, WorkspaceError
from overt.record.taken import Taken
from overt.record.vault import Entry, Retrieval, Vault, source_id
from overt.vocabulary.stated import Source


NOW = datetime(2031, 3, 6, 12, tzinfo=UTC)
TEXT = "Kite is blocked.\n\nوٹس\u202e\n"
SHA = hashlib.sha256(TEXT.encode()).hexdigest()
SOURCE = Source(
    id=source_id(SHA), sha256=SHA, text_sha256=SHA, media_type="text/plain", retrieved_at=NOW
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path / "vault")
    vault.put_bytes(TEXT.encode())
    vault.put_text(TEXT)
    taken = Taken(source=SOURCE, text=TEXT, body=((0, 16),), furniture=())
    vault.put_entry(Entry(taken=taken, retrievals=(Retrieval(url="", at=NOW),)))
    return vault


def test_what_was_stored_is_read_back(vault: Vault) -> None:
    taken = vault.taken(SOURCE.id)

    assert vault.content(SHA) == TEXT.encode()
    assert taken.text == TEXT
    assert taken.source == SOURCE
    assert vault.sources() == [SOURCE.id]


def test_a_second_store_of_the_same_writes_nothing(vault: Vault) -> None:
    place = vault.root / "texts" / SHA[:2] / f"{SHA}.txt"
    before = place.stat().st_mtime_ns

    assert vault.put_text(TEXT) is False
    assert place.stat().st_mtime_ns == before


@pytest.mark.parametrize("kind", ["bytes", "texts", "sources"])
def test_one_flipped_bit_is_noticed(vault: Vault, kind: str) -> None:
    place = next(p for p in (vault.root / kind).rglob("*") if p.is_file())
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(bytes(content))

    with pytest.raises(WorkspaceError, match="damaged"):
        vault.taken(SOURCE.id)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"seal": 1}', b"[" * 100_000])
def test_a_broken_entry_is_told(vault: Vault, content: bytes) -> None:
    (vault.root / "sources" / f"{SHA[:16]}.json").write_bytes(content)

    with pytest.raises(WorkspaceError, match="damaged"):
        vault.taken(SOURCE.id)


def test_damaged_bytes_are_mended_by_storing_them_again(vault: Vault) -> None:
    (vault.root / "bytes" / SHA[:2] / SHA).write_bytes(b"something else")

    assert vault.put_bytes(TEXT.encode()) is True
    assert vault.content(SHA) == TEXT.encode()


def test_a_missing_text_is_told(vault: Vault) -> None:
    (vault.root / "texts" / SHA[:2] / f"{SHA}.txt").unlink()

    with pytest.raises(WorkspaceError, match="missing"):
        vault.text(SHA)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "f" * 63])
def test_only_a_hash_names_a_file(vault: Vault, name: str) -> None:
    with pytest.raises(UsageError):
        vault.content(name)


@pytest.mark.parametrize(
    "name", ["source:../../../../x", "source:", "x", "source:0123456789abcdeg"]
)
def test_only_an_id_names_a_source(vault: Vault, name: str) -> None:
    with pytest.raises(UsageError):
        vault.taken(name)


def test_an_unknown_source_is_refused_with_what_to_do(vault: Vault) -> None:
    with pytest.raises(UsageError, match="not in the vault"):
        vault.taken("source:0123456789abcdef")


def test_nothing_is_left_of_a_write_that_failed(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("overt.record.vault.os.fsync", full)

    with pytest.raises(WorkspaceError, match="No space left"):
        vault.put_bytes(b"more")
    assert [p for p in vault.root.rglob("*") if p.name.startswith(".writing")] == []
