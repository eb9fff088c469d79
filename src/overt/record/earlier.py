"""An earlier state of a record, from a copy of its folder or from a revision git keeps."""

import io
import subprocess
import tarfile
from pathlib import Path

from overt.errors import UsageError
from overt.record.chain import LOG, Earlier, log_of, read_log
from overt.record.layout import FOLDERS, MOST_FILES, Files, read_folder, read_text
from overt.record.problems import shown


_SECONDS = 60
_MOST_BYTES = 1024 * 1024 * 1024


def earlier(named: str, folder: Path) -> Earlier:
    """Return the earlier state that a person named: a folder, or a revision of git.

    Raises:
        UsageError: when there is neither a folder nor a revision of that name.
    """
    if named and Path(named).is_dir():
        entries = read_folder(Path(named)).entries
        return Earlier(name=named, entries=entries, lines=read_log(Path(named))[0])
    return _of_revision(named, folder)


def _of_revision(revision: str, folder: Path) -> Earlier:
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    name = commit.decode("ascii", "replace").strip()
    archive = _git(folder, "archive", "--format=tar", name)
    files, log, n_files = Files(), b"", 0
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        for member in opened:
            n_files += 1
            if n_files > MOST_FILES or not member.isfile():
                continue
            held = opened.extractfile(member)
            top, slash, rest = member.name.partition("/")
            if held is None:
                continue
            if member.name == LOG:
                log = held.read()
            elif slash and top in FOLDERS and "/" not in rest and rest.endswith(".yaml"):
                read_text(held.read(), member.name, files)
    return Earlier(name=f"revision {name[:12]}", entries=files.entries, lines=log_of(log)[0])


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the revision stands after end-of-options
            ["git", "-C", str(folder), *words],  # noqa: S607 - git is found on the path
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        raise UsageError(
            "git did not answer", where=str(folder), remedy="name a copy of the folder instead"
        ) from problem
    if done.returncode or len(done.stdout) > _MOST_BYTES:
        raise UsageError(
            f"{shown(words[-1].removesuffix('^{commit}'))} is neither a folder nor a revision of"
            " git here",
            where=str(folder),
            remedy="name a copy of the record's folder, or a revision as HEAD~1",
        )
    return done.stdout
