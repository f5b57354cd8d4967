"""The estate as it is once everything in the plan has been asked: who returns through what, and the ledger of that."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import (
    Estate,
    Ledger,
    Load,
    ReplicationGroup,
    churn_mib_per_s,
    same_bios_uuids,
    same_uuids,
    slots_of,
)
from failback.reprotect.item import Phase, Unknown
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import REQUIREMENTS, Broken, Requirement, Unsure, sentences

from .begun import reprotect_runs
from .capacity import contest_of, lefts
from .kept_slots import kept_by_later_waves
from .parties import begin_together
from .request_defaults import through
from .requests_ahead import HOMEWARD, RequestAhead, RequestsAhead
from .without_points import without_points

ROUNDS_MAX: Final = 6
"""Who is short of memory changes who waits for whom, and that who takes memory: so often this is looked at."""
Ahead = Mapping[str, Sequence[RequestAhead]]


def as_asked(estate: Estate, plan: Plan, phases: Mapping[str, Phase] | None = None) -> Estate:
    """The estate as if all requests that lie ahead had been sent, with the ledger of what they ask together."""
    return asked_of(estate, plan, RequestsAhead(estate, plan).all(phases))


def asked_of(estate: Estate, plan: Plan, ahead: Ahead, *, reserving: bool = False) -> Estate:
    """The same for requests that have been chosen. One pass; each machine costs its disks and its group's names."""
    homeward = {name: r.choices for name, requests in ahead.items() for r in requests if r.operation is HOMEWARD}
    by = _returning(estate, homeward)
    loads, together = _loads(estate, homeward, by), _together(estate, plan, by)
    ledger = Ledger(
        loads, {}, together, _apart(estate, plan), _uneven(estate, ahead), kept_by_later_waves(estate, plan, ahead, by)
    )
    machines = estate.virtual_machines.values()
    disks, own = same_uuids(machines), same_bios_uuids(machines, by)
    asked = replace(estate, returning_through=by, ledger=ledger, same_uuid=disks, same_bios_uuid=own)
    contest = contest_of(estate, ahead)
    asked = _with_points(asked, plan, ahead, dict.fromkeys(contest.wanted))
    known, short = None, dict[str, bool | None]()
    for _ in range(ROUNDS_MAX if contest.wanted else 0):  # each round knows what the last has found
        if known == (asked.ledger.without_points, short):
            break
        known = asked.ledger.without_points, short
        shared = lefts(estate, asked, plan, ahead, contest, short, reserving=reserving)
        asked = replace(asked, ledger=replace(asked.ledger, lefts=shared))
        short = short_of(estate, asked, ahead)
        asked = _with_points(asked, plan, ahead, short)
    return asked


def _with_points(asked: Estate, plan: Plan, ahead: Ahead, short: Mapping[str, bool | None]) -> Estate:
    return replace(asked, ledger=replace(asked.ledger, without_points=without_points(asked, plan, ahead, short)))


def _returning(estate: Estate, homeward: Mapping[str, Choices]) -> Mapping[str, str]:
    """Who returns through what once all has been asked; what returns already goes on as it is."""
    asked = {name: target for name, choices in homeward.items() if (target := through(choices)) is not None}
    now = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    return asked | dict(now)


def _loads(estate: Estate, homeward: Mapping[str, Choices], by: Mapping[str, str]) -> Mapping[tuple[str, ...], Load]:
    sums: defaultdict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for name, target in by.items():
        vm = estate.virtual_machines[name]
        slots, churn = slots_of(vm), churn_mib_per_s(vm)
        for used in _used(target, homeward.get(name, Choices())):
            total = sums[used]
            total[0], total[1], total[2] = total[0] + 1, total[1] + slots, total[2] + churn
    return {name: Load(int(machines), int(disks), churn) for name, (machines, disks, churn) in sums.items()}


def _used(target: str, choices: Choices) -> Iterator[tuple[str, ...]]:
    yield (target,)
    if choices.process_server is not None and choices.process_server != target:
        yield (choices.process_server,)
    if choices.retention_drive is not None:
        yield target, choices.retention_drive


