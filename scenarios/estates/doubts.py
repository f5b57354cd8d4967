"""Machines of which the files contradict each other, or of which the vault says one thing and vCenter nothing.

The mismatches tell people; this is the same for those that choose machines, by the names in the estate.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeAlias

from failback.adapters.importing.records import Reading
from failback.scenarios.files.schema import DoubtBecause, MismatchKind

from .join import Joined
from .machines import Machine
from .remarks import NOT_IN_VCENTER, SEVERAL_IN_VCENTER, Remark
from .unique_names import fit, folded

_Asked: TypeAlias = Callable[[Machine], bool]


def doubts(done: Joined, reading: Reading) -> dict[DoubtBecause, list[str]]:
    """The machines by reason, in the order of the table; reasons that concern none are left out."""
    times = Counter(folded(item.name) for item in reading.items)
    asked: Mapping[DoubtBecause, _Asked] = {
        DoubtBecause.DIFFERS: _differs,
        DoubtBecause.NOT_IN_VCENTER: _remarked(done, NOT_IN_VCENTER),
        DoubtBecause.SEVERAL_IN_VCENTER: _remarked(done, SEVERAL_IN_VCENTER),
        DoubtBecause.SEVERAL_IN_VAULT: lambda m: m.pair.item is not None and times[folded(m.pair.item.name)] > 1,
    }
    pairs = list(zip(done.machines, done.names, strict=True))
    found = {why: [fit(name) for machine, name in pairs if so(machine)] for why, so in asked.items()}
    return {why: names for why, names in found.items() if names}


def _differs(machine: Machine) -> bool:
    """Another machine may have its name; one of its UUID is the same, whatever differs."""
    return not machine.pair.surely_one and any(what.kind is MismatchKind.DIFFERS for what, _ in machine.remarks)


def _remarked(done: Joined, what: Remark) -> _Asked:
    names = frozenset(done.remarked(what))
    return lambda machine: machine.pair.site is None and machine.pair.name in names
