"""What each fact of a machine and of its disks does to the data on its way home: one table, which everybody reads.

The rules say of a disk that it stays behind, or comes home as a new one (G03, G04, G05, A08, A17, T01); the data path,
the predictions and the slots must not contradict them. So a disk travels in one of four ways, and the first row of the
table that fits says in which. What a way means for the line, the room, the slots and the downtime is said once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple, TypeAlias

from failback.reprotect.item import Architecture, OsFamily

from .machine import Disk, VirtualMachine


@unique
class Travel(Enum):
    """How a disk comes home."""

    CHANGES = "changes"
    REWRITTEN = "rewritten"
    ANEW = "anew"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Effect:
    """What this does. `scanned`: the whole disk is read. `sent`: the share of it, or None: what differs (B02, B03).

    `room`: it needs its size on the datastore (B14). `slot`: it takes one of a master target or appliance (M03, A02).
    """

    scanned: bool
    sent: float | None
    room: bool
    slot: bool


# fmt: off
EFFECTS: Final[Mapping[Travel, Effect]] = {
    #                        scanned, sent, room,  slot
    Travel.CHANGES:   Effect(True,    None, False, True),
    Travel.REWRITTEN: Effect(True,    1.0,  False, True),
    Travel.ANEW:      Effect(True,    1.0,  True,  True),
    Travel.STAYS:     Effect(False,   0.0,  False, False),
}
# fmt: on


@unique
class Of(Enum):
    """Whose fact it is, and which disks it concerns."""

    DISK = "this disk"
    ANY_DISK = "one disk, for all disks of the machine"
    MACHINE = "the machine, for all of its disks"


class TravelRow(NamedTuple):
    """One row: a fact with this value makes disks travel so, in these architectures and for these systems.

    `rules` are those whose sentences say so; without one, `source` says whence it is.
    """

    of: Of
    fact: str
    value: object
    travel: Travel
    rules: tuple[str, ...]
    source: str
    architectures: tuple[Architecture, ...] = tuple(Architecture)
    families: tuple[OsFamily, ...] = tuple(OsFamily)


_C, _M = (Architecture.CLASSIC,), (Architecture.MODERNISED,)
_WINDOWS, _LINUX = (OsFamily.WINDOWS,), (OsFamily.LINUX,)

# fmt: off
TRAVELS: Final[tuple[TravelRow, ...]] = (
    TravelRow(Of.DISK,     "excluded",             True,       Travel.STAYS,     ("G09",),       "documented: exclude disks"),
    TravelRow(Of.DISK,     "temporary_storage",    True,       Travel.STAYS,     ("G06",),       "recorded"),
    TravelRow(Of.DISK,     "added_in_azure",       True,       Travel.STAYS,     ("G03",),       "documented", _C, _WINDOWS),
    TravelRow(Of.DISK,     "added_in_azure",       True,       Travel.ANEW,      ("G03",),       "documented", _C, _LINUX),
    TravelRow(Of.DISK,     "added_in_azure",       True,       Travel.STAYS,     ("A08",),       "documented", _M),
    TravelRow(Of.DISK,     "iscsi",                True,       Travel.ANEW,      ("G04", "A17"), "documented; that it is sent whole is inferred"),
    TravelRow(Of.MACHINE,  "exists_on_premises",   False,      Travel.ANEW,      ("T08",),       "documented"),
    TravelRow(Of.MACHINE,  "source",               "physical", Travel.ANEW,      ("T07",),       "documented for classic, else inferred"),
    TravelRow(Of.ANY_DISK, "resized_in_azure",     True,       Travel.ANEW,      ("G05",),       "documented for classic, else inferred; that all is sent is inferred"),
    TravelRow(Of.DISK,     "attached_on_premises", False,      Travel.ANEW,      ("T01",),       "documented"),
    TravelRow(Of.DISK,     "rewritten_in_azure",   True,       Travel.REWRITTEN, ("B03",),       "documented"),
)
"""In order: the first that fits a disk says how it travels; where none does, its changes are sent."""
# fmt: on

AMOUNTS: Final[Mapping[str, str]] = {
    "size_gib": "what is read, and the most that is sent",
    "at": "what of the way is behind when the run begins; a resync that is over is not done again",
    "resync_done_fraction": "the share of a resync under way that is not read and sent again",
    "changed_fraction": "the share that is sent of a disk whose changes are sent",
    "churn_mib_per_s": "what is sent besides while it replicates, and waits when the machine is turned off",
}
"""Facts of a disk that say how much, not how."""
NOT_MODELLED: Final[Mapping[str, str]] = {
    "snapshots": "the reprotect job merges them; how long that takes is not known",
    "holds_compressed_data": "it does not shrink; the compression of the site holds for all machines alike",
    "backlog_mib": "what waits when the run begins is not known to the model, which counts from nothing",
}
"""Facts that in truth would change a number here, and do not."""
NO_DATA: Final = (
    frozenset({"name", "id", "vsphere_name", "vault_id", "uuid", "raw_device", "held_by"})
    | {"os", "disks", "architecture", "host", "datastore", "tier", "replication_group", "configuration_server", "azure"}
    | {"returns_through", "process_server", "job_running_s", "adapters", "dns_name"}
    | {"policy", "failback_policy", "log_storage_account"}
    | {"powered_on", "in_configuration_database", "agent_registered", "static_ip", "memory_gib", "target"}
    | {"os_version", "agent_version", "firmware", "bios_uuid", "instance_uuid", "template", "disk_enable_uuid"}
    | {"vcenter", "registered_in_vcenter", "pending_question", "autostart", "snapshots_possible", "tools", "retains_ip"}
    | {"manages_recovery", "migration_completed", "protection_disabled", "failover_cancelled", "direction_shown"}
    | {"replication_starts", "replication_health", "resync_required", "recovery_points", "app_consistent_points"}
    | {"rpo_s", "return_within_h", "downtime_agreed", "boot_tested", "way_home_rehearsed"}
    | {"move_to_modernised_planned", "mounts_by_hand", "network_manager"}
)
"""Facts that stop a machine or say who it is, and leave its bytes as they are."""


class TravellingDisk(NamedTuple):
    """A disk that comes home, its number among the machine's, and how."""

    number: int
    disk: Disk
    travel: Travel


