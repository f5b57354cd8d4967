"""The resync after a reprotect job: whole disks are scanned, differing blocks cross the line (B03, B04)."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, Final

import simpy

from failback.reprotect import EFFECTS, Architecture, Move, Operation, Travel, travel_of

from .data_path import room_on
from .protected_disks import protected_disks
from .protected_item import ProtectedItem
from .replication import DiskWay, Replication, differing
from .vault_record import VaultRecord

_HOME: Final = {"IrCompletion": "Finalize protection on the virtual machine"}
_OUT: Final = {
    "PrimaryIrCompletion": "Finalize protection on the primary virtual machine",
    "SecondaryIrCompletion": "Finalize protection on the recovery virtual machine",
}
COMPLETIONS: Final[Mapping[tuple[Architecture, Operation], Mapping[str, str]]] = {
    (Architecture.CLASSIC, Operation.REPROTECT_TO_ON_PREMISES): _HOME | {"VMNicUpdate": "Update network settings"},
    (Architecture.CLASSIC, Operation.REPROTECT_TO_AZURE): _OUT,
    (Architecture.MODERNISED, Operation.REPROTECT_TO_ON_PREMISES): _HOME,
    (Architecture.MODERNISED, Operation.REPROTECT_TO_AZURE): _OUT,
}
"""Jobs that the vault shows once a resync is through, with their shown names [recorded for classic items; not how long
they take, nor who asked for the network settings, which came ten minutes after the rest]."""


def resync(
    vault: VaultRecord, item: ProtectedItem, move: Move, fraction: float | None
) -> Generator[simpy.Event, Any, None]:
    """Run it and let the item settle. `fraction` of the blocks differ; None: as each disk or the site says."""
    home = move.operation is Operation.REPROTECT_TO_ON_PREMISES
    ways = list(_homeward(vault, item) if home else _outward(vault, item, fraction))
    replication = _replication(vault, item, move.operation, ways)
    item.resync_percent = replication.percent
    if any(vault.site.down_parts(replication.route)):
        vault.review_replication(item.name)
    yield from replication.run()
    _settle(vault, item, move, replication)


def replicate_on(vault: VaultRecord, item: ProtectedItem, *, runs: bool) -> None:
    """Its resync home was over before the history began; `runs`: its changes still follow, else a failback came."""
    replication = _replication(vault, item, Operation.REPROTECT_TO_ON_PREMISES, list(_homeward(vault, item)))
    replication.settled_s = vault.env.now
    if runs:
        replication.resume()


def _replication(vault: VaultRecord, item: ProtectedItem, operation: Operation, ways: Sequence[DiskWay]) -> Replication:
    done, item.resync_done = item.resync_done, 0.0
    item.replication = Replication(vault.site, item.name, operation, ways, done)
    vault.replications.append(item.replication)
    return item.replication


def _settle(vault: VaultRecord, item: ProtectedItem, move: Move, replication: Replication) -> None:
    if move.operation is not Operation.REPROTECT_TO_ON_PREMISES:
        replication.stop()  # changes of a machine on site are not counted (see the limits page)
    elif room_on(_store_of(vault, item)) in replication.route:
        vault.site.note_room(item.name, _store_of(vault, item))
    item.resync_percent = None
    item.recovery_points.append(vault.env.now)
    for scenario_name, friendly_name in COMPLETIONS[item.architecture, move.operation].items():
        vault.note("item", item.name, scenario_name, friendly_name)
    vault.enter(item, move.settles)
    vault.review_replication(item.name)


def _homeward(vault: VaultRecord, item: ProtectedItem) -> Iterator[DiskWay]:
    """Through the chosen servers to its datastore; new disks for which it has no room fill it as they are written."""
    store = _store_of(vault, item)
    way = vault.site.ways.home(item.choices.process_server, item.disk_host, store)
    outgrown = vault.site.is_outgrown(store)
    for number, disk, travel in item.homeward:
        effect = EFFECTS[travel]
        route = (*way, room_on(store)) if effect.room and store in way and outgrown else way
        yield DiskWay(number, disk, differing(vault.site, item.name, number, disk, effect.sent), route)


def _store_of(vault: VaultRecord, item: ProtectedItem) -> str:
    asked, old = item.choices.datastore, vault.site.vm(item.name).datastore
    return ((asked or old) if item.alternate_location else (old or asked)) or ""


def _outward(vault: VaultRecord, item: ProtectedItem, fraction: float | None) -> Iterator[DiskWay]:
    """What stayed behind in Azure is not on site to be sent out."""
    vm, out = vault.site.vm(item.name), vault.site.ways.out()
    for number, disk in protected_disks(vault, item):
        if travel_of(vm, disk) is not Travel.STAYS:
            yield DiskWay(number, disk, differing(vault.site, item.name, number, disk, fraction), out)
