import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest

from overt.errors import RuleError
from overt.verdicts.rulebook import Rulebook, bundled, load_rulebook
from overt.vocabulary.facts import Layer
from overt.vocabulary.judgements import MECHANISMS, Evidence, Outcome


GOOD = """
[[rule]]
id = "tcp_connected"
when = "ok"
outcome = "ok"
evidence = "scored"
signal = 0
says = "The connection was made."
source = "OONI df-005"
fires_on = [{ ok = true }]
silent_on = [{ ok = false }]

[[rule]]
id = "tcp_failed"
when = "NOT ok AND control = 'ok'"
outcome = "blocked"
evidence = "scored"
signal = 1
mechanism = "tcp"
says = "The connection failed."
source = "hand-set"
fires_on = [{ ok = false, control = "ok" }]
silent_on = [{ ok = false, control = "none" }]
"""


def load(text: str) -> Rulebook:
    return load_rulebook({"tcp.toml": text.encode()})


def texts() -> dict[str, bytes]:
    folder = files("overt").joinpath("verdicts/rules")
    return {f"{layer}.toml": folder.joinpath(f"{layer}.toml").read_bytes() for layer in Layer}


def test_the_bundled_rulebook_is_sound_and_covers_every_layer() -> None:
    book = bundled()

    assert {rule.layer for rule in book.rules} == set(Layer)


def test_the_version_changes_with_any_byte_of_a_rule() -> None:
    changed = GOOD.replace("The connection failed.", "The connection failed!")

    assert load(GOOD).version != load(changed).version


def test_equal_files_have_equal_versions() -> None:
    assert load(GOOD).version == load(GOOD).version


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('outcome = "blocked"', 'outcome = "blokced"', "blokced"),
        ('evidence = "scored"', 'evidence = "score"', "score"),
        ('mechanism = "tcp"', 'mechanism = "tcp.sulk"', "not in the taxonomy"),
        ('mechanism = "tcp"\n', "", "needs a mechanism"),
        ("signal = 1", "signal = 2", "expected 0 or 1"),
        ("signal = 0", "signal = 1", "needs signal = 0"),
        ("control = 'ok'", "controll = 'ok'", "does not bind"),
        ("NOT ok AND control = 'ok'", "NOT ok", "holds on one of its silent_on"),
        ("NOT ok AND control = 'ok'", "NOT ok AND control = 'no'", "does not hold on one"),
        ('id = "tcp_failed"', 'id = "tcp_connected"', "more than one rule"),
        ('says = "The connection failed."\n', "", "missing keys ['says']"),
        ('source = "hand-set"', 'source = "hand-set"\nweight = 3', "unknown keys ['weight']"),
        ("fires_on = [{ ok = true }]", "fires_on = []", "needs examples"),
        ("fires_on = [{ ok = true }]", "fires_on = [{ okay = true }]", "not columns"),
        ("[[rule]]", "[[rule]", "not TOML"),
    ],
)
def test_an_unsound_rulebook_is_refused_with_rule_and_remedy(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(RuleError) as refused:
        load(GOOD.replace(old, new, 1))

    assert told in str(refused.value)
    assert refused.value.where is not None
    assert refused.value.remedy


def test_a_rule_that_an_earlier_one_always_precedes_is_refused() -> None:
    shadow = GOOD.replace('when = "ok"', 'when = "ok IS NOT NULL"').replace(
        "silent_on = [{ ok = false }]", "silent_on = [{ }]"
    )
    with pytest.raises(RuleError, match="tcp_failed never speaks"):
        load(shadow)


def entries() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, rule)
        for name, text in sorted(texts().items())
        for rule in tomllib.loads(text.decode())["rule"]
    ]


@pytest.mark.parametrize(
    ("name", "rule"), entries(), ids=lambda v: v["id"] if isinstance(v, dict) else ""
)
def test_negating_any_bundled_condition_is_caught_by_its_own_examples(
    name: str, rule: Mapping[str, Any]
) -> None:
    files_ = texts()
    flipped = files_[name].replace(
        f'when = "{rule["when"]}"'.encode(), f'when = "NOT ({rule["when"]})"'.encode()
    )
    assert flipped != files_[name]
    with pytest.raises(RuleError):
        load_rulebook({**files_, name: flipped})


def test_words_of_the_bundled_rules_are_of_the_vocabulary() -> None:
    for rule in bundled().rules:
        assert rule.outcome in Outcome
        assert rule.evidence in Evidence
        assert rule.mechanism is None or rule.mechanism in MECHANISMS
        assert rule.says.endswith(".")
        assert rule.source


def test_no_rule_says_blocked_without_a_working_control_or_an_artefact() -> None:
    for rule in bundled().rules:
        if rule.outcome is Outcome.BLOCKED:
            controlled = all(
                example.get("control") == "ok" or example.get("control_answers_bogon") is False
                for example in rule.fires_on
            )
            assert controlled, rule.id
