"""What is merely unknown of a capacity that machines share stops nobody before its turn."""

from pathlib import Path
from typing import Any

from failback.scenarios import play

from .agreement import located_of


def test_only_a_share_that_is_known_to_be_too_small_stops_a_machine_early(tmp_path: Path) -> None:
    def vm(name: str, memory_gib: int, **more: Any) -> dict[str, Any]:
        return {
            "name": name,
            "os": "linux",
            "host": "esx",
            "memory_gib": memory_gib,
            "disks": [{"size_gib": 10}],
            **more,
        }

    machines = [vm("a", 8, pending_question=True, at="failing_back"), vm("b", 4), vm("c", 90)]
    estate = {
        "link": {"bandwidth_mbit_per_s": 500},
        "hosts": [{"name": "esx", "free_memory_gib": 100}],
        "appliances": [{"name": "box"}],
        "virtual_machines": machines,
    }
    result = play(located_of({"name": "shares", "estate": estate}, tmp_path).scenario)
    assert {item.name: item.stopped_by for item in result.items} == {"a": "R32", "b": "", "c": ""}
