"""Claims about the drill: what items owe each other, played against a vault of a hundred lines."""

import heapq
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

import pytest

from failback.reprotect import (
    LEGS,
    Accepted,
    Appliance,
    ApplyRemedy,
    Architecture,
    AskOperator,
    Choices,
    ConfigurationServer,
    Decided,
    Disk,
    Drill,
    DrillState,
    Estate,
    Event,
    Failure,
    Gate,
    History,
    Host,
    InvalidPlan,
    ItemDrill,
    ItemSeen,
    JobFailed,
    JobSucceeded,
    Line,
    Link,
    MasterTarget,
    Move,
    Operation,
    OperatorAnswered,
    OsFamily,
    Output,
    Phase,
    Plan,
    ProcessServer,
    RecoveryPlan,
    RemedyAnswer,
    RemedyApplied,
    RemedyFailed,
    RemedyPolicy,
    ReplicationGroup,
    RequestRefused,
    StartOperation,
    StartPlanOperation,
    Unanswered,
    UnexpectedEvent,
    VirtualMachine,
    VmSeen,
    Wave,
    begin,
    check,
    end,
)

JOB_S, RESYNC_S, AGENT_S = 60.0, 600.0, 200.0
REPROTECT, FAILBACK = Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK
BOOTS = (Operation.FAILOVER, FAILBACK)


def _vm(name: str, disks: int = 2, architecture: Architecture = Architecture.CLASSIC) -> VirtualMachine:
    return VirtualMachine(name, OsFamily.LINUX, tuple(Disk(10) for _ in range(disks)), architecture, "esx1", "ds1")


def _estate(
    machines: Iterable[VirtualMachine],
    groups: dict[str, tuple[str, ...]] | None = None,
    plans: Mapping[str, tuple[tuple[str, ...], ...]] | None = None,
    appliances: int = 1,
) -> Estate:
    group_of = {name: group for group, names in (groups or {}).items() for name in names}
    vms = {vm.name: replace(vm, replication_group=group_of.get(vm.name)) for vm in machines}
    return Estate(
        virtual_machines=vms,
        link=Link(1000),
        hosts={"esx1": Host("esx1", ("ds1",))},
        configuration_servers={"cs1": ConfigurationServer("cs1")},
        process_servers={"ps1": ProcessServer("ps1")},
        master_targets={"mt1": MasterTarget("mt1", OsFamily.LINUX, "esx1", "ds1")},
        appliances={f"app{n}": Appliance(f"app{n}") for n in range(1, appliances + 1)},
        replication_groups={name: ReplicationGroup(name, items) for name, items in (groups or {}).items()},
        recovery_plans={name: RecoveryPlan(name, items) for name, items in (plans or {}).items()},
    )


def _machines(number: int, disks: int = 2) -> list[VirtualMachine]:
    return [_vm(f"vm{n:02}", disks) for n in range(1, number + 1)]


