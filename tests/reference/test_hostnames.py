import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overt.reference.hostnames import (
    canonical_address,
    canonical_hostname,
    is_bogon,
    split_endpoint,
    split_url,
)


# letters whose capitals, marks or widths trip comparisons: sigmas, dotted and long s, wide stops
TRICKY = (
    "aZx-n.\u03a3\u03c3\u03c2\u0130\u0131\u00df\u1e9e\u017f\u3002\uff0e\u200d\u00ad\u0661\u05d0"
)
names = st.text(max_size=40) | st.text(alphabet=TRICKY, max_size=20)
greek = st.text(alphabet="\u03b1\u03b2\u03b3\u03b4\u03bf\u03c0\u03c3", min_size=1, max_size=12)


@pytest.mark.parametrize("name", ["x.com", "X.COM", "x.com.", " x.com ", "X.cOm.."])
def test_capitals_spaces_and_final_dots_make_no_difference(name: str) -> None:
    assert canonical_hostname(name) == "x.com"


@pytest.mark.parametrize("name", ["bücher.example", "BÜCHER.example", "XN--BCHER-KVA.EXAMPLE"])
def test_an_internationalised_name_has_one_form(name: str) -> None:
    assert canonical_hostname(name) == "xn--bcher-kva.example"


@given(greek, greek)
@example("\u03bf\u03b4\u03bf\u03c3", "a")
def test_a_capital_in_an_internationalised_name_makes_no_difference(one: str, two: str) -> None:
    name = f"{one}-{two}.example"

    assert canonical_hostname(name.upper()) == canonical_hostname(name)


@pytest.mark.parametrize("stop", ["\u3002", "\uff0e", "\uff61"])
def test_a_full_stop_of_another_script_is_a_full_stop(stop: str) -> None:
    assert canonical_hostname(f"bücher{stop}example{stop}") == "xn--bcher-kva.example"


def test_an_underscore_is_allowed_because_such_names_resolve() -> None:
    assert canonical_hostname("_dmarc.x.com") == "_dmarc.x.com"


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "a..b", "-a.com", "a-.com", "a b.com", "a\x00b.com", "x.com/", "x.com:443"),
        *("[::1]", "a" * 64 + ".com", ".".join(["abc"] * 64)),
        *("\u0301.com", "a\u202eb.com", "\ud800.com"),
    ],
)
def test_what_is_no_hostname_is_none(name: str) -> None:
    assert canonical_hostname(name) is None


def test_the_longest_label_and_name_are_hostnames() -> None:
    longest = ".".join(["a" * 63] * 3 + ["b" * 61])

    assert (len(longest), canonical_hostname(longest)) == (253, longest)


@settings(max_examples=300)
@given(names)
def test_the_canonical_form_of_a_hostname_is_its_own(name: str) -> None:
    canonical = canonical_hostname(name)

    assert canonical is None or canonical_hostname(canonical) == canonical


@given(st.ip_addresses())
def test_the_canonical_form_of_an_address_is_its_own(address: object) -> None:
    canonical = canonical_address(str(address))

    assert canonical is not None and canonical_address(canonical) == canonical


@given(names)
def test_any_text_is_an_address_or_none(text: str) -> None:
    canonical = canonical_address(text)

    assert canonical is None or canonical_address(canonical) == canonical


@pytest.mark.parametrize("text", ["2A00:1450:0:0::200E", "[2a00:1450::200e]"])
def test_an_ipv6_address_is_short_and_lower_case(text: str) -> None:
    assert canonical_address(text) == "2a00:1450::200e"


@pytest.mark.parametrize(
    "text", ["", "x.com", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "::g"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert canonical_address(text) is None


@pytest.mark.parametrize(
    "address",
    [
        *("10.10.34.34", "127.0.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "198.51.100.7"),
        *("224.0.0.1", "255.255.255.255", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fd00::1", "2001:db8::1", "ff02::1"),
    ],
)
def test_an_address_no_public_server_can_have_is_a_bogon(address: str) -> None:
    assert is_bogon(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "149.154.175.50", "2a00:1450:4009:81f::200e"])
def test_a_public_address_is_no_bogon(address: str) -> None:
    assert not is_bogon(address)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2.3.4:443", ("1.2.3.4", 443)),
        ("[::1]:443", ("::1", 443)),
        ("1.2.3.4", ("1.2.3.4", None)),
        ("1.2.3.4:", ("1.2.3.4", None)),
        ("1.2.3.4:https", ("1.2.3.4", None)),
        ("1.2.3.4:65535", ("1.2.3.4", 65535)),
        ("1.2.3.4:65536", ("1.2.3.4", None)),
        ("1.2.3.4:-1", ("1.2.3.4", None)),
        ("x.com:443", (None, 443)),
        ("", (None, None)),
    ],
)
def test_an_endpoint_is_an_address_and_a_port(
    text: str, expected: tuple[str | None, int | None]
) -> None:
    assert split_endpoint(text) == expected


def test_a_port_of_thousands_of_digits_is_no_port() -> None:
    assert split_endpoint("1.2.3.4:" + "9" * 5000) == ("1.2.3.4", None)


@given(st.ip_addresses(v=4), st.integers(0, 65535))
def test_every_endpoint_is_read_back(address: object, port: int) -> None:
    assert split_endpoint(f"{address}:{port}") == (str(address), port)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://X.com/a", ("x.com", None, 443)),
        ("HTTP://x.com", ("x.com", None, 80)),
        ("https://x.com:8443/", ("x.com", None, 8443)),
        ("http://1.2.3.4/", (None, "1.2.3.4", 80)),
        ("https://[2A00:1450::200E]:444/", (None, "2a00:1450::200e", 444)),
        ("https://user:word@x.com/", ("x.com", None, 443)),
        ("dot://dns.google:853/", ("dns.google", None, 853)),
        ("dot://dns.google/", ("dns.google", None, None)),
        ("x.com", (None, None, None)),
        ("https://x.com:99999/", (None, None, None)),
        ("https://[::1/", (None, None, None)),
        ("https://\u2100.com/", (None, None, None)),
    ],
)
def test_a_url_points_at_a_name_or_an_address_and_a_port(
    url: str, expected: tuple[str | None, str | None, int | None]
) -> None:
    assert split_url(url) == expected


@settings(max_examples=300)
@given(names)
def test_any_text_in_a_url_has_at_most_one_host(text: str) -> None:
    hostname, address, _ = split_url(f"https://{text}/")

    assert hostname is None or address is None
