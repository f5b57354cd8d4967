"""Where a machine stands before the way home: four classes, and who falls with whom.

A machine is *blocked* when a rule that can stop it is broken for it, or for a mate without which it does not come
home; *undecided* when only facts that nobody knows could block it; it *clears by itself* when all that is broken
resolves itself (rows with `waits_s`); else it is *ready*. A check says this of each machine, and a drill of the same
facts ends so.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, unique
from itertools import product
from types import MappingProxyType
from typing import Final, TypeAlias

from failback.reprotect.estate import DISKS_MAX, Estate, VirtualMachine, slots_of
from failback.reprotect.item import LEGS, Operation, Unknown
from failback.reprotect.lifecycle import under_way
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import (
    NOTICES,
    Blocker,
    Broken,
    CheckPoint,
    Holds,
    Judgement,
    Requirement,
    Stage,
    Unsure,
    applies,
    by_id,
    own_disks,
    resolves_itself,
)

from .begun import failback_runs, reprotect_runs, resyncs_home


@unique
class Standing(Enum):
    """What a machine has to expect."""

    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    CLEARS = "clears_by_itself"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Outlook:
    """The class of one machine and why.

    `early`: it is stopped before its disks are taken; `stuck`: its replication home never ends; `holds`: it keeps its
    disk slots for good; `turned_back`: its reprotect is asked for and fails; `short`: others leave it no share of what
    is allotted. Each is True, False, or None where nobody knows.
    """

    standing: Standing = Standing.READY
    because: tuple[str, ...] = ()
    """Rules of its own, or `with NAME` for a mate."""
    early: bool | None = False
    stuck: bool | None = False
    holds: bool | None = False
    turned_back: bool | None = False
    short: bool | None = False


_HOME: Final = Operation.REPROTECT_TO_ON_PREMISES
_EARLY: Final = (Operation.FAILOVER, _HOME)
_NOBODY: Final = MappingProxyType[str, bool | None]({})
_LATE: Final = (Operation.FAILBACK, Operation.COMMIT_FAILBACK)
_ORDER: Final = {standing: number for number, standing in enumerate(Standing)}


Unmet: TypeAlias = tuple[Requirement, CheckPoint, tuple[Blocker, ...]]
"""A rule that is broken by these objects at a place; by none where nobody knows whether it is broken."""


def outlook_of(unmet: Iterable[Unmet]) -> Outlook:
    """The outlook of one machine for itself, of its unmet rules. Stages that block nothing are left aside."""
    worst, because = Standing.READY, dict[str, None]()
    early, stuck, late, back = set[bool](), set[bool](), set[bool](), set[bool]()
    for row, point, blockers in unmet:
        if point.stage in NOTICES:
            continue
        certain = bool(blockers)
        standing = _CLASS[certain, certain and resolves_itself(row, blockers)]
        if standing is not worst and _ORDER[standing] < _ORDER[worst]:
            worst, because = standing, {}
        if standing is worst:
            because[row.id] = None
        if standing is not Standing.CLEARS:
            _where(point, early, stuck, late).add(certain)
            if point.operation is _HOME and point.stage is not Stage.REPLICATION:
                back.add(certain)
    before = _of(early)
    held = {*stuck, *late}
    return Outlook(worst, tuple(because), before, _later(before, _of(stuck)), _later(before, _of(held)), _of(back))


def left_short(own: Outlook, vm: VirtualMachine, *, sure: bool) -> Outlook:
    """The same of a machine that is, or may be, left without its share: a drill stops it before it asks for anything.

    A job that runs is not stopped, nor is a resync: who is under way asks next when that is over, if it ever is.
    """
    if failback_runs(vm):
        return own
    own = replace(own, short=True if sure else None)
    if is_resync_endless(own, vm):
        return own
    if not sure:
        return replace(own, early=own.early or None, stuck=_later(None, own.stuck), holds=_later(None, own.holds))
    stuck = _later(own.early, own.stuck) if _resyncs_first(vm) else False
    return replace(own, early=None if stuck is None else True, stuck=stuck, holds=phase_row(vm.at).holds_slots)


def is_resync_endless(own: Outlook, vm: VirtualMachine) -> bool:
    """Whether its way home is under way and never ends, so that it comes to ask for nothing more."""
    return own.stuck is True and _resyncs_first(vm)


def _resyncs_first(vm: VirtualMachine) -> bool:
    return reprotect_runs(vm) or resyncs_home(vm)


def _later(early: bool | None, fact: bool | None) -> bool | None:
    """What comes later, of one that is stopped early or may be."""
    return False if early else fact if early is False or fact is False else None


def unmet_of(judgement: Judgement) -> Unmet | None:
    """The judgement, if the rule is not met."""
    verdict = judgement.verdict
    if isinstance(verdict, Broken):
        return judgement.requirement, judgement.point, verdict.blockers
    return (judgement.requirement, judgement.point, ()) if isinstance(verdict, Unsure) else None


_CLASS: Final = {
    (True, True): Standing.CLEARS,
    (True, False): Standing.BLOCKED,
    (False, False): Standing.UNDECIDED,
}


def _where(point: CheckPoint, early: set[bool], stuck: set[bool], late: set[bool]) -> set[bool]:
    if point.operation is _HOME and point.stage is Stage.REPLICATION:
        return stuck
    if point.operation in _EARLY:
        return early
    return late if point.operation in _LATE else set()


def _of(certainties: set[bool]) -> bool | None:
    return True if True in certainties else None if certainties else False


def _graver(one: Outlook, other: Outlook) -> Outlook:
    """Both together: the graver class, and all that follows from either."""
    if one.standing is other.standing:
        because = tuple(dict.fromkeys((*one.because, *other.because)))
    else:
        because = min(one, other, key=lambda each: _ORDER[each.standing]).because
    standing = min(one.standing, other.standing, key=_ORDER.__getitem__)
    return Outlook(
        standing,
        because,
        _either(one.early, other.early),
        _either(one.stuck, other.stuck),
        _either(one.holds, other.holds),
        _either(one.turned_back, other.turned_back),
        one.short,
    )


def _either(one: bool | None, other: bool | None) -> bool | None:
    return True if one or other else None if one is None or other is None else False


# Who falls with whom


def with_mates(
    estate: Estate, plan: Plan, own: Mapping[str, Outlook], short: Mapping[str, bool | None] = _NOBODY
) -> Mapping[str, Outlook]:
    """The same, with what befalls a machine for its mates' sake: replication group, recovery plan, wave, disk slots.

    `short`: whom a drill stops early besides, or may (None), and its group with it: their recovery plans wait for
    nobody any more.
    """
    parties = tuple(gathered(estate, plan))
    leaves = _leaving(estate, own, short)
    found = _fallen(estate, plan, own, leaves, parties, ())
    pinched = _pinched(estate, parties, found)
    return _fallen(estate, plan, own, leaves, parties, pinched) if pinched else found


def _fallen(
    estate: Estate,
    plan: Plan,
    own: Mapping[str, Outlook],
    leaves: Mapping[str, bool | None],
    parties: Sequence[tuple[str, ...]],
    pinched: Collection[tuple[str, ...]],
) -> Mapping[str, Outlook]:
    """`leaves`: who is stopped early besides, or may be; `pinched`: parties that may be broken up for want of slots."""
    found = dict(own)
    early = {name: any_of((own[name].early, leaves.get(name, False))) for name in own}
    _fall_with_groups(found, own, early, estate, parties)
    before = dict(found)
    early = {name: any_of((before[name].early, early[name])) for name in own}
    parted = {names: any_of((*map(early.__getitem__, names), None if names in pinched else False)) for names in parties}
    for mates in parties:
        for name in mates if parted[mates] is not True else ():
            _wait_for_mates(found, before, name, mates, sure=parted[mates] is False)
    _race_in_groups(found, before, estate, (names for names in parties if parted[names] is False))
    _wait_for_waves(found, estate, plan)
    _wait_for_slots(found, estate)
    return found


def _pinched(
    estate: Estate, parties: Iterable[tuple[str, ...]], found: Mapping[str, Outlook]
) -> Collection[tuple[str, ...]]:
    """Parties that lack slots of which others keep some for good: they wait for these until nobody moves any more.

    Then each of its machines, or groups, goes alone.
    """
    keepers = _keepers(estate, found)
    if not keepers:
        return ()
    standings = {name: outlook.standing for name, outlook in found.items()}
    servers = {names: lacking_slots(estate, names, standings) for names in parties}
    return frozenset(n for n in parties if any(set(keepers.get(to, ())) - set(n) for to in servers[n]))


def lacking_slots(estate: Estate, names: Iterable[str], standings: Mapping[str, Standing]) -> frozenset[str]:
    """Servers with too few slots for all, of which these machines have theirs not for sure yet."""
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    lacking = (name for name in names if name in by and not keeps_its_slots(estate, name, standings[name]))
    return frozenset(to for to in {by[name] for name in lacking} if _are_slots_short(estate, to))


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
    both = _graver(found[vm.name], Outlook(standing, (f"with {mate}",), early=yes, holds=holds))
    found[vm.name] = replace(both, stuck=_later(both.early, both.stuck))


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
                found[name] = _graver(found[name], Outlook(Standing.UNDECIDED, (f"with {mate}",), holds=None))


def any_of(facts: Iterable[bool | None]) -> bool | None:
    """Of several facts whether any is: True where one is, None where one may be."""
    seen = set(facts)
    return True if True in seen else None if None in seen else False


def group_falls(estate: Estate, name: str) -> bool:
    """Whether the machine needs all of its group (R07); those that begin in different phases go alone."""
    row, vm = by_id("R07"), estate.virtual_machines[name]
    group = estate.replication_groups.get(vm.replication_group or "")
    even = group is None or begin_together(estate, group.items)
    return even and row is not None and applies(row, vm.architecture).answer is not Holds.NO


def begin_together(estate: Estate, names: Iterable[str]) -> bool:
    """Whether they stand in one phase; those that do not go alone."""
    return len({estate.virtual_machines[name].at for name in names}) == 1


def _asks_no_more(vm: VirtualMachine) -> bool:
    """Whether it stands at its last leg, which is under way, so that it waits for no wave."""
    last = len(LEGS) - 1
    return phase_row(vm.at).legs_behind >= last and under_way(vm.architecture, vm.at) is not None


def gathered(estate: Estate, plan: Plan) -> Iterator[tuple[str, ...]]:
    """Machines that wait for each other before the failback: a recovery plan's, or a group's that goes by none.

    A recovery plan with more disks than there are slots at once is broken up, and its machines go alone: unless all of
    them have their slots when the plan begins.
    """
    plans = (estate.recovery_plans[name] for name in plan.recovery_plans if name in estate.recovery_plans)
    members = [tuple(name for group in each.groups for name in group) for each in plans]
    gone_by = {name for names in members for name in names}
    yield from (names for names in members if begin_together(estate, names) and _ask_as_one(estate, names))
    groups = (group.items for group in estate.replication_groups.values())
    yield from (i for i in groups if not gone_by.intersection(i) and begin_together(estate, i))


def _ask_as_one(estate: Estate, names: tuple[str, ...]) -> bool:
    machines = [estate.virtual_machines[name] for name in names]
    have_slots = all(phase_row(vm.at).holds_slots and not reprotect_runs(vm) for vm in machines)
    return have_slots or _fit_at_once(estate, names)


def _fit_at_once(estate: Estate, names: Iterable[str]) -> bool:
    disks: Counter[str] = Counter()
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    for name in names:
        disks[by.get(name, "")] += slots_of(estate.virtual_machines[name])
    targets = ((estate.master_targets.get(to) or estate.appliances.get(to), count) for to, count in disks.items())
    return all(part is None or own_disks(estate, part) + count <= DISKS_MAX for part, count in targets)


def _wait_in_vain(found: dict[str, Outlook], name: str, causes: list[str], *, sure: bool) -> None:
    for cause in (cause for cause in causes if cause != name):
        certain = sure and found[cause].stuck is True
        standing, yes = (Standing.BLOCKED, True) if certain else (Standing.UNDECIDED, None)
        found[name] = _graver(found[name], Outlook(standing, (f"with {cause}",), holds=yes))


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


def _wait_for_slots(found: dict[str, Outlook], estate: Estate) -> None:
    """Where slots are short and somebody keeps some for good, who gets the others depends on who is first."""
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    keepers = _keepers(estate, found)
    for name, target in by.items() if keepers else ():
        keeper = next((keeper for keeper in keepers.get(target, ()) if keeper != name), None)
        if keeper is not None and not keeps_its_slots(estate, name, found[name].standing):
            found[name] = _graver(found[name], Outlook(Standing.UNDECIDED, (f"with {keeper}",)))


def _keepers(estate: Estate, found: Mapping[str, Outlook]) -> Mapping[str, Sequence[str]]:
    """By server whose slots are short: who keeps, or may keep, some of them for good."""
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    keepers: dict[str, list[str]] = {}
    for name, target in by.items():
        if found[name].holds is not False:
            keepers.setdefault(target, []).append(name)
    return {target: names for target, names in keepers.items() if _are_slots_short(estate, target)}


def _are_slots_short(estate: Estate, target: str) -> bool:
    part = estate.master_targets.get(target) or estate.appliances.get(target)
    return part is not None and estate.ledger.load(target).disks + own_disks(estate, part) > DISKS_MAX


def keeps_its_slots(estate: Estate, name: str, standing: Standing) -> bool:
    """Whether it has its slots from the start. A reprotect that runs then may still fail, and loses them by that."""
    vm = estate.virtual_machines[name]
    if not reprotect_runs(vm):
        return phase_row(vm.at).holds_slots
    by = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    begun = [n for n in by if by[n] == by.get(name) and phase_row(estate.virtual_machines[n].at).holds_slots]
    return standing is Standing.READY and _fit_at_once(estate, begun)


def refused(outlooks: Mapping[str, Outlook]) -> Mapping[str, Outlook]:
    """All blocked, since the drill would refuse the plan."""
    return {name: replace(each, standing=Standing.BLOCKED, because=("plan",)) for name, each in outlooks.items()}
