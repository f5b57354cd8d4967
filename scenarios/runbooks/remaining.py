"""What is left of a plan: the same plan, begun where a later estate says that the machines stand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from failback.reprotect import UNKNOWN, Estate, Operation, VirtualMachine, end_of, facts_remade, phase_row
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.text.local_time import seconds_between

from .fewer_machines import keeping

_LAST: Final = end_of(Operation.REPROTECT_TO_AZURE)
_TAKEN: Final = ("at", "resync_done_fraction", "job_running_s", "returns_through", "process_server", "powered_on")
"""Facts of where a machine stands. Those that a leg between has made anew are taken too; all others stay the plan's."""
_OF_REPLICA: Final = "azure."


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
    stands = replace(vm, **{name: getattr(seen, name) for name in _TAKEN})
    return _with(stands, {fact: _value(seen, fact) for fact in facts_remade(vm.at, seen.at)})


def unseen_since(vm: VirtualMachine, now: VirtualMachine, **seen: Any) -> VirtualMachine:
    """The machine where it stands now, of which nobody has looked at what is new since then, but for these facts."""
    return _with(now, {fact: seen.get(fact, UNKNOWN) for fact in facts_remade(vm.at, now.at)})


def _value(vm: VirtualMachine, fact: str) -> Any:
    inner = fact.removeprefix(_OF_REPLICA)
    return getattr(vm if inner == fact else vm.azure, inner)


def _with(vm: VirtualMachine, facts: Mapping[str, Any]) -> VirtualMachine:
    replica = {fact.removeprefix(_OF_REPLICA): value for fact, value in facts.items() if fact.startswith(_OF_REPLICA)}
    own: dict[str, Any] = {fact: value for fact, value in facts.items() if not fact.startswith(_OF_REPLICA)}
    return replace(vm, azure=replace(vm.azure, **replica), **own)


def _is_done(vm: VirtualMachine) -> bool:
    return _LAST in (vm.at, phase_row(vm.at).resyncs_into)


def _from(scenario: Scenario, starts_at: datetime) -> Scenario:
    """From another instant on: what the plan says in seconds stays at its hour."""
    gone_s = seconds_between(scenario.starts_at, starts_at)
    return replace(scenario, starts_at=starts_at, plan=scenario.plan.later(-gone_s))


def _wrong(file: str, text: str) -> BadInput:
    return BadInput(Mistake("", file, 0, text))
