"""What is allotted in the plan's order: memory of hosts and room of datastores, which nobody gives back.

Who is blocked anyhow takes nothing; of who is undecided it is open whether it takes its share. A replication group
that is reprotected together or not at all takes all that those of its machines need that come home, or nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TypeAlias

from failback.reprotect.estate import MEMORY, ROOM, Estate, Fact, Left, VirtualMachine, known, room_gib
from failback.reprotect.item import Operation
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import Judgement, Stage, judged, standing_still
from failback.reprotect.requirements import through as now_through

from .begun import failback_runs, reprotect_runs
from .mates import with_mates
from .own_outlook import outlook_of, unmet_of
from .parties import group_falls
from .request_defaults import through
from .requests_ahead import HOMEWARD, RequestAhead
from .standing import Outlook, Standing

Ahead: TypeAlias = Mapping[str, Sequence[RequestAhead]]
Lefts: TypeAlias = dict[tuple[str, str, str], Left]


@dataclass(frozen=True, slots=True)
class _Need:
    """What one machine needs of one capacity. `sure`: False where it may be another object's.

    `runs`: the job that takes it runs when the plan begins, so that nobody holds it back.
    """

    item: str
    of: tuple[str, str]
    gib: float
    sure: bool = True
    runs: bool = False

    @property
    def least_gib(self) -> float:
        return self.gib if self.sure and self.gib < inf else 0.0


@dataclass(frozen=True, slots=True)
class Contest:
    """What is free of each capacity that is short, and what each machine wants of those."""

    free: Mapping[tuple[str, str], float]
    wanted: Mapping[str, Sequence[_Need]]


def contest_of(estate: Estate, ahead: Ahead) -> Contest:
    """Which capacities cannot serve all who may ask for them."""
    needs = [need for name, requests in ahead.items() for need in _needs(estate, name, requests)]
    free, wanted = _short(estate, needs), dict[str, list[_Need]]()
    for need in needs:
        if need.of in free:
            wanted.setdefault(need.item, []).append(need)
    return Contest(free, wanted)


def lefts(
    estate: Estate,
    asked: Estate,
    plan: Plan,
    ahead: Ahead,
    contest: Contest,
    short: Mapping[str, bool | None],
    *,
    reserving: bool = False,
) -> Lefts:
    """What each machine finds of the capacities that are short, those before it in the plan having taken theirs.

    `short`: who was found to be left without its share so far, so that a drill stops it early (None: it may).
    `reserving`: whoever is not known to be blocked has its share set aside, as a drill does.
    """
    wanted = contest.wanted
    own: Mapping[str, Outlook] = {name: _outlook(estate, asked, name, requests) for name, requests in ahead.items()}
    outlooks = with_mates(asked, plan, own, short)
    if reserving:
        wanted = {name: [need for need in of if need.sure and need.gib < inf] for name, of in wanted.items()}
        own, outlooks = _unless_blocked(own), _unless_blocked(outlooks)
    taken = _Taken(reserving)
    _race(contest.free, wanted, own, taken)
    found = _allotted(contest.free, wanted, outlooks, _units(estate, plan, wanted), taken)
    asked_gib: defaultdict[tuple[str, str], float] = defaultdict(float)
    for need in (need for needs in contest.wanted.values() for need in needs):
        asked_gib[need.of] += need.gib
    return {key: replace(left, asked_gib=asked_gib[key[1:]]) for key, left in found.items()}


def _unless_blocked(outlooks: Mapping[str, Outlook]) -> Mapping[str, Outlook]:
    return {name: o if o.standing is Standing.BLOCKED else Outlook() for name, o in outlooks.items()}


def _needs(estate: Estate, name: str, requests: Iterable[RequestAhead]) -> Iterator[_Need]:
    vm = estate.virtual_machines[name]
    exists = vm.exists_on_premises
    asked = {request.operation: request for request in requests}
    homeward = asked.get(HOMEWARD)
    new_host = _host_of(estate, name, homeward)
    if Operation.FAILBACK in asked:
        old, new = [vm.host] * (exists is not False), [new_host] * (exists is not True)
        sure = known(exists) or vm.host == new_host
        gib, runs = _gib(vm.memory_gib), failback_runs(vm)
        yield from (_Need(name, (MEMORY, host), gib, sure, runs) for host in dict.fromkeys((*old, *new)))
    if homeward is not None and not homeward.begun:
        yield from _room(estate, vm, homeward.choices.datastore)


def _room(estate: Estate, vm: VirtualMachine, chosen: str | None) -> Iterator[_Need]:
    """What its new disks take: of the chosen datastore where it is gone, else of its own."""
    gone, gib = vm.exists_on_premises is False, room_gib(vm)
    whole = gib if known(vm.exists_on_premises) else room_gib(replace(vm, exists_on_premises=False))
    own = vm.datastore if not gone and vm.datastore in estate.datastores else None
    stores = [own or chosen] if known(vm.exists_on_premises) else [own, chosen]
    sure = known(vm.exists_on_premises) or (own == chosen and gib == whole)
    for store in dict.fromkeys(stores):
        if store and whole:
            yield _Need(vm.name, (ROOM, store), whole, sure, reprotect_runs(vm))


def _host_of(estate: Estate, name: str, request: RequestAhead | None) -> str:
    """Of the server that it is to return through, or returns through already."""
    target = through(request.choices) if request is not None else now_through(estate, name)
    part = estate.master_targets.get(target or "") or estate.appliances.get(target or "")
    return "" if part is None else part.host


def _gib(fact: Fact[float]) -> float:
    return inf if not known(fact) else fact or 0.0


def _short(estate: Estate, needs: Iterable[_Need]) -> Mapping[tuple[str, str], float]:
    """What is free of each capacity that cannot serve all who may ask for it."""
    total: defaultdict[tuple[str, str], float] = defaultdict(float)
    for need in needs:
        total[need.of] += need.gib
    free = {of: _free(estate, *of) for of in total}
    return {of: gib for of, gib in free.items() if total[of] > gib}


def _free(estate: Estate, capacity: str, name: str) -> float:
    """What is free; where nobody knows, nothing is said about anybody here: the rule itself is unsure."""
    if capacity == MEMORY:
        host = estate.hosts.get(name)
        return inf if host is None else _gib(host.free_memory_gib)
    store = estate.datastores.get(name)
    return inf if store is None else _gib(store.free_gib) - estate.room_promised.get(name, 0.0)


def _outlook(estate: Estate, asked: Estate, name: str, requests: Iterable[RequestAhead]) -> Outlook:
    judgements = until_home(estate, asked, name, requests)
    others = (each for each in judgements if not each.requirement.allotted)
    return outlook_of(unmet for each in others if (unmet := unmet_of(each)) is not None)


def until_home(estate: Estate, asked: Estate, name: str, requests: Iterable[RequestAhead]) -> Iterator[Judgement]:
    """All that may stop it until then: what keeps it from being protected again leaves its share with it."""
    for request in (each for each in requests if each.operation is not Operation.REPROTECT_TO_AZURE):
        if not request.begun:
            found = judged(asked, name, None, request.operation, request.choices, blocking=True)
            yield from (each for each in found if each.point.stage is not Stage.REPLICATION)
        if request.begun and not request.settled:
            yield from standing_still(estate, name, request.operation, request.choices)
        running = judged(estate, name, Stage.REPLICATION, request.operation, request.choices)
        yield from (each for each in running if request.stops_by(each.requirement))


def _units(estate: Estate, plan: Plan, wanted: Mapping[str, Sequence[_Need]]) -> Iterator[tuple[str, ...]]:
    """Machines that take all or nothing of what they have to ask for: by waves, then as the estate lists them."""
    asking = {name for name, needs in wanted.items() if not all(need.runs for need in needs)}
    named = tuple(dict.fromkeys(name for wave in plan.waves for name in wave.items))
    done = set[str]()
    for name in (*named, *estate.virtual_machines):
        if name in asking and name not in done:
            group = estate.replication_groups.get(estate.virtual_machines[name].replication_group or "")
            unit = group.items if group is not None and group_falls(estate, name) else (name,)
            done.update(unit)
            yield unit


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken so far of each capacity: at least and at most. `won`: who had it, or may have had it (None).

    Whose job runs is first; who comes next finds what those leave. `reserving`: a drill sets aside what somebody may
    take, or who comes later but is there first takes what is promised to another.
    """

    reserving: bool
    found: Lefts = field(default_factory=dict)
    least: defaultdict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    most: defaultdict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    won: dict[str, bool | None] = field(default_factory=dict)

    def is_certain(self, *shares: bool | None) -> bool:
        """Whether all of these shares count as taken: True, False or None where nobody knows."""
        return all(may or (self.reserving and may is None) for may in shares)

    def take(self, needs: Iterable[_Need], *, certain: bool) -> None:
        for need in needs:
            self.least[need.of] += need.least_gib if certain else 0.0
            self.most[need.of] += need.gib


