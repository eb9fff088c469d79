"""What is said of harm: ranges with their inputs, and published figures beside them."""

from collections.abc import Sequence
from typing import Any

from overt.dossier.rulings import day, telling
from overt.dossier.wording import listing, printable
from overt.vocabulary.stated import Claim


def amount(value: float) -> str:
    """Return a number to three significant digits, with what it counts in thousands or more."""
    for size, word in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if abs(value) >= size:
            return f"{value / size:.3g}{word}"
    return f"{value:.3g}"


def no_duration() -> str:
    """Return that there is nothing to multiply with."""
    return "No number: no restriction is measured or published for it."


def duration_sentence(low: float, high: float) -> str:
    """Return for how long it lasted, at least and at most."""
    return (
        f"It lasted at least {low:,.0f} hours, the ones that surely lie within it, and at most"
        f" {high:,.0f}."
    )


def missing_inputs(what: str, names: Sequence[str]) -> str:
    """Return which inputs are missing, so that there is no number."""
    return f"No number for {what}: no input for {listing(list(names), most=9)}."


def range_sentence(found: Any) -> str:  # noqa: ANN401 - a Range
    """Return a result as a range, and what kind of range it is."""
    return (
        f"Estimate of {found.what}: {amount(found.low)} to {amount(found.high)} {found.unit} (90 %"
        f" range; median {amount(found.median)}), every input uniform between its ends and"
        " independent of the others. It counts accounts or money by the formula, not people or"
        " hours of use."
    )


def sensitivity_sentence(found: Any) -> str:  # noqa: ANN401 - a Range
    """Return how far each input alone moves a result, the strongest first."""
    told = [
        f"{name} {amount(low)} to {amount(high)}"
        for name, low, high in found.sensitivity
        if low != high
    ]
    if not told:
        return f"Sensitivity of {found.what}: no input has a width."
    return (
        f"Sensitivity of {found.what} ({found.unit}), each input from end to end with the others"
        f" in their middle: {listing(told, most=9)}."
    )


def figure_sentence(figure: Any, claim: Claim, who: str) -> str:  # noqa: ANN401 - a Figure
    """Return a published figure as somebody's claim, and where it lies to our range."""
    span = amount(figure.low)
    if figure.low != figure.high:
        span = f"{span} to {amount(figure.high)}"
    place = f"; {figure.place} the range above" if figure.place else ""
    return f"Published figure: {span} {printable(figure.unit)}{place}. {telling(claim, who)}."


def input_sentence(one: Any) -> str:  # noqa: ANN401 - an Input
    """Return an input with its ends, source and date."""
    note = f"; {printable(one.note)}" if one.note else ""
    ends = f"{amount(one.low)} to {amount(one.high)} {one.unit}"
    return f"Input {one.name}: {ends} ({printable(one.source)}, {day(one.date)}{note})."
