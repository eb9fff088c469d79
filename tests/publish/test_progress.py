import io

import pytest
from rich.console import Console

from overt.publish.progress import bar_on


@pytest.mark.parametrize(("watched", "stages"), [(True, ["judging", "detecting"]), (False, [])])
def test_a_bar_is_drawn_only_where_somebody_watches(watched: bool, stages: list[str]) -> None:  # noqa: FBT001
    screen = io.StringIO()
    with bar_on(Console(file=screen, force_terminal=watched, width=80)) as tell:
        for stage in ("judging", "detecting"):
            tell(stage, 0, 2)
            tell(stage, 2, 2)

    assert [s for s in ("judging", "detecting") if s in screen.getvalue()] == stages
