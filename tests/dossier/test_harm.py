"""Harm: ranges from sourced inputs, the same bytes each time, and no number without an input."""

from pathlib import Path

import numpy as np
import pytest

from overt.dossier.harm import PRIMES, Harm, duration, estimate, halton, read_inputs
from overt.dossier.measured import Measured
from overt.engine.base import to_json
from overt.errors import InputError
from overt.vocabulary.stated import Quantity, Topic
from records import AS_OF, claim, measured, on, record, stretch


ENTRY = """
[[input]]
name = "{name}"
low = {low}
high = {high}
unit = "{unit}"
source = "https://example.org/a"
date = 2024-01-31
"""
VALUES: dict[str, tuple[float, float, str]] = {
    "platform_users": (4.5e6, 4.5e6, "accounts"),
    "network_share": (1, 1, "share"),
    "circumvention_share": (0, 0.5, "share"),
    "gdp_per_year": (338e9, 373e9, "USD"),
    "digital_share": (0.02, 0.06, "share"),
    "platform_share": (0.04, 0.04, "share"),
    "geographic_share": (1, 1, "share"),
}


def written(folder: Path, **values: tuple[float, float, str]) -> Path:
    path = folder / "harm.toml"
    entries = [
        ENTRY.format(name=n, low=a, high=b, unit=u) for n, (a, b, u) in (values or VALUES).items()
    ]
    path.write_text("first = 2024-02-18\nlast = 2024-12-31\n" + "".join(entries))
    return path


def estimated(folder: Path, **values: tuple[float, float, str]) -> Harm:
    cost = Quantity(low=1.34e9, high=1.34e9, unit="USD", counts="cost of the shutdown")
    told = record(claim("cost", topic=Topic.COUNT, quantities=(cost,), asserted=on("2025-01-02")))
    return estimate(read_inputs(written(folder, **values)), measured(), told, AS_OF)


def test_the_pakistan_figures_come_out_as_the_formula_gives_them(tmp_path: Path) -> None:
    found = estimated(tmp_path)
    hours, cost = found.results

    # 318 days from 18 February to 31 December, 7,632 hours, in the middle of the year.
    assert (found.hours_low, found.hours_high) == (318 * 24, 318 * 24)
    assert hours.low > 4.5e6 * 7632 * 0.5 and hours.high < 4.5e6 * 7632
    assert 118e6 < cost.low < cost.median < cost.high < 780e6
    assert [f.place for f in found.figures] == ["above"]
    assert cost.sensitivity[0][0] == "digital_share"


def test_a_published_figure_is_reproduced_with_the_inputs_it_implies(tmp_path: Path) -> None:
    point = {n: (a, a, u) for n, (a, _, u) in VALUES.items()}
    share = 1.34e9 / (338e9 / 365 * 318)
    point |= {"digital_share": (share, share, "share"), "platform_share": (1, 1, "share")}

    found = estimated(tmp_path, **point)

    assert found.results[1].median == pytest.approx(1.34e9)


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    assert to_json(estimated(tmp_path)) == to_json(estimated(tmp_path))


def test_an_input_that_is_missing_gives_no_number_and_is_named(tmp_path: Path) -> None:
    found = estimated(tmp_path, **{k: VALUES[k] for k in ("platform_users", "network_share")})

    assert found.results == ()
    assert "no input for circumvention_share" in " ".join(found.sentences)


def test_nothing_measured_gives_no_number(tmp_path: Path) -> None:
    inputs = read_inputs(written(tmp_path))

    found = estimate(inputs, Measured(platform="x", cc="PK"), record(), AS_OF)

    assert found.results == () and found.hours_low is None


def test_an_onset_set_makes_the_duration_an_interval(tmp_path: Path) -> None:
    inputs = read_inputs(written(tmp_path))
    wide = inputs.__class__(input=inputs.input)

    assert duration(wide, measured(stretch()), AS_OF) == (443 * 24, 445 * 24)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (("gdp", 1, 2, "USD"), "not an input"),
        (("digital_share", 0.5, 2, "share"), "share of 2"),
        (("digital_share", 0.5, 0.1, "share"), "from 0.5 to 0.1"),
        (("digital_share", -1, 0.1, "share"), "from -1"),
        (("digital_share", "nan", 0.1, "share"), "from nan"),
        (("gdp_per_year", 1, 2, "EUR"), "unit is 'EUR'"),
    ],
)
def test_an_unsound_input_is_refused_by_name(
    tmp_path: Path, bad: tuple[str, float, float, str], said: str
) -> None:
    name, low, high, unit = bad

    with pytest.raises(InputError, match=said) as caught:
        read_inputs(written(tmp_path, **{name: (low, high, unit)}))
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "unsound"),
        ("input = 3", "unsound"),
        ("[[input]", "not TOML"),
        (ENTRY.format(name="platform_users", low=1, high=2, unit="accounts") * 2, "given twice"),
        (
            ENTRY.format(name="platform_users", low=1, high=2, unit="accounts").replace(
                "https://example.org/a", "a friend"
            ),
            "its source is 'a friend'",
        ),
        ("first = 2024-02-18\nlast = 2024-02-01\ninput = []", "last lies before first"),
    ],
)
def test_a_broken_file_of_inputs_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "harm.toml"
    path.write_text(text)

    with pytest.raises(InputError, match=said):
        read_inputs(path)


@pytest.mark.parametrize("base", PRIMES)
def test_the_points_of_every_coordinate_fill_the_unit_interval_evenly(base: int) -> None:
    points = np.sort(halton(4096, base))

    assert points[0] > 0 and points[-1] < 1
    assert np.abs(points - (np.arange(4096) + 0.5) / 4096).max() < 0.01
