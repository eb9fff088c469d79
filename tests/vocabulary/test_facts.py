from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.vocabulary.facts import FAILURES, FailureClass, Observation, canonical_failure


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_a_failure_of_the_list_stands_for_itself(failure: str) -> None:
    assert canonical_failure(failure) == failure


@pytest.mark.parametrize("text", [None, ""])
def test_no_failure_stays_none(text: str | None) -> None:
    assert canonical_failure(text) is None


def test_free_text_is_dropped_because_it_can_carry_addresses() -> None:
    assert canonical_failure("unknown_failure: dial tcp 192.0.2.7:443: oops") == "unknown_failure"


@pytest.mark.parametrize(
    "text",
    [
        "unknown_failure: dial tcp: socket: too many open files",
        "unknown_failure: mmap: cannot allocate memory",
        "unknown_failure: write: no buffer space available",
    ],
)
def test_a_full_machine_is_the_instruments_condition(text: str) -> None:
    assert FAILURES[canonical_failure(text) or ""] == FailureClass.INSTRUMENT


@given(st.text(min_size=1))
def test_whatever_was_written_becomes_a_failure_of_the_list(text: str) -> None:
    assert canonical_failure(text) in FAILURES


def test_every_class_but_none_has_a_failure() -> None:
    assert set(FAILURES.values()) == set(FailureClass)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ("generic_timeout_error", FailureClass.TIMEOUT),
        ("connection_reset", FailureClass.RESET),
        ("eof_error", FailureClass.CLOSED),
        ("dns_bogon_error", FailureClass.DNS_BOGON),
        ("android_dns_cache_no_data", FailureClass.NXDOMAIN),
        ("ssl_unknown_autority", FailureClass.CERTIFICATE),
        ("address_family_not_supported_error", FailureClass.INSTRUMENT),
    ],
)
def test_a_failure_has_the_class_the_rules_speak_of(failure: str, kind: FailureClass) -> None:
    assert FAILURES[failure] is kind


@pytest.mark.parametrize("layer", ["dns", "tcp", "tls", "http"])
def test_each_layer_has_its_outcome_beside_its_failure(layer: str) -> None:
    names = {field.name for field in fields(Observation)}

    assert {f"{layer}_ok", f"{layer}_failure"} <= names
