"""Claims about the checkers: each catches its own story and only that."""

from collections.abc import Iterable

import pytest

from failback.reprotect import (
    Accepted,
    Act,
    ApplyRemedy,
    Architecture,
    Checkers,
    Choices,
    Decided,
    Failure,
    Freeze,
    Gate,
    History,
    Instructed,
    Instruction,
    ItemSeen,
    JobFailed,
    JobSucceeded,
    Line,
    Operation,
    OperatorAnswered,
    Phase,
    Plan,
    RemedyPolicy,
    RequestRefused,
    StartOperation,
    StartPlanOperation,
    VmSeen,
    check,
)
from failback.reprotect.driver import LegReader

FREEZE = Freeze("month-end", 1000.0, 2000.0)
PLAN = Plan(
    gates=(Gate("verified", Operation.COMMIT_FAILBACK),), remedies={"R24": RemedyPolicy.APPLY}, freezes=(FREEZE,)
)
FAILOVER, FAILBACK, COMMIT = Operation.FAILOVER, Operation.FAILBACK, Operation.COMMIT_FAILBACK
CANCEL, COMMIT_OUT = Operation.CANCEL_FAILBACK, Operation.COMMIT_FAILOVER
ON, OFF = VmSeen("web", True, 1), VmSeen("web", False, 1)
HOME = Decided("web", "home", "done")
FAILED_OVER = JobSucceeded("web", FAILOVER, "j1")
OPENED = OperatorAnswered("web", "verified", True)
RESUMED = "Resumed"


def _ask(operation: Operation, shut_down: bool | None = True, key: str = "") -> StartOperation:
    return StartOperation("web", operation, Choices(shut_down_source=shut_down), key or f"web/{operation.value}/1")


def _seen(phase: Phase) -> ItemSeen:
    return ItemSeen("web", Architecture.CLASSIC, phase, True)


def _failed(operation: Operation) -> JobFailed:
    return JobFailed("web", operation, "j", Failure("task", "8038", "failed"))


def _lines(*instants: Iterable[object]) -> list[Line]:
    history = History()
    for t_s, things in enumerate(instants, start=1):
        for thing in things:
            if thing is RESUMED:
                history.note(float(t_s), RESUMED, {}, transport=True)
            else:
                history.write(float(t_s), "event", thing)
    return history.lines


Broken = tuple[str, ...] | str | None
TWICE, VERIFIED = "never_two_running_copies", "never_commit_unverified"
TARGET, ASKED, ENDS = "never_power_on_target", "never_ask_twice", "every_item_ends"
PAUSED, PAUSE = "asks_nothing_while_paused", Instructed(1, Instruction.PAUSE)
BACK = _ask(Operation.REPROTECT_TO_ON_PREMISES)
MENDED, APPLY = "never_mend_unasked", OperatorAnswered("web", "R04", True, apply=True)


def _mend(rule: str, number: int) -> ApplyRemedy:
    return ApplyRemedy("web", rule, Act.DELETE_SNAPSHOTS, "mt", None, f"web/failback/{rule}/{number}")


def _at(t_s: float, command: StartOperation | ApplyRemedy) -> list[Line]:
    history = History()
    history.write(t_s, "command", command)
    return history.lines


