from dataclasses import replace
from pathlib import Path

import pytest

from overt.record.layout import file_name, folder_of, read_folder, texts_beside
from overt.record.ledger import load
from record import sample


def test_an_entry_has_one_place() -> None:
    assert file_name("act:pk/pta:one") == "pk-pta-one.yaml"
    assert folder_of("claim") == folder_of("source") == "sources"


def test_a_text_is_found_beside_the_record_or_in_its_vault(tmp_path: Path) -> None:
    source = load(sample.write(tmp_path)).sources[sample.SOURCE_ID]
    own = tmp_path / "texts" / f"{sample.TEXT_SHA256}.txt"
    vault = tmp_path / "vault" / "texts" / sample.TEXT_SHA256[:2] / own.name
    vault.parent.mkdir(parents=True)
    own.rename(vault)

    assert texts_beside(tmp_path)(source) == sample.TEXT
    assert texts_beside(tmp_path / "acts")(source) is None


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "a" * 63, "/etc/passwd"])
def test_a_digest_is_no_way_to_other_files(tmp_path: Path, digest: str) -> None:
    source = load(sample.write(tmp_path)).sources[sample.SOURCE_ID]

    assert texts_beside(tmp_path)(replace(source, text_sha256=digest)) is None


def test_a_folder_with_a_name_near_to_one_of_ours_is_told(tmp_path: Path) -> None:
    folder = sample.write(tmp_path)
    (folder / "acts").rename(folder / "act")

    [problem] = [p for p in read_folder(folder).problems if p.file == "act"]
    assert problem.remedy == "rename it to acts"
