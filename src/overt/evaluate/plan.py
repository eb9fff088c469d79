"""What an evaluation draws, as data: how many of what, at which rates, from which seed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of one evaluation. Rates are reports per hour on one network.

    `quiet_pilot` and `quiet_uneven` count simulated years of a country; `forged`, `delay` and
    `national` count histories for each rate (and each number of forgers, or of blocked networks);
    `dates` counts histories of one event each. `speed_series` series of `speed_hours` hours go
    through the recursion. `silence` counts networks that go dark for each rate, `silence_years`
    quiet years of a country in which none does.
    """

    name: str
    quiet_pilot: int
    quiet_uneven: int
    forged: int
    delay: int
    national: int
    dates: int
    speed_series: int
    silence: int
    silence_years: int
    seed: int = 20240217
    speed_hours: int = 2000
    quiet_rates: tuple[float, ...] = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
    forged_rates: tuple[float, ...] = (0.3, 1.0, 3.0)
    delay_rates: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0, 10.0)
    national_rates: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0)
    silence_rates: tuple[float, ...] = (0.3, 0.6, 1.0, 2.0, 3.0, 10.0)


FULL = Plan("full", 72, 36, 100, 300, 80, 1200, 50_000, 60, 24)
QUICK = Plan(
    "quick",
    2,
    1,
    4,
    60,
    12,
    40,
    4096,
    6,
    2,
    delay_rates=(0.3, 3.0),
    national_rates=(0.3,),
    silence_rates=(3.0,),
)
