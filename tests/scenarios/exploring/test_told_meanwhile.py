"""What people said, and what time made of it, while no program was driving the run: the one that resumes heeds it.

At every step the program dies; before another goes on, somebody tells the run something, a freeze window begins or the
time of a wave passes. Only what was asked before is looked for, and nothing else is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from failback.reprotect import (
    ApplyRemedy,
    AskOperator,
    Freeze,
    Instructed,
    Instruction,
    Operation,
    OperatorAnswered,
    Plan,
    Remedies,
    RemedyAnswer,
    Wave,
)
from failback.reprotect.driver import Operator, Ports
from failback.scenarios.exploring.case import Crash, Kept
from failback.scenarios.exploring.trial import Trial, undisturbed
from failback.scenarios.exploring.verdict import Verdict
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.simulator import RequestSeen

PAUSE, CONTINUE, SKIP, ABANDON = Instruction
HOUR: Final = 3600.0
STORIES: Final = ("one_vm", "one_modernised_vm", "snapshot_is_deleted_by_failback", "operator_gate")


class Waited(Exception):
    """A paused run has nothing to do but to wait."""


class Supervisor:
    """Answers as another does, and says what was told meanwhile at the first occasion. Afterwards a pause lasts."""

    def __init__(self, operator: Operator, tells: Sequence[Instructed]) -> None:
        self._operator, self._tells = operator, list(tells)
        self._waits = bool(tells) and tells[-1].instruction is PAUSE

    def ask(self, question: AskOperator, now_s: float) -> None:
        self._operator.ask(question, now_s)

    @property
    def next_s(self) -> float:
        if self._waits and not self._tells:
            raise Waited
        return self._operator.next_s

    def answers(self, now_s: float) -> Sequence[OperatorAnswered | Instructed]:
        told, self._tells = self._tells, []
        return (*told, *self._operator.answers(now_s))


class ToldTrial(Trial):
    """A drill that dies once; the second life is told something, and its requests are counted."""

    def __init__(self, scenario: Scenario, crash: Crash, tells: Sequence[Instructed]) -> None:
        super().__init__(scenario, {crash.at: crash}.get, lambda _: None)
        self._tells, self.before = tells, -1

    def _after(self, crash: Crash) -> None:
        super()._after(crash)
        self.before = self.sent

    def _ports(self) -> Ports:
        ports = super()._ports()
        again = self.before >= 0
        operator = Supervisor(ports.operator, self._tells if again else ())
        return replace(ports, operator=operator, remedies=Counted(ports.remedies, self))

    applied = 0

    @property
    def has_begun(self) -> bool:
        """Whether the first life had its first step."""
        return any(line.kind in ("command", "decision") for line in self._earlier)

    def asked_since(self) -> Sequence[RequestSeen]:
        """What has arrived since the crash."""
        return self._world.vault.record.requests[self.before :]

    @property
    def sent(self) -> int:
        """Requests and remedies that have arrived."""
        return len(self._world.vault.record.requests) + self.applied


class Counted:
    """Remedies that are counted."""

    def __init__(self, remedies: Remedies, trial: ToldTrial) -> None:
        self._remedies, self._trial = remedies, trial

    def apply(self, command: ApplyRemedy) -> RemedyAnswer:
        self._trial.applied += 1
        return self._remedies.apply(command)

    def reconcile(self, command: ApplyRemedy) -> RemedyAnswer:
        return self._remedies.reconcile(command)


@cache
def steps(story: str) -> int:
    return undisturbed(load_scenario(resolve(story))).steps


def resumed(
    story: str,
    step: int,
    *tells: tuple[Instruction, str],
    keeps: Kept = Kept.ALL,
    down_s: float = 0.0,
    plan: Callable[[Plan], Plan] = lambda plan: plan,
) -> tuple[ToldTrial, Verdict]:
    scenario = load_scenario(resolve(story))
    orders = [Instructed(n, what, item) for n, (what, item) in enumerate(tells, 1)]
    trial = ToldTrial(replace(scenario, plan=plan(scenario.plan)), Crash(step, keeps, down_s), orders)
    return trial, trial.run()


def failed(verdict: Verdict, *but: str) -> list[str]:
    return [name for name, found in verdict.violations.items() if found and name not in but]


@pytest.mark.parametrize(("story", "keeps"), [*((story, Kept.ALL) for story in STORIES), ("one_vm", Kept.SYNCED)])
def test_a_pause_that_was_told_meanwhile_is_kept_at_every_step(story: str, keeps: Kept) -> None:
    for step in range(1, steps(story) + 1):
        trial, verdict = resumed(story, step, (PAUSE, ""), keeps=keeps)
        assert trial.sent == trial.before, f"step {step}"
        assert failed(verdict, "always_resumable", "every_item_ends") == [], f"step {step}"


@pytest.mark.parametrize("story", STORIES)
def test_a_run_that_was_abandoned_meanwhile_asks_nothing_and_ends_at_every_second_step(story: str) -> None:
    for step in range(1, steps(story) + 1, 2):
        trial, verdict = resumed(story, step, (ABANDON, ""))
        assert trial.sent == trial.before, f"step {step}"
        assert failed(verdict) == [], f"step {step}"
        assert {end.split(" in ")[0] for end in verdict.ends.values()} <= {"stopped", "home"}


def test_a_machine_that_was_skipped_meanwhile_is_asked_nothing_more_at_any_step() -> None:
    for step in range(1, steps("one_vm") + 1):
        trial, verdict = resumed("one_vm", step, (SKIP, "app-01"))
        assert trial.sent == trial.before, f"step {step}"
        assert failed(verdict) == [], f"step {step}"


@pytest.mark.parametrize("story", ["one_vm", "one_modernised_vm", "operator_gate"])
def test_told_to_pause_and_to_go_on_meanwhile_it_ends_like_the_undisturbed_drill(story: str) -> None:
    whole = undisturbed(load_scenario(resolve(story))).ends
    for step in range(1, steps(story) + 1, 3):
        _, verdict = resumed(story, step, (PAUSE, ""), (CONTINUE, ""))
        assert failed(verdict) == [], f"step {step}"
        assert verdict.ends == whole, f"step {step}"


def test_a_run_that_is_resumed_after_its_time_asks_nothing_more_and_gives_up() -> None:
    late_s = load_scenario(resolve("one_vm")).plan.give_up_after_s + 1
    for step in range(2, steps("one_vm") + 1):
        trial, verdict = resumed("one_vm", step, down_s=late_s)
        if trial.has_begun:
            assert trial.sent == trial.before, f"step {step}"
            assert failed(verdict) == [], f"step {step}"


def test_what_was_decided_before_a_wave_closed_is_not_asked_after_it() -> None:
    def closing(plan: Plan) -> Plan:
        return replace(plan, waves=(Wave("only", ("app-01",), closes_s=30 * HOUR),), give_up_after_s=500 * HOUR)

    begins = {Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK}
    stopped = 0
    for step in range(1, steps("one_vm") + 1):
        trial, verdict = resumed("one_vm", step, down_s=40 * HOUR, plan=closing)
        assert not begins & {each.operation for each in trial.asked_since()}, f"step {step}"
        assert failed(verdict) == [], f"step {step}"
        stopped += "wave_closed" in str(verdict.ends)
    assert stopped


@pytest.mark.parametrize("told", [(), ((ABANDON, ""),), ((PAUSE, ""), (CONTINUE, ""))])
def test_a_run_that_is_resumed_in_a_freeze_asks_nothing_before_its_end(
    told: tuple[tuple[Instruction, str], ...],
) -> None:
    def freezing(plan: Plan) -> Plan:
        return replace(plan, freezes=(Freeze("f", 30 * HOUR, 60 * HOUR),), give_up_after_s=500 * HOUR)

    whole = undisturbed(load_scenario(resolve("one_vm"))).ends
    for step in range(1, steps("one_vm") + 1, 2):
        trial, verdict = resumed("one_vm", step, *told, down_s=40 * HOUR, plan=freezing)
        assert all(each.t_s >= 60 * HOUR for each in trial.asked_since()), f"step {step}"
        assert failed(verdict) == [], f"step {step}"
        if (ABANDON, "") not in told:
            assert verdict.ends == whole, f"step {step}"
