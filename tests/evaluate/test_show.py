import io
from dataclasses import replace

from rich.console import Console

from overt.evaluate.history import Scored, Told
from overt.evaluate.scorecard import Scorecard
from overt.evaluate.show import show


def printed(card: Scorecard) -> str:
    stream = io.StringIO()
    show(card, Console(file=stream, width=200, highlight=False))
    return stream.getvalue()


def test_every_part_is_shown_and_what_was_skipped_says_why(tiny: Scorecard) -> None:
    text = printed(tiny)

    for title in ("Bars", "False alarms", "forgery", "one network", "country's", "late data"):
        assert title in text
    assert "skipped, no folder of histories was given (--history)" in text


def test_a_history_is_a_table_of_methods(tiny: Scorecard) -> None:
    told = Told(
        method="overt",
        delay_h=12,
        n_alerts=3,
        n_before=1,
        onset="2024-01-01T00:00Z",
        onset_holds=False,
        ending=None,
        ending_holds=None,
    )
    scored = Scored("A place", "a source [not markup]", 2, 30, (told,))
    text = printed(replace(tiny, scores=replace(tiny.scores, histories=(scored,))))

    assert "a source [not markup]" in text
    assert "3 (1 before)" in text
    assert "2024-01-01T00:00Z (does not agree)" in text