_Facts: TypeAlias = tuple[object, ...]
"""Values of facts in the table, of a machine or of a disk."""


class _Way(NamedTuple):
    """What the table says of one machine: how each disk travels, the slots, and the numbers of some of its disks."""

    travels: tuple[Travel, ...]
    slots: int
    come_home: tuple[int, ...]
    need_room: tuple[int, ...]
    are_read: tuple[int, ...]


def travel_of(vm: VirtualMachine, disk: Disk) -> Travel:
    """How this disk of the machine comes home."""
    return _way_of(vm).travels[vm.disks.index(disk)]


def travels_of(vm: VirtualMachine) -> tuple[Travel, ...]:
    """How each of its disks comes home."""
    return _way_of(vm).travels


def travelling(vm: VirtualMachine) -> tuple[TravellingDisk, ...]:
    """The disks of a machine that come home."""
    way = _way_of(vm)
    return tuple(TravellingDisk(n, vm.disks[n], way.travels[n]) for n in way.come_home)


def slots_of(vm: VirtualMachine) -> int:
    """How many disk slots of a master target or appliance the machine takes."""
    return _way_of(vm).slots


def room_gib(vm: VirtualMachine) -> float:
    """How much room its new disks need."""
    return sum(vm.disks[n].size_gib for n in _way_of(vm).need_room)


def room_left_gib(vm: VirtualMachine) -> float:
    """The same of a machine that resyncs: what is done of it is written already, and counted in what is free."""
    return room_gib(vm) * (1.0 - vm.resync_done_fraction)


def churn_mib_per_s(vm: VirtualMachine) -> float:
    """What its disks that come home write per second, as far as it is known."""
    return sum(vm.disks[n].churn_mib_per_s or 0.0 for n in _way_of(vm).come_home)


def scanned_gib(vm: VirtualMachine) -> tuple[float, ...]:
    """Sizes of the disks that are read."""
    return tuple(vm.disks[n].size_gib for n in _way_of(vm).are_read)


def _way_of(vm: VirtualMachine) -> _Way:
    return _way(vm.architecture, vm.os, _OF_MACHINE(vm), tuple(map(_OF_DISK, vm.disks)))


@lru_cache(maxsize=4096)
def _way(architecture: Architecture, family: OsFamily, of_machine: _Facts, of_disks: tuple[_Facts, ...]) -> _Way:
    """Of the facts in the table alone, which most machines have in common: they are asked about very often."""
    rows = tuple(row for row in TRAVELS if architecture in row.architectures and family in row.families)
    common = {row.fact: _holds(row, (of_machine,), _MACHINE_FACTS) for row in rows if row.of is Of.MACHINE}
    common |= {row.fact: _holds(row, of_disks, _DISK_FACTS) for row in rows if row.of is Of.ANY_DISK}
    travels = tuple(_travel(rows, facts, common) for facts in of_disks)
    effects = tuple(EFFECTS[travel] for travel in travels)
    return _Way(
        travels,
        sum(effect.slot for effect in effects),
        tuple(n for n, travel in enumerate(travels) if travel is not Travel.STAYS),
        tuple(n for n, effect in enumerate(effects) if effect.room),
        tuple(n for n, effect in enumerate(effects) if effect.scanned),
    )


def _travel(rows: tuple[TravelRow, ...], facts: _Facts, common: Mapping[str, bool]) -> Travel:
    """`common`: whether the rows hold that are about all disks of the machine."""
    for row in rows:
        if common[row.fact] if row.fact in common else _holds(row, (facts,), _DISK_FACTS):
            return row.travel
    return Travel.CHANGES


def _holds(row: TravelRow, holders: tuple[_Facts, ...], names: tuple[str, ...]) -> bool:
    number = names.index(row.fact)
    return any(facts[number] == row.value for facts in holders)


_MACHINE_FACTS: Final = tuple(dict.fromkeys(row.fact for row in TRAVELS if row.of is Of.MACHINE))
_DISK_FACTS: Final = tuple(dict.fromkeys(row.fact for row in TRAVELS if row.of is not Of.MACHINE))
_OF_MACHINE: Final = attrgetter(*_MACHINE_FACTS)
_OF_DISK: Final = attrgetter(*_DISK_FACTS)
