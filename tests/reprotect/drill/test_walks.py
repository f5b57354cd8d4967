"""Random nights: whatever the vault, the operators and the clock do, some things must never happen."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from failback.reprotect import (
    REQUIREMENTS,
    Accepted,
    Appliance,
    ApplyRemedy,
    Architecture,
    AskOperator,
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
    ItemSeen,
    JobCancelled,
    JobFailed,
    JobSucceeded,
    Link,
    MasterTarget,
    Move,
    Operation,
    OperatorAnswered,
    OsFamily,
    Output,
    Phase,
    Plan,
    RecoveryPlan,
    RemedyApplied,
    RemedyFailed,
    RemedyPolicy,
    ReplicationGroup,
    RequestRefused,
    StartOperation,
    StartPlanOperation,
    Together,
    Unanswered,
    VirtualMachine,
    VmSeen,
    Wave,
    begin,
    check,
)

NAMES = ("web", "db", "app", "new", "log")
CODES = (*(row.code for row in REQUIREMENTS), "", "odd")
REMEDIES_MAX = 3 + 3
"""Of one rule before one operation: as often as the plan says apply, and as often as a person does."""
TRIES_MAX = 60
"""Of one operation: tries by the plan, by three remedies, and what a rule that mends itself may take."""


def _machine(name: str, group: str | None) -> VirtualMachine:
    architecture = Architecture.MODERNISED if name == "new" else Architecture.CLASSIC
    disks = tuple(Disk(1) for _ in range(20))
    return VirtualMachine(name, OsFamily.LINUX, disks, architecture, "esx1", "ds1", replication_group=group)


ESTATE = Estate(
    virtual_machines={name: _machine(name, "shop" if name in ("web", "db") else None) for name in NAMES},
    link=Link(1000),
    configuration_servers={"cs1": ConfigurationServer("cs1")},
    master_targets={"mt1": MasterTarget("mt1", OsFamily.LINUX)},
    appliances={"app1": Appliance("app1"), "app2": Appliance("app2")},
    replication_groups={"shop": ReplicationGroup("shop", ("web", "db"))},
    recovery_plans={"front": RecoveryPlan("front", (("web",), ("db", "app")))},
)
PLAN = Plan(
    recovery_plans=("front",),
    waves=(Wave("first", ("web", "db", "app")), Wave("second", ("new",), opens_s=3000.0)),
    gates=(Gate("verified", Operation.COMMIT_FAILBACK),),
    give_up_after_s=40_000.0,
    remedies={"R04": RemedyPolicy.APPLY, "78093": RemedyPolicy.APPLY, "M10": RemedyPolicy.APPLY},
)


@dataclass
class Job:
    """A job of the random vault."""

    subject: str
    move: Move
    job_id: str


class Nights(RuleBasedStateMachine):
    """A vault that may do anything that a vault may do, and a person who may answer anything."""

    plan = PLAN

    @initialize()
    def set_out(self) -> None:
        self.now_s, self.drill, self.history = 0.0, Drill(ESTATE, self.plan), History()
        self.phase = dict.fromkeys(NAMES, Phase.REPLICATING_TO_AZURE)
        self.requests: list[StartOperation | StartPlanOperation] = []
        self.questions: list[AskOperator] = []
        self.remedies: list[ApplyRemedy] = []
        self.applied: Counter[tuple[str, str]] = Counter()
        self.jobs: list[Job] = []
        self.plan_jobs: list[tuple[StartPlanOperation, str]] = []
        self.sent: Counter[str] = Counter()
        self.tries: Counter[tuple[str, Operation]] = Counter()
        self._take(self.drill.begin(0.0))

    def _take(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            self.history.write(self.now_s, "decision" if isinstance(output, Decided) else "command", output)
            match output:
                case StartOperation() | StartPlanOperation():
                    self.sent[output.key] += 1
                    self.requests.append(output)
                    self._count(output)
                case AskOperator():
                    self.questions.append(output)
                case ApplyRemedy():
                    self.sent[output.key] += 1
                    self.remedies.append(output)
                    self.applied[output.item, output.key.rpartition("/")[0]] += 1
                case Decided():
                    pass

    def _count(self, request: StartOperation | StartPlanOperation) -> None:
        self._hold_together(request)
        subjects = (request.item,) if isinstance(request, StartOperation) else request.items
        self.tries.update((subject, request.operation) for subject in subjects)

    def _hold_together(self, request: StartOperation | StartPlanOperation) -> None:
        """Machines that fail back together: none is committed while another is still on its way to the site."""
        if request.operation is not Operation.COMMIT_FAILBACK or not isinstance(request, StartOperation):
            return
        mates = {mate for entry in self.plan.together if request.item in entry.items for mate in entry.items}
        items = [self.drill.items[mate] for mate in mates]
        away = [i.item for i in items if i.state is not DrillState.STOPPED and Operation.FAILBACK not in i.done]
        assert not away

    def _tell(self, event: Event) -> None:
        self.history.write(self.now_s, "event", event)
        self._take(self.drill.on_event(event, self.now_s))

    def _see(self, item: str) -> None:
        agent = None if self.phase[item] is Phase.FAILED_OVER else True
        self._tell(ItemSeen(item, ESTATE.virtual_machines[item].architecture, self.phase[item], agent))

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        request = self.requests.pop(0)
        subject = request.item if isinstance(request, StartOperation) else request.plan
        match data.draw(st.sampled_from(("accept", "accept", "accept", "refuse", "lose"))):
            case "accept":
                self._accept(request, subject)
            case "refuse":
                code = data.draw(st.sampled_from(CODES))
                self._tell(RequestRefused(subject, request.operation, request.key, code, "refused"))
            case _:
                self._tell(Unanswered(subject, request.operation, request.key, "time out"))

    def _accept(self, request: StartOperation | StartPlanOperation, subject: str) -> None:
        items = (request.item,) if isinstance(request, StartOperation) else request.items
        for item in items:
            move = begin(ESTATE.virtual_machines[item].architecture, self.phase[item], request.operation)
            self.phase[item] = move.running
            alone = isinstance(request, StartOperation)
            self.jobs.append(Job(item, move, request.key if alone else f"{request.key}/{item}"))
        if isinstance(request, StartPlanOperation):
            self.plan_jobs.append((request, request.key))
        self._tell(Accepted(subject, request.operation, request.key, request.key))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def end_a_job(self, data: st.DataObject) -> None:
        job = self.jobs.pop(data.draw(st.integers(0, len(self.jobs) - 1)))
        how = data.draw(st.sampled_from(("succeed", "succeed", "succeed", "succeed", "fail", "cancel")))
        self._end_job(job, how, data.draw(st.sampled_from(CODES)))

    def _end_job(self, job: Job, how: str, code: str = "odd") -> None:
        operation = job.move.operation
        self.phase[job.subject] = job.move.done if how == "succeed" else job.move.phase
        match how:
            case "succeed":
                self._tell(JobSucceeded(job.subject, operation, job.job_id))
            case "fail":
                self._tell(JobFailed(job.subject, operation, job.job_id, Failure("task", code, "failed")))
            case _:
                self._tell(JobCancelled(job.subject, operation, job.job_id))
        self._see(job.subject)
        self._end_plans()

    def _end_plans(self) -> None:
        running = {job.job_id for job in self.jobs}
        for request, job_id in list(self.plan_jobs):
            if not any(f"{job_id}/{item}" in running for item in request.items):
                self.plan_jobs.remove((request, job_id))
                self._tell(JobSucceeded(request.plan, request.operation, job_id))

    @rule(item=st.sampled_from(NAMES))
    def settle(self, item: str) -> None:
        settles = {Phase.RESYNCING_TO_AZURE: Phase.REPLICATING_TO_AZURE}
        settles[Phase.RESYNCING_TO_ON_PREMISES] = Phase.REPLICATING_TO_ON_PREMISES
        self.phase[item] = settles.get(self.phase[item], self.phase[item])
        self._see(item)

    @precondition(lambda self: self.questions)
    @rule(proceed=st.booleans(), apply=st.booleans())
    def answer_a_question(self, proceed: bool, apply: bool) -> None:
        question = self.questions.pop(0)
        self._tell(OperatorAnswered(question.item, question.gate, proceed, apply))

    @precondition(lambda self: self.remedies)
    @rule(works=st.booleans())
    def answer_a_remedy(self, works: bool) -> None:
        sent = self.remedies.pop(0)
        about = (sent.item, sent.rule, sent.object, sent.key)
        self._tell(RemedyApplied(*about) if works else RemedyFailed(*about, "it was refused"))

    @rule(item=st.sampled_from(NAMES), powered_on=st.booleans())
    def look_at_a_machine(self, item: str, powered_on: bool) -> None:
        target = self.phase[item] in (Phase.RESYNCING_TO_ON_PREMISES, Phase.REPLICATING_TO_ON_PREMISES)
        self._tell(VmSeen(item, powered_on and not target, 0 if target else 1))

    @rule(to_the_end=st.sampled_from((False,) * 30 + (True,)))
    def let_time_pass(self, to_the_end: bool) -> None:
        if not self.drill.over and (to_the_end or self.drill.deadline_s < PLAN.give_up_after_s):
            self.now_s = max(self.now_s, self.drill.deadline_s)
            for event in self.drill.due(self.now_s):
                self._take(self.drill.on_event(event, self.now_s))

    @rule(steps=st.integers(1, 25))
    def let_all_go_well_for_a_while(self, steps: int) -> None:
        for _ in range(steps):
            self._go_on(to_the_end=False)

    @invariant()
    def no_key_is_sent_twice(self) -> None:
        assert all(number == 1 for number in self.sent.values())

    @invariant()
    def tries_stay_bounded(self) -> None:
        assert all(number <= TRIES_MAX for number in self.tries.values())

    @invariant()
    def remedies_stay_bounded(self) -> None:
        assert all(number <= REMEDIES_MAX for number in self.applied.values())

    @invariant()
    def attempts_stay_within_the_plan(self) -> None:
        assert all(item.attempts < PLAN.attempts_max for item in self.drill.items.values())

    @invariant()
    def slots_are_never_overdrawn(self) -> None:
        lent = [n for n, i in self.drill.items.items() if n != "new" and i.choices.master_target and self._is_lent(n)]
        assert len(lent) * 20 <= 58

    def _is_lent(self, name: str) -> bool:
        item = self.drill.items[name]
        busy = item.leg is not None and item.leg.operation is Operation.REPROTECT_TO_ON_PREMISES
        asked = busy and item.state in (DrillState.ASKED, DrillState.RUNNING)
        return asked or item.phase in (Phase.RESYNCING_TO_ON_PREMISES, Phase.REPLICATING_TO_ON_PREMISES)

    @invariant()
    def every_stop_says_why_and_who(self) -> None:
        stopped = [item for item in self.drill.items.values() if item.state is DrillState.STOPPED]
        assert all(item.stopped and item.stopped.message and item.stopped.who for item in stopped)

    def teardown(self) -> None:
        """A vault that from now on does all it is asked brings everything to an end."""
        if not hasattr(self, "drill"):
            return
        for _ in range(2000):
            if self.drill.over:
                break
            self._go_on(to_the_end=True)
        assert self.drill.over
        violations = check(self.history.lines, self.plan)
        assert {name: found for name, found in violations.items() if found and name in ALWAYS} == {}

    def _go_on(self, *, to_the_end: bool) -> None:
        steps: list[tuple[bool, Callable[[], None]]] = [
            (bool(self.requests), self._accept_first),
            (bool(self.jobs), lambda: self._end_job(self.jobs.pop(0), "succeed")),
            (bool(self.questions), lambda: self.answer_a_question(proceed=True, apply=False)),
            (bool(self.remedies), lambda: self.answer_a_remedy(works=True)),
            (True, lambda: self._rest(to_the_end)),
        ]
        next(do for possible, do in steps if possible)()

    def _accept_first(self) -> None:
        request = self.requests.pop(0)
        self._accept(request, request.item if isinstance(request, StartOperation) else request.plan)

    def _rest(self, to_the_end: bool) -> None:
        for item in NAMES:
            self.settle(item)
        if not (self.requests or self.questions or self.remedies):
            self.let_time_pass(to_the_end=to_the_end)


ALWAYS = ("never_commit_unverified", "never_ask_twice", "never_mend_unasked", "every_item_ends")
TestNights = Nights.TestCase
TestNights.settings = settings(
    max_examples=120, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)


class NightsTogether(Nights):
    """The same, where machines fail back together; two of them are a replication group."""

    together = (Together("shop", (("web", "db"),)), Together("desk", (("app",), ("new",))))
    plan = replace(PLAN, recovery_plans=(), waves=(), together=together)


TestNightsTogether = NightsTogether.TestCase
TestNightsTogether.settings = TestNights.settings
