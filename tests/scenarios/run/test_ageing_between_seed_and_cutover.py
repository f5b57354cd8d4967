"""What ages between the seed and the cutover (points, health, the appliance) is judged again at the failback."""

from pathlib import Path

import pytest

import failback
from failback.scenarios import resolve

AGES = [
    ("sql-01", "{recovery_points: 0}", "F02", {"sql-01"}),
    ("sql-01", "{replication_health: critical}", "F01", {"sql-01"}),
    ("appliance-01", "{healthy: false}", "A01", {"sql-01", "sql-02", "web-01", "web-02", "web-03", "web-04"}),
]
AFTER_THE_SEEDS_S = 90_000
"""All seeds have ended by then, and no cutover window is open yet."""


@pytest.mark.parametrize(("name", "facts", "rule", "stopped"), AGES, ids=[row[2] for row in AGES])
def test_what_ages_while_a_machine_waits_for_its_cutover_stops_it_there(
    name: str, facts: str, rule: str, stopped: set[str], tmp_path: Path
) -> None:
    fault = f"  - {{kind: change_facts, object: {name}, at_s: {AFTER_THE_SEEDS_S}, facts: {facts}}}\n"
    file = tmp_path / "aged.yaml"
    file.write_text(f"{resolve('seed_ahead').read_text('utf-8')}faults:\n{fault}", "utf-8")
    result = failback.play(file)
    assert {item.name for item in result.items if item.stopped_by == rule} == stopped
    assert {item.phase for item in result.items if item.name in stopped} == {"replicating_to_on_premises"}
