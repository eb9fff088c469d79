"""Word sets the reading of sentences leans on, from lists/grammar.toml."""

import tomllib
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _sets() -> dict[str, frozenset[str]]:
    path = files("overt").joinpath("record/proposals/lists/grammar.toml")
    return {
        name: frozenset(words) for name, words in tomllib.loads(path.read_text("utf-8")).items()
    }


def word_set(name: str) -> frozenset[str]:
    """Return the words of a set; KeyError when there is no such set."""
    return _sets()[name]