FROZEN = "asks_nothing_in_a_freeze"
PLAN_FAILOVER = StartPlanOperation("front", ("web",), FAILOVER, Choices(), "front/failover/1")
STORIES: dict[str, tuple[list[Line], Broken]] = {
    "the source was shut down": (_lines([ON], [FAILED_OVER, OFF]), None),
    "the source was left running": (_lines([ON], [FAILED_OVER]), TWICE),
    "somebody boots the source": (_lines([OFF], [FAILED_OVER], [ON]), TWICE),
    "the driver dies before it looks on site": (_lines([ON], [FAILED_OVER], [RESUMED, OFF]), None),
    "two drivers die before they look on site": (_lines([ON], [FAILED_OVER], [RESUMED], [RESUMED, OFF]), None),
    "the driver dies before it looks, and the source was left running": (
        _lines([ON], [FAILED_OVER], [RESUMED], [Accepted("web", COMMIT_OUT, "k", "j")]),
        TWICE,
    ),
    "a plan's failover leaves the source running": (
        _lines([ON, PLAN_FAILOVER], [JobSucceeded("front", FAILOVER, "j")]),
        TWICE,
    ),
    "failback shuts the replica down": (
        _lines([FAILED_OVER, OFF], [_ask(FAILBACK)], [ON], [JobSucceeded("web", FAILBACK, "j2")]),
        None,
    ),
    "failback fails after the boot": (_lines([FAILED_OVER, OFF], [_ask(FAILBACK)], [ON], [_failed(FAILBACK)]), TWICE),
    "failback fails and is undone": (
        _lines([FAILED_OVER, OFF], [_ask(FAILBACK)], [ON], [_failed(FAILBACK), OFF]),
        None,
    ),
    "the run begins with both copies on": (_lines([_seen(Phase.FAILED_OVER), ON, HOME]), TWICE),
    "the run begins away from home": (_lines([_seen(Phase.FAILED_OVER), OFF, HOME]), None),
    "the run begins at home": (_lines([_seen(Phase.REPLICATING_TO_AZURE), ON, HOME]), None),
    "a failback that was done is cancelled, and somebody boots the machine": (
        _lines(
            [FAILED_OVER, OFF],
            [_ask(FAILBACK)],
            [JobSucceeded("web", FAILBACK, "j2"), ON],
            [_ask(CANCEL)],
            [JobSucceeded("web", CANCEL, "j3"), OFF],
            [ON],
        ),
        TWICE,
    ),
    "failback leaves the replica running": (
        _lines([FAILED_OVER, OFF], [_ask(FAILBACK, False)], [JobSucceeded("web", FAILBACK, "j2"), ON]),
        TWICE,
    ),
    "the replica goes at commit": (
        _lines(
            [FAILED_OVER, OFF],
            [_ask(FAILBACK, False)],
            [JobSucceeded("web", FAILBACK, "j2")],
            [OPENED, _ask(COMMIT)],
            [JobSucceeded("web", COMMIT, "j")],
            [ON],
        ),
        None,
    ),
    "committed after the gate": (
        _lines([_ask(FAILBACK)], [OPENED, JobSucceeded("web", FAILBACK, "j"), _ask(COMMIT)]),
        None,
    ),
    "committed without the gate": (_lines([_ask(COMMIT)]), VERIFIED),
    "committed after a no": (_lines([OperatorAnswered("web", "verified", False)], [_ask(COMMIT)]), VERIFIED),
    "the gate was opened for the lap before": (
        _lines([OPENED, _ask(FAILBACK), JobSucceeded("web", FAILBACK, "j"), _ask(COMMIT)]),
        VERIFIED,
    ),
    "a target is powered on": (_lines([_seen(Phase.REPLICATING_TO_ON_PREMISES), HOME], [ON]), (TWICE, TARGET)),
    "our failback boots it": (
        _lines([_seen(Phase.REPLICATING_TO_ON_PREMISES), HOME, _ask(FAILBACK)], [ON]),
        None,
    ),
    "a target is powered on after its failback was refused": (
        _lines(
            [_seen(Phase.REPLICATING_TO_ON_PREMISES), HOME],
            [_ask(FAILBACK), RequestRefused("web", FAILBACK, "k", "c", "m")],
            [ON],
        ),
        (TWICE, TARGET),
    ),
    "one key twice": (_lines([_ask(FAILOVER)], [_failed(FAILOVER)], [_ask(FAILOVER)]), ASKED),
    "asked while its plan's request is under way": (_lines([PLAN_FAILOVER], [_ask(FAILOVER)]), ASKED),
    "asked once its plan's request has ended": (
        _lines([OFF, PLAN_FAILOVER], [JobSucceeded("front", FAILOVER, "j")], [_ask(COMMIT_OUT)]),
        None,
    ),
    "asked once its plan's request was refused": (
        _lines(
            [PLAN_FAILOVER], [RequestRefused("front", FAILOVER, "front/failover/1", "409", "busy")], [_ask(FAILOVER)]
        ),
        None,
    ),
    "asked while asked": (_lines([_ask(FAILOVER)], [_ask(FAILOVER, key="web/failover/2")]), ASKED),
    "asked after a refusal": (
        _lines(
            [_ask(FAILOVER), RequestRefused("web", FAILOVER, "k", "c", "m")], [_ask(FAILOVER, key="web/failover/2")]
        ),
        None,
    ),
    "mended by the plan's leave": (_lines([_mend("R24", 1), _mend("R24", 2)]), None),
    "mended by a person's leave": (_lines([APPLY, _mend("R04", 1)]), None),
    "mended by nobody's leave": (_lines([_mend("R04", 1)]), MENDED),
    "mended though the person only said go on": (
        _lines([OperatorAnswered("web", "R04", True), _mend("R04", 1)]),
        MENDED,
    ),
    "mended though the person said stop": (
        _lines([OperatorAnswered("web", "R04", False, apply=True), _mend("R04", 1)]),
        MENDED,
    ),
    "one leave of a person for two tries": (_lines([APPLY, _mend("R04", 1), _mend("R04", 2)]), MENDED),
    "one remedy's key twice": (_lines([_mend("R24", 1), _mend("R24", 1)]), MENDED),
    "a request after the instruction to continue": (
        _lines([PAUSE], [Instructed(2, Instruction.CONTINUE)], [BACK]),
        None,
    ),
    "a request in a pause": (_lines([PAUSE], [BACK]), PAUSED),
    "a request after a machine was skipped in a pause": (
        _lines([PAUSE, Instructed(2, Instruction.SKIP, "web"), BACK]),
        PAUSED,
    ),
    "a remedy in a pause": (_lines([PAUSE, _mend("R24", 1)]), PAUSED),
    "a request after an abandon": (_lines([Instructed(1, Instruction.ABANDON), BACK]), PAUSED),
    "a request in a freeze": (_at(1000.0, BACK), FROZEN),
    "a remedy in a freeze": (_at(1999.9, _mend("R24", 1)), FROZEN),
    "a request at the end of a freeze": (_at(2000.0, BACK), None),
    "left in the middle": (_lines([_seen(Phase.FAILED_OVER)]), ENDS),
    "home": (_lines([_seen(Phase.REPLICATING_TO_AZURE), HOME]), None),
    "stopped and said who": (_lines([Decided("web", "stopped", "snapshot", "R04", "VMware administrator")]), None),
    "stopped and did not say who": (_lines([Decided("web", "stopped", "somehow", "R04")]), ENDS),
}


