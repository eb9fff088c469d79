from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global

from overt.reference.zones import zone_of


@pytest.mark.parametrize(
    ("cc", "zone"),
    [
        ("KE", "Africa/Nairobi"),
        ("PK", "Asia/Karachi"),
        ("IQ", "Asia/Baghdad"),
        ("IR", "Asia/Tehran"),
        ("IN", "Asia/Kolkata"),
        ("SN", "Africa/Dakar"),
    ],
)
def test_a_country_of_one_zone_has_it(cc: str, zone: str) -> None:
    assert zone_of(cc) == zone


@pytest.mark.parametrize("cc", ["RU", "US", "BR", "ID", "CD", "MN", "CN", "ES", "UA", "AU", "CA"])
def test_a_country_of_several_clocks_has_none(cc: str) -> None:
    assert zone_of(cc) is None


@pytest.mark.parametrize("cc", ["KZ", "CY"])
def test_zones_that_kept_different_clocks_for_a_while_are_not_one(cc: str) -> None:
    assert zone_of(cc) is None


def test_zones_that_keep_the_same_clock_are_one() -> None:
    assert zone_of("DE") == "Europe/Berlin"


@pytest.mark.parametrize("cc", ["", "XX", "ZZ", "001", "ke", "Kenya", "../KE"])
def test_what_is_no_country_has_none(cc: str) -> None:
    assert zone_of(cc) is None


def test_every_zone_named_is_one_the_machine_knows() -> None:
    zones = {zone_of(cc) for cc in get_global("territory_zones")} - {None}

    assert len(zones) > 150
    assert {ZoneInfo(zone).key for zone in zones if zone} == zones
