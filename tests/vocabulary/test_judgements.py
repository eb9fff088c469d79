import pytest

from overt.vocabulary.judgements import MECHANISMS, State


def test_every_prefix_of_a_mechanism_is_a_mechanism() -> None:
    orphans = [m for m in MECHANISMS if "." in m and m.rpartition(".")[0] not in MECHANISMS]

    assert orphans == []


def test_what_refines_a_distinctive_artefact_is_one_too() -> None:
    weaker = [m for m in MECHANISMS if MECHANISMS.get(m.rpartition(".")[0]) and not MECHANISMS[m]]

    assert weaker == []


@pytest.mark.parametrize("layer", ["dns", "tcp", "tls", "http", "ip"])
def test_a_layer_alone_is_no_distinctive_artefact(layer: str) -> None:
    assert MECHANISMS[layer] is False


@pytest.mark.parametrize(
    ("mechanism", "distinctive"),
    [
        ("dns.injection.bogon", True),
        ("http.blockpage", True),
        ("tls.mitm.self_signed", True),
        ("tls.reset.sni", False),
        ("dns.nxdomain", False),
        ("tcp.timeout", False),
    ],
)
def test_only_what_no_broken_path_produces_is_distinctive(
    mechanism: str, *, distinctive: bool
) -> None:
    assert MECHANISMS[mechanism] is distinctive


def test_a_state_reads_as_it_is_printed() -> None:
    assert f"{State.CONSISTENT}" == "consistent with blocking"
