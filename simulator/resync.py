"""The resync after a reprotect job: whole disks are scanned, differing blocks cross the line (B03, B04)."""

from collections.abc import Generator, Mapping
from typing import Any, Final

import simpy

from failback.reprotect import (
    Move,
    Operation,
)

from .data_path import room_on
from .network import Route
from .protected_disks import protected_disks
from .protected_item import ProtectedItem
from .replication import Replication
from .vault_record import VaultRecord

COMPLETIONS: Final[Mapping[Operation, tuple[str, ...]]] = {
    Operation.REPROTECT_TO_ON_PREMISES: ("IrCompletion",),
    Operation.REPROTECT_TO_AZURE: ("PrimaryIrCompletion", "SecondaryIrCompletion"),
}
"""Jobs that the vault shows once a resync is through [recorded, their names and order; how long they take is not]."""
COMPLETION_SHOWN: Final = "Finalize protection"
"""Their shown name [inferred]."""


def resync(
    vault: VaultRecord, item: ProtectedItem, move: Move, fraction: float | None
) -> Generator[simpy.Event, Any, None]:
    """Run it and let the item settle. `fraction` of the blocks differ; None: as each disk or the site says."""
    home = move.operation is Operation.REPROTECT_TO_ON_PREMISES
    route = _way_home(vault, item) if home else vault.site.ways.out()
    replication = item.replication = Replication(
        vault.site, item.name, move.operation, route, protected_disks(vault, item), fraction
    )
    vault.replications.append(replication)
    item.resync_percent = replication.percent
    if any(vault.site.down_parts(route)):
        vault.review_replication(item.name)
    yield from replication.run()
    _settle(vault, item, move, replication)


def _settle(vault: VaultRecord, item: ProtectedItem, move: Move, replication: Replication) -> None:
    if move.operation is not Operation.REPROTECT_TO_ON_PREMISES:
        replication.stop()  # changes of a machine on site are not counted (see the limits page)
    elif item.alternate_location:
        vault.site.note_room(item.choices.datastore or "")
    item.resync_percent = None
    item.recovery_points.append(vault.env.now)
    for scenario_name in COMPLETIONS[move.operation]:
        vault.note("item", item.name, scenario_name, COMPLETION_SHOWN)
    vault.enter(item, move.settles)
    vault.review_replication(item.name)


def _way_home(vault: VaultRecord, item: ProtectedItem) -> Route:
    """Through the chosen servers to its datastore; where disks are made anew they take room as they are written."""
    asked = item.choices
    old = vault.site.vm(item.name).datastore
    store = (asked.datastore or old) if item.alternate_location else (old or asked.datastore)
    way = vault.site.ways.home(asked.process_server, item.disk_host, store)
    return (*way, room_on(store)) if item.alternate_location and store in way else way
