"""No answer depends on what the process played before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DIGESTS = Path(__file__).parent / "digests.py"
ORDERS = (1, 2)


def run(how: str) -> dict[str, dict[str, str]]:
    """The digests of the whole library, from a process of its own; sets are in another order in each."""
    done = subprocess.run([sys.executable, DIGESTS, how], capture_output=True, text=True, check=True)
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a fresh process for each scenario is a fork")
def test_each_scenario_comes_to_the_same_after_any_others_as_in_a_fresh_process() -> None:
    fresh = run("fresh")
    for seed in ORDERS:
        found = run(str(seed))
        assert list(found) != list(fresh), "the order is shuffled"
        assert {name: (was, found[name]) for name, was in fresh.items() if found[name] != was} == {}, f"order {seed}"
