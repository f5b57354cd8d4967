"""The resync after a reprotect job: whole disks are scanned, differing blocks cross the line (B03, B04)."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from failback.reprotect import Move, Operation, Stage, Unmet

from .data_path import room_on
from .network import Route
from .protected_disks import protected_disks
from .replication import Replication

if TYPE_CHECKING:
    from .vault import ProtectedItem, Vault

NO_DATA = "FB-B06"
"""Our code for an item whose data stands still."""


def resync(
    vault: "Vault", item: "ProtectedItem", move: Move, fraction: float | None
) -> Generator[simpy.Event, Any, None]:
    """Run it and let the item settle. `fraction` of the blocks differ; None: as each disk or the site says."""
    home = move.operation is Operation.REPROTECT_TO_ON_PREMISES
    route = _way_home(vault, item) if home else vault.site.ways.out()
    replication = item.replication = Replication(
        vault.site, item.name, move.operation, route, protected_disks(vault, item), fraction
    )
    vault.replications.append(replication)
    item.resync_percent = replication.percent
    vault.review_replication(item.name)
    yield from replication.run()
    _settle(vault, item, move, replication)


def _settle(vault: "Vault", item: "ProtectedItem", move: Move, replication: Replication) -> None:
    if move.operation is not Operation.REPROTECT_TO_ON_PREMISES:
        replication.stop()  # changes of a machine on site are not counted (see the limits page)
    elif item.alternate_location:
        vault.site.note_room(item.choices.datastore or "")
    item.resync_percent = None
    item.recovery_points.append(vault.env.now)
    vault.enter(item, move.settles)
    vault.review_replication(item.name)


def _way_home(vault: "Vault", item: "ProtectedItem") -> Route:
    """Through the chosen servers to its datastore; where disks are made anew they take room as they are written."""
    asked = item.choices
    old = vault.site.vm(item.name).datastore
    store = (asked.datastore or old) if item.alternate_location else (old or asked.datastore)
    way = vault.site.ways.home(asked.process_server, item.lender, store)
    return (*way, room_on(store)) if item.alternate_location and store in way else way


def standing_still(vault: "Vault", item: "ProtectedItem") -> Unmet | None:
    """Why nothing of this item's data gets through now, if that is so: a part of its way (B06) carries nothing."""
    replication = item.replication
    dead = vault.site.dead_on(replication.route) if replication is not None else None
    if dead is None:
        return None
    message = f"No data of {item.name} reaches the site: {dead} carries nothing now"
    causes = "It is down, cut off, out of reach or full."
    remedy = f"mend {dead}, or make room on it; replication goes on by itself"
    return Unmet("B06", item.name, Stage.REPLICATION, NO_DATA, message, causes, remedy, ())