def _allotted(
    free: Mapping[tuple[str, str], float],
    wanted: Mapping[str, Sequence[_Need]],
    outlooks: Mapping[str, Outlook],
    units: Iterable[tuple[str, ...]],
    taken: _Taken,
) -> Lefts:
    for unit in units:
        ours = [need for name in unit for need in wanted.get(name, ()) if not need.runs]
        asks = [need for need in ours if taken.won.get(need.item) is not False]
        coming = [need for need in asks if _takes(need, outlooks, wanted, free)]
        may = _asked_by(ours, coming, free, taken)
        if may is not False:
            sure = taken.is_certain(may, *(taken.won.get(name, True) for name in unit))
            taken.take(coming, certain=sure and all(_is_certain(need, outlooks[need.item]) for need in ours))
    return taken.found


def _race(
    free: Mapping[tuple[str, str], float],
    wanted: Mapping[str, Sequence[_Need]],
    own: Mapping[str, Outlook],
    taken: _Taken,
) -> None:
    """Machines whose job runs, so that nobody holds it back. Whose own rules fail it may have taken its share first."""
    racing = [need for needs in wanted.values() for need in needs if need.runs]
    for name in dict.fromkeys(need.item for need in racing):
        ours = [need for need in wanted[name] if need.runs]
        may = _raced_for(ours, racing, free, taken.found)
        taken.won[name] = may
        open_for = own[name].standing in (Standing.UNDECIDED, Standing.BLOCKED)
        if may is not False:
            taken.take(ours, certain=taken.is_certain(may) and not open_for)


