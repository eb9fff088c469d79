import gzip
import hashlib
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from overt.sources.reader import (
    Damage,
    Line,
    Spoiled,
    digest,
    is_gzip,
    read_chunks,
    read_lines,
    time_defect,
)


NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
LINES = b"".join(b"line %d of a file that is worth packing\n" % n for n in range(1, 30_001))
PACKED = gzip.compress(LINES, mtime=0)
GZIP = b"\x1f\x8b"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def lines_of(path: Path, content: bytes, max_bytes: int = 100) -> list[Line | Spoiled]:
    path.write_bytes(content)
    return list(read_lines(path, max_bytes))


# -- files -----------------------------------------------------------------------------------------


def test_a_file_is_identified_by_the_sha256_of_its_bytes(path: Path) -> None:
    path.write_bytes(b"goose")

    assert digest(path) == hashlib.sha256(b"goose").hexdigest()


def test_gzip_is_known_by_its_first_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "plain.gz").write_bytes(b"plain")
    (tmp_path / "packed.txt").write_bytes(PACKED)

    assert [is_gzip(tmp_path / n) for n in ("plain.gz", "packed.txt")] == [False, True]


def test_chunks_put_together_are_the_content(path: Path) -> None:
    path.write_bytes(PACKED)

    assert b"".join(read_chunks(path)) == LINES


def test_gzip_members_one_after_another_are_one_content(path: Path) -> None:
    path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))

    assert list(read_lines(path)) == [Line(1, b"one"), Line(2, b"two")]


def test_zero_padding_after_a_gzip_member_is_nothing(path: Path) -> None:
    path.write_bytes(gzip.compress(b"one\n") + b"\0" * 512)

    assert list(read_lines(path)) == [Line(1, b"one")]


@pytest.mark.parametrize("content", [PACKED[:2], PACKED[:9], PACKED[:-1]])
def test_a_gzip_stream_cut_short_is_damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(Damage) as damage:
        list(read_chunks(path))

    assert damage.value.reason == "truncated_gzip"


@pytest.mark.parametrize(
    "content",
    [
        PACKED[:-8] + bytes([PACKED[-8] ^ 1]) + PACKED[-7:],  # the checksum
        PACKED[:-4] + bytes([PACKED[-4] ^ 1]) + PACKED[-3:],  # the length
        b"\x1f\x8b\x07" + PACKED[3:],  # the method
        PACKED[:12] + b"\xff" * 40 + PACKED[52:],  # the blocks
    ],
)
def test_a_gzip_stream_that_is_wrong_is_damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(Damage) as damage:
        list(read_chunks(path))

    assert damage.value.reason == "corrupt_gzip"


# -- lines -----------------------------------------------------------------------------------------


def test_lines_are_numbered_from_one_and_lose_their_ends(path: Path) -> None:
    assert lines_of(path, b"one\ntwo\r\nthree") == [
        Line(1, b"one"),
        Line(2, b"two"),
        Line(3, b"three"),
    ]


def test_a_blank_line_is_a_line(path: Path) -> None:
    assert lines_of(path, b"\n\nthree\n") == [Line(1, b""), Line(2, b""), Line(3, b"three")]


def test_an_empty_file_has_no_lines(path: Path) -> None:
    assert lines_of(path, b"") == []


def test_a_line_as_long_as_allowed_is_read(path: Path) -> None:
    assert lines_of(path, b"a" * 100 + b"\n") == [Line(1, b"a" * 100)]


def test_a_line_over_the_limit_is_set_apart_and_the_next_is_read(path: Path) -> None:
    long, after = lines_of(path, b"a" * 101 + b"\nnext\n")

    assert (long, after) == (
        Spoiled(1, "line_too_long", "the line has more than 100 bytes"),
        Line(2, b"next"),
    )


def test_a_last_line_over_the_limit_is_set_apart(path: Path) -> None:
    assert [type(line) for line in lines_of(path, b"one\n" + b"a" * 101)] == [Line, Spoiled]