@dataclass
class FakeVault:
    """Jobs of one length, resyncs of another, and a test's faults: codes by (item, operation), one for each try."""

    estate: Estate
    faults: dict[tuple[str, Operation], list[str]] = field(default_factory=dict)
    refusals: dict[tuple[str, Operation], list[str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.phase = dict.fromkeys(self.estate.virtual_machines, Phase.REPLICATING_TO_AZURE)
        self.agent = dict.fromkeys(self.phase, True)
        self.on_site = dict.fromkeys(self.phase, True)
        self.asked: list[tuple[float, StartOperation | StartPlanOperation]] = []
        self.in_flight: Counter[str] = Counter()
        self.peak: Counter[str] = Counter()
        self._through: dict[str, str] = {}
        self._later: list[tuple[float, int, Callable[[], Iterable[Event]]]] = []
        self._n = count()

    def perform(self, command: StartOperation | StartPlanOperation) -> Event:
        self.asked.append((self.now_s, command))
        subject = command.item if isinstance(command, StartOperation) else command.plan
        codes = self.refusals.get((subject, command.operation), [])
        if codes:
            return RequestRefused(subject, command.operation, command.key, codes.pop(0), "refused")
        if command.key in self.lost:
            return Unanswered(subject, command.operation, command.key, "time out")
        items = (command.item,) if isinstance(command, StartOperation) else command.items
        for item in items:
            self._begin(item, command.operation, command.choices, f"job-{command.key}-{item}")
        if isinstance(command, StartPlanOperation):
            job = JobSucceeded(subject, command.operation, f"job-{command.key}")
            self.later(JOB_S, lambda: [job])
        suffix = f"-{subject}" if isinstance(command, StartOperation) else ""
        return Accepted(subject, command.operation, command.key, f"job-{command.key}{suffix}")

    def _begin(self, item: str, operation: Operation, choices: Choices, job_id: str) -> None:
        move = begin(self.estate.virtual_machines[item].architecture, self.phase[item], operation)
        self.phase[item] = move.running
        if operation is REPROTECT:
            self._lend(item, choices.master_target or choices.appliance or "")
        self.later(JOB_S, lambda: self._finish(item, move, job_id))

    def _lend(self, item: str, target: str) -> None:
        self._through[item] = target
        self.in_flight[target] += len(self.estate.virtual_machines[item].disks)
        self.peak[target] = max(self.peak[target], self.in_flight[target])

    def _free(self, item: str) -> None:
        self.in_flight[self._through.pop(item)] -= len(self.estate.virtual_machines[item].disks)

    def _finish(self, item: str, move: Move, job_id: str) -> Iterable[Event]:
        codes = self.faults.get((item, move.operation), [])
        self.phase[item] = end(move, succeeded=not codes)
        if codes:
            if move.operation is REPROTECT:
                self._free(item)
            yield JobFailed(item, move.operation, job_id, Failure("Prerequisite check", codes.pop(0), "it failed"))
        else:
            yield JobSucceeded(item, move.operation, job_id)
            self._arrived(item, move)
        yield from self.see(item)

    def _arrived(self, item: str, move: Move) -> None:
        if move.operation in BOOTS:
            self.on_site[item], self.agent[item] = move.operation is FAILBACK, False
            self.later(AGENT_S, lambda: self._registered(item))
        if move.operation is Operation.COMMIT_FAILBACK:
            self._free(item)
        if move.settles is not move.done:
            self.later(RESYNC_S, lambda: self._settled(item, move.settles))

    def _registered(self, item: str) -> Iterable[Event]:
        self.agent[item] = True
        return self.see(item)

    def _settled(self, item: str, phase: Phase) -> Iterable[Event]:
        self.phase[item] = phase
        return self.see(item)

    def see(self, item: str) -> Iterable[Event]:
        architecture = self.estate.virtual_machines[item].architecture
        yield ItemSeen(item, architecture, self.phase[item], self.agent[item])
        yield VmSeen(item, self.on_site[item], 0 if item in self._through else 2)

    def later(self, delay_s: float, what: Callable[[], Iterable[Event]]) -> None:
        heapq.heappush(self._later, (self.now_s + delay_s, next(self._n), what))

    def wait(self, until_s: float) -> list[Event]:
        """Run one instant, not after `until_s`."""
        self.now_s = min(until_s, self._later[0][0] if self._later else until_s)
        events: list[Event] = []
        while self._later and self._later[0][0] <= self.now_s:
            events += heapq.heappop(self._later)[2]()
        return events


def _applied(command: ApplyRemedy) -> RemedyAnswer:
    return RemedyApplied(command.item, command.rule, command.object, command.key)


def _not_applied(command: ApplyRemedy) -> RemedyAnswer:
    return RemedyFailed(command.item, command.rule, command.object, command.key, "the vCenter said no")


@dataclass
class Night:
    """One drill, played."""

    estate: Estate
    plan: Plan
    answers: dict[str, bool] = field(default_factory=dict)
    vault: FakeVault = field(init=False)

    def __post_init__(self) -> None:
        self.vault, self.drill = FakeVault(self.estate), Drill(self.estate, self.plan)
        self.history, self.questions = History(), list[AskOperator]()
        self.decisions: dict[str | None, list[Decided]] = defaultdict(list)
        self.remedies = list[ApplyRemedy]()
        self.fixes = _applied

    def play(self) -> "Night":
        self._do(self.drill.begin(0.0))
        while not self.drill.over:
            for event in self.drill.in_order(self.vault.wait(self.drill.deadline_s)):
                self._on_event(event)
            for event in self.drill.due(self.vault.now_s):
                self._do(self.drill.on_event(event, self.vault.now_s))
        return self

    def _on_event(self, event: Event) -> None:
        self.history.write(self.vault.now_s, "event", event)
        self._do(self.drill.on_event(event, self.vault.now_s))

    def _do(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            self.history.write(self.vault.now_s, "decision" if isinstance(output, Decided) else "command", output)
            match output:
                case Decided():
                    self.decisions[output.item].append(output)
                case AskOperator():
                    self.questions.append(output)
                    self._on_event(OperatorAnswered(output.item, output.gate, self.answers.get(output.gate, False)))
                case ApplyRemedy():
                    self.remedies.append(output)
                    self._on_event(self.fixes(output))
                case _:
                    self._on_event(self.vault.perform(output))

    @property
    def lines(self) -> list[Line]:
        return self.history.lines

    def stops(self) -> dict[str, str]:
        return {name: item.stopped.reason for name, item in self.drill.items.items() if item.stopped}

    def requests(self, operation: Operation) -> list[tuple[float, StartOperation | StartPlanOperation]]:
        return [(t_s, command) for t_s, command in self.vault.asked if command.operation is operation]


def _night(estate: Estate, plan: Plan | None = None, **answers: bool) -> Night:
    return Night(estate, plan or Plan(), answers)


def _assert_sound(night: Night) -> None:
    assert {name: violations for name, violations in check(night.lines, night.plan).items() if violations} == {}


TWENTY = _estate(
    [*_machines(16), *(_vm(f"new{n}", 2, Architecture.MODERNISED) for n in range(1, 5))],
    groups={"shop": ("vm01", "vm02", "vm03"), "mail": ("vm05", "vm06")},
    plans={"front": (("vm01", "vm02", "vm03"), ("vm04",)), "back": (("new1",), ("new2", "new3"))},
)
TWENTY_PLAN = Plan(
    recovery_plans=("front", "back"),
    waves=(
        Wave("first", ("vm01", "vm02", "vm03", "vm04", "vm05", "vm06", "new4")),
        Wave("second", ("vm07", "vm08", "new1", "new2", "new3"), opens_s=5000.0, seed_opens_s=1000.0),
    ),
    gates=(Gate("verified", Operation.COMMIT_FAILBACK),),
)


def test_twenty_machines_with_groups_waves_and_recovery_plans_come_home() -> None:
    night = _night(TWENTY, TWENTY_PLAN, verified=True).play()
    assert {item.state for item in night.drill.items.values()} == {DrillState.HOME}
    assert {item.done for item in night.drill.items.values()} == {LEGS}
    _assert_sound(night)


def test_the_same_night_twice_gives_the_same_bytes() -> None:
    first, second = (_night(TWENTY, TWENTY_PLAN, verified=True).play() for _ in range(2))
    assert [line.as_json() for line in first.lines] == [line.as_json() for line in second.lines]


def test_a_recovery_plan_asks_by_one_request() -> None:
    night = _night(TWENTY, TWENTY_PLAN, verified=True).play()
    plans = [command.plan for _, command in night.requests(FAILBACK) if isinstance(command, StartPlanOperation)]
    alone = {command.item for _, command in night.requests(FAILBACK) if isinstance(command, StartOperation)}
    assert sorted(plans) == ["back", "front"]
    assert not alone & {"vm01", "vm04", "new1", "new3"}


def test_a_reprotect_is_always_one_request_for_each_item() -> None:
    night = _night(TWENTY, TWENTY_PLAN, verified=True).play()
    assert all(isinstance(command, StartOperation) for _, command in night.requests(REPROTECT))


def test_a_replication_group_is_reprotected_at_one_instant_with_one_master_target() -> None:
    estate = _estate(_machines(4), groups={"shop": ("vm01", "vm02", "vm03")})
    night = _night(estate)
    night.vault.faults[("vm02", Operation.COMMIT_FAILOVER)] = ["anything"]
    asked = [
        (t_s, c.choices.master_target, c.item)
        for t_s, c in night.play().requests(REPROTECT)
        if isinstance(c, StartOperation)
    ]
    group = {(t_s, target) for t_s, target, name in asked if name != "vm04"}
    assert len(group) == 1
    assert {name for _, _, name in asked} == {"vm01", "vm02", "vm03", "vm04"}


def test_when_one_of_a_group_stops_all_stop_with_r07() -> None:
    night = _night(_estate(_machines(4), groups={"shop": ("vm01", "vm02", "vm03")}))
    night.vault.faults[("vm02", REPROTECT)] = ["FB-R04"]
    assert night.play().stops() == {"vm01": "R07", "vm02": "R04", "vm03": "R07"}
    _assert_sound(night)


def test_a_mate_that_stopped_on_the_way_out_lets_the_others_commit_and_stop_before_the_reprotect() -> None:
    night = _night(_estate(_machines(2), groups={"shop": ("vm01", "vm02")}))
    night.vault.faults[("vm02", Operation.FAILOVER)] = ["x", "x", "x"]
    night.play()
    assert night.stops() == {"vm01": "R07", "vm02": "x"}
    assert night.vault.phase["vm01"] is Phase.FAILOVER_COMMITTED


@pytest.mark.parametrize("name", ["vm01", "vm02"])
def test_a_mate_that_stopped_after_its_failback_was_asked_stops_nobody(name: str) -> None:
    """Neither who has come home by then, nor, where it is the first to be told of, whose failback runs."""
    night = _night(_estate(_machines(2), groups={"shop": ("vm01", "vm02")}))
    night.vault.faults[(name, FAILBACK)] = ["8038"]
    assert night.play().stops() == {name: "8038"}


def test_where_a_member_stopped_the_rest_of_the_recovery_plan_goes_by_single_requests() -> None:
    night = _night(_estate(_machines(3), plans={"all": (("vm01", "vm02", "vm03"),)}), Plan(recovery_plans=("all",)))
    night.vault.faults[("vm02", REPROTECT)] = ["FB-R04"]
    night.play()
    assert {c.item for _, c in night.requests(FAILBACK) if isinstance(c, StartOperation)} == {"vm01", "vm03"}
    assert night.stops() == {"vm02": "R04"}


def test_a_member_that_failed_in_the_plan_tries_again_alone() -> None:
    night = _night(_estate(_machines(2), plans={"all": (("vm01",), ("vm02",))}), Plan(recovery_plans=("all",)))
    night.vault.faults[("vm02", Operation.FAILOVER)] = ["x"]
    night.play()
    keys = [command.key for _, command in night.requests(Operation.FAILOVER)]
    assert keys == ["all/failover/1", "vm02/failover/2"]
    assert night.stops() == {}


def test_a_refused_plan_is_tried_again_item_by_item() -> None:
    night = _night(_estate(_machines(2), plans={"all": (("vm01", "vm02"),)}), Plan(recovery_plans=("all",)))
    night.vault.refusals[("all", Operation.FAILOVER)] = ["anything"]
    night.play()
    assert len(night.requests(Operation.FAILOVER)) == 3
    assert night.stops() == {}


def test_a_plans_failure_fails_what_it_never_came_to_and_nothing_that_had_ended() -> None:
    drill = Drill(_estate(_machines(2), plans={"all": (("vm01",), ("vm02",))}), Plan(recovery_plans=("all",)))
    drill.begin(0.0)
    drill.on_event(Accepted("all", Operation.FAILOVER, "all/failover/1", "job"), 0.0)
    failed = JobFailed("all", Operation.FAILOVER, "job", Failure("Group 2", "odd", "the plan stopped"))
    for event in drill.in_order([failed, JobSucceeded("vm01", Operation.FAILOVER, "child")]):
        drill.on_event(event, 60.0)
    assert drill.items["vm01"].done == (Operation.FAILOVER,)
    assert drill.items["vm02"].state is DrillState.WAITING


def test_a_plan_that_succeeded_before_its_items_were_heard_of_waits_for_them() -> None:
    drill = Drill(_estate(_machines(2), plans={"all": (("vm01", "vm02"),)}), Plan(recovery_plans=("all",)))
    drill.begin(0.0)
    drill.on_event(Accepted("all", Operation.FAILOVER, "all/failover/1", "job"), 0.0)
    drill.on_event(JobSucceeded("all", Operation.FAILOVER, "job"), 60.0)
    drill.on_event(JobFailed("vm01", Operation.FAILOVER, "child", Failure("Start", "odd", "failed")), 60.0)
    drill.on_event(ItemSeen("vm02", Architecture.CLASSIC, Phase.FAILED_OVER, None), 60.0)
    assert drill.items["vm01"].state is DrillState.WAITING
    assert drill.items["vm02"].done == (Operation.FAILOVER,)


def test_a_wave_waits_for_the_former_one_and_for_its_hour() -> None:
    estate = _estate(_machines(4))
    waves = (Wave("first", ("vm01",)), Wave("second", ("vm02",)), Wave("third", ("vm03",), opens_s=20_000.0))
    night = _night(estate, Plan(waves=waves)).play()
    start = {c.item: t_s for t_s, c in night.requests(REPROTECT) if isinstance(c, StartOperation)}
    committed = {c.item: t_s for t_s, c in night.requests(Operation.COMMIT_FAILBACK) if isinstance(c, StartOperation)}
    assert start["vm02"] >= committed["vm01"] + JOB_S
    assert start["vm03"] >= 20_000.0
    assert start["vm04"] >= committed["vm03"] + JOB_S


def test_a_wave_that_opens_counts_its_machines_in_the_singular_and_in_the_plural() -> None:
    waves = (Wave("first", ("vm01",)), Wave("second", ("vm02",)), Wave("third", ("vm03", "vm04")))
    said = [decided.why for decided in _night(_estate(_machines(4)), Plan(waves=waves)).play().decisions[None]]
    assert said == [
        "wave second: 1 machine may start to come home",
        "wave third: 2 machines may start to come home",
    ]


def test_a_wave_whose_items_stop_lets_the_next_one_go() -> None:
    night = _night(_estate(_machines(2)), Plan(waves=(Wave("first", ("vm01",)), Wave("second", ("vm02",)))))
    night.vault.faults[("vm01", Operation.FAILOVER)] = ["x", "x", "x"]
    assert night.play().stops() == {"vm01": "x"}


def test_a_closed_wave_begins_nothing_and_finishes_what_it_began() -> None:
    closed = _night(_estate(_machines(1)), Plan(waves=(Wave("first", ("vm01",), closes_s=400.0),))).play()
    assert closed.stops() == {"vm01": "wave_closed"}
    open_for_failback = Plan(waves=(Wave("first", ("vm01",), closes_s=1300.0),))
    assert _night(_estate(_machines(1)), open_for_failback).play().stops() == {}


def _seeds(*names: str, opens_s: float = 0.0, seed_opens_s: float = 0.0, **times: float) -> Wave:
    return Wave(names[0], names, opens_s=opens_s, seed_opens_s=seed_opens_s, **times)


def test_a_wave_that_seeds_replicates_home_at_once_and_fails_back_when_the_former_is_home() -> None:
    night = _night(_estate(_machines(2)), Plan(waves=(Wave("first", ("vm01",)), _seeds("vm02")))).play()
    seeded, cut_over = _starts(night, REPROTECT), _starts(night, FAILBACK)
    assert seeded["vm02"] == seeded["vm01"]
    assert cut_over["vm02"] == _starts(night, Operation.COMMIT_FAILBACK)["vm01"] + JOB_S
    assert night.stops() == {}
    _assert_sound(night)


def test_a_wave_seeds_from_one_hour_on_and_fails_back_from_another() -> None:
    waves = (_seeds("vm01", opens_s=50_000.0, seed_opens_s=10_000.0),)
    night = _night(_estate(_machines(1)), Plan(waves=waves)).play()
    assert _starts(night, REPROTECT) == {"vm01": 10_000.0}
    assert _starts(night, FAILBACK) == {"vm01": 50_000.0}


def test_a_wave_seeds_only_when_the_former_one_has_its_slots() -> None:
    """Ninety disks in the first wave and 58 slots: thirty of them wait for a commit, and so does all of the second."""
    machines = [_vm(name, 30 if name < "vm04" else 1) for name in ("vm01", "vm02", "vm03", "vm04")]
    waves = (_seeds("vm01", "vm02", "vm03", opens_s=50_000.0), _seeds("vm04"))
    night = _night(_estate(machines), Plan(waves=waves)).play()
    assert night.stops() == {}
    committed, seeded = _starts(night, Operation.COMMIT_FAILBACK), _starts(night, REPROTECT)
    assert seeded["vm01"] < 50_000.0 <= min(committed.values())
    assert seeded["vm03"] == max(committed["vm02"], seeded["vm02"]) + JOB_S
    assert seeded["vm04"] == seeded["vm03"]
    assert night.vault.peak["mt1"] <= 58


def test_a_seed_window_that_has_closed_begins_no_more_reprotects() -> None:
    late = _seeds("vm01", opens_s=50_000.0, seed_closes_s=100.0)
    assert _night(_estate(_machines(1)), Plan(waves=(late,))).play().stops() == {"vm01": "wave_closed"}


def test_a_machine_that_stops_before_it_has_slots_keeps_no_later_wave_from_seeding() -> None:
    night = _night(_estate(_machines(2)), Plan(waves=(_seeds("vm01", opens_s=50_000.0), _seeds("vm02"))))
    night.vault.faults[("vm01", Operation.FAILOVER)] = ["x", "x", "x"]
    assert night.play().stops() == {"vm01": "x"}


def _starts(night: Night, operation: Operation) -> dict[str, float]:
    return {c.item: t_s for t_s, c in night.requests(operation) if isinstance(c, StartOperation)}


def test_never_more_disks_than_slots_and_first_come_first_served() -> None:
    night = _night(_estate(_machines(20, disks=10))).play()
    order = [command.item for _, command in night.requests(REPROTECT) if isinstance(command, StartOperation)]
    assert night.vault.peak["mt1"] == 50
    assert order == sorted(order)
    assert night.stops() == {}


def test_recovery_plans_that_share_a_master_target_do_not_lock_each_other() -> None:
    machines = _machines(12, disks=10)
    names = [vm.name for vm in machines]
    plans = {"odd": (tuple(names[0:10:2]),), "even": (tuple(names[1:10:2]),)}
    night = _night(_estate(machines, plans=plans), Plan(recovery_plans=("odd", "even"))).play()
    assert night.stops() == {}
    assert night.vault.peak["mt1"] <= 58


def test_a_recovery_plan_too_large_for_the_slots_fails_back_item_by_item() -> None:
    machines = _machines(8, disks=10)
    night = _night(
        _estate(machines, plans={"all": (tuple(vm.name for vm in machines),)}), Plan(recovery_plans=("all",))
    )
    night.play()
    assert night.stops() == {}
    assert len(night.requests(Operation.FAILOVER)) == 1
    assert len(night.requests(FAILBACK)) == 8
    assert [decided.what for decided in night.decisions[None]].count("go_alone") == 1


def test_a_group_with_more_disks_than_slots_stops_by_m03() -> None:
    estate = _estate(_machines(4, disks=20), groups={"big": ("vm01", "vm02", "vm03")})
    assert _night(estate).play().stops() == {"vm01": "M03", "vm02": "M03", "vm03": "M03"}


def test_where_a_master_targets_own_disks_do_not_count_its_sixty_slots_are_all_there() -> None:
    estate = replace(_estate([_vm("vm01", 60)]), readings={"C14": "protected"})
    assert _night(estate).play().stops() == {}


def test_whoever_waits_for_slots_that_stopped_items_keep_is_stopped() -> None:
    night = _night(_estate(_machines(3, disks=30)))
    for name in ("vm01", "vm02"):
        night.vault.faults[(name, FAILBACK)] = ["8038"]
    assert night.play().stops() == {"vm01": "8038", "vm02": "M03", "vm03": "M03"}
    waited = night.drill.items["vm03"].stopped
    assert waited is not None
    assert waited.message == "vm03 has no disk slots: items that have stopped still hold them"


def test_a_failed_reprotect_of_the_modernised_takes_another_healthy_appliance() -> None:
    night = _night(_estate([_vm("new", 2, Architecture.MODERNISED)], appliances=2))
    night.vault.faults[("new", REPROTECT)] = ["anything"]
    assert [command.choices.appliance for _, command in night.play().requests(REPROTECT)] == ["app1", "app2"]


def test_the_agent_is_waited_for_before_both_reprotects() -> None:
    night = _night(_estate(_machines(1))).play()
    asked = {command.operation: t_s for t_s, command in night.vault.asked}
    assert asked[REPROTECT] == asked[Operation.FAILOVER] + JOB_S + AGENT_S
    assert asked[Operation.REPROTECT_TO_AZURE] == asked[FAILBACK] + JOB_S + AGENT_S


def test_a_refused_agent_is_asked_again_each_minute() -> None:
    night = _night(_estate(_machines(1)), Plan(wait_for_agent=False))
    night.vault.refusals[("vm01", REPROTECT)] = ["FB-R23"] * 5
    times = [t_s for t_s, _ in night.play().requests(REPROTECT)]
    assert [later - earlier for earlier, later in pairwise(times)] == [60.0] * 5
    assert night.stops() == {}


def test_a_gate_that_nobody_opens_stops_the_item() -> None:
    night = _night(_estate(_machines(1)), Plan(gates=(Gate("verified", Operation.COMMIT_FAILBACK),))).play()
    assert night.stops() == {"vm01": "verified"}
    assert night.requests(Operation.COMMIT_FAILBACK) == []


def test_a_remedy_that_is_done_brings_the_item_home() -> None:
    night = _night(_estate(_machines(1)), R04=True)
    night.vault.faults[("vm01", REPROTECT)] = ["FB-R04"]
    assert night.play().stops() == {}
    assert [question.gate for question in night.questions] == ["R04"]


def test_a_lost_answer_is_a_try_and_a_new_key() -> None:
    night = _night(_estate(_machines(1)))
    night.vault.lost = {"vm01/failover/1"}
    keys = [command.key for _, command in night.play().requests(Operation.FAILOVER)]
    assert keys == ["vm01/failover/1", "vm01/failover/2"]


def test_an_item_that_somebody_else_moves_is_stopped() -> None:
    night = _night(_estate(_machines(1)))
    night.vault.later(90.0, lambda: [ItemSeen("vm01", Architecture.CLASSIC, Phase.TESTING_FAILOVER, None)])
    assert night.play().stops() == {"vm01": "drift"}


def test_a_machine_that_somebody_powers_on_during_the_resync_is_stopped_by_r33() -> None:
    night = _night(_estate(_machines(2)))
    night.vault.later(500.0, lambda: [VmSeen("vm01", True, 2)])
    assert night.play().stops() == {"vm01": "R33"}


def test_whatever_is_not_home_in_time_is_stopped() -> None:
    night = _night(_estate(_machines(2)), Plan(give_up_after_s=300.0)).play()
    assert night.stops() == {"vm01": "gave_up", "vm02": "gave_up"}
    assert night.vault.now_s == 300.0


@pytest.mark.parametrize(
    ("health", "reason", "who", "message"),
    [
        (("unheard of", "78022"), "78022", "server administrator", "unheard of, 78022: master target up"),
        (("unheard of",), "gave_up", "operator", "its health shows unheard of"),
    ],
)
def test_of_whoever_is_given_up_on_the_health_says_who_must_act(
    health: tuple[str, ...], reason: str, who: str, message: str
) -> None:
    night = _night(_estate(_machines(1)), Plan(give_up_after_s=300.0))
    seen = ItemSeen("vm01", Architecture.CLASSIC, Phase.REPLICATING_TO_AZURE, None, health)
    night.vault.later(299.0, lambda: [replace(seen, phase=night.vault.phase["vm01"])])
    stop = night.play().drill.items["vm01"].stopped
    assert stop is not None
    assert (stop.reason, stop.who) == (reason, who)
    assert stop.message.endswith(message)


def test_every_stop_says_who_must_act() -> None:
    night = _night(_estate(_machines(3)), Plan(remedies={"R04": RemedyPolicy.NEVER}))
    night.vault.faults = {("vm01", REPROTECT): ["FB-R04"], ("vm02", FAILBACK): ["odd", "odd", "odd"]}
    stops = [item.stopped for item in night.play().drill.items.values() if item.stopped]
    assert {(stop.reason, stop.who) for stop in stops} == {("R04", "VMware administrator"), ("odd", "operator")}


@pytest.mark.parametrize("operation", [REPROTECT, FAILBACK])
def test_what_the_plan_lets_us_mend_is_mended_on_the_way(operation: Operation) -> None:
    night = _night(_estate(_machines(2)), Plan(remedies={"R04": RemedyPolicy.APPLY}))
    night.vault.faults = {("vm01", operation): ["FB-R04"]}
    night.play()
    assert [(sent.item, sent.object) for sent in night.remedies] == [("vm01", "mt1")]
    assert (night.stops(), night.questions) == ({}, [])
    _assert_sound(night)


def test_a_remedy_that_never_works_is_asked_for_three_times_and_stops() -> None:
    night = _night(_estate(_machines(1)), Plan(remedies={"R04": RemedyPolicy.APPLY}), R04=True)
    night.vault.faults, night.fixes = {("vm01", REPROTECT): ["FB-R04"] * 20}, _not_applied
    assert night.play().stops() == {"vm01": "R04"}
    assert (len(night.remedies), len(night.questions)) == (3, 3)


def test_the_mates_of_a_group_wait_while_one_is_mended() -> None:
    night = _night(_estate(_machines(3), {"all": ("vm01", "vm02", "vm03")}), Plan(remedies={"R04": RemedyPolicy.APPLY}))
    night.vault.faults = {("vm02", REPROTECT): ["FB-R04"]}
    assert night.play().stops() == {}
    _assert_sound(night)


def test_two_laps_use_no_key_twice() -> None:
    night = _night(_estate(_machines(1)), Plan(goals=Plan().goals * 2)).play()
    keys = [command.key for _, command in night.vault.asked]
    assert len(keys) == len(set(keys)) == 12
    _assert_sound(night)


def test_a_drill_may_begin_on_the_way() -> None:
    estate = _estate(_machines(2), plans={"all": (("vm01", "vm02"),)})
    night = _night(estate, Plan(recovery_plans=("all",)))
    night.vault.phase["vm01"] = Phase.FAILOVER_COMMITTED
    seen = [ItemSeen(name, Architecture.CLASSIC, phase, True) for name, phase in night.vault.phase.items()]
    outputs = night.drill.begin(0.0, seen)
    asked = [(command.item, command.operation) for command in outputs if isinstance(command, StartOperation)]
    assert asked == [("vm01", REPROTECT), ("vm02", Operation.FAILOVER)]


def test_of_one_instant_answers_and_jobs_of_items_come_first_and_machines_last() -> None:
    night = _night(_estate(_machines(2), plans={"all": (("vm01", "vm02"),)}), Plan(recovery_plans=("all",)))
    night.drill.begin(0.0)
    night.drill.on_event(Accepted("all", Operation.FAILOVER, "all/failover/1", "job"), 0.0)
    vm, item = VmSeen("vm01", False, 2), ItemSeen("vm01", Architecture.CLASSIC, Phase.FAILOVER_COMMITTED, True)
    of_plan, of_item = JobSucceeded("all", Operation.FAILOVER, "job"), JobSucceeded("vm01", Operation.FAILOVER, "own")
    mended = RemedyApplied("vm01", "R04", "mt1", "key")
    expected: list[Event] = [of_item, mended, of_plan, item, vm]
    assert night.drill.in_order([vm, item, of_plan, of_item, mended]) == expected


def test_an_item_that_the_estate_does_not_have_is_refused() -> None:
    with pytest.raises(UnexpectedEvent, match="no such item"):
        Drill(_estate(_machines(1)), Plan()).on_event(VmSeen("stranger", True, 1), 0.0)


def test_a_drill_keeps_what_is_due_in_the_order_in_which_it_was_set() -> None:
    night = _night(_estate(_machines(3)), Plan(retry_delay_s=30.0))
    night.vault.faults = {(name, Operation.FAILOVER): ["x"] for name in ("vm03", "vm01")}
    night.play()
    retried = [c.item for _, c in night.requests(Operation.FAILOVER) if isinstance(c, StartOperation)]
    assert retried == ["vm01", "vm02", "vm03", "vm01", "vm03"]


OBJECTIONS = {
    "wave first names nobody": Plan(waves=(Wave("first", ("nobody",)),)),
    "there is no recovery plan none": Plan(recovery_plans=("none",)),
    "vm01 is listed twice in the waves": Plan(waves=(Wave("a", ("vm01",)), Wave("b", ("vm01",)))),
    "replication group shop is spread": Plan(waves=(Wave("a", ("vm01",)), Wave("b", ("vm02", "vm03")))),
    "recovery plan all is spread": Plan(recovery_plans=("all",), waves=(Wave("a", ("vm01", "vm02")),)),
    "item_choices names nobody": Plan(item_choices={"nobody": Choices()}),
}


@pytest.mark.parametrize("objection", OBJECTIONS)
def test_a_plan_that_cannot_work_is_refused_before_anything_is_asked(objection: str) -> None:
    estate = _estate(_machines(3), groups={"shop": ("vm01", "vm02")}, plans={"all": (("vm01", "vm02", "vm03"),)})
    with pytest.raises(InvalidPlan, match=objection):
        Drill(estate, OBJECTIONS[objection])


def _calls_per_item(number: int) -> float:
    machines = [_vm(f"vm{n}", 1) for n in range(number)]
    waves = (Wave("all", tuple(vm.name for vm in machines)),)
    night, calls = _night(replace(_estate(machines), master_targets={}), Plan(waves=waves)), count()
    sys.setprofile(lambda *_: next(calls))
    try:
        night.play()
    finally:
        sys.setprofile(None)
    return next(calls) / number


def test_an_item_costs_the_same_among_many() -> None:
    assert _calls_per_item(1000) < 1.1 * _calls_per_item(50)


def test_an_item_knows_its_stop_and_nothing_else_is_public_state() -> None:
    items = _night(_estate(_machines(1))).play().drill.items
    assert all(isinstance(item, ItemDrill) for item in items.values())
    with pytest.raises(TypeError):
        items["vm01"] = items["vm01"]  # type: ignore[index]  # that it is read-only is the claim