def _takes(
    need: _Need,
    outlooks: Mapping[str, Outlook],
    wanted: Mapping[str, Sequence[_Need]],
    free: Mapping[tuple[str, str], float],
) -> bool:
    """Room is taken by the reprotect, also of who is stopped after it, or with a mate; memory by who comes home."""
    outlook = outlooks[need.item]
    if need.of[0] == ROOM:
        return outlook.early is not True or outlook.holds is None
    return outlook.standing is not Standing.BLOCKED and not any(_is_too_large(n, free) for n in wanted[need.item])


def _is_certain(need: _Need, outlook: Outlook) -> bool:
    if need.of[0] == ROOM:
        return outlook.early is False or (outlook.early is True and outlook.holds is False)
    return outlook.standing is not Standing.UNDECIDED


def _is_too_large(need: _Need, free: Mapping[tuple[str, str], float]) -> bool:
    """Whether its host has less memory than the machine needs, even without the others.

    The vault says so at its failback, for which its mates ask at the same time: so they do not fall with it.
    """
    return need.of[0] == MEMORY and need.sure and free[need.of] < need.gib < inf


def _raced_for(
    ours: Sequence[_Need], racing: Sequence[_Need], free: Mapping[tuple[str, str], float], found: Lefts
) -> bool | None:
    """The same of a machine whose job runs already: which of those comes first, nobody knows."""
    may: bool | None = True
    for need in ours:
        others = sum(each.gib for each in racing if each.of == need.of and each.item != need.item)
        left = found[(need.item, *need.of)] = Left(free[need.of] - others, free[need.of])
        if need.gib > left.most_gib:
            may = False
        elif need.gib > left.least_gib:
            may = None if may else may
    return may


def _asked_by(
    ours: Sequence[_Need],
    coming: Collection[_Need],
    free: Mapping[tuple[str, str], float],
    taken: _Taken,
) -> bool | None:
    """Write down what is left for each of a unit; whether all of them fit, None where that is open.

    Those that do not come home (a rule stops them at their failback, say) leave their share to the others.
    """
    before: defaultdict[tuple[str, str], float] = defaultdict(float)
    sure_before: defaultdict[tuple[str, str], float] = defaultdict(float)
    may: bool | None = True
    for need in ours:
        left = Left(
            free[need.of] - taken.most[need.of] - before[need.of],
            free[need.of] - taken.least[need.of] - sure_before[need.of],
        )
        taken.found[(need.item, *need.of)] = left
        if _is_too_large(need, free):
            continue
        if need.sure and need.gib < inf and need.gib > left.most_gib:
            may = False
        elif need.gib > left.least_gib or not need.sure:
            may = None if may else may
        if need in coming:
            before[need.of] += need.gib
            sure_before[need.of] += need.least_gib
    return may
