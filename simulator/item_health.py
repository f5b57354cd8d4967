"""What the vault says of an item of which nothing gets through: the code of the part that carries nothing now."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from failback.reprotect import (
    Appliance,
    Architecture,
    Datastore,
    Link,
    MasterTarget,
    ProcessServer,
    Stage,
    Unmet,
    by_id,
)

if TYPE_CHECKING:
    from .heartbeats import Heartbeats
    from .protected_item import ProtectedItem
    from .site import Site

_RULES: Final[Mapping[type, str]] = {ProcessServer: "806", MasterTarget: "78022", Appliance: "A01", Link: "N01"}
"""By kind of part."""
_OUT_OF_REACH: Final = {Architecture.CLASSIC: "R24", Architecture.MODERNISED: "A03"}
"""Of a datastore."""


def standing_still(site: "Site", heartbeats: "Heartbeats", item: "ProtectedItem") -> Unmet | None:
    """Why nothing of this item's data gets through now: a part of its way (B06) carries nothing, as the vault knows.

    Of a server that is down it knows after 15 minutes without a heartbeat (806); all else it sees at once [inferred].
    """
    route = item.replication.route if item.replication is not None else ()
    dead = next((n for n in site.down_parts(route) if not heartbeats.is_missed(n)), None)
    if dead is None:
        return None
    rule = by_id(_rule_of(site.part(dead), site.vm(item.name).architecture))
    assert rule is not None
    message = f"No data of {item.name} reaches the site: no data passes {dead} now"
    causes = "It is down, cut off, out of reach or full."
    return Unmet(rule.id, item.name, Stage.REPLICATION, rule.code, message, causes, rule.remedy, ())


def _rule_of(part: Any, architecture: Architecture) -> str:
    """The rule whose code is shown for a part that carries nothing [inferred: which one the service shows]."""
    if isinstance(part, Datastore):
        return _OUT_OF_REACH[architecture] if part.accessible is False else "B16"
    return _RULES[type(part)]
