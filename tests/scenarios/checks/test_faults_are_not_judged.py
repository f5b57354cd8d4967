"""Of a file with faults a check judges the start, and it counts the faults that it did not judge."""

import json
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failback.scenarios.checks.command import CheckRequest, as_value, check_located

from .agreement import located_of
from .drawn_estates import FEW_MACHINES, free

EXAMPLES: Final = 40
FAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "power_on", "object": "m0", "at_s": 60},
    {"kind": "take_snapshot", "object": "m0"},
    {"kind": "change_facts", "object": "gold", "facts": {"kind": "NFS"}},
    {"kind": "fail_job", "object": "m0", "operation": "failback"},
    {"kind": "destroy_vm", "object": "m0", "when": {"item": "m0", "phase": "failed_over"}},
)


def test_a_check_judges_the_start_and_counts_the_faults_that_it_does_not_judge(tmp_path: Path) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(free(counts=FEW_MACHINES), st.lists(st.sampled_from(FAULTS), max_size=4))
    def counted(drawn: dict[str, Any], faults: list[dict[str, Any]]) -> None:
        shown, start = (
            as_value(check_located(located_of(each, tmp_path), CheckRequest("drawn")))
            for each in (drawn | {"faults": faults}, drawn)
        )
        assert shown["faults_not_judged"] == len(faults)
        assert sum(note.startswith(f"Not judged: {len(faults)} fault") for note in shown["notes"]) == bool(faults)
        same = [{k: v for k, v in each.items() if k not in ("notes", "faults_not_judged")} for each in (shown, start)]
        assert json.dumps(same[0], sort_keys=True) == json.dumps(same[1], sort_keys=True)

    counted()
