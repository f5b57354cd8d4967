"""How far a night is, as its folder tells: from there the rest of the plan is printed anew."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from failback.reprotect import UNKNOWN, VirtualMachine
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.outputs.run_folders.run_folder import HISTORY
from failback.scenarios.runbooks.remaining import SoFar, unseen_since
from failback.scenarios.text.local_time import after

from .ahead import placed
from .folder import kept
from .record import BEGAN, PLAN_STARTS, Record


def so_far(scenario: Scenario, folder: Path) -> SoFar:
    """Where the machines stood when the watch looked last. Raises `BadInput` where it has not seen any of them."""
    identity = kept(folder)
    machines = scenario.estate.virtual_machines
    record, lines = Record(machines), read_journal(folder / HISTORY).lines
    record.recall(lines)
    unseen = tuple(name for name, machine in record.machines.items() if machine.seen is None)
    if len(unseen) == len(machines):
        text = f"this watch has seen no machine of '{scenario.name}'; give the folder of a watch of the same scenario"
        raise BadInput(Mistake("", str(folder), 0, text))
    later = {name: as_seen(vm, record) for name, vm in machines.items()}
    began = next((one.line.data for one in lines if one.line.name == BEGAN), {})
    return SoFar(
        replace(scenario.estate, virtual_machines=later),
        _plan_starts(began.get(PLAN_STARTS), scenario, identity.starts_at),
        after(identity.starts_at, record.now_s).astimezone(scenario.starts_at.tzinfo),
        unseen,
    )


def as_seen(vm: VirtualMachine, record: Record) -> VirtualMachine:
    """Where it stands. Of what has become new on the way, a watch sees the agent alone."""
    seen = record.machines[vm.name].seen
    registered = None if seen is None else seen.agent_registered
    return unseen_since(vm, placed(vm, record), agent_registered=UNKNOWN if registered is None else registered)


def _plan_starts(kept_at: object, scenario: Scenario, zero: datetime) -> datetime:
    """As the watch was told; an older one kept only what its scenario says."""
    if isinstance(kept_at, str):
        return datetime.fromisoformat(kept_at).astimezone(scenario.starts_at.tzinfo)
    return zero if scenario.start_is_example else scenario.starts_at
