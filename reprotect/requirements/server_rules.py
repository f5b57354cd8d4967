"""Rules whose verdict hangs on which server a request names: those that a choice among servers asks."""

from collections.abc import Iterator
from enum import Enum, IntEnum, unique
from functools import cache
from typing import Final, NamedTuple

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate, VirtualMachine
from failback.reprotect.item import Architecture, Operation

from .judging import REQUIREMENTS, Settled, applies, settled_by
from .row import NOTICES, Holds, ObjectKind, Requirement
from .verdict import Broken, Unsure

_KINDS: Final = frozenset(
    {
        ObjectKind.MASTER_TARGET,
        ObjectKind.RETENTION_DRIVE,
        ObjectKind.PROCESS_SERVER,
        ObjectKind.APPLIANCE,
        ObjectKind.DATASTORE,
        ObjectKind.HOST,
    }
)


@unique
class Part(Enum):
    """Which rules are asked."""

    ALL = "all"
    ABOUT_THE_SERVER = "about the server"
    ABOUT_THE_MACHINE = "about the machine"


class MachineKinds:
    """What the rules about a server alone read of each machine."""

    def __init__(self, estate: Estate) -> None:
        self._in_plans = {name for plan in estate.recovery_plans.values() for name in plan.items}
        systems = {name: vm.os for name, vm in estate.virtual_machines.items()}
        groups = [group.items for group in estate.replication_groups.values()]
        mixed = (items for items in groups if len({systems.get(name) for name in items}) > 1)
        self._in_mixed_groups = {name for items in mixed for name in items}
        self._numbers: dict[tuple[object, ...], int] = {}
        self._number_of: dict[str, int] = {}

    def of(self, vm: VirtualMachine) -> tuple[object, ...]:
        """Whether a recovery plan has it is for R27 and R29, whether its group is mixed for M01."""
        of_vault = vm.name in self._in_plans, vm.name in self._in_mixed_groups
        return (vm.architecture, vm.os, vm.source, vm.vcenter, vm.configuration_server, vm.azure.network, *of_vault)

    def number(self, vm: VirtualMachine) -> int:
        """The number of its kind, worked out once: it is a part of many keys."""
        if vm.name not in self._number_of:
            self._number_of[vm.name] = self._numbers.setdefault(self.of(vm), len(self._numbers))
        return self._number_of[vm.name]


@unique
class Gravity(IntEnum):
    """How a rule objects, the gravest first: what is known to be wrong counts before what nobody knows."""

    REFUSES = 0
    WAITS = 1
    ADVISES = 2
    UNKNOWN = 3


class Objection(NamedTuple):
    """What one rule has against a server."""

    rule: Requirement
    gravity: Gravity
    verdict: Broken | Unsure


def objections(
    estate: Estate, item: str, operations: tuple[Operation, ...], choices: Choices, part: Part = Part.ALL
) -> Iterator[Objection]:
    """What the rules say against the servers of this request, in the table's order."""
    architecture = estate.virtual_machines[item].architecture
    for row, blocks in _rows(architecture, operations, settled_by(estate), part):
        verdict = row.predicate(estate, item, choices)
        if isinstance(verdict, Broken):
            yield Objection(row, _gravity(row, blocks=blocks), verdict)
        elif blocks and isinstance(verdict, Unsure):
            yield Objection(row, Gravity.UNKNOWN, verdict)


def _gravity(row: Requirement, *, blocks: bool) -> Gravity:
    if not blocks:
        return Gravity.ADVISES
    return Gravity.REFUSES if row.waits_s is None else Gravity.WAITS


def hangs_on_servers(row: Requirement) -> bool:
    """Whether another server could change the verdict of this row."""
    return row.kind_of_object in _KINDS or row.another_server_mends


def says_the_same_of_a_kind(row: Requirement) -> bool:
    """Whether its verdict is one for all machines of a kind; the ways of the topology are each machine's own."""
    return hangs_on_servers(row) and part_of(row) is Part.ABOUT_THE_SERVER and not row.reads_ways


def part_of(row: Requirement) -> Part:
    """Whether this row looks at the server alone."""
    return Part.ABOUT_THE_MACHINE if row.reads_machine else Part.ABOUT_THE_SERVER


@cache
def _rows(
    architecture: Architecture, operations: tuple[Operation, ...], settled: Settled, part: Part
) -> tuple[tuple[Requirement, bool], ...]:
    """The rows that hold here, and whether they block."""
    found = []
    for row in REQUIREMENTS:
        stages = {point.stage for point in row.where if point.operation in operations}
        if (
            stages
            and part in (Part.ALL, part_of(row))
            and hangs_on_servers(row)
            and applies(row, architecture, settled).answer is Holds.YES
        ):
            found.append((row, not stages <= NOTICES))
    return tuple(found)
