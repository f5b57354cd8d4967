"""Hours in which a line gives less."""

import pytest

from failback.reprotect import WorkingHours


@pytest.mark.parametrize("hour", [0.0, 24.0])
def test_working_hours_may_begin_and_end_at_midnight(hour: float) -> None:
    assert WorkingHours(0.5, from_hour=hour).from_hour == WorkingHours(0.5, to_hour=hour).to_hour == hour


@pytest.mark.parametrize("hour", [-0.5, 24.5])
@pytest.mark.parametrize("which", ["from_hour", "to_hour"])
def test_an_hour_that_no_day_has_is_refused(which: str, hour: float) -> None:
    with pytest.raises(ValueError, match="hours from 0 to 24"):
        WorkingHours(0.5, **{which: hour})  # type: ignore[arg-type]  # mypy: keys that are known when it runs
