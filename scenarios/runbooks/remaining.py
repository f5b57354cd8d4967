"""What is left of a plan: the same plan, begun where a later estate says that the machines stand."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from failback.reprotect import Estate, Operation, VirtualMachine, end_of, phase_row
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.text.local_time import seconds_between

from .fewer_machines import keeping

_LAST: Final = end_of(Operation.REPROTECT_TO_AZURE)
_TAKEN: Final = ("at", "resync_done_fraction", "job_running_s", "returns_through", "process_server", "powered_on")
"""Facts of where a machine stands; all others stay those of the plan."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """How far a night is: the estate with its machines where they stand, when the plan began, and when that was seen.

    `unseen`: machines that nobody has seen; they stand where the estate of the scenario says.
    """

    estate: Estate
    plan_starts_at: datetime
    at: datetime
    unseen: tuple[str, ...] = ()


def remaining(scenario: Scenario, later: Estate, file: str, starts_at: datetime) -> Scenario:
    """The scenario from `starts_at` on, with machines where `later` has them, without those replicating to Azure again.

    Raises `BadInput` where `later` lacks a machine of the scenario, or where nothing is left.
    """
    machines = scenario.estate.virtual_machines
    if missing := [name for name in machines if name not in later.virtual_machines]:
        text = f"it has no machine {', '.join(map(repr, missing[:5]))} of '{scenario.name}'"
        raise _wrong(file, f"{text} ({len(missing)} of {len(machines)}); import it from the same vault")
    stands = {name: _standing(vm, later.virtual_machines[name]) for name, vm in machines.items()}
    left = [name for name, vm in stands.items() if not _is_done(vm)]
    if not left:
        raise _wrong(file, f"every machine of '{scenario.name}' is replicating to Azure again; nothing is left to do")
    placed = replace(scenario, estate=replace(scenario.estate, virtual_machines=stands))
    return _from(keeping(placed, left), starts_at)


def _standing(vm: VirtualMachine, seen: VirtualMachine) -> VirtualMachine:
    return replace(vm, **{name: getattr(seen, name) for name in _TAKEN})


def _is_done(vm: VirtualMachine) -> bool:
    return _LAST in (vm.at, phase_row(vm.at).resyncs_into)


def _from(scenario: Scenario, starts_at: datetime) -> Scenario:
    """From another instant on: what the plan says in seconds stays at its hour."""
    gone_s = seconds_between(scenario.starts_at, starts_at)
    return replace(scenario, starts_at=starts_at, plan=scenario.plan.later(-gone_s))


def _wrong(file: str, text: str) -> BadInput:
    return BadInput(Mistake("", file, 0, text))
