"""How the machines that are to return through one server are divided, so that none has too many disks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from failback.reprotect import DISKS_MAX, Estate, own_disks, slots_of
from failback.scenarios.text.name_lists import listed

from .causes import Cause

_MANY: Final = 6
"""More parts are not told one by one."""


def shares(estate: Estate, cause: Cause) -> Mapping[str, str]:
    """Names for a cause about a server's disks: which machines go together, and how many more servers that needs."""
    name = cause.first.object
    if cause.rule == "M04" and name in estate.master_targets:
        own = own_disks(estate, estate.master_targets[name])
        parts = list(_parts(estate, cause.items, own, own))
        return {"split": _told(parts, [""] * len(parts))}
    if cause.rule != "A02" or name not in estate.appliances:
        return {}
    parts = list(_parts(estate, cause.items, own_disks(estate, estate.appliances[name]), 0))
    others = [f" through new appliance {n}" for n in range(1, len(parts))]
    return {"split": _told(parts, [f" through {name}", *others]), "more_servers": str(len(parts) - 1)}


def _parts(estate: Estate, items: Sequence[str], own: int, next_own: int) -> Iterator[list[str]]:
    """Machines in their order, as many as fit together. `own`: disks of the server itself; `next_own`: of the next."""
    part, disks = list[str](), own
    for item in items:
        more = slots_of(estate.virtual_machines[item])
        if part and disks + more > DISKS_MAX:
            yield part
            part, disks = [], next_own
        part.append(item)
        disks += more
    yield part


def _told(parts: Sequence[Sequence[str]], through: Sequence[str]) -> str:
    several = [f"{listed(tuple(part))}{how}" for part, how in zip(parts, through, strict=True)]
    more = f"; the next {len(parts) - _MANY} in the same way" if len(parts) > _MANY else ""
    return "; ".join(several[:_MANY]) + more
