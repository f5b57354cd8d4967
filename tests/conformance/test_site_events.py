"""What somebody does in vSphere or to a job at a bad moment: both worlds tell one history of it."""

from dataclasses import replace
from typing import Final

import pytest

from failback.reprotect import Line, Phase, masked
from failback.scenarios import Scenario, load_scenario, play, resolve
from failback.simulator import Fault, FaultKind, Trigger

_P, _K = Phase, FaultKind
# fmt: off
BAD_MOMENTS: Final[tuple[tuple[str, FaultKind, str, Phase, float], ...]] = (
    ("one_vm",            _K.POWER_OFF,     "mt-linux",     _P.RESYNCING_TO_ON_PREMISES,    60.0),
    ("one_vm",            _K.DESTROY_VM,    "mt-linux",     _P.RESYNCING_TO_ON_PREMISES,    60.0),
    ("one_vm",            _K.DESTROY_VM,    "mt-linux",     _P.FAILING_BACK,               120.0),
    ("one_vm",            _K.DESTROY_VM,    "app-01",       _P.RESYNCING_TO_ON_PREMISES,    60.0),
    ("one_vm",            _K.DESTROY_VM,    "app-01",       _P.FAILING_BACK,               120.0),
    ("one_vm",            _K.CANCEL_JOB,    "app-01",       _P.REPROTECTING_TO_ON_PREMISES, 60.0),
    ("one_modernised_vm", _K.POWER_OFF,     "appliance-01", _P.RESYNCING_TO_ON_PREMISES,    60.0),
    ("one_modernised_vm", _K.DESTROY_VM,    "appliance-01", _P.FAILING_BACK,               120.0),
    ("one_modernised_vm", _K.DESTROY_VM,    "app-01",       _P.FAILING_BACK,               120.0),
    ("one_modernised_vm", _K.TAKE_SNAPSHOT, "app-01",       _P.COMMITTING_FAILBACK,          0.0),
)
# fmt: on


def history(scenario: Scenario, world: str) -> list[Line]:
    """What this world tells, masked."""
    lines: list[Line] = []
    play(scenario, world=world, on_line=lines.append)
    return [line for line in map(masked, lines) if line is not None]


@pytest.mark.vcsim
@pytest.mark.parametrize(
    ("name", "kind", "what", "phase", "after_s"), BAD_MOMENTS, ids=lambda part: getattr(part, "value", None)
)
def test_sim_and_lab_tell_one_history_of_a_bad_moment(
    name: str, kind: FaultKind, what: str, phase: Phase, after_s: float
) -> None:
    fault = Fault(kind, what, when=Trigger("app-01", phase), after_s=after_s)
    scenario = replace(load_scenario(resolve(name)), faults=(fault,))
    in_sim = history(scenario, "sim")
    assert any(line.name == "FaultFired" for line in in_sim)
    assert history(scenario, "lab") == in_sim
