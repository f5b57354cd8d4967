"""Which rules the comparison of check and run takes for the cause of a stop: not more than the facts allow."""

from pathlib import Path

import pytest

from .agreement import culprits, located_of, report_of
from .known_estates import machine, servers

BOTH = [("classic", "M03"), ("modernised", "A02")]


def culprits_of_b(where: Path, architecture: str, disks: int, **facts: str) -> frozenset[str]:
    """For b, which a rule of its own stops, beside a machine whose replication never ends."""
    vms = [machine(name, architecture, disks, **facts) for name in "ab"]
    vms[0]["replication_starts"] = False
    vms[1]["migration_completed"] = True
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **servers(architecture)}
    drawn = {"name": "beside", "estate": estate, "plan": {}}
    return culprits(report_of(drawn, where), located_of(drawn, where).scenario.estate, "b")


@pytest.mark.parametrize(("architecture", "rule"), BOTH)
def test_the_lack_of_slots_stops_only_where_too_few_are_left(tmp_path: Path, architecture: str, rule: str) -> None:
    assert culprits_of_b(tmp_path, architecture, 2) == {"R16"}
    assert culprits_of_b(tmp_path, architecture, 40) == {"R16", "R31", rule}


@pytest.mark.parametrize(("architecture", "rule"), BOTH)
def test_the_lack_of_slots_stops_nobody_who_has_its_own(tmp_path: Path, architecture: str, rule: str) -> None:
    assert rule not in culprits_of_b(tmp_path, architecture, 40, at="replicating_to_on_premises")
