"""Of each kind that is read, the rows of which nothing gets into an estate: counted, so that none is lost silently."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from failback.adapters.translation import Json, part, parts, text
from failback.adapters.translation_reads import is_vmware

from .arm_health import counts, says_unwell
from .arm_kinds import (
    APPLIANCES,
    CONTAINERS,
    FABRICS,
    HEALTH,
    ITEMS,
    JOBS,
    MAPPINGS,
    POLICIES,
    PROVIDERS,
    QUOTAS,
    SUMMARY,
    VCENTER_SERVERS,
    strange_kind,
)
from .arm_policies import container_of
from .azure_resources import RESOURCES

_OURS: Final = {"VMware": True, "InMageRcm": False}
"""Kind of a fabric of VMware replication -> whether it is a configuration server, whose provider and vCenters count."""
STRANGE: Final = "objects of kinds that are not read"
STRANGE_MAX: Final = 20
"""Kinds that are named; of further ones there is one count."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides whether a row was of use: ids in lower case."""

    classic: Set[str]
    """Fabrics of configuration servers."""
    fabrics: Set[str]
    containers: Set[str]
    """Those with a machine that VMware replication protects."""
    vcenters: Set[str]
    """Those that an item names."""
    policies: Set[str]
    """Those that an item has."""
    first: Set[str]
    """The first provider of each configuration server."""


_Used = Callable[[_Known, Json], bool]
_RULES: Final[Mapping[str, tuple[str, _Used]]] = {
    FABRICS: ("fabrics of other products than VMware replication", lambda known, row: _id(row) in known.fabrics),
    CONTAINERS: (
        "protection containers without a machine that VMware replication protects",
        lambda known, row: _id(row) in known.containers,
    ),
    MAPPINGS: (
        "mappings of protection containers of which no machine or configuration server is in the files",
        lambda known, row: container_of(row) in known.containers or _fabric(row) in known.classic,
    ),
    PROVIDERS: (
        "providers of no configuration server in the files",
        lambda known, row: _id(row) in known.first,
    ),
    VCENTER_SERVERS: (
        "vCenters of no configuration server and no machine in the files",
        lambda known, row: _id(row) in known.vcenters or _fabric(row) in known.classic,
    ),
    POLICIES: ("replication policies that no machine in the files has", lambda known, row: _id(row) in known.policies),
    APPLIANCES: (
        "lists of replication appliances that name none",
        lambda _, row: bool(parts(part(part(row, "properties"), "providerSpecificDetails"), "appliances")),
    ),
    HEALTH: ("answers on the vault's own health that list nothing wrong", lambda _, row: says_unwell(row)),
    SUMMARY: ("summaries of the vault (replicationUsages) that count nothing to look at", lambda _, row: counts(row)),
    JOBS: ("jobs (failback calibrate reads them)", lambda *_: False),
    QUOTAS: ("usages of the vault's quotas", lambda *_: False),
    **{
        kind: (f"{RESOURCES[kind]}s in Azure (failback aftercare reads them)", lambda *_: False)
        for kind in ("disks", "publicipaddresses")
    },
}
"""By kind: what is said of a row that was of no use, and whether it was of any. Of other kinds each row is of use."""


def unused(rows: Mapping[str, Sequence[Json]], policies: Set[str]) -> Iterator[tuple[str, int]]:
    """What was read and not used, with the number; `policies` are the ids of those that an item has."""
    known = _known(rows, policies)
    for kind, (words, is_used) in _RULES.items():
        yield words, sum(not is_used(known, row) for row in rows.get(kind, ()))
    kinds = Counter(map(strange_kind, rows.get("", ())))
    named = sorted(kinds, key=lambda kind: (kind == "", -kinds[kind], kind))[:STRANGE_MAX]
    yield from ((f"{STRANGE}: {kind}" if kind else STRANGE, kinds[kind]) for kind in named if kind)
    yield STRANGE, sum(count for kind, count in kinds.items() if kind == "" or kind not in named)


def _known(rows: Mapping[str, Sequence[Json]], policies: Set[str]) -> _Known:
    fabrics = {_id(row): _kind(row) for row in rows.get(FABRICS, ())}
    items = [row for row in rows.get(ITEMS, ()) if is_vmware(row)]
    classic = {fabric for fabric, kind in fabrics.items() if _OURS.get(kind)}
    first = {_fabric(row): _id(row) for row in reversed(rows.get(PROVIDERS, ())) if _fabric(row) in classic}
    return _Known(
        classic,
        {fabric for fabric, kind in fabrics.items() if kind in _OURS},
        {container_of(item) for item in items},
        {text(_details(item).get("vCenterInfrastructureId")).casefold() for item in items},
        policies,
        set(first.values()),
    )


def _id(row: Json) -> str:
    return text(row.get("id")).casefold()


def _fabric(row: Json) -> str:
    """The id of the fabric that a row is below."""
    above, word, rest = _id(row).partition("/replicationfabrics/")
    return f"{above}{word}{rest.partition('/')[0]}"


def _kind(fabric: Json) -> str:
    return text(part(part(fabric, "properties"), "customDetails").get("instanceType"))


def _details(item: Json) -> Json:
    return part(part(item, "properties"), "providerSpecificDetails")
