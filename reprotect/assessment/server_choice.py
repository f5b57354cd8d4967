"""Which server serves whom where the plan names none: the one to which the rules object least, then the least busy.

The machines take their turn in the plan's order, a replication group as one (R07). Of each server the rules are asked
that hang on it (`objections`), at the reprotect and at the failback. One that refuses is passed over; of those that
are alike the first with free disk slots is taken (M03, A02), and where all are taken the one whose turn comes first.

The servers are tried in the order of what the rules about them alone have against them, those that see the machine's
datastores first. The search ends with the first against which the rules about machine and server have no more than
they have in any case. So it looks at one server for most machines, and at all of them where none is fit.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby
from typing import Final, NamedTuple, TypeAlias

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate, VirtualMachine, slots_of
from failback.reprotect.item import Architecture, Operation, Unknown
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import Holds, applies, by_id, mounting_host, settled_by

from .server_weights import NOTHING, PassedOver, ServerLoad, ServerWeights, Sight, Weight, against

HOMEWARD: Final = (Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK, Operation.COMMIT_FAILBACK)
"""Operations for which the servers of the way home must be fit."""
Targets: TypeAlias = Callable[[VirtualMachine], Sequence[str]]
"""The master targets or appliances that a machine could use; the one that the plan names, where it does."""
Options: TypeAlias = Callable[[VirtualMachine, str | None], Iterable[Choices]]
"""The requests that are possible for a machine with this master target or appliance, the usual one first."""
KINDS_MAX: Final = 50
"""Kinds of machines by their datastores of which it is asked which servers were passed over."""
_Machines: TypeAlias = tuple[VirtualMachine, ...]
_Servers: TypeAlias = Sequence[str | None]
_Kinds: TypeAlias = tuple[tuple[object, ...], _Servers]
"""Kinds of machines, and the servers that they could use."""
_RankKey: TypeAlias = tuple[_Kinds, tuple[frozenset[str], ...]]
"""The same, and who sees their datastores."""
_Tiers: TypeAlias = tuple[_Servers, ...]
"""Servers that are alike together, the fittest first."""
_PARTS: Final = ("process_server", "datastore", "retention_drive")


class _Found(NamedTuple):
    """The best requests of some machines with one server. `own`: what is not the server's fault alone."""

    weight: Weight
    own: Weight
    choices: tuple[Choices, ...]


