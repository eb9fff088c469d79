import pytest

from overt.errors import RuleError, UsageError
from overt.reference.hostnames import canonical_address, canonical_hostname
from overt.reference.platforms import PlatformList, load_platforms, site


BUNDLED = load_platforms()
GOOSE = """
[[platform]]
id = "goose"
name = "Goose"
aliases = ["gander"]
[[platform.target]]
id = "goose/web"
hostnames = ["goose.example"]
addresses = ["192.0.2.7"]
"""


def listed(text: str) -> PlatformList:
    return load_platforms(text.encode())


# -- finding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["x", "X", " x ", "twitter", "Twitter", "twitter.com", "API.twitter.com", "x.com."]
)
def test_a_platform_is_found_by_id_name_alias_and_hostname(text: str) -> None:
    assert BUNDLED.find(text).id == "x"


def test_a_hostname_nobody_listed_is_a_platform_of_its_own() -> None:
    assert BUNDLED.find("www.Bücher.example").id == "xn--bcher-kva.example"


@pytest.mark.parametrize("text", ["", "facebok", "https://x.com/", "x com", "no such thing"])
def test_what_is_neither_platform_nor_hostname_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="neither a platform nor a hostname"):
        BUNDLED.find(text)


@pytest.mark.parametrize("text", ["192.0.2.7", "149.154.175.50"])
def test_an_address_is_not_taken_for_a_hostname(text: str) -> None:
    with pytest.raises(UsageError, match="neither a platform nor a hostname"):
        BUNDLED.find(text)


def test_a_refusal_names_the_platforms_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        BUNDLED.find("facebok")

    assert "telegram, x, facebook" in (refused.value.remedy or "")


def test_an_alias_is_found_whatever_its_capitals_in_the_list() -> None:
    platforms = listed(GOOSE.replace("gander", "Gander"))

    assert platforms.find("gander").id == "goose"


def test_a_website_takes_in_its_www() -> None:
    assert site("www.goose.example").targets[0].hostnames == ("goose.example", "www.goose.example")


def test_a_website_is_one_target_of_its_platform() -> None:
    assert [target.id for target in site("goose.example").targets] == ["goose.example/web"]


def test_a_platform_is_called_by_its_name_and_a_website_by_its_hostname() -> None:
    assert [BUNDLED.name_of(p) for p in ("x", "goose.example")] == ["X", "goose.example"]


# -- the bundled list ------------------------------------------------------------------------------


def test_every_bundled_hostname_is_in_canonical_form() -> None:
    hostnames = [h for p in BUNDLED.platforms for t in p.targets for h in t.hostnames]

    assert [h for h in hostnames if canonical_hostname(h) != h] == []


def test_every_bundled_address_is_in_canonical_form() -> None:
    addresses = [a for p in BUNDLED.platforms for t in p.targets for a in t.addresses]

    assert [a for a in addresses if canonical_address(a) != a] == []


def test_every_bundled_platform_is_found_by_its_own_name() -> None:
    lost = [p.id for p in BUNDLED.platforms if BUNDLED.find(p.name) != p]

    assert lost == []


def test_the_version_is_a_hash_of_the_bytes() -> None:
    assert listed(GOOSE).version != listed(GOOSE + "# a comment").version


def test_each_hostname_is_one_row_for_sql() -> None:
    hostnames = BUNDLED.tables()["ref_hostname"].column("hostname").to_pylist()

    assert len(hostnames) == len(set(hostnames)) > 30


def test_an_address_and_a_nettest_are_rows_of_their_own() -> None:
    platforms = listed(GOOSE + 'nettests = ["honk"]')

    assert platforms.tables()["ref_address"].to_pylist() == [
        {"ip": "192.0.2.7", "test_name": None, "target": "goose/web", "platform": "goose"},
        {"ip": None, "test_name": "honk", "target": "goose/web", "platform": "goose"},
    ]


def test_a_list_without_platforms_still_has_its_columns() -> None:
    assert listed("").tables()["ref_target"].schema.names == ["target", "failing_share"]


# -- unsound lists ---------------------------------------------------------------------------------


def test_a_hostname_claimed_twice_is_refused_naming_both() -> None:
    twice = GOOSE + '[[platform.target]]\nid = "goose/api"\nhostnames = ["goose.example"]'

    with pytest.raises(RuleError, match=r"goose\.example is claimed by goose/web and by goose/api"):
        listed(twice)


def test_a_hostname_claimed_twice_comes_with_a_remedy() -> None:
    twice = GOOSE + '[[platform.target]]\nid = "goose/api"\nhostnames = ["goose.example"]'

    with pytest.raises(RuleError) as refused:
        listed(twice)

    assert "take it out of one of them" in (refused.value.remedy or "")


def test_an_address_claimed_by_two_platforms_is_refused() -> None:
    other = GOOSE.replace("goose", "duck").replace('"gander"', "")

    with pytest.raises(RuleError, match=r"192\.0\.2\.7 is claimed"):
        listed(GOOSE + other)


def test_a_target_listed_twice_is_refused() -> None:
    with pytest.raises(RuleError, match="goose/web"):
        listed(GOOSE + '[[platform.target]]\nid = "goose/web"\nhostnames = ["api.goose.example"]')


@pytest.mark.parametrize(
    ("sound", "unsound", "said"),
    [
        ('"goose.example"', '"Goose.example"', "not in canonical form"),
        ('"goose.example"', '"bücher.example"', "not in canonical form"),
        ('"goose.example"', "7", "goose"),
        ('"192.0.2.7"', '"192.0.2.007"', "not an IP address in canonical form"),
        ('"192.0.2.7"', '"192.0.2.7:80"', "not an IP address in canonical form"),
        ('id = "goose/web"', 'id = "duck/web"', "does not start with"),
        ('id = "goose/web"', "", "goose"),
        ('name = "Goose"', "", "name"),
        ('name = "Goose"', 'name = "Goose"\ncombine = "most-of"', "most-of"),
        ('name = "Goose"', 'name = "Goose"\nmotto = "honk"', "motto"),
        ("hostnames", "hostname", "`hostname`"),
        ('addresses = ["192.0.2.7"]', "failing_share = 0", "failing_share"),
        ('addresses = ["192.0.2.7"]', "failing_share = 1.5", "failing_share"),
        ('addresses = ["192.0.2.7"]', "failing_share = nan", "failing_share"),
        ('addresses = ["192.0.2.7"]', 'failing_share = "half"', "goose"),
        ("[[platform]]", "[platform]", "platform"),
        ("[[platform", "[[platfrom", "platfrom"),
        ("[[platform]]", "[[platform]", "not TOML"),
    ],
)
def test_an_unsound_list_is_refused_saying_what_is_wrong(
    sound: str, unsound: str, said: str
) -> None:
    with pytest.raises(RuleError, match=said):
        listed(GOOSE.replace(sound, unsound))


def test_a_platform_without_targets_is_refused() -> None:
    with pytest.raises(RuleError, match="goose"):
        listed('[[platform]]\nid = "goose"\nname = "Goose"\ntarget = []')


def test_a_list_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(RuleError, match="not TOML"):
        load_platforms(b"# caf\xe9")
