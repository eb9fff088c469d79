"""How to draw a series of votes."""

from hypothesis import strategies as st

from overt.changes.detector import Series


KEY = ("XX", "x", "x/web", 64496)
FIRST_HOUR = 475_000


def series_of(votes: list[tuple[int, str, float]], asn: int = 64496) -> Series:
    return Series.of(("XX", "x", "x/web", asn), votes)


def votes(max_hours: int = 400) -> st.SearchStrategy[list[tuple[int, str, float]]]:
    """Draw votes of up to four units over up to `max_hours` hours; one vote a unit and hour."""
    one = st.tuples(
        st.integers(FIRST_HOUR, FIRST_HOUR + max_hours),
        st.sampled_from("abcd"),
        st.sampled_from([0.0, 0.0, 0.0, 0.5, 1.0]),
    )
    return st.lists(one, max_size=200, unique_by=lambda v: (v[0], v[1]))


def steady(value: float, first: int, hours: int, units: str = "ab") -> list[tuple[int, str, float]]:
    """Return one vote a unit and hour, all alike."""
    return [(FIRST_HOUR + first + h, unit, value) for h in range(hours) for unit in units]