class ServerChoice:
    """The requests of all machines homeward, chosen together and once."""

    def __init__(self, estate: Estate, plan: Plan, targets: Targets, options: Options) -> None:
        self._estate, self._plan, self._targets, self._options = estate, plan, targets, options
        self._weights, self._sights = ServerWeights(estate), _sights(estate)
        self._idle = ServerLoad(estate)
        self._alone: dict[_Kinds, Mapping[str | None, Weight]] = {}
        self._ranks: dict[_RankKey, _Tiers] = {}
        self._nearest: dict[_RankKey, _Servers] = {}
        self._floors: dict[str, Weight] = {}
        self._returning = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through

    @cached_property
    def chosen(self) -> Mapping[str, Choices]:
        """By machine."""
        load, found = ServerLoad(self._estate), dict[str, Choices]()
        for name, server in self._returning.items():
            load.take(server, self._estate.virtual_machines[name])
        for machines in in_turn(self._estate, self._plan):
            for unit, choices in self._of_unit(machines, load):
                found.update(zip((vm.name for vm in unit), choices, strict=True))
                for vm in unit:
                    if vm.name not in self._returning:
                        load.take(_target_of(found[vm.name]), vm)
        return found

    def _of_unit(self, machines: _Machines, load: ServerLoad) -> Iterator[tuple[_Machines, tuple[Choices, ...]]]:
        """A group is served as one, unless nobody knows that it must be (R07, C26) and no server fits all of it."""
        together = self._best(machines, load)
        if self._is_torn(machines, together.weight.refuses):
            yield from (((vm,), self._best((vm,), load).choices) for vm in machines)
        else:
            yield machines, together.choices

    def _is_torn(self, machines: _Machines, refuses: int) -> bool:
        """Whether fewer rules refuse each machine with a server of its own than all with one."""
        if len(machines) == 1 or not refuses:
            return False
        row, settled = by_id("R07"), settled_by(self._estate)
        if row is not None and applies(row, machines[0].architecture, settled).answer is Holds.YES:
            return False
        return sum(self._best((vm,), self._idle).weight.refuses for vm in machines) < refuses

    def passed_over(self, name: str) -> Iterator[PassedOver]:
        """The servers that were passed over for this machine, and the parts of requests beside those chosen."""
        vm, chosen = self._estate.virtual_machines[name], self.chosen[name]
        ours = self._weights.objections(vm, HOMEWARD, chosen)
        for server in self._servers((vm,)):
            if server != _target_of(chosen):
                found = self._with((vm,), server)
                if found.weight > self._whole(vm, chosen):
                    theirs = self._weights.objections(vm, HOMEWARD, found.choices[0])
                    yield from against(server, name, theirs, ours)
        for other in self._possible(vm, _target_of(chosen)):
            differs = [part for part in _PARTS if getattr(other, part) != getattr(chosen, part)]
            if len(differs) == 1 and self._whole(vm, other) > self._whole(vm, chosen):
                theirs = self._weights.objections(vm, HOMEWARD, other)
                yield from against(getattr(other, differs[0]), name, theirs, ours)

    def passed_over_by_kind(self) -> Iterator[PassedOver]:
        """What is unfit and was passed over for something fit, and the servers that serve nobody, with the rule.

        It is asked of the first of the machines that are alike; those that differ by their datastores alone are told
        apart only where they are few.
        """
        used = {name for choices in self.chosen.values() for name in (_target_of(choices), choices.process_server)}
        idle = {*self._estate.master_targets, *self._estate.appliances, *self._estate.process_servers} - used
        for vms in self._alike():
            fit = self._whole(vms[0], self.chosen[vms[0].name]).refuses == 0
            for passed in self.passed_over(vms[0].name):
                if passed.server in idle:
                    yield passed._replace(alike=len(vms), idle=True)
                elif passed.refuses and fit:
                    yield passed._replace(alike=len(vms))

    def _alike(self) -> Iterable[Sequence[VirtualMachine]]:
        by_kind = defaultdict[object, list[VirtualMachine]](list)
        by_place = defaultdict[object, list[VirtualMachine]](list)
        for vm in self._estate.virtual_machines.values():
            by_kind[self._kind(vm)].append(vm)
            by_place[self._kind(vm), vm.datastores].append(vm)
        return (by_place if len(by_place) <= KINDS_MAX else by_kind).values()

    def instead(self, name: str, tried: Collection[str]) -> tuple[Choices, ...]:
        """What else a machine can ask with after these were tried: those to which the rules object least.

        Nothing where the rules refuse all others: then the reason is the first server's, and no other's.
        """
        vm = self._estate.virtual_machines[name]
        found = [self._with((vm,), server) for server in self._targets(vm) if server not in tried]
        least = min((each.weight for each in found), default=NOTHING)
        if least.refuses:
            return ()
        return tuple(each.choices[0] for each in found if each.weight == least)

    def weight(self, vm: VirtualMachine, operations: tuple[Operation, ...], choices: Choices) -> Weight:
        """How much the rules object to these values at these operations."""
        about_machine = self._weights.about_machine(vm, operations, choices)
        return self._weights.about_server(vm, operations, choices).plus(about_machine)

    def _whole(self, vm: VirtualMachine, choices: Choices) -> Weight:
        return self.weight(vm, HOMEWARD, choices)

    def _servers(self, machines: _Machines) -> _Servers:
        """Who may serve all of these: what returns already goes on as it is, and a mate's server is the group's."""
        if now := dict.fromkeys(self._returning[vm.name] for vm in machines if vm.name in self._returning):
            return tuple(now)
        if len(machines) == 1:
            return self._targets(machines[0]) or (None,)
        of_all = dict.fromkeys(chain.from_iterable(self._targets(vm) for vm in machines))
        named = [vm for vm in machines if len(self._targets(vm)) == 1]
        theirs = dict.fromkeys(self._targets(vm)[0] for vm in named) if len(named) < len(machines) else of_all
        return tuple(theirs if named else of_all) or (None,)

    def _best(self, machines: _Machines, load: ServerLoad) -> _Found:
        """The first of the servers in order that is as fit as one can be for these machines; else the fittest."""
        servers = self._servers(machines)
        if not self._is_a_choice(machines, servers[0]):
            return _Found(NOTHING, NOTHING, tuple(self._possible(vm, servers[0])[0] for vm in machines))
        new = (vm for vm in machines if vm.name not in self._returning)
        best, floor = None, None
        for server in self._in_order(machines, servers, load, sum(map(slots_of, new))):
            found = self._with(machines, server)
            best = found if best is None or found.weight < best.weight else best
            if found.own[:2] == (0, 0):
                break
            floor = floor or self._in_any_case(machines)
            if found.own[:2] <= floor.plus(self._unseen(machines, server))[:2]:
                break
        if best is None:
            raise LookupError("there is always a request, if only without a server")
        return best

    def _in_order(self, machines: _Machines, servers: _Servers, load: ServerLoad, disks: int) -> Iterator[str | None]:
        """The fittest by the rules about servers alone; of those that are alike the least busy."""
        kinds = tuple(self._kind(vm) for vm in machines)
        sights = tuple(
            self._sights[vm.architecture].of(vm.datastores) for vm in machines if vm.exists_on_premises is not False
        )
        key = (kinds, servers), sights
        near = self._near(key, machines)
        first = load.least_busy(near, disks) if near else None
        if near:
            yield first
        for tier in self._ranked(key, machines):
            yield from (server for server in load.in_turn(tier, disks) if not near or server != first)

    def _kind(self, vm: VirtualMachine) -> tuple[object, ...]:
        return self._weights.kind(vm), vm.exists_on_premises, self._plan.item_choices.get(vm.name)

    def _near(self, key: _RankKey, machines: _Machines) -> _Servers:
        """Of those that the rules about servers alone find fittest, the ones that see all datastores."""
        near = self._nearest.get(key)
        if near is None:
            kinds, sights = key
            best = _tiers(self._weights_alone(kinds, machines))[0]
            seen = frozenset(best).intersection(*sights)
            near = self._nearest[key] = [server for server in best if server in seen]
        return near

    def _ranked(self, key: _RankKey, machines: _Machines) -> _Tiers:
        """What does not see the datastores counts less."""
        if key not in self._ranks:
            alone = self._weights_alone(key[0], machines)
            self._ranks[key] = _tiers({s: weight.plus(self._unseen(machines, s)) for s, weight in alone.items()})
        return self._ranks[key]

    def _weights_alone(self, kinds: _Kinds, machines: _Machines) -> Mapping[str | None, Weight]:
        """What the rules about servers alone have against each server."""
        if kinds not in self._alone:
            self._alone[kinds] = {s: _sum(self._about_server(vm, s) for vm in machines) for s in kinds[1]}
        return self._alone[kinds]

    def _about_server(self, vm: VirtualMachine, server: str | None) -> Weight:
        """Of its fittest request with this server."""
        options = self._possible(vm, server)
        return min(self._weights.about_server(vm, HOMEWARD, choices) for choices in options)

    def _unseen(self, machines: _Machines, server: str | None) -> Weight:
        """What speaks against a server that does not see their datastores: a refusal, if they are known to exist."""
        unseen = [vm for vm in machines if self._is_unseen(vm, server)]
        refuses = sum(vm.exists_on_premises is True and self._has_mounts(server) for vm in unseen)
        return Weight(refuses=refuses, unknown=len(unseen) - refuses)

    def _is_unseen(self, vm: VirtualMachine, server: str | None) -> bool:
        return vm.exists_on_premises is not False and server not in self._sights[vm.architecture].of(vm.datastores)

    def _has_mounts(self, server: str | None) -> bool:
        estate = self._estate
        part = estate.master_targets.get(server or "") or estate.appliances.get(server or "")
        return mounting_host(estate, part) is not None

    def _in_any_case(self, machines: _Machines) -> Weight:
        """What the rules about machines would have against any server: what they say of a request that names none."""
        return _sum(self._floor(vm) for vm in machines)

    def _floor(self, vm: VirtualMachine) -> Weight:
        if vm.name not in self._floors:
            self._floors[vm.name] = self._weights.about_machine(vm, HOMEWARD, Choices(datastore=vm.datastore))
        return self._floors[vm.name]

    def _is_a_choice(self, machines: _Machines, server: str | None) -> bool:
        several = any(len(self._targets(vm)) > 1 for vm in machines)
        return several or any(len(self._possible(vm, server)) > 1 for vm in machines)

    def _possible(self, vm: VirtualMachine, server: str | None) -> tuple[Choices, ...]:
        """Its possible requests with this server, or with the one that the plan names for this machine alone."""
        named = self._targets(vm)
        mine = named[0] if len(named) == 1 and vm.name not in self._returning else server
        return tuple(self._options(vm, mine))

    def _with(self, machines: _Machines, server: str | None) -> _Found:
        """The first of the possible requests with this server to which the rules object least."""
        each = [min((self._asked(vm, c) for c in self._possible(vm, server)), key=_weight_of) for vm in machines]
        choices = tuple(found.choices[0] for found in each)
        return _Found(_sum(found.weight for found in each), _sum(found.own for found in each), choices)

    def _asked(self, vm: VirtualMachine, choices: Choices) -> _Found:
        own = self._weights.about_machine(vm, HOMEWARD, choices)
        return _Found(self._weights.about_server(vm, HOMEWARD, choices).plus(own), own, (choices,))