def _together(estate: Estate, plan: Plan, by: Mapping[str, str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    planned = {
        name for p in plan.recovery_plans if p in estate.recovery_plans for name in estate.recovery_plans[p].items
    }
    for group in (each for each in estate.replication_groups.values() if begin_together(estate, each.items)):
        if _asks_piecemeal(estate, group, planned):
            continue
        disks: defaultdict[str | None, int] = defaultdict(int)
        for name in group.items:
            disks[by.get(name)] += slots_of(estate.virtual_machines[name])
        found.update((name, disks[by[name]]) for name in group.items if name in by)
    return found


def _asks_piecemeal(estate: Estate, group: ReplicationGroup, planned: Set[str]) -> bool:
    """Whether its machines take their slots one by one: one whose reprotect fails that ran at the start asks alone.

    Until that one has slots its mates wait with their failback, unless recovery plans have them: those are broken up.
    """
    runs = any(reprotect_runs(estate.virtual_machines[name]) for name in group.items)
    return runs and not planned.isdisjoint(group.items)


def _apart(estate: Estate, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    wave_of = {item: number for number, wave in enumerate(plan.waves) for item in wave.items}
    found: dict[str, tuple[str, ...]] = {}
    for group in estate.replication_groups.values() if wave_of else ():
        if len({wave_of.get(name) for name in group.items}) > 1:
            for name in group.items:
                found[name] = tuple(mate for mate in group.items if wave_of.get(mate) != wave_of.get(name))
    return found


def _uneven(estate: Estate, ahead: Ahead) -> Mapping[str, tuple[str, ...]]:
    """Mates that are asked at another time, or that may be home by then."""
    found: dict[str, tuple[str, ...]] = {}
    for group in estate.replication_groups.values():
        phases = {name: estate.virtual_machines[name].at for name in group.items}
        asked = {name for name in group.items if _is_to_be_asked(ahead[name])}
        returns = {name for name in group.items if name in asked or phase_row(phases[name]).holds_slots}
        for name in asked if len(set(phases.values())) > 1 else ():
            found[name] = tuple(mate for mate in group.items if mate in returns and phases[mate] is not phases[name])
    return found


def _is_to_be_asked(requests: Sequence[RequestAhead]) -> bool:
    return any(request.operation is HOMEWARD and not request.begun for request in requests)


@dataclass(frozen=True, slots=True)
class WithoutAShare:
    """A machine for which others leave nothing of a capacity: by which rule, in words, and who can help."""

    rule: str
    message: str
    who: str
    remedy: str


def without_a_share(estate: Estate, plan: Plan, phases: Mapping[str, Phase]) -> Mapping[str, WithoutAShare]:
    """Those that others before them in the plan leave no memory or room, where the object alone would have enough.

    What no machine takes from it is left to the vault: a person may mend it in time.
    """
    ahead = RequestsAhead(estate, plan).all(phases)
    asked = asked_of(estate, plan, ahead, reserving=True)
    names = dict.fromkeys(item for item, _, _ in asked.ledger.lefts)
    found = ((name, _missing(estate, asked, name, ahead[name])) for name in names)
    return {name: missing for name, missing in found if missing is not None}


def _missing(estate: Estate, asked: Estate, name: str, requests: Sequence[RequestAhead]) -> WithoutAShare | None:
    broken = ((rule, found) for rule, found in _shares(estate, asked, name, requests) if isinstance(found, Broken))
    first = next(broken, None)
    return None if first is None else WithoutAShare(first[0].id, sentences(first[1]), first[0].who, first[0].remedy)


def short_of(estate: Estate, asked: Estate, ahead: Ahead) -> dict[str, bool | None]:
    """Machines for which others leave too little, so that a drill stops them early (True), or may (None)."""
    found: dict[str, bool | None] = {}
    for name in dict.fromkeys(item for item, _, _ in asked.ledger.lefts):
        verdicts = [verdict for _, verdict in _shares(estate, asked, name, ahead[name])]
        if verdicts:
            found[name] = True if any(isinstance(verdict, Broken) for verdict in verdicts) else None
    return found


_ALLOTTED: Final = tuple(row for row in REQUIREMENTS if row.allotted)


def _shares(
    estate: Estate, asked: Estate, name: str, requests: Sequence[RequestAhead]
) -> Iterator[tuple[Requirement, Broken | Unsure]]:
    """Rules about what is allotted that others' shares break, or leave open, for this machine."""
    for request, rule in product(requests, _ALLOTTED):
        if request.operation is not rule.where[0].operation or request.begun:
            continue
        verdict, alone = (rule.predicate(each, name, request.choices) for each in (asked, estate))
        if isinstance(verdict, Broken | Unsure) and type(verdict) is not type(alone) and not isinstance(alone, Broken):
            yield rule, verdict
