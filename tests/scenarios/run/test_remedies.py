"""How a person lets failback mend something, and how they are told of it."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console

from failback.reprotect import (
    AFTER_CANCEL,
    REMEDIES,
    Act,
    ApplyRemedy,
    AskOperator,
    Line,
    Operation,
    OperatorAnswered,
    RemedyAnswer,
    RemedyApplied,
    RemedyFailed,
    RemedyPolicy,
)
from failback.scenarios import (
    Confirmation,
    Interrupted,
    Result,
    load_scenario,
    play,
    print_timeline,
    resolve,
    write_report,
)
from failback.scenarios.checks.command import CheckRequest, as_value, run_check, write_sarif
from failback.scenarios.checks.page import print_report
from failback.scenarios.cli.terminal import check_confirmed, confirmation_of, one_of_the_answers, typed, yes_or_no
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.run.confirmation import ConfirmedRemedies
from failback.scenarios.run.operator import TerminalOperator
from failback.scenarios.usage_error import UsageError

ENTRY = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"
DELETE = ApplyRemedy("web", "R04", Act.DELETE_SNAPSHOTS, "mt", None, "web/reprotect/R04/1")
MOUNT = ApplyRemedy("web", "R24", Act.MOUNT_DATASTORE, "gold", "esx-02", "web/reprotect/R24/1")


def failback(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ENTRY, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)


# Typed names


class Remedies:
    """Says that all it is asked for is applied, and remembers it."""

    def __init__(self) -> None:
        self.applied: list[str] = []

    def apply(self, command: ApplyRemedy) -> RemedyAnswer:
        self.applied.append(command.object)
        return RemedyApplied(command.item, command.rule, command.object, command.key)

    def reconcile(self, command: ApplyRemedy) -> RemedyAnswer:
        return RemedyApplied(command.item, command.rule, command.object, command.key, already=True)


def test_a_name_that_was_given_beforehand_is_confirmed_and_no_other() -> None:
    inner = Remedies()
    remedies = ConfirmedRemedies(inner, Confirmation(["mt"]))
    assert isinstance(remedies.apply(DELETE), RemedyApplied)
    refused = remedies.apply(MOUNT)
    assert isinstance(refused, RemedyFailed)
    assert "--confirm-remedy gold" in refused.message
    assert inner.applied == ["mt"]


@pytest.mark.parametrize("typed", ["", "y", "yes", "MT", "mt-2"])
def test_only_the_exact_name_confirms(typed: str) -> None:
    inner = Remedies()
    ConfirmedRemedies(inner, Confirmation(ask=lambda _: typed)).apply(DELETE)
    assert inner.applied == []


def test_each_act_on_each_object_is_asked_for_once_with_all_that_it_does() -> None:
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return "mt"

    remedies = ConfirmedRemedies(Remedies(), Confirmation(ask=ask))
    for command in (DELETE, replace(DELETE, item="db"), MOUNT, MOUNT):
        remedies.apply(command)
    assert len(questions) == 2
    assert "delete all snapshots of mt (undo: it cannot be undone)" in questions[0]
    assert "mount the datastore gold on the host esx-02" in questions[1]


def test_to_look_needs_no_confirmation() -> None:
    assert isinstance(ConfirmedRemedies(Remedies(), Confirmation()).reconcile(DELETE), RemedyApplied)


def test_no_world_but_azure_asks_for_names() -> None:
    result = play(load_scenario(resolve("snapshot_is_deleted_by_failback")), confirmation=Confirmation())
    assert result.verdict == "as_expected"


# Answers


@pytest.mark.parametrize(
    ("message", "answer"), [("yes", (True, False)), ("no", (False, False)), ("apply", (True, True))]
)
def test_at_the_terminal_apply_is_offered_where_failback_can(message: str, answer: tuple[bool, bool]) -> None:
    questions: list[str] = []

    def choose(question: str) -> str:
        questions.append(question)
        return message

    operator = TerminalOperator(lambda _: pytest.fail("this one is no question of yes or no"), choose)
    operator.ask(
        AskOperator("web", "R04", "Is this done, so that it can be tried again?", "delete all snapshots of mt"), 5.0
    )
    assert (operator.answers(5.0), operator.next_s) == ([], 5.0), "it waits for the next look"
    assert operator.answers(5.0) == [OperatorAnswered("web", "R04", *answer)]
    assert "apply: failback will delete all snapshots of mt for you" in questions[0]


def test_at_the_terminal_what_failback_cannot_do_is_a_question_of_yes_or_no() -> None:
    operator = TerminalOperator(lambda _: True, lambda _: pytest.fail("there is nothing to apply"))
    operator.ask(AskOperator("web", "R10", "Is this done, so that it can be tried again?"), 5.0)
    assert (operator.answers(5.0), operator.next_s) == ([], 5.0), "it waits for the next look"
    assert operator.answers(5.0) == [OperatorAnswered("web", "R10", True)]


def test_a_written_answer_may_be_to_apply() -> None:
    lines: list[Line] = []
    result = play(load_scenario(resolve("snapshot_is_deleted_when_the_operator_says_so")), on_line=lines.append)
    heard = [line.name for line in lines if line.name in ("AskOperator", "OperatorAnswered", "ApplyRemedy")]
    assert (result.verdict, heard) == ("as_expected", ["AskOperator", "OperatorAnswered", "ApplyRemedy"])


# The history, the report, the timeline


def fixed() -> tuple[Result, list[Line]]:
    lines: list[Line] = []
    return play(load_scenario(resolve("snapshot_is_deleted_by_failback")), on_line=lines.append), lines


def test_the_history_has_the_decision_the_command_and_the_answer_in_this_order_under_one_key() -> None:
    lines = fixed()[1]
    at = next(n for n, line in enumerate(lines) if line.name == "ApplyRemedy")
    before, command = lines[at - 1 : at + 1]
    answer = next(line for line in lines[at + 1 :] if line.kind == "event")
    assert (before.data["what"], command.kind, answer.kind) == ("apply_remedy", "command", "event")
    assert (answer.name, answer.data["key"]) == ("RemedyApplied", command.data["key"])
    assert command.data["object"] == "mt-linux"


def test_the_history_has_the_command_before_it_is_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[Line] = []

    def crash(_: object, command: ApplyRemedy) -> RemedyAnswer:
        raise KeyboardInterrupt

    monkeypatch.setattr("failback.simulator.WorldRemedies.apply", crash)
    with pytest.raises(Interrupted):
        play(load_scenario(resolve("snapshot_is_deleted_by_failback")), on_line=lines.append)
    assert [line.name for line in lines if line.kind in ("command", "event")][-1] == "ApplyRemedy"


def test_the_finding_says_what_failback_did_and_where_all_tell_of_it(tmp_path: Path) -> None:
    result = fixed()[0]
    [finding] = result.findings
    assert (finding.status, finding.applied) == ("mended", "deleted all snapshots of mt-linux")
    assert result.as_json()["findings"][0]["applied"] == finding.applied
    page = io.StringIO()
    print_timeline(result, Console(file=page, width=200))
    write_report(result, tmp_path / "report.html")
    words = "failback deleted all snapshots of mt-linux"
    assert words in page.getvalue()
    assert words in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_somebody_else_mended_is_not_told_as_failbacks() -> None:
    result = play(load_scenario(resolve("snapshot_is_deleted_in_time")))
    assert [finding.applied for finding in result.findings] == [""]


def test_what_was_so_already_is_not_told_as_failbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_was_first(self: Any, command: ApplyRemedy) -> RemedyAnswer:
        self._world.vsphere.remove_snapshots(command.object)
        answer: RemedyAnswer = self.reconcile(command)
        return answer

    monkeypatch.setattr("failback.simulator.WorldRemedies.apply", somebody_was_first)
    result, _ = fixed()
    assert [(finding.status, finding.applied) for finding in result.findings] == [("mended", "")]


def test_two_machines_behind_one_snapshot_need_one_deletion() -> None:
    scenario = load_scenario(resolve("snapshot_is_deleted_by_failback"))
    vm = scenario.estate.virtual_machines["app-01"]
    machines = {name: replace(vm, name=name) for name in ("app-01", "app-02")}
    two = replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))
    lines: list[Line] = []
    assert play(two, on_line=lines.append).verdict == "as_expected"
    answers = [line.data["already"] for line in lines if line.name == "RemedyApplied"]
    assert answers.count(False) == 1


# The check


def test_the_check_says_of_each_blocker_whether_failback_can_mend_it_and_how_to_ask() -> None:
    done = run_check(CheckRequest("datastore_is_mounted_by_failback"))
    page = io.StringIO()
    print_report(done.report, Console(file=page, width=400))
    text = "failback can mount the datastore gold on the host esx-11 itself, if the plan says remedies: {R24: apply}"
    assert text in page.getvalue()
    [blocker] = [cause for cause in as_value(done)["causes"] if cause["status"] == "blocks"]
    [act] = blocker["failback_can"]
    assert act == {
        "act": "mount_datastore",
        "object": "gold",
        "beside": "esx-11",
        "through": "vsphere",
        "does": "mount the datastore gold on the host esx-11",
        "undone_by": "unmount it from that host",
        "plan": "remedies: {R24: apply}",
    }


def test_the_check_offers_nothing_where_somebodys_hand_is_needed() -> None:
    done = run_check(CheckRequest("vcenter_account_may_only_read"))
    findings = list(done.report.of(Status.BLOCKS))
    assert findings
    assert [finding.remedy_target for finding in findings] == [None] * len(findings)
    assert [cause["failback_can"] for cause in as_value(done)["causes"] if cause["status"] == "blocks"] == [[]]


def test_a_rule_of_digits_is_a_key_in_quotes() -> None:
    scenario = load_scenario(resolve("second_process_server_takes_over"))
    page = io.StringIO()
    print_report(check_estate(scenario.estate, scenario.plan), Console(file=page, width=400))
    assert "remedies: {'806': apply}" in page.getvalue()


def test_the_log_for_code_review_says_it_of_the_rule(tmp_path: Path) -> None:
    write_sarif(run_check(CheckRequest("datastore_is_mounted_by_failback")), tmp_path / "log.sarif")
    log = json.loads((tmp_path / "log.sarif").read_text(encoding="utf-8"))
    helps = {rule["id"]: rule["help"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert "mount datastore, through vSphere" in helps["R24"]
    assert {rule for rule, text in helps.items() if "Failback can do this for you" in text} <= {
        r.rule for r in REMEDIES
    }
    assert len(helps) > len(REMEDIES)


# The command line


def test_the_option_for_names_may_be_repeated_and_stands_in_the_help() -> None:
    done = failback("run", "--help")
    assert "--confirm-remedy" in done.stdout
    run = failback("run", "one_vm", "--confirm-remedy", "mt-01", "--confirm-remedy", "gold")
    assert (run.returncode, run.stdout) == (2, "")


@pytest.mark.parametrize("name", ["*", "MT-linux", "mt-linux ", "nothing", "x" * 5000])
def test_a_name_that_confirms_nothing_is_refused(name: str) -> None:
    estate = load_scenario(resolve("snapshot_is_deleted_by_failback")).estate
    check_confirmed(["mt-linux"], "azure", estate)
    with pytest.raises(UsageError, match="the estate has no object of that name") as refused:
        check_confirmed(["mt-linux", name], "azure", estate)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("world", ["sim", "lab"])
def test_where_nothing_is_asked_for_nothing_can_be_confirmed(world: str) -> None:
    with pytest.raises(UsageError, match="remove the option"):
        check_confirmed(["mt-linux"], world, load_scenario(resolve("snapshot_is_deleted_by_failback")).estate)


@pytest.mark.parametrize(("terminal", "confirmed"), [(True, True), (False, False)])
def test_without_a_terminal_nobody_is_asked_to_type(
    terminal: bool, confirmed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal)
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: "mt")
    assert confirmation_of(()).given(DELETE) is confirmed


def test_an_answer_is_asked_for_until_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = iter(["", "perhaps", " APPLY "])
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(text))
    assert one_of_the_answers("Done?") == "apply"


@pytest.mark.parametrize("ask", [typed, yes_or_no], ids=["typed", "yes or no"])
def test_to_break_off_at_a_question_interrupts_the_run(
    ask: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def aborted(*_: object, **__: object) -> None:
        raise typer.Abort

    monkeypatch.setattr(typer, "prompt", aborted)
    monkeypatch.setattr(typer, "confirm", aborted)
    with pytest.raises(KeyboardInterrupt):
        ask("web: done?")


def test_a_plan_that_never_applies_ends_as_before() -> None:
    scenario = load_scenario(resolve("snapshot_is_deleted_by_failback"))
    never = replace(scenario, plan=replace(scenario.plan, remedies={"R04": RemedyPolicy.NEVER}))
    assert [item.stopped_by for item in play(never).items] == ["R04"]


def test_after_a_cancelled_failback_a_person_is_told_which_copy_to_look_at() -> None:
    result = play(load_scenario(resolve("failback_cancelled_half_way")))
    (found,) = (finding for finding in result.findings if finding.rule == "cancelled")
    assert found.remedy == AFTER_CANCEL[Operation.FAILBACK]
