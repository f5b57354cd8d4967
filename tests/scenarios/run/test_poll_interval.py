"""Many items are looked at less often, so that a run keeps to the reads that Azure allows for."""

import pytest

from failback.adapters import AzureSettings, Settings
from failback.scenarios.run.world_azure import poll_interval_s


@pytest.mark.parametrize("reads_per_s", [10.0, None])
@pytest.mark.parametrize(
    ("items", "factor", "expected_s"), [(1, 1.0, 30.0), (300, 1.0, 30.0), (1000, 1.0, 100.0), (1000, 2000.0, 30.0)]
)
def test_a_look_at_all_items_takes_no_more_reads_than_the_settings_allow_for(
    items: int, factor: float, expected_s: float, reads_per_s: float | None
) -> None:
    azure = AzureSettings("s", "g", "v", "https://127.0.0.1:1", reads_per_s=reads_per_s)
    assert poll_interval_s(Settings(azure, clock_factor=factor), items) == expected_s
