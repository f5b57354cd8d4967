"""The drill: all items of an estate on their way through a plan, sans I/O.

What is decided about one item stands in the table (`transitions`). Here is only what items owe each other: a wave
waits for the former one, a replication group asks at one instant, a recovery plan asks by one request, disk slots are
first come first served. An event goes to its item's step; where that changes the item's state, the others learn of
it by signals, which are worked off before `on_event` returns. Nothing here scans all items when something is heard: who
waits stands in a line, and the next instant in a heap.
"""

import heapq
import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import Final, TypeAlias

from failback.reprotect.assessment import (
    COMMON_POINTS,
    InvalidPlan,
    RequestDefaults,
    validate_plan,
    with_returning,
    without_a_share,
)
from failback.reprotect.commands import ApplyRemedy, Command, StartOperation, StartPlanOperation
from failback.reprotect.decisions import Decided
from failback.reprotect.estate import Estate
from failback.reprotect.events import (
    Accepted,
    Answer,
    Event,
    Heard,
    Instructed,
    Instruction,
    ItemGone,
    ItemSeen,
    JobCancelled,
    JobEnded,
    JobFailed,
    JobSucceeded,
    OperatorAnswered,
    RemedyApplied,
    RemedyFailed,
    RequestRefused,
    TimePassed,
    Unanswered,
    VmSeen,
)
from failback.reprotect.evolve import evolved
from failback.reprotect.item import LEGS, Operation
from failback.reprotect.lifecycle import under_way
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import NOTICES, Holds, Requirement, Stage, applies, by_code, by_id

from .actions import OPERATOR, leg_name
from .batches import Batch, BatchKind, Leg, ReadyBatch, groups_of, plans_of
from .freezes import Freezes
from .guards import leg_of
from .item_drill import (
    Admitted,
    Began,
    CalledOff,
    DrillState,
    ItemDrill,
    PlanSucceeded,
    Signal,
    Stop,
    TurnCame,
    rules_of,
    tried_appliances,
)
from .limit import limit_words
from .pause import Pause
from .plan_jobs import PlanJobs
from .slot_queue import SlotQueue
from .stop_policy import BEGINNINGS, StopPolicy
from .together import mates_of
from .transitions import UnexpectedEvent, step
from .waves import SEEDING, Waves

Output: TypeAlias = Command | Decided
Work: TypeAlias = Event | Signal | ReadyBatch | Decided

HOMEWARD: Final = frozenset(
    {Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK, Operation.COMMIT_FAILBACK, Operation.REPROTECT_TO_AZURE}
)
"""Operations for which the wave must be open."""
BEFORE_FAILBACK: Final = frozenset({Operation.REPROTECT_TO_ON_PREMISES, Operation.CANCEL_FAILBACK})
"""Operations with whose end an item asks for its failback."""
BY_PLAN: Final = frozenset(
    {Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.FAILBACK, Operation.COMMIT_FAILBACK}
)
"""Operations that a recovery plan asks by one request."""
SKIPPED: Final = Stop(
    "skipped", "a person told the run to skip it", OPERATOR, "bring it home separately, in another run or by hand"
)
ABANDONED: Final = Stop(
    "abandoned",
    "a person abandoned the run; no job was cancelled",
    OPERATOR,
    "look in the vault which jobs are still running, and decide about each machine",
)
_OF_SUBJECT: Final = (Accepted, RequestRefused, Unanswered, JobSucceeded, JobFailed, JobCancelled)
_CAME_TO_NOTHING: Final = (RequestRefused, JobFailed, JobCancelled)
_MOVING: Final = frozenset(
    {
        DrillState.ASKED,
        DrillState.RUNNING,
        DrillState.SETTLING,
        DrillState.WAITING,
        DrillState.AT_GATE,
        DrillState.FIXING,
    }
)
_WAITS: Final = frozenset({DrillState.READY, DrillState.LINED_UP})
"""States in which it waits for others."""
_ENDED: Final = frozenset({DrillState.STOPPED, DrillState.HOME})