def test_a_line_longer_than_many_chunks_is_one_line(path: Path) -> None:
    found = lines_of(path, b"a" * 3_500_000 + b"\nnext")

    assert [(line.number, type(line)) for line in found] == [(1, Spoiled), (2, Line)]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"")), max_size=30))
def test_every_line_of_a_file_comes_once_with_its_number(bodies: list[bytes]) -> None:
    content = b"".join(body + b"\n" for body in bodies)
    assume(not content.startswith(GZIP))
    with tempfile.TemporaryDirectory() as folder:
        found = lines_of(Path(folder) / "file", content, max_bytes=8)

    assert [line.number for line in found] == list(range(1, len(bodies) + 1))


@settings(deadline=None)
@given(st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"")), max_size=30))
def test_exactly_the_lines_over_the_limit_are_set_apart(bodies: list[bytes]) -> None:
    content = b"".join(body + b"\n" for body in bodies)
    assume(not content.startswith(GZIP))
    with tempfile.TemporaryDirectory() as folder:
        found = lines_of(Path(folder) / "file", content, max_bytes=8)

    assert [isinstance(line, Spoiled) for line in found] == [len(body) > 8 for body in bodies]


def test_lines_before_a_cut_stay_usable(path: Path) -> None:
    path.write_bytes(PACKED[: len(PACKED) // 2])

    *whole, damage = read_lines(path)

    assert len(whole) > 1000
    assert (
        b"".join(line.body + b"\n" for line in whole if isinstance(line, Line))
        == (LINES[: sum(len(line.body) + 1 for line in whole if isinstance(line, Line))])
    )
    assert isinstance(damage, Spoiled)


def test_a_cut_is_numbered_after_the_last_whole_line(path: Path) -> None:
    path.write_bytes(PACKED[: len(PACKED) // 2])

    *whole, damage = read_lines(path)

    assert (damage.number, len(whole) > 0) == (whole[-1].number + 1, True)


def test_all_lines_of_a_stream_that_lacks_only_its_trailer_stay_usable(path: Path) -> None:
    path.write_bytes(PACKED[:-8])

    found = list(read_lines(path))

    assert sum(isinstance(line, Line) for line in found) == 30_000


def test_half_a_line_before_a_cut_is_not_taken_for_a_line(path: Path) -> None:
    stored = gzip.compress(b"one\n" + b"two, which is cut", compresslevel=0)
    path.write_bytes(stored[: stored.index(b"which")])

    found = list(read_lines(path))

    assert [(line.number, type(line)) for line in found] == [(1, Line), (2, Spoiled)]


def test_lines_before_bytes_that_are_no_gzip_stay_usable(path: Path) -> None:
    path.write_bytes(gzip.compress(b"one\ntwo\n") + b"something else")

    found = list(read_lines(path))

    assert [type(line) for line in found] == [Line, Line, Spoiled]


def test_a_bomb_is_unpacked_a_chunk_at_a_time(path: Path) -> None:
    path.write_bytes(gzip.compress(b"\0" * 50_000_000))

    assert max(len(chunk) for chunk in read_chunks(path)) <= 2**20


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", GZIP, PACKED[:10]]))
def test_any_bytes_are_lines_or_set_apart(content: bytes, start: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = lines_of(Path(folder) / "file", start + content)

    assert [line.number for line in found] == list(range(1, len(found) + 1))


# -- time ------------------------------------------------------------------------------------------


def test_a_measurement_of_now_is_sound() -> None:
    assert time_defect(NOW, NOW) is None


def test_an_hour_ahead_is_allowed_and_a_second_more_is_not() -> None:
    limit = NOW + timedelta(hours=1)

    assert time_defect(limit, NOW) is None
    assert "future" in (time_defect(limit + timedelta(seconds=1), NOW) or "")


def test_a_measurement_before_ooni_existed_has_a_wrong_clock() -> None:
    assert "before OONI" in (time_defect(datetime(1970, 1, 1, tzinfo=UTC), NOW) or "")
