"""Options and fixtures every test may use."""

from pathlib import Path

import pytest

from overt.settings import Settings


SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless",
        action="store_true",
        help="write the golden files anew; read the diff before you commit it",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the real data where there is none, and say so."""
    if SHARED_DATA.is_dir():
        return
    reason = f"the real data are not here: {SHARED_DATA.name} beside the project is missing"
    for item in items:
        if item.get_closest_marker("acceptance"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace", threads=2, memory_limit_mib=256)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    return SHARED_DATA
