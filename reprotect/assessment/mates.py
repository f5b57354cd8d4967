"""What befalls a machine for its mates' sake: replication group, recovery plan, entry, wave and disk slots."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import Final

from failback.reprotect.estate import Estate, VirtualMachine
from failback.reprotect.item import LEGS, Unknown
from failback.reprotect.lifecycle import under_way
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan

from .begun import reprotect_runs
from .own_outlook import is_resync_endless
from .parties import gathered, group_falls, in_entries
from .short_slots import keepers_of, keeps_its_slots, lacking_slots
from .standing import Outlook, Standing, any_of, graver, later

_NOBODY: Final = MappingProxyType[str, bool | None]({})


def with_mates(
    estate: Estate, plan: Plan, own: Mapping[str, Outlook], short: Mapping[str, bool | None] = _NOBODY
) -> Mapping[str, Outlook]:
    """The same, with what befalls a machine for its mates' sake: group, recovery plan, entry, wave, disk slots.

    `short`: whom a drill stops early besides, or may (None), and its group with it: their recovery plans wait for
    nobody any more.
    """
    parties, entries = tuple(gathered(estate, plan)), dict(in_entries(estate, plan))
    leaves = _leaving(estate, own, short)
    found = _fallen(estate, plan, own, leaves, parties, entries, ())
    pinched = _pinched(estate, (*parties, *entries), found)
    return _fallen(estate, plan, own, leaves, parties, entries, pinched) if pinched else found


def _fallen(
    estate: Estate,
    plan: Plan,
    own: Mapping[str, Outlook],
    leaves: Mapping[str, bool | None],
    parties: Sequence[tuple[str, ...]],
    entries: Mapping[tuple[str, ...], bool],
    pinched: Collection[tuple[str, ...]],
) -> Mapping[str, Outlook]:
    """`leaves`: who is stopped early besides, or may be; `pinched`: who may be broken up for want of slots."""
    found = dict(own)
    early = {name: any_of((own[name].early, leaves.get(name, False))) for name in own}
    _fall_with_groups(found, own, early, estate, parties)
    before = dict(found)
    early = {name: any_of((before[name].early, early[name])) for name in own}
    parted = {names: any_of((*map(early.__getitem__, names), None if names in pinched else False)) for names in parties}
    for mates in parties:
        for name in mates if parted[mates] is not True else ():
            _wait_for_mates(found, before, name, mates, sure=parted[mates] is False)
    for mates, sure in entries.items():
        for name in mates:  # who stops early is waited for no more, and the others still wait for each other
            _wait_for_mates(found, before, name, mates, sure=sure and mates not in pinched)
    _race_in_groups(found, before, estate, (names for names in parties if parted[names] is False))
    _wait_for_waves(found, estate, plan)
    _wait_for_slots(found, estate)
    return found


def _leaving(estate: Estate, own: Mapping[str, Outlook], short: Mapping[str, bool | None]) -> Mapping[str, bool | None]:
    """Whom a drill stops early for want of a share, its own or a mate's; not who comes to ask for nothing more."""
    found: dict[str, bool | None] = {}
    for name in short:
        group = estate.replication_groups.get(estate.virtual_machines[name].replication_group or "")
        mates = group.items if group is not None and group_falls(estate, name) else (name,)
        asking = (mate for mate in mates if not is_resync_endless(own[mate], estate.virtual_machines[mate]))
        found.update((mate, any_of((short[name], found.get(mate, False)))) for mate in asking)
    return found


def _fall_with_groups(
    found: dict[str, Outlook],
    own: Mapping[str, Outlook],
    early: Mapping[str, bool | None],
    estate: Estate,
    parties: Iterable[tuple[str, ...]],
) -> None:
    """A replication group comes home together or not at all.

    It asks for its reprotect at one instant: whose mate is turned back there may have its slots and keep them. Who is
    on its way home already may ask for its failback before a mate stops, unless they wait for each other there. That
    others leave a mate no share is known from the start.
    """
    together = {name: names for names in parties for name in names}
    for group in estate.replication_groups.values():
        leaving = [mate for mate in group.items if own[mate].early is not False or own[mate].short is not False]
        for name in group.items if leaving and group_falls(estate, group.items[0]) else ():
            party = _waited_for(estate.virtual_machines[name], group.items, together.get(name, ()), early)
            for mate in (mate for mate in leaving if mate != name):
                _fall_with(found, own, estate.virtual_machines[name], mate, waits=party is None or mate in party)
            if own[name].early is not True and any(own[mate].turned_back is not False for mate in group.items):
                found[name] = replace(found[name], holds=found[name].holds or None)


def _waited_for(
    vm: VirtualMachine, group: Collection[str], party: Collection[str], early: Mapping[str, bool | None]
) -> Collection[str] | None:
    """Mates for which it surely waits before its failback; None for all of them, before its reprotect.

    Somebody outside the group that leaves the party breaks it up.
    """
    if not phase_row(vm.at).holds_slots:
        return None
    return party if any_of(early[other] for other in party if other not in group) is False else ()