def in_turn(estate: Estate, plan: Plan) -> Iterator[_Machines]:
    """Machines of one group, in the plan's order: by waves, then as the estate lists them."""
    named = (name for wave in plan.waves for name in wave.items if name in estate.virtual_machines)
    done: set[str] = set()
    for name in chain(named, estate.virtual_machines):
        if name not in done:
            vm = estate.virtual_machines[name]
            group = estate.replication_groups.get(vm.replication_group or "")
            mates = (estate.virtual_machines.get(mate) for mate in (group.items if group else ()))
            same = (mate for mate in mates if mate is not None and mate.architecture is vm.architecture)
            unit = tuple(mate for mate in same if mate.name not in done) or (vm,)
            done.update(mate.name for mate in unit)
            yield unit


def _sights(estate: Estate) -> Mapping[Architecture, Sight]:
    return {
        Architecture.CLASSIC: Sight(estate, estate.master_targets.values()),
        Architecture.MODERNISED: Sight(estate, estate.appliances.values()),
    }


def _tiers(weights: Mapping[str | None, Weight]) -> _Tiers:
    order = sorted(weights, key=weights.__getitem__)
    return tuple(tuple(tier) for _, tier in groupby(order, key=weights.__getitem__))


def _weight_of(found: _Found) -> Weight:
    return found.weight


def _sum(weights: Iterable[Weight]) -> Weight:
    total = NOTHING
    for weight in weights:
        total = total.plus(weight)
    return total


def _target_of(choices: Choices) -> str | None:
    return choices.master_target or choices.appliance
