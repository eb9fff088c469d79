import pytest

from overt.errors import InputError, OvertError, RuleError, UsageError, WorkspaceError


@pytest.mark.parametrize(
    ("kind", "code"),
    [(OvertError, 1), (UsageError, 64), (InputError, 65), (WorkspaceError, 74), (RuleError, 78)],
)
def test_each_error_has_the_exit_code_its_docstring_draws(
    kind: type[OvertError], code: int
) -> None:
    assert kind.exit_code == code


def test_an_error_reads_as_what_where_and_what_to_try() -> None:
    error = InputError("found a goose", where="pond.jsonl:3", remedy="feed it")

    assert str(error) == "error: found a goose\nwhere: pond.jsonl:3\ntry:   feed it"


def test_an_error_without_place_or_remedy_is_one_line() -> None:
    assert str(UsageError("found a goose")) == "error: found a goose"


def test_every_error_can_be_caught_as_one_of_ours() -> None:
    with pytest.raises(OvertError, match="found a goose"):
        raise RuleError("found a goose")
