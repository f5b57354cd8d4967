"""Hours in which a line gives less."""

import pytest

from failback.reprotect import Throttle, WorkingHours


@pytest.mark.parametrize("hour", [0.0, 24.0])
def test_working_hours_may_begin_and_end_at_midnight(hour: float) -> None:
    assert WorkingHours(0.5, from_hour=hour).from_hour == WorkingHours(0.5, to_hour=hour).to_hour == hour


@pytest.mark.parametrize("hour", [-0.5, 24.5])
@pytest.mark.parametrize("which", ["from_hour", "to_hour"])
def test_an_hour_that_no_day_has_is_refused(which: str, hour: float) -> None:
    with pytest.raises(ValueError, match="hours from 0 to 24"):
        WorkingHours(0.5, **{which: hour})  # type: ignore[arg-type]  # mypy: keys that are known when it runs


@pytest.mark.parametrize(
    ("share", "from_s", "to_s", "every_s"),
    [
        (-0.1, 0.0, 10.0, None),
        (1.1, 0.0, 10.0, None),
        (0.5, -1.0, 10.0, None),
        (0.5, 10.0, 10.0, None),
        (0.5, 0.0, 11.0, 10.0),
    ],
)
def test_a_throttle_that_makes_no_sense_is_refused(
    share: float, from_s: float, to_s: float, every_s: float | None
) -> None:
    with pytest.raises(ValueError, match="a throttle leaves a share from 0 to 1"):
        Throttle(share, from_s, to_s, every_s)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_throttle_may_leave_nothing_or_everything_until_it_begins_again(share: float) -> None:
    assert Throttle(share, 0.0, 10.0, 10.0).share == share
