"""Shares and their sampling error."""

import pytest

from failback.scenarios.predictions.sampling import Share, holds_from


@pytest.mark.parametrize(
    ("met", "runs", "low", "high"), [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_the_interval_is_wilsons(met: int, runs: int, low: float, high: float) -> None:
    assert Share(met, runs).interval == pytest.approx((low, high), abs=1e-4)


def test_more_runs_narrow_the_interval() -> None:
    widths = [high - low for low, high in (Share(runs // 2, runs).interval for runs in (10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)


def test_what_holds_is_a_value_that_enough_runs_do_not_exceed() -> None:
    values = [float(n) for n in range(1, 11)]
    assert holds_from(values, 0.9) == 9.0
    assert holds_from(values, 0.91) == 10.0
    assert holds_from([*values[:9], None], 0.9) == 9.0
    assert holds_from([*values[:9], None], 0.95) is None
