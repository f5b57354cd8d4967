"""The hours of a question are those of the scenario's own clock, where nobody names a time zone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.predictions.command import PredictOptions, question_of


@pytest.mark.parametrize(("tz", "hour"), [(None, 17), ("", 17), ("UTC", 18), ("Asia/Tokyo", 9)])
def test_a_start_without_a_time_zone_is_read_with_the_offset_of_the_scenario(tz: str | None, hour: int) -> None:
    """`new --tz Europe/Berlin` writes +01:00: 18:00 is then 17:00 UTC."""
    scenario = replace(load_scenario(resolve("one_vm")), starts_at=datetime.fromisoformat("2026-11-27T18:00:00+01:00"))
    asked = question_of(PredictOptions(scenario, "Fri 18:00", "Mon 06:00", tz, 90, runs=1, today="2026-11-24"))
    assert asked.start == datetime(2026, 11, 27, hour, tzinfo=UTC)
