"""Where a server has too few disk slots for all: who keeps some for good, and who has them from the start."""

from collections.abc import Iterable, Mapping, Sequence

from failback.reprotect.estate import DISKS_MAX, Estate
from failback.reprotect.item import Unknown
from failback.reprotect.phases import phase_row
from failback.reprotect.requirements import own_disks

from .begun import reprotect_runs
from .parties import fit_at_once
from .standing import Outlook, Standing


def lacking_slots(estate: Estate, names: Iterable[str], standings: Mapping[str, Standing]) -> frozenset[str]:
    """Servers with too few slots for all, of which these machines have theirs not for sure yet."""
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    lacking = (name for name in names if name in by and not keeps_its_slots(estate, name, standings[name]))
    return frozenset(to for to in {by[name] for name in lacking} if _are_slots_short(estate, to))


def keepers_of(estate: Estate, found: Mapping[str, Outlook]) -> Mapping[str, Sequence[str]]:
    """By server whose slots are short: who keeps, or may keep, some of them for good."""
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    keepers: dict[str, list[str]] = {}
    for name, target in by.items():
        if found[name].holds is not False:
            keepers.setdefault(target, []).append(name)
    return {target: names for target, names in keepers.items() if _are_slots_short(estate, target)}


def keeps_its_slots(estate: Estate, name: str, standing: Standing) -> bool:
    """Whether it has its slots from the start. A reprotect that runs then may still fail, and loses them by that."""
    vm = estate.virtual_machines[name]
    if not reprotect_runs(vm):
        return phase_row(vm.at).holds_slots
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    begun = [n for n in by if by[n] == by.get(name) and phase_row(estate.virtual_machines[n].at).holds_slots]
    return standing is Standing.READY and fit_at_once(estate, begun)


def _are_slots_short(estate: Estate, target: str) -> bool:
    part = estate.master_targets.get(target) or estate.appliances.get(target)
    return part is not None and estate.ledger.load(target).disks + own_disks(estate, part) > DISKS_MAX
