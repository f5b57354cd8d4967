"""What a world must offer: five ports. `lab` and `azure` use the same adapters; `azure` never has hands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from .commands import ApplyRemedy, VaultCommand
from .events import Accepted, Answer, ItemSeen, JobSeen, RemedyAnswer


class Unreachable(Exception):
    """An endpoint could not be reached, or refused access (exit code 3). The message names it and what was tried."""


class VsphereRefused(Exception):
    """vSphere answered and would not, or does not hold what was asked for. The message says what, and what to do.

    `missing`: the machine that is not there, where that is why.
    """

    def __init__(self, message: str, missing: str | None = None) -> None:
        self.missing = missing
        super().__init__(message)


class Clock(Protocol):
    """Time as the world has it: virtual seconds since the drill's start."""

    def now(self) -> float:
        """The instant now."""
        ...

    def wait(self, until_s: float) -> tuple[float, frozenset[str] | None]:
        """Let time pass until the vault shows something new or `until_s` has come.

        Returns the instant and the names of items and plans that changed; None means: unknown, read all in flight.
        """
        ...


class Vault(Protocol):
    """ASR: asks and reads."""

    def items(self) -> tuple[str, ...]:
        """Names of all protected items."""
        ...

    def perform(self, command: VaultCommand) -> Answer:
        """Send one request, once. A repeat with the same key is never sent blindly."""
        ...

    def reconcile(self, command: VaultCommand) -> Answer:
        """What became of one that an earlier run may have sent, and heard no answer to. Looks, and sends nothing."""
        ...

    def adopt(self, accepted: Accepted, items: Collection[str] = ()) -> None:
        """Take a job that an earlier run started for ours; `items` are those of a plan."""
        ...

    def read(self, subjects: Collection[str]) -> tuple[ItemSeen | JobSeen, ...]:
        """Single reads of these items and of the jobs that we started for these items and plans, children included."""
        ...


@dataclass(frozen=True, slots=True)
class VmFacts:
    """What vSphere says of one virtual machine. `disks` are VMDK paths in order: `[datastore] folder/file.vmdk`."""

    name: str
    powered_on: bool
    disks: tuple[str, ...]
    snapshots: tuple[str, ...]
    host: str | None = None


class Vsphere(Protocol):
    """vSphere, read by the drill itself."""

    def look(self, names: Collection[str]) -> Mapping[str, VmFacts]:
        """Facts of the virtual machines that exist among `names`, in one round trip."""
        ...


class Remedies(Protocol):
    """What the drill itself fixes: on vSphere, in the vault, in Azure."""

    def apply(self, command: ApplyRemedy) -> RemedyAnswer:
        """Carry it out: look, send once where it is not so yet, look again. A lost reply is settled by that look."""
        ...

    def reconcile(self, command: ApplyRemedy) -> RemedyAnswer:
        """What became of one that an earlier run sent and heard no answer to. Looks, and sends nothing."""
        ...


class OnPremisesHands(Protocol):
    """What ASR's own components do on site. Idempotent: asked twice, done once.

    What acts on a machine raises `VsphereRefused` where it is not there or vSphere would not; nothing is done then.
    """

    def look(self, names: Collection[str]) -> Mapping[str, VmFacts]:
        """Facts of the virtual machines that exist among `names`."""
        ...

    def datastores_of(self, host: str) -> Collection[str]:
        """Names of the datastores that this host mounts; none where there is no such host."""
        ...

    def power_on(self, vm: str) -> None:
        """Start the virtual machine."""
        ...

    def power_off(self, vm: str) -> None:
        """Stop the virtual machine."""
        ...

    def take_snapshot(self, vm: str, name: str) -> None:
        """Make a snapshot."""
        ...

    def remove_snapshots(self, vm: str) -> None:
        """Merge all snapshots (R05)."""
        ...

    def attach_disks(self, vm: str, to: str) -> None:
        """Detach every disk of `vm`, keep the files, attach them to the master target or appliance `to` (B06)."""
        ...

    def return_disks(self, vm: str, disk_host: str) -> None:
        """Detach the disks of `vm` from `disk_host` and attach them to `vm` again (B08)."""
        ...

    def create_vm(self, vm: str, host: str, datastore: str, disk_sizes_bytes: Collection[int]) -> None:
        """Create an empty virtual machine for alternate-location recovery (T04)."""
        ...

    def destroy_vm(self, vm: str) -> None:
        """Remove the virtual machine and its files (a scenario's fault: the original is lost)."""
        ...
