"""How a fault strikes: each waits for its instant or trigger, acts once, and is recorded."""

from collections.abc import Callable, Generator, Sequence
from typing import Any, Final

import simpy

from failback.reprotect import known_failure

from .fault import MADE_TO_FAIL, Fault, FaultKind
from .job import JobFault
from .vault import SimulatedVault
from .vsphere import unless_gone


class FaultPlayer:
    """Plays a scenario's faults on a site: each waits for its instant or trigger, acts once, and is recorded."""

    def __init__(self, vault: SimulatedVault, record: Callable[[Fault], None]) -> None:
        self._vault, self._site, self._record = vault, vault.site, record

    def play(self, faults: Sequence[Fault]) -> None:
        """Arm them all."""
        for fault in faults:
            self._site.env.process(self._run(fault))

    def _run(self, fault: Fault) -> Generator[simpy.Event, Any, None]:
        record, when = self._vault.record, fault.when
        if when is not None and not record.begins_in(when.item, when.phase):
            yield record.on_phase(when.item, when.phase)
        yield self._site.env.timeout(fault.after_s if fault.at_s is None else fault.at_s)
        self.fire(fault)

    def fire(self, fault: Fault) -> None:
        """Let it happen now."""
        self._record(fault)
        with unless_gone():
            _ACTS[fault.kind](self._vault, fault)
        self._learn(fault)

    def _learn(self, fault: Fault) -> None:
        self._site.refresh(fault.object)
        named = [fault.object] if fault.object in self._vault.items else list(self._vault.items)
        self._vault.record.review_replication(*named)


def _change_facts(vault: SimulatedVault, fault: Fault) -> None:
    vault.site.change(fault.object, **fault.facts)


def _take_snapshot(vault: SimulatedVault, fault: Fault) -> None:
    vault.site.hands.take_snapshot(fault.object, fault.snapshot)


def _remove_snapshots(vault: SimulatedVault, fault: Fault) -> None:
    vault.site.hands.remove_snapshots(fault.object)


def _power_on(vault: SimulatedVault, fault: Fault) -> None:
    vault.site.hands.power_on(fault.object)


def _power_off(vault: SimulatedVault, fault: Fault) -> None:
    vault.site.hands.power_off(fault.object)


def _destroy_vm(vault: SimulatedVault, fault: Fault) -> None:
    vault.site.hands.destroy_vm(fault.object)


def _fail_job(vault: SimulatedVault, fault: Fault) -> None:
    """A code that is known brings its own message, unless the scenario says another."""
    known = known_failure(fault.code)
    message = known.message if known and fault.message == MADE_TO_FAIL else fault.message
    wanted = JobFault(fault.operation, fault.task, fault.code, message, fault.times)
    vault.record.job_faults[fault.object].append(wanted)


def _cancel_job(vault: SimulatedVault, fault: Fault) -> None:
    item = vault.items.get(fault.object)
    if item is not None and item.job is not None:
        vault.cancel(item.job.id)


_ACTS: Final[dict[FaultKind, Callable[[SimulatedVault, Fault], None]]] = {
    FaultKind.CHANGE_FACTS: _change_facts,
    FaultKind.TAKE_SNAPSHOT: _take_snapshot,
    FaultKind.REMOVE_SNAPSHOTS: _remove_snapshots,
    FaultKind.POWER_ON: _power_on,
    FaultKind.POWER_OFF: _power_off,
    FaultKind.DESTROY_VM: _destroy_vm,
    FaultKind.FAIL_JOB: _fail_job,
    FaultKind.CANCEL_JOB: _cancel_job,
}
