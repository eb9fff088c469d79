"""Reads a hostile page or PDF in a process of its own, with bounded memory and time.

A parser can be made to take all memory or to never end by a few kilobytes. The process is limited
by the kernel where it can be (POSIX), killed after a time everywhere, and answers in JSON.
"""

import json
import subprocess
import sys
from typing import Any

from overt.errors import InputError
from overt.record import page as html
from overt.record import paper
from overt.record.page import MAX_BLOCKS, MAX_CHARS, Page, Piece


# Hand-set. A page of 15 MB, of 250,000 paragraphs, took 18 s and 0.8 GiB on two shared cores.
MAX_SECONDS, MAX_MEMORY_BYTES = 60, 2 * 1024**3
_REMEDY = "save the page as plain text (.txt) and take that in, with --url for where it was"


def read(media_type: str, content: bytes, *, seconds: float = MAX_SECONDS) -> Page:
    """Return the paragraphs and metadata of a page or PDF.

    Args:
        media_type: `text/html`, of which `content` is UTF-8, or `application/pdf`.
        content: what is read.
        seconds: the longest it may take.

    Raises:
        InputError: when it cannot be read, or not within the bounds.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and no word of the page
            [sys.executable, "-I", "-m", "overt.record.bounded", media_type],
            input=content,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        answer = None
    if answer is None:
        raise InputError(
            f"it could not be read within {seconds:g} s and {MAX_MEMORY_BYTES // 1024**3} GiB",
            remedy=_REMEDY,
        )
    if "error" in answer:
        raise InputError(answer["error"], remedy=answer["remedy"])
    found = {k: [(v, r) for v, r in values] for k, values in answer["found"].items()}
    return Page(pieces=[Piece(text, hint) for text, hint in answer["pieces"]], found=found)


def _limit() -> None:
    """Bound this process's memory and processor time, where the system can."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (soft, hard))


def _answer(media_type: str, content: bytes) -> dict[str, Any]:
    try:
        if media_type == "application/pdf":
            page = paper.read(content)
        else:
            page = html.read(content.decode("utf-8", "replace"))
    except InputError as problem:
        return {"error": problem.what, "remedy": problem.remedy}
    except (MemoryError, RecursionError):
        return {"error": "it takes too much memory to read", "remedy": _REMEDY}
    if sum(len(p.text) for p in page.pieces) > MAX_CHARS or len(page.pieces) >= MAX_BLOCKS:
        return {"error": f"its text is over {MAX_CHARS:,} characters long", "remedy": _REMEDY}
    return {"pieces": [(p.text, p.hint) for p in page.pieces], "found": page.found}


if __name__ == "__main__":
    _limit()
    sys.stdout.write(json.dumps(_answer(sys.argv[1], sys.stdin.buffer.read())))
