import os
from pathlib import Path

import pytest

from overt.errors import UsageError
from overt.settings import Settings, load_settings


def test_an_empty_environment_gives_a_workspace_in_the_present_folder() -> None:
    settings = load_settings(environ={})

    assert settings.workspace == Path("overt-workspace")


def test_threads_default_to_no_more_than_four() -> None:
    settings = load_settings(environ={})

    assert settings.threads == min(os.cpu_count() or 1, 4)


def test_the_environment_names_workspace_threads_and_memory() -> None:
    environ = {"OVERT_WORKSPACE": "w", "OVERT_THREADS": "3", "OVERT_MEMORY_MIB": "99"}

    settings = load_settings(environ=environ)

    assert settings == Settings(workspace=Path("w"), threads=3, memory_limit_mib=99)


def test_the_command_line_wins_over_the_environment() -> None:
    settings = load_settings(Path("named"), {"OVERT_WORKSPACE": "other"})

    assert settings.workspace == Path("named")


def test_a_variable_set_to_nothing_counts_as_not_set() -> None:
    settings = load_settings(environ={"OVERT_WORKSPACE": "", "OVERT_MEMORY_MIB": ""})

    assert (settings.workspace, settings.memory_limit_mib) == (Path("overt-workspace"), 512)


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", " 2", "1e3", "\N{SUPERSCRIPT TWO}"])
def test_a_number_that_is_not_whole_and_positive_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="OVERT_THREADS"):
        load_settings(environ={"OVERT_THREADS": text})


def test_a_number_too_long_to_be_one_is_refused_as_ours() -> None:
    with pytest.raises(UsageError, match="OVERT_THREADS"):
        load_settings(environ={"OVERT_THREADS": "9" * 5000})


def test_a_refused_number_says_how_to_mend_it() -> None:
    with pytest.raises(UsageError) as refused:
        load_settings(environ={"OVERT_MEMORY_MIB": "lots"})

    assert refused.value.remedy == "unset OVERT_MEMORY_MIB, or set it to a number such as 512"