def _fall_with(
    found: dict[str, Outlook], own: Mapping[str, Outlook], vm: VirtualMachine, mate: str, *, waits: bool
) -> None:
    """With a mate that is stopped early, or that others leave no share: it is stopped when it asks for its own."""
    asks, theirs = not is_resync_endless(own[vm.name], vm), own[mate]
    if theirs.early is not False or asks:
        sure = theirs.short is True and (asks or theirs.early is True)
        _fall_early(found, vm, mate, sure=sure or (waits and theirs.early is True))


def _fall_early(found: dict[str, Outlook], vm: VirtualMachine, mate: str, *, sure: bool) -> None:
    """Whose disks are lent already keeps their slots; a reprotect that runs may yet fail and lose them."""
    standing, yes = (Standing.BLOCKED, True) if sure else (Standing.UNDECIDED, None)
    keeps = phase_row(vm.at).holds_slots
    holds = None if keeps and (reprotect_runs(vm) or not sure) else keeps
    both = graver(found[vm.name], Outlook(standing, (f"with {mate}",), early=yes, holds=holds))
    found[vm.name] = replace(both, stuck=later(both.early, both.stuck))


def _wait_for_mates(
    found: dict[str, Outlook], before: Mapping[str, Outlook], name: str, mates: tuple[str, ...], *, sure: bool
) -> None:
    """Who is stopped early is waited for no more, nor is anybody else of those that were to ask together."""
    _wait_in_vain(found, name, [mate for mate in mates if before[mate].stuck is not False], sure=sure)


def _race_in_groups(
    found: dict[str, Outlook], before: Mapping[str, Outlook], estate: Estate, parties: Iterable[tuple[str, ...]]
) -> None:
    """Whose recovery plan is broken up goes alone, but not without its group until it has asked for its failback (R07).

    So where a mate stops at its own failback, it depends on who is first.
    """
    together = {name for names in parties for name in names}
    for group in estate.replication_groups.values():
        alone = [name for name in group.items if name not in together] if group_falls(estate, group.items[0]) else []
        asking = (mate for mate in alone if before[mate].early is not True and before[mate].stuck is not True)
        late = [mate for mate in asking if before[mate].holds is not False]
        for name, mate in product(alone, late):
            if name != mate:
                found[name] = graver(found[name], Outlook(Standing.UNDECIDED, (f"with {mate}",), holds=None))


def _pinched(
    estate: Estate, parties: Iterable[tuple[str, ...]], found: Mapping[str, Outlook]
) -> Collection[tuple[str, ...]]:
    """Parties that lack slots of which others keep some for good: they wait for these until nobody moves any more.

    Then each of its machines, or groups, goes alone.
    """
    keepers = keepers_of(estate, found)
    if not keepers:
        return ()
    standings = {name: outlook.standing for name, outlook in found.items()}
    servers = {names: lacking_slots(estate, names, standings) for names in parties}
    return frozenset(n for n in parties if any(set(keepers.get(to, ())) - set(n) for to in servers[n]))


def _wait_for_waves(found: dict[str, Outlook], estate: Estate, plan: Plan) -> None:
    """Behind a machine that never comes home no later wave opens."""
    named = {name for wave in plan.waves for name in wave.items}
    waves = [*(wave.items for wave in plan.waves), tuple(name for name in found if name not in named)]
    before: list[str] = []
    for items in waves:
        for name in items:
            standing, ends = found[name].standing, _asks_no_more(estate.virtual_machines[name])
            if not ends or standing is not Standing.READY:  # a last job that fails is asked for again
                _wait_in_vain(found, name, before, sure=not ends or standing is not Standing.UNDECIDED)
        before += [name for name in items if found[name].stuck is not False]


def _asks_no_more(vm: VirtualMachine) -> bool:
    """Whether it stands at its last leg, which is under way, so that it waits for no wave."""
    last = len(LEGS) - 1
    return phase_row(vm.at).legs_behind >= last and under_way(vm.architecture, vm.at) is not None


def _wait_for_slots(found: dict[str, Outlook], estate: Estate) -> None:
    """Where slots are short and somebody keeps some for good, who gets the others depends on who is first."""
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    keepers = keepers_of(estate, found)
    for name, target in by.items() if keepers else ():
        keeper = next((keeper for keeper in keepers.get(target, ()) if keeper != name), None)
        if keeper is not None and not keeps_its_slots(estate, name, found[name].standing):
            found[name] = graver(found[name], Outlook(Standing.UNDECIDED, (f"with {keeper}",)))


def _wait_in_vain(found: dict[str, Outlook], name: str, causes: list[str], *, sure: bool) -> None:
    for cause in (cause for cause in causes if cause != name):
        certain = sure and found[cause].stuck is True
        standing, yes = (Standing.BLOCKED, True) if certain else (Standing.UNDECIDED, None)
        found[name] = graver(found[name], Outlook(standing, (f"with {cause}",), holds=yes))
