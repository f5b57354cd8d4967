"""Which kinds of resources a vault's files may have, and by what each is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from failback.adapters.translation import Json, part, text

PLANS: Final = "replicationrecoveryplans"
APPLIANCES: Final = "replicationappliances"
ITEMS: Final = "replicationprotecteditems"
FABRICS: Final = "replicationfabrics"
CONTAINERS: Final = "replicationprotectioncontainers"
MAPPINGS: Final = "replicationprotectioncontainermappings"
PROVIDERS: Final = "replicationrecoveryservicesproviders"
VCENTER_SERVERS: Final = "replicationvcenters"
POLICIES: Final = "replicationpolicies"
JOBS: Final = "replicationjobs"
HEALTH: Final = "replicationvaulthealth"
SUMMARY: Final = "replicationusages"
QUOTAS: Final = "usages"
"""Collections, as ids have them in lower case."""
_WORD: Final = re.compile(r"[A-Za-z]{1,60}")


@dataclass(frozen=True, slots=True)
class Shape:
    """Keys by which a resource without an id is known: those of its `properties`, or its own."""

    inside: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def fits(self, row: Json) -> bool:
        """Whether the row has all of them."""
        return (
            bool(self.inside or self.own) and self.inside <= part(row, "properties").keys() and self.own <= row.keys()
        )


KINDS: Final[Mapping[str, Shape]] = {
    ITEMS: Shape(frozenset({"protectionState", "providerSpecificDetails"})),
    JOBS: Shape(frozenset({"scenarioName", "state"})),
    FABRICS: Shape(frozenset({"customDetails"})),
    HEALTH: Shape(frozenset({"vaultErrors"})),
    APPLIANCES: Shape(frozenset({"providerSpecificDetails"})),
    CONTAINERS: Shape(),
    MAPPINGS: Shape(),
    PROVIDERS: Shape(),
    VCENTER_SERVERS: Shape(),
    POLICIES: Shape(),
    PLANS: Shape(),
    SUMMARY: Shape(own=frozenset({"monitoringSummary", "jobsSummary"})),
    QUOTAS: Shape(own=frozenset({"currentValue", "limit"})),
    "networkinterfaces": Shape(),
    "virtualmachines": Shape(),
    "disks": Shape(),
    "publicipaddresses": Shape(),
}
"""All kinds that are read, and the shape of one that may come without an id; the first that fits counts."""


def kind_of(row: Json) -> str:
    """The collection that a resource belongs to, in lower case; empty for what is no resource of ours."""
    named = _collection(row).casefold()
    return named if named in KINDS else next((kind for kind, shape in KINDS.items() if shape.fits(row)), "")


def _collection(row: Json) -> str:
    steps = [step for step in text(row.get("id")).split("/") if step]
    return steps[-2] if len(steps) > 3 else text(row.get("type")).rpartition("/")[2]


def strange_kind(row: Json) -> str:
    """What Azure calls a kind that is not read; empty where the row does not say it in one word."""
    found = _WORD.fullmatch(_collection(row))
    return found[0] if found else ""
