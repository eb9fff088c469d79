"""OONI's list of published incidents, read without believing it."""

import json
from pathlib import Path
from typing import Any

import pytest

from overt.dossier.published import read_published
from overt.errors import InputError
from overt.reference.platforms import load_platforms
from records import at


PLATFORMS = load_platforms()
ENTRY: dict[str, Any] = {
    "id": "255",
    "title": "Pakistan blocked X",
    "start_time": "2024-02-17T00:00:00.000000Z",
    "end_time": "2025-05-06T00:00:00.000000Z",
    "update_time": "2025-07-08T22:05:59.000000Z",
    "CCs": ["PK"],
    "ASNs": [9541],
    "domains": ["twitter.com", "x.com", "not a host"],
    "email_address": "left alone",
}


def written(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "incidents.json"
    path.write_text(json.dumps({"incidents": entries}))
    return path


def test_an_incident_is_one_stretch_of_whole_days_for_each_platform(tmp_path: Path) -> None:
    found = read_published(written(tmp_path, ENTRY), PLATFORMS).of("PK", "x")

    assert [(s.onset.start, s.onset.end) for s in found] == [(at(2, 17), at(2, 18))]
    assert found[0].ending is not None
    assert found[0].ending.start == at(5, 6, year=2025)
    assert found[0].is_published
    assert found[0].url.endswith("/255")


def test_one_without_an_end_is_known_to_its_last_update(tmp_path: Path) -> None:
    found = read_published(written(tmp_path, ENTRY | {"end_time": None}), PLATFORMS).of("PK", "x")

    assert found[0].ending is None
    assert found[0].sure[-1].end == found[0].known_at


def test_an_unpublished_one_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, ENTRY | {"published": False})

    assert read_published(path, PLATFORMS).stretches == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"incidents": [{}]}',
        b"[" * 100_000,
        json.dumps({"incidents": [ENTRY | {"start_time": "yesterday"}]}).encode(),
        json.dumps({"incidents": [ENTRY | {"end_time": "2023-01-01T00:00:00Z"}]}).encode(),
        json.dumps({"incidents": [ENTRY | {"title": "a" * 3000}]}).encode(),
    ],
)
def test_what_is_no_such_list_is_refused_with_the_file(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(body)

    with pytest.raises(InputError, match=r"broken\.json"):
        read_published(path, PLATFORMS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_published(tmp_path / "none.json", PLATFORMS)


@pytest.mark.acceptance
def test_the_whole_list_is_read_and_x_in_pakistan_is_in_it(shared_data: Path) -> None:
    path = shared_data / "events" / "ooni-incidents.json"

    found = read_published(path, PLATFORMS).of("PK", "x")

    assert [str(s.days[0]) for s in found] == ["2023-05-09", "2024-02-17"]
