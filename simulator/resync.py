"""The resync after a reprotect job: whole disks are scanned, differing blocks cross the line (B03, B04)."""

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, Final

import simpy

from failback.reprotect import (
    Appliance,
    Datastore,
    Link,
    MasterTarget,
    Move,
    Operation,
    ProcessServer,
    Stage,
    Unmet,
    by_id,
)

from .data_path import room_on
from .network import Route
from .protected_disks import protected_disks
from .replication import Replication

if TYPE_CHECKING:
    from .protected_item import ProtectedItem
    from .vault import Vault

_RULES: Final[Mapping[type, str]] = {ProcessServer: "806", MasterTarget: "78022", Appliance: "A01", Link: "N01"}
"""By kind of part."""
COMPLETIONS: Final[Mapping[Operation, tuple[str, ...]]] = {
    Operation.REPROTECT_TO_ON_PREMISES: ("IrCompletion",),
    Operation.REPROTECT_TO_AZURE: ("PrimaryIrCompletion", "SecondaryIrCompletion"),
}
"""Jobs that the vault shows once a resync is through [recorded, their names and order; how long they take is not]."""
COMPLETION_SHOWN: Final = "Finalize protection"
"""Their shown name [inferred]."""
FULL: Final = "FB-FULL"
"""Our code for a datastore without room: what the service shows is not recorded, and B14 itself only gives advice."""


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
    if any(vault.site.dead_on(route)):
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
    for scenario_name in COMPLETIONS[move.operation]:
        vault.note("item", item.name, scenario_name, COMPLETION_SHOWN)
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
    """Why nothing of this item's data gets through now: a part of its way (B06) carries nothing, as the vault knows.

    Of a server that is down it knows after 15 minutes without a heartbeat (806); all else it sees at once [inferred].
    """
    route = item.replication.route if item.replication is not None else ()
    dead = next((n for n in vault.site.dead_on(route) if not vault.heartbeats.is_missed(n)), None)
    if dead is None:
        return None
    rule = by_id(_rule_of(vault.site.part(dead)))
    assert rule is not None
    code = FULL if rule.id == "B14" else rule.code
    message = f"No data of {item.name} reaches the site: {dead} carries nothing now"
    causes = "It is down, cut off, out of reach or full."
    return Unmet(rule.id, item.name, Stage.REPLICATION, code, message, causes, rule.remedy, ())


def _rule_of(part: Any) -> str:
    """The rule whose code is shown for a part that carries nothing [inferred: which one the service shows]."""
    if isinstance(part, Datastore):
        return "R24" if part.accessible is False else "B14"
    return _RULES[type(part)]