class Drill:
    """All items and what they owe each other. A driver calls `begin`, then `on_event` and `due` until `over`.

    `slots_free_after`: the leg with whose end an item's disk slots are taken to be free again [inferred, A02].
    """

    def __init__(self, estate: Estate, plan: Plan, slots_free_after: Operation = Operation.COMMIT_FAILBACK) -> None:
        if mistakes := validate_plan(estate, plan):
            raise InvalidPlan("; ".join(mistakes))
        estate = with_returning(estate, plan)
        self._estate, self._plan, self._rules = estate, plan, rules_of(plan, estate)
        self._slots_free_after = slots_free_after
        self._items = {name: self._fresh(name) for name in estate.virtual_machines}
        self._groups, self._plans = groups_of(estate), plans_of(estate, plan)
        self._together = mates_of(plan, self._items)
        self._defaults = self._rules.defaults or RequestDefaults(estate, plan)
        self._common = RequestDefaults(estate, replace(plan, item_choices={}))
        self._slot_queue = self._new_slot_queue()
        self._waves = Waves((), (), 0.0)
        self._short: Mapping[str, Stop] = {}
        self._plan_jobs = PlanJobs()
        self._alarms: list[tuple[float, int, str]] = []
        self._rung = count()
        self._moving = self._ended = 0
        self._open_requests: set[str] = set()
        self._work: deque[Work] = deque()
        self._out: list[Output] = []
        self._now_s, self._give_up_s = 0.0, math.inf
        self._pause, self._freezes, self._policy = Pause(), Freezes(plan.freezes), StopPolicy(plan)

    @property
    def items(self) -> Mapping[str, ItemDrill]:
        """Every item as the drill knows it, in the estate's order."""
        return MappingProxyType(self._items)

    @property
    def over(self) -> bool:
        """Every item is home or stopped."""
        return self._ended == len(self._items)

    @property
    def deadline_s(self) -> float:
        """The instant at which `due` has something, if nothing is heard before; infinity when it is over or paused."""
        if self.over or self._pause.is_on:
            return math.inf
        while self._alarms and not self._is_set(self._alarms[0]):
            heapq.heappop(self._alarms)
        alarm_s = self._alarms[0][0] if self._alarms else math.inf
        return min(alarm_s, self._clock_s)

    @property
    def _clock_s(self) -> float:
        """When something of the drill's own is due."""
        return min(self._waves.deadline_s, self._freezes.deadline_s, self._give_up_s)

    def frozen_until_s(self, now_s: float) -> float | None:
        """Until when nothing may be requested, by the plan; None: it may be now."""
        return self._freezes.until_s(now_s)

    def is_late(self, request: Command, now_s: float) -> bool:
        """Whether what was requested earlier would not be requested now: its wave has closed, or the drill gives up."""
        if isinstance(request, StartOperation | StartPlanOperation) and request.operation in BEGINNINGS:
            name = request.items[0] if isinstance(request, StartPlanOperation) else request.item
            return self._waves.has_closed(name, request.operation, now_s) or self._gives_up(now_s)
        return self._gives_up(now_s)

    def _gives_up(self, now_s: float) -> bool:
        return now_s >= self._give_up_s

    def begin(self, now_s: float, seen: Iterable[ItemSeen] = ()) -> tuple[Output, ...]:
        """Set out. Without `seen` every item is taken to stand where the estate says; drift shows where it does not."""
        self._items |= {sight.item: self._seen_first(sight) for sight in seen}
        self._now_s, self._give_up_s = now_s, now_s + self._plan.give_up_after_s
        self._waves = Waves(self._plan.waves, tuple(self._items), now_s)
        phases = {name: item.phase for name, item in self._items.items()}
        short = without_a_share(self._estate, self._plan, phases)
        self._short = {name: Stop(u.rule, u.message, u.who, u.remedy) for name, u in short.items()}
        self._part_the_uneven()
        self._slot_queue = self._new_slot_queue()
        for item in self._items.values():
            for leg in LEGS[: phase_row(item.phase).legs_behind]:
                self._finish(item.item, leg)
            if phase_row(item.phase).holds_slots:
                self._waves.has_slots(item.item)
        return self._work_off(Began(name) for name in self._items)

    def on_event(self, event: Heard, now_s: float) -> tuple[Output, ...]:
        """One event in; what is to be done and what was decided, in order."""
        self._now_s = now_s
        if isinstance(event, Instructed):
            return self._obey(event)
        return () if self._pause.keep(event) else self._work_off(self._addressed(event))

    def in_order(self, events: Iterable[Event]) -> list[Event]:
        """Events of one instant as the drill wants them: ends of items' jobs, of plans' jobs, items, machines."""
        return sorted(events, key=self._rank)

    def due(self, now_s: float) -> tuple[TimePassed, ...]:
        """The instants that have come, as events to be heard like all others. Item "" is the drill's own."""
        if self._pause.is_on:
            return ()
        woken = []
        while self._alarms and self._alarms[0][0] <= now_s:
            alarm = heapq.heappop(self._alarms)
            woken += [TimePassed(alarm[2])] if self._is_set(alarm) else []
        clock = self._clock_s <= now_s and not self.over
        return (*woken, TimePassed("")) if clock else tuple(woken)

    # What a person tells the drill

    def _obey(self, told: Instructed) -> tuple[Output, ...]:
        match told.instruction:
            case Instruction.PAUSE:
                self._pause.begin()
                return (Decided(None, "paused", "a person paused the run: nothing is requested until it continues"),)
            case Instruction.CONTINUE:
                return (Decided(None, "continued", "a person told the run to continue"), *self._hear_kept())
            case Instruction.SKIP:
                return () if self._pause.keep(told) else self._skip(told)
            case Instruction.ABANDON:
                left = [CalledOff(item.item, ABANDONED) for item in self._items.values() if item.state not in _ENDED]
                return (*self._work_off(left), *self._hear_kept())

    def _hear_kept(self) -> tuple[Output, ...]:
        return tuple(output for event in self._pause.end() for output in self.on_event(event, self._now_s))

    def _skip(self, told: Instructed) -> tuple[Output, ...]:
        if told.item not in self._items:
            raise UnexpectedEvent(None, told)
        return self._work_off([CalledOff(told.item, SKIPPED)])

    # What an event is about

    def _rank(self, event: Event) -> int:
        match event:
            case ItemSeen() | ItemGone():
                return 2
            case VmSeen():
                return 3
            case JobSucceeded() | JobFailed() | JobCancelled():
                return int(event.subject in self._plan_jobs.items)
            case Accepted() | RequestRefused() | Unanswered() | RemedyApplied() | RemedyFailed():
                return 0
            case OperatorAnswered() | TimePassed():
                return 0

    def _addressed(self, event: Event) -> Iterator[Work]:
        match event:
            case TimePassed(item=""):
                yield from self._clock_struck()
            case ItemSeen(item=name) | ItemGone(item=name) | VmSeen(item=name):
                yield self._for(name, event)
            case OperatorAnswered(item=name) | TimePassed(item=name):
                yield self._for(name, event)
            case RemedyApplied(item=name) | RemedyFailed(item=name):
                yield self._for(name, event)
            case _ if event.subject in self._plan_jobs.items:
                yield from self._to_members(event)
                yield from self._plan_jobs.ends(event)
            case _:
                yield self._for(event.subject, event)

    def _for(self, name: str, event: Event) -> Event:
        if name not in self._items:
            raise UnexpectedEvent(None, event)
        return event

    def _to_members(self, event: Answer | JobEnded) -> Iterator[Event | Signal]:
        """A recovery plan's answer or end, told to its items. Theirs that have ended on their own were told before."""
        for name in self._plan_jobs.items[event.subject]:
            item = self._items[name]
            match event:
                case JobSucceeded() if item.state is DrillState.RUNNING and item.job_id == event.job_id:
                    yield PlanSucceeded(name)
                case JobFailed() | JobCancelled() if item.state is DrillState.RUNNING and item.job_id == event.job_id:
                    yield replace(event, subject=name)
                case Accepted() | RequestRefused() | Unanswered() if item.key == event.key:
                    yield replace(event, subject=name)
                case _:
                    pass

    def _clock_struck(self) -> Iterator[Work]:
        yield from self._thawed()
        yield from (Admitted(name) for name in self._open_waves())
        if self._gives_up(self._now_s):
            why = limit_words(self._plan.give_up_after_s)
            left = (item for item in self._items.values() if item.state not in _ENDED)
            yield from [CalledOff(item.item, self._given_up(item, why)) for item in left]

    def _thawed(self) -> Iterator[ReadyBatch]:
        """What a freeze window has held up; a remedy only where its machine still waits for it."""
        released = self._freezes.release(self._now_s)
        if released:
            self._out.append(Decided(None, "thawed", "the freeze window is over: requests may be sent again"))
        for each in released:
            if isinstance(each, ReadyBatch):
                yield each
            elif self._items[each.item].fixing == each:
                self._out.append(each)

    def _unasked(self, work: ReadyBatch | ApplyRemedy) -> bool:
        """Whether it is not requested now: the drill gives up at this instant, or a freeze window holds it up."""
        return self._gives_up(self._now_s) or self._frozen(work)

    def _frozen(self, work: ReadyBatch | ApplyRemedy) -> bool:
        """Whether a freeze window holds it up, which is said once a window."""
        if not self._freezes.keep(work, self._now_s):
            return False
        if self._freezes.has_just_begun:
            window, until_s = self._freezes.name_at(self._now_s), self._freezes.deadline_s
            why = f"freeze window {window}: nothing is requested until {until_s:g} s"
            self._out.append(Decided(None, "frozen", why))
        return True

    def _given_up(self, item: ItemDrill, why: str) -> Stop:
        """Its health may say what kept it, or that of a machine for which it waits, and so who must act.

        Who waits is at rest: what its own health shows then would hold up a resync, and has not kept it.
        """
        waits, holders = item.state in _WAITS, self._slot_queue.holders_before(item.item)
        for other in self._waited_for(item, holders) if waits else ():
            if other.state is not DrillState.HOME and (rule := _rule_shown(other)) is not None:
                shown = f"{why}; it waited for {other.item}, whose health shows {', '.join(other.health)}: {rule.title}"
                return Stop(rule.id, shown, rule.who, rule.remedy)
        if (rule := _rule_shown(item)) is not None:
            shown = f"{why}; its health shows {', '.join(item.health)}: {rule.title}"
            return Stop(rule.id, shown, rule.who, rule.remedy)
        return _left_alone(item, why) if holders is None else self._slot_queue.no_room(item.item, why)

    def _waited_for(self, item: ItemDrill, holders: Iterable[str] | None) -> list[ItemDrill]:
        """Its mates first, then those who hold the slots that it lacks, or anybody; last who waits too."""
        name = item.item
        batches = (self._plans.get(name), self._groups.get(name), self._together.get(name))
        mates = (name for batch in batches if batch is not None for name in batch.items)
        others = self._items if holders is None else holders
        found = [self._items[name] for name in (*mates, *others) if name != item.item]
        return sorted(found, key=lambda other: other.state in _WAITS)

    # One piece of work after the other

    def _work_off(self, work: Iterable[Work]) -> tuple[Output, ...]:
        self._work.extend(work)
        while self._work or self._abandons_waiting():
            self._do(self._work.popleft())
        out, self._out = tuple(self._out), []
        return out

    def _abandons_waiting(self) -> bool:
        """Whether somebody waits for slots while nobody moves and no wave will open.

        Then work is what lets their mates go that hold slots, or else their end.
        """
        if self._moving or not self._slot_queue.occupied or self._open_requests or self._plan_jobs.holds:
            return False
        if min(self._waves.deadline_s, self._freezes.deadline_s) < math.inf:
            return False
        self._work.extend(tuple(self._slot_queue.part_from_waiting()) or self._slot_queue.abandon_waiting())
        return bool(self._work)

    def _do(self, work: Work) -> None:
        match work:
            case Decided():
                self._out.append(work)
            case ReadyBatch():
                if not (self._waits_for_mates(work) or self._plan_jobs.keep(work) or self._unasked(work)):
                    self._ask_batch(work)
            case _:
                self._step(work)

    def _waits_for_mates(self, ready: ReadyBatch) -> bool:
        """Whether it is kept until the machines that fail back together with it are as far."""
        mates = self._together.get(ready.items[0]) if ready.items else None
        return mates is not None and mates.keep(ready)

    def _step(self, work: Event | Signal) -> None:
        name = work.subject if isinstance(work, _OF_SUBJECT) else work.item
        before = self._items[name]
        result = step(before, work, self._rules, self._now_s)
        self._items[name] = result.item
        self._out += result.decisions
        self._out += [c for c in result.commands if not (isinstance(c, ApplyRemedy) and self._unasked(c))]
        self._follow(before, result.item)
        self._await_open_request(before, result.item, work)

    def _await_open_request(self, before: ItemDrill, after: ItemDrill, work: Event | Signal) -> None:
        """A reprotect that an item asked for before it stopped still runs: it keeps its slots, unless that fails."""
        stops = after.state is DrillState.STOPPED and before.state in (DrillState.ASKED, DrillState.RUNNING)
        if stops and not isinstance(work, _OF_SUBJECT) and leg_of(before).operation is SEEDING:
            self._open_requests.add(after.item)
        elif after.item in self._open_requests and isinstance(work, _OF_SUBJECT) and not isinstance(work, Accepted):
            self._open_requests.discard(after.item)
            if isinstance(work, _CAME_TO_NOTHING):
                self._work.extend(self._slot_queue.leave(after.item))

    def _follow(self, before: ItemDrill, after: ItemDrill) -> None:
        """Tell the others what has changed."""
        if len(after.done) > len(before.done):
            self._finish(after.item, after.done[-1])
        if after.state is not before.state:
            self._count(before.state, after.state)
            self._enter_state(after)
        elif after.state is DrillState.READY and after.leg is not before.leg:
            self._enter_state(after)
        if after.state is not before.state or after.leg is not before.leg:
            self._free_mates(after.item)
        if _lost_its_slots(before, after):
            self._work.extend(self._slot_queue.loses(after.item))

    def _free_mates(self, name: str) -> None:
        """Let those go on that this one held up, of those that fail back together with it."""
        if (mates := self._together.get(name)) is not None:
            self._work.extend(mates.freed_by(name))

    def _count(self, before: DrillState, after: DrillState) -> None:
        self._moving += (after in _MOVING) - (before in _MOVING)
        self._ended += (after in _ENDED) - (before in _ENDED)

    def _enter_state(self, item: ItemDrill) -> None:
        match item.state:
            case DrillState.READY:
                if (operation := leg_of(item).operation) not in HOMEWARD or self._waves.admits(item.item, operation):
                    self._work.append(Admitted(item.item))
            case DrillState.LINED_UP:
                self._line_up(item)
            case DrillState.WAITING:
                heapq.heappush(self._alarms, (item.not_before_s or self._now_s, next(self._rung), item.item))
            case DrillState.STOPPED | DrillState.HOME:
                self._end(item)
            case DrillState.ASKED if leg_of(item).operation is SEEDING:
                self._waves.has_slots(item.item)
                self._work.extend(Admitted(freed) for freed in self._open_waves())
            case DrillState.AT_GATE | DrillState.ASKED | DrillState.RUNNING | DrillState.SETTLING | DrillState.FIXING:
                pass

    def _is_set(self, alarm: tuple[float, int, str]) -> bool:
        item = self._items[alarm[2]]
        return item.state is DrillState.WAITING and item.not_before_s == alarm[0]

    # Lining up, and the turn

    def _line_up(self, item: ItemDrill) -> None:
        operation = leg_of(item).operation
        stop = self._stop_for_a_share(item) if operation in BEGINNINGS else None
        if stop is None and operation is Operation.REPROTECT_TO_ON_PREMISES:
            stop = self._group_stop(item)
        if stop is not None:
            self._work.append(CalledOff(item.item, stop))
            return
        batch = self._batch(item.item, operation)
        leg: Leg = (operation, item.done.count(operation))
        ready = batch.joins(item.item, leg) if batch else ReadyBatch(None, (item.item,))
        if ready is not None:
            self._work.append(ready)

    def _batch(self, name: str, operation: Operation) -> Batch | None:
        """Who asks together: the group for both ways home, the recovery plan for what it can do by one request."""
        plan = self._plans.get(name) if operation in BY_PLAN else None
        group = self._groups.get(name)
        if operation is Operation.REPROTECT_TO_ON_PREMISES or group is None:
            return group if plan is None else plan
        by_plan = any(mate in self._plans for mate in group.items)
        return group if operation is Operation.FAILBACK and not by_plan else plan

    def _ask_batch(self, ready: ReadyBatch) -> None:
        names = tuple(name for name in ready.items if self._items[name].state is DrillState.LINED_UP)
        if not names:
            return
        operation = leg_of(self._items[names[0]]).operation
        if operation in BEGINNINGS and self._waves.has_closed(names[0], operation, self._now_s):
            stop = Stop("wave_closed", f"wave {self._waves.name_of(names[0])} has closed", OPERATOR)
            self._work.extend(CalledOff(name, stop) for name in names)
        elif operation in BEGINNINGS and (halted := self._policy.stop_of(self._waves.name_of(names[0]))) is not None:
            self._work.extend(CalledOff(name, halted) for name in names)
        elif operation is Operation.REPROTECT_TO_ON_PREMISES:
            self._work.extend(self._slot_queue.line_up(names))
        elif ready.batch is not None and self._by_one_request(ready.batch, operation, names):
            self._ask_plan(ready.batch, operation, names)
        else:
            self._work.extend(self._turn(name) for name in names)

    def _by_one_request(self, batch: Batch, operation: Operation, names: tuple[str, ...]) -> bool:
        """Whole plans only; and a failback is another operation in each architecture (A11), so not of mixed ones.

        Nor where a recovery point is asked for by its name, since each item has points of its own.
        """
        uniform = len({self._items[name].architecture for name in names}) == 1
        common = self._common.choose(names[0], operation).recovery_point in COMMON_POINTS
        whole = batch.whole and names == batch.items and batch.kind is BatchKind.RECOVERY_PLAN
        return whole and common and (uniform or operation is not Operation.FAILBACK)

    def _ask_plan(self, batch: Batch, operation: Operation, names: tuple[str, ...]) -> None:
        key = f"{batch.name}/{leg_name(self._items[names[0]])}/1"
        choices = self._common.choose(names[0], operation)
        self._plan_jobs.begins(batch.name, names, key)
        self._out.append(StartPlanOperation(batch.name, names, operation, choices, key))
        self._work.extend(TurnCame(name, choices, key) for name in names)

    def _turn(self, name: str) -> TurnCame:
        item = self._items[name]
        return TurnCame(name, self._defaults.choose(name, leg_of(item).operation, tried_appliances(item)))

    # The end of an item's way home, or of its drill

    def _finish(self, name: str, leg: Operation) -> None:
        if leg is self._slots_free_after:
            self._work.extend(self._slot_queue.leave(name))
        if leg is Operation.COMMIT_FAILBACK:
            self._waves.returned(name)
            self._work.extend(Admitted(freed) for freed in self._open_waves())

    def _end(self, item: ItemDrill) -> None:
        if self._slot_queue.lets_go(item):
            self._work.extend(self._slot_queue.leave(item.item))
        self._waves.returned(item.item)
        self._work.extend(Admitted(freed) for freed in self._open_waves())
        if item.state is DrillState.STOPPED:
            self._part_company(item)
            if self._policy.halts(item, self._waves):
                self._work.extend(self._policy.called_off(self._items, self._waves))

    def _part_company(self, item: ItemDrill) -> None:
        if (plan := self._plans.get(item.item)) is not None:
            self._work.extend(plan.loses(item.item))
        if (group := self._groups.get(item.item)) is not None:
            group.loses(item.item)
            self._work.extend(self._called_off(self._items[mate]) for mate in group.alive() if self._is_bound(mate))

    def _is_bound(self, name: str) -> bool:
        """Whether the item needs its group mates now: until its failback is asked. Earlier it learns when lining up."""
        item = self._items[name]
        if item.leg is None or item.state in _ENDED or self._group_stop(item) is None:
            return False
        asked = item.state in (DrillState.ASKED, DrillState.RUNNING, DrillState.SETTLING)
        operation = item.leg.operation
        return operation in BEFORE_FAILBACK or (operation is Operation.FAILBACK and not asked)

    def _called_off(self, item: ItemDrill) -> CalledOff:
        stop = self._stop_for_a_share(item) or self._group_stop(item)
        return CalledOff(item.item, stop or Stop("R07", "a group mate has stopped", OPERATOR))

    def _group_stop(self, item: ItemDrill) -> Stop | None:
        """R07, where it holds: without one mate no common recovery point can be made."""
        group = self._groups.get(item.item)
        if group is None or group.stopped_by is None:
            return None
        cause = self._items[group.stopped_by].stopped
        return self._stop_by_group(item, group.stopped_by, cause, "has stopped")

    def _stop_for_a_share(self, item: ItemDrill) -> Stop | None:
        """Whether others leave it, or a mate without which it does not come home (R07), no memory or room.

        That is known from the start, so who stops does not hang on who is ready first.
        """
        group, own = self._groups.get(item.item), self._short.get(item.item)
        if own is not None or group is None or not self._short:
            return own
        mate = next((mate for mate in group.items if mate in self._short), None)
        return None if mate is None else self._stop_by_group(item, mate, self._short[mate], "will not come home")

    def _stop_by_group(self, item: ItemDrill, mate: str, cause: Stop | None, what: str) -> Stop | None:
        group, rule = self._groups.get(item.item), by_id("R07")
        if group is None or not group.binds or rule is None:
            return None
        if applies(rule, item.architecture).answer is Holds.NO:
            return None
        message = f"group mate {mate} {what} ({cause.reason if cause else 'unknown'}): {rule.title}"
        return Stop(rule.id, message, cause.who if cause else rule.who, cause.remedy if cause else rule.remedy)

    def _open_waves(self) -> tuple[str, ...]:
        opened, seeding = self._waves.advance(self._now_s), self._waves.advance_seeding(self._now_s)
        for freed, what, may in (
            (opened, "wave_opened", "start to come home"),
            (seeding, "wave_seeds", "replicate home and wait there"),
        ):
            if freed:
                count = f"{len(freed)} machine{'s' if len(freed) > 1 else ''}"
                why = f"wave {self._waves.name_of(freed[0])}: {count} may {may}"
                self._out.append(Decided(None, what, why))
        return (*opened, *seeding)

    # How it begins

    def _new_slot_queue(self) -> SlotQueue:
        return SlotQueue(self._estate, self._defaults, self._items, self._groups, self._plans, self._together)

    def _fresh(self, name: str) -> ItemDrill:
        vm = self._estate.virtual_machines[name]
        return ItemDrill(name, vm.architecture, vm.at, self._plan.goals)

    def _seen_first(self, sight: ItemSeen) -> ItemDrill:
        if sight.item not in self._items:
            raise UnexpectedEvent(None, sight)
        fresh = evolved(self._fresh(sight.item), architecture=sight.architecture, phase=sight.phase)
        return evolved(fresh, agent_registered=sight.agent_registered, health=sight.health_errors)

    def _part_the_uneven(self) -> None:
        """Items that begin at different points cannot be waited for by each other, nor those whose job runs already."""
        batches = {id(c): c for way in (self._groups, self._plans) for c in way.values()}.values()
        for batch in batches:
            for item in map(self._items.__getitem__, batch.items):
                if (move := under_way(item.architecture, item.phase)) is not None:
                    batch.has_asked((move.operation, item.done.count(move.operation)))
            if len({self._items[name].phase for name in batch.items}) > 1:
                batch.part_for_good()
                why = f"the machines of {batch.kind.value} {batch.name} begin in different phases"
                self._out.append(Decided(None, "go_alone", why))


def _lost_its_slots(before: ItemDrill, after: ItemDrill) -> bool:
    """A reprotect that was under way at the start came to nothing: the item stands in line like all others."""
    held = phase_row(before.phase).holds_slots and not phase_row(after.phase).holds_slots
    return held and before.key is None and leg_of(before).operation is SEEDING


def _rule_shown(item: ItemDrill) -> Requirement | None:
    """The rule that its health names, if there is one: first one of the replication, else one that can block."""
    rules = [row for row in map(by_code, item.health) if row is not None]
    running = (row for row in rules if any(point.stage is Stage.REPLICATION for point in row.where))
    blocking = (row for row in rules if any(point.stage not in NOTICES for point in row.where))
    return next(running, None) or next(blocking, None)


def _left_alone(item: ItemDrill, why: str) -> Stop:
    shown = f"{why}; its health shows {', '.join(item.health)}" if item.health else why
    rule = next((rule for rule in map(by_code, item.health) if rule is not None), None)
    if rule is None:
        return Stop("gave_up", shown, OPERATOR, "see its job and its health in the vault")
    return Stop("gave_up", f"{shown}: {rule.title}", rule.who, rule.remedy)