def _rules(broken: Broken) -> tuple[str, ...]:
    return (broken,) if isinstance(broken, str) else broken or ()


@pytest.mark.parametrize("story", STORIES)
def test_a_story_breaks_the_rule_it_should_and_no_other(story: str) -> None:
    lines, rules = STORIES[story]
    broken = tuple(name for name, violations in check(lines, PLAN).items() if violations)
    assert broken == _rules(rules)


def test_every_checker_has_a_story_that_breaks_it() -> None:
    assert {rule for _, broken in STORIES.values() for rule in _rules(broken)} == set(check([], PLAN))


def test_an_interrupted_run_is_not_blamed_for_what_it_did_not_reach() -> None:
    checkers = Checkers(PLAN)
    for line in STORIES["left in the middle"][0]:
        checkers.on_line(line)
    assert ENDS not in checkers.violations(interrupted=True)
    assert checkers.violations()[ENDS]


def test_asking_for_the_violations_changes_nothing() -> None:
    checkers = Checkers(PLAN)
    for line in STORIES["the source was left running"][0]:
        checkers.on_line(line)
    assert checkers.violations() == checkers.violations()


def test_one_breach_is_told_once() -> None:
    lines = _lines([ON], [FAILED_OVER], [ON], [ON], [Accepted("web", FAILBACK, "k", "j")])
    assert len(check(lines, PLAN)[TWICE]) == 1


def test_the_end_of_a_plans_job_says_nothing_of_a_machine_that_was_asked_for_by_itself_since() -> None:
    """Found by a swarm: its machine was on, as it should be, and the checker told of two running copies."""
    plan = StartPlanOperation("p", ("web", "db"), Operation.FAILBACK, Choices(shut_down_source=True), "p/failback/1")
    lines = _lines(
        [ItemSeen("web", Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES, True), plan],
        [JobFailed("web", Operation.FAILBACK, "j1", Failure("t", "c", "m"))],
        [_ask(Operation.FAILBACK, key="web/failback/2")],
        [JobFailed("p", Operation.FAILBACK, "j0", Failure("t", "c", "m"))],
        [JobSucceeded("web", Operation.FAILBACK, "j2"), VmSeen("web", True, 1)],
    )
    assert not any(check(lines, Plan())[name] for name in ("never_two_running_copies", "never_ask_twice"))
    reader = LegReader()
    for line in lines:
        reader.on_line(line)
    assert [(leg.item, leg.outcome) for leg in reader.legs] == [("web", "failed"), ("db", "failed"), ("web", "done")]
