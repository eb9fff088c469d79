import sqlite3
from pathlib import Path

import pytest

from overt.engine import layout
from overt.engine.workspace import Workspace
from overt.errors import WorkspaceError


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return a workspace as the version before the history made it, with one document."""
    root = tmp_path / "w"
    workspace = Workspace(root, create=True)
    workspace.store_documents("m", {"incidents": []})
    workspace._db.executescript(
        "DROP TABLE record_version; DROP TABLE conclusion;"
        "UPDATE meta SET value = '1' WHERE key = 'layout'"
    )
    workspace.close()
    return root


def layout_of(workspace: Workspace) -> str:
    [row] = workspace._db.execute("SELECT value FROM meta WHERE key = 'layout'")
    return str(row[0])


def test_an_older_workspace_can_be_read_and_is_left_as_it_is(older: Path) -> None:
    workspace = Workspace(older)

    assert workspace.document("incidents") == ("m", [])
    assert workspace.log.conclusions() == []
    assert layout_of(workspace) == "1"
    workspace.close()


def test_a_writer_gives_an_older_workspace_a_history_and_loses_nothing(older: Path) -> None:
    workspace = Workspace(older)
    with workspace.writing():
        pass

    assert layout_of(workspace) == str(layout.LAYOUT)
    assert workspace.document("incidents") == ("m", [])
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        workspace._db.execute("INSERT INTO conclusion VALUES (7, '', '', '', '', '', 0)")
    workspace.close()


def test_a_newer_layout_is_refused_by_name(older: Path) -> None:
    workspace = Workspace(older)
    workspace._db.execute("UPDATE meta SET value = '3'")
    workspace.close()

    with pytest.raises(WorkspaceError, match=r"layout 3.*reads layout 2") as refused:
        Workspace(older)
    assert "the version of overt that made it" in (refused.value.remedy or "")
