"""What may go wrong on site or in the vault, as data: what happens, to which object, when."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any, ClassVar, Final

import simpy

from failback.reprotect import Operation, Phase

from .job import JobFault
from .vault import Vault
from .vsphere import unless_gone

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


@unique
class FaultKind(Enum):
    """Kinds of fault. All but `change_facts` and those on jobs act through vSphere, in `lab` through a real client."""

    CHANGE_FACTS = "change_facts"
    TAKE_SNAPSHOT = "take_snapshot"
    REMOVE_SNAPSHOTS = "remove_snapshots"
    POWER_ON = "power_on"
    POWER_OFF = "power_off"
    DESTROY_VM = "destroy_vm"
    FAIL_JOB = "fail_job"
    CANCEL_JOB = "cancel_job"


@dataclass(frozen=True, slots=True)
class Trigger:
    """When an item comes into a phase."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    item: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that happens."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    kind: FaultKind
    object: str
    """Name of the virtual machine or part that it happens to, `link` for the line; for fail_job the item."""
    at_s: float | None = None
    """Virtual second at which it happens; 0 when neither this nor `when` is given."""
    when: Trigger | None = None
    """Or: when this item comes into this phase."""
    after_s: float = 0.0
    """Virtual seconds after the trigger."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """change_facts: the facts' new values."""
    snapshot: str = "snapshot"
    """take_snapshot: the snapshot's name."""
    operation: Operation | None = None
    """fail_job: which operation's job."""
    task: str | None = None
    """fail_job: wire name of the task that fails; the first when left out."""
    code: str = "FB-INJECTED"
    """fail_job: error code."""
    message: str = "The task was made to fail."
    """fail_job: error message."""
    times: int = 1
    """fail_job: how many jobs fail before one succeeds."""


class FaultPlayer:
    """Plays a scenario's faults on a site: each waits for its instant or trigger, acts once, and is recorded."""

    def __init__(self, vault: Vault, record: Callable[[Fault], None]) -> None:
        self._vault, self._site, self._record = vault, vault.site, record

    def play(self, faults: Sequence[Fault]) -> None:
        """Arm them all."""
        for fault in faults:
            self._site.env.process(self._run(fault))

    def _run(self, fault: Fault) -> Generator[simpy.Event, Any, None]:
        if fault.when is not None:
            yield self._vault.on_phase(fault.when.item, fault.when.phase)
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
        self._vault.review_replication(*named)


def _change_facts(vault: Vault, fault: Fault) -> None:
    vault.site.change(fault.object, **fault.facts)


def _take_snapshot(vault: Vault, fault: Fault) -> None:
    vault.site.hands.take_snapshot(fault.object, fault.snapshot)


def _remove_snapshots(vault: Vault, fault: Fault) -> None:
    vault.site.hands.remove_snapshots(fault.object)


def _power_on(vault: Vault, fault: Fault) -> None:
    vault.site.hands.power_on(fault.object)


def _power_off(vault: Vault, fault: Fault) -> None:
    vault.site.hands.power_off(fault.object)


def _destroy_vm(vault: Vault, fault: Fault) -> None:
    vault.site.hands.destroy_vm(fault.object)


def _fail_job(vault: Vault, fault: Fault) -> None:
    wanted = JobFault(fault.operation, fault.task, fault.code, fault.message, fault.times)
    vault.job_faults[fault.object].append(wanted)


def _cancel_job(vault: Vault, fault: Fault) -> None:
    item = vault.items.get(fault.object)
    if item is not None and item.job is not None:
        vault.cancel(item.job.id)


_ACTS: Final[dict[FaultKind, Callable[[Vault, Fault], None]]] = {
    FaultKind.CHANGE_FACTS: _change_facts,
    FaultKind.TAKE_SNAPSHOT: _take_snapshot,
    FaultKind.REMOVE_SNAPSHOTS: _remove_snapshots,
    FaultKind.POWER_ON: _power_on,
    FaultKind.POWER_OFF: _power_off,
    FaultKind.DESTROY_VM: _destroy_vm,
    FaultKind.FAIL_JOB: _fail_job,
    FaultKind.CANCEL_JOB: _cancel_job,
}
