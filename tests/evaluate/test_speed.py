from dataclasses import replace

from overt.evaluate.plan import QUICK
from overt.evaluate.speed import measure


def test_a_run_is_measured_in_a_process_of_its_own() -> None:
    found = measure(replace(QUICK, speed_series=100, speed_hours=50))

    assert (found.n_series, found.n_hours) == (100, 50)
    assert found.cell_hours_per_second == 100 * 50 / found.seconds
    assert 20 < found.peak_mib < 2000
