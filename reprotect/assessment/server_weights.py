"""What the rules have against a server, weighed: how many refuse, wait, advise, or cannot be judged.

Rules about a server alone say the same for all machines of a kind, so they are asked once for each kind and server.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final, NamedTuple

from failback.reprotect.choices import Choices
from failback.reprotect.estate import DISKS_MAX, Appliance, Estate, Ledger, MasterTarget, VirtualMachine, slots_of
from failback.reprotect.item import UNKNOWN, Operation
from failback.reprotect.requirements import (
    Gravity,
    MachineKinds,
    Objection,
    Part,
    Requirement,
    mounting_host,
    objections,
    own_disks,
    sentences,
)


class Weight(NamedTuple):
    """How many rules object: those that refuse, that clear by themselves, that advise, that nobody can judge."""

    refuses: int = 0
    waits: int = 0
    advises: int = 0
    unknown: int = 0

    def plus(self, other: "Weight") -> "Weight":
        """Both together."""
        return Weight(self[0] + other[0], self[1] + other[1], self[2] + other[2], self[3] + other[3])


NOTHING: Final = Weight()
_SERVERS: Final = attrgetter("master_target", "process_server", "retention_drive", "appliance", "log_storage_account")
"""What a request says that the rules about a server alone read."""


class PassedOver(NamedTuple):
    """A server that was passed over for a machine, the rule for which, and what the rule says.

    `alike`: how many machines are of its kind and have the same datastores, itself among them. `idle`: the server is
    chosen for nobody.
    """

    server: str
    item: str
    rule: Requirement
    sentence: str
    gravity: Gravity
    alike: int = 1
    idle: bool = False

    @property
    def refuses(self) -> bool:
        """Whether a machine cannot come home that way."""
        return self.gravity is Gravity.REFUSES


class ServerWeights:
    """Judges requests as if nobody had asked yet: who shares what is judged later, and ways by the topology."""

    def __init__(self, estate: Estate) -> None:
        together: dict[str, int] = {}
        for group in estate.replication_groups.values():
            machines = (estate.virtual_machines.get(name) for name in group.items)
            together |= dict.fromkeys(group.items, sum(slots_of(vm) for vm in machines if vm is not None))
        alone = replace(estate, returning_through=UNKNOWN, disks_in_flight={}, reachable=frozenset())
        self._estate = replace(alone, ledger=Ledger(together=together))
        self._kept: defaultdict[tuple[Operation, ...], dict[tuple[object, ...], Weight]] = defaultdict(dict)
        self.kind = MachineKinds(estate).number

    def about_server(self, vm: VirtualMachine, operations: tuple[Operation, ...], choices: Choices) -> Weight:
        """Of the rules about the servers of this request alone."""
        kept = self._kept[operations]
        key = self.kind(vm), _SERVERS(choices)
        if key not in kept:
            kept[key] = weight_of(self.objections(vm, operations, choices, Part.ABOUT_THE_SERVER))
        return kept[key]

    def about_machine(self, vm: VirtualMachine, operations: tuple[Operation, ...], choices: Choices) -> Weight:
        """Of the rules that look at this machine as well."""
        return weight_of(self.objections(vm, operations, choices, Part.ABOUT_THE_MACHINE))

    def objections(
        self, vm: VirtualMachine, operations: tuple[Operation, ...], choices: Choices, part: Part = Part.ALL
    ) -> tuple[Objection, ...]:
        """All that the rules say against these values."""
        return tuple(objections(self._estate, vm.name, operations, choices, part))


class ServerLoad:
    """Disks that are to return through each server, and how often its slots are full before more have their turn."""

    def __init__(self, estate: Estate) -> None:
        servers: dict[str, MasterTarget | Appliance] = {**estate.master_targets, **estate.appliances}
        self._free = {name: DISKS_MAX - own_disks(estate, server) for name, server in servers.items()}
        self._disks: defaultdict[str | None, int] = defaultdict(int)

    def take(self, server: str | None, vm: VirtualMachine) -> None:
        """Note the disks of a machine."""
        self._disks[server] += slots_of(vm)

    def turns(self, server: str | None, more: int) -> int:
        """How often its slots are full before these disks have theirs."""
        free, disks = self._free.get(server or "", DISKS_MAX), self._disks[server] + more
        return (disks - 1) // free if free > 0 else disks

    def in_turn(self, servers: Sequence[str | None], more: int) -> Iterator[str | None]:
        """Those whose turn comes first; the others are put in order only for who looks further."""
        first = self.least_busy(servers, more)
        yield first
        yield from sorted((s for s in servers if s != first), key=lambda server: self.turns(server, more))

    def least_busy(self, servers: Sequence[str | None], more: int) -> str | None:
        """The first with free slots; where all are taken, the one whose turn comes first."""
        free = next((server for server in servers if self.turns(server, more) <= 0), None)
        return free or min(servers, key=lambda server: self.turns(server, more))


class Sight:
    """Which of these servers are known to read and write datastores (R24, A03)."""

    def __init__(self, estate: Estate, servers: Iterable[MasterTarget | Appliance]) -> None:
        self._by_store: defaultdict[str, set[str]] = defaultdict(set)
        self._kept: dict[tuple[str, ...], frozenset[str]] = {}
        for server in servers:
            host = mounting_host(estate, server)
            for store in _reported(server) if host is None else set(host.mounted) - set(host.only_reads):
                self._by_store[store].add(server.name)

    def of(self, stores: tuple[str, ...]) -> frozenset[str]:
        """The servers that see all of these."""
        if stores not in self._kept:
            self._kept[stores] = frozenset(set.intersection(*(self._by_store[store] for store in stores)))
        return self._kept[stores]


def _reported(server: MasterTarget | Appliance) -> Iterable[str]:
    """What the vault says of a server, where nobody knows its host or what that mounts."""
    return server.accessible_datastores if isinstance(server.accessible_datastores, tuple) else ()


def weight_of(found: Iterable[Objection]) -> Weight:
    """How many there are of each gravity."""
    counts = [0] * len(NOTHING)
    for objection in found:
        counts[objection.gravity] += 1
    return Weight(*counts)


def against(server: str | None, item: str, worse: Sequence[Objection], best: Sequence[Objection]) -> list[PassedOver]:
    """The gravest of what speaks against this server and not against the other."""
    also = {(each.rule.id, each.gravity) for each in best}
    ours = [each for each in worse if (each.rule.id, each.gravity) not in also] or worse
    gravest = min((each.gravity for each in ours), default=Gravity.REFUSES)
    return [
        PassedOver(server or "", item, each.rule, sentences(each.verdict), gravest)
        for each in ours
        if each.gravity is gravest
    ]
