"""A history that is heard again: a fresh drill knows all that the first one knew, and wants nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from failback.reprotect import AskOperator, History, ItemSeen, Line, StartOperation, StartPlanOperation, TimePassed
from failback.reprotect.driver import Diverged, Driver, Recorded, Replay
from failback.scenarios.files.loader import library, load_scenario, resolve
from failback.scenarios.outputs.run_folders.history_lines import recorded_of
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.player import drill_of, subjects_of
from failback.scenarios.run.worlds import sim

STORIES: Final = ("first_drill", "operator_gate", "snapshot_is_deleted_by_failback", "plan_of_three_groups")


def played(name: str) -> tuple[list[Recorded], Any]:
    """The lines of a run, read back from their text, and the drill at its end."""
    scenario = load_scenario(resolve(name))
    history, drill = History(exact=True), drill_of(scenario)
    with sim(scenario, history, ScriptedOperator(scenario.operator), lambda _: None) as ports:
        Driver(drill, subjects_of(scenario), ports, history).run()
    lines = [recorded_of(line.as_json().encode()) for line in history.lines]
    assert [one.line for one in lines if one is not None] == history.lines
    return [one for one in lines if one is not None], drill


def again(name: str, recorded: Sequence[Recorded]) -> Replay:
    return Replay(drill_of(load_scenario(resolve(name))), recorded)


def is_the_same(name: str) -> bool:
    recorded, drill = played(name)
    replay = again(name, recorded)
    left = (replay.pending, replay.unanswered, replay.questions)
    return replay.drill.items == drill.items and replay.drill.over and left == ((), (), ())


@pytest.mark.parametrize("name", STORIES)
def test_a_fresh_drill_that_hears_a_history_ends_as_the_first_did(name: str) -> None:
    assert is_the_same(name)


@pytest.mark.slow
def test_so_it_does_for_every_story_of_the_library() -> None:
    small = [name for name in library() if len(load_scenario(resolve(name)).estate.virtual_machines) < 100]
    assert [name for name in small if not is_the_same(name)] == []


def test_the_passing_of_time_is_in_the_history() -> None:
    recorded, _ = played("agent_not_back_yet")
    assert any(isinstance(one.thing, TimePassed) for one in recorded)


@pytest.mark.parametrize("name", STORIES)
def test_cut_after_any_line_it_says_what_was_not_done_and_what_not_answered(name: str) -> None:
    recorded, _ = played(name)
    orders = [one for one in recorded if one.line.kind in ("command", "decision")]
    for cut in range(0, len(recorded) + 1, 1 if len(recorded) < 200 else 37):
        replay = again(name, recorded[:cut])
        done = sum(one.line.kind in ("command", "decision") for one in recorded[:cut])
        following = [one.thing for one in orders[done : done + len(replay.pending)]]
        assert list(replay.pending) == following
        assert all(
            command.key in {str(c.line.data.get("key")) for c in recorded[:cut]} for command in replay.unanswered
        )


def first(recorded: Sequence[Recorded], kind: type) -> int:
    return next(n for n, one in enumerate(recorded) if isinstance(one.thing, kind))


def without(recorded: Sequence[Recorded], at: int) -> list[Recorded]:
    return [*recorded[:at], *recorded[at + 1 :]]


def with_another(recorded: Sequence[Recorded], at: int, change: Callable[[Any], Any]) -> list[Recorded]:
    return [*recorded[:at], Recorded(recorded[at].line, change(recorded[at].thing)), *recorded[at + 1 :]]


def test_a_command_that_the_rules_do_not_give_is_refused_with_its_line() -> None:
    recorded, _ = played("one_vm")
    at = first(recorded, StartOperation)
    other = with_another(recorded, at, lambda thing: replace(thing, key="web/failover/9"))
    with pytest.raises(
        Diverged, match=rf"line {recorded[at].line.n} \(StartOperation\): expected .*, found .*failover/9"
    ):
        again("one_vm", other)


def test_a_history_that_goes_on_without_a_command_of_the_rules_is_refused() -> None:
    recorded, _ = played("one_vm")
    with pytest.raises(Diverged, match="that is expected next: StartOperation"):
        again("one_vm", without(recorded, first(recorded, StartOperation)))


def test_an_event_that_cannot_be_true_is_refused() -> None:
    recorded, _ = played("one_vm")
    line = Line(1, 0.0, "event", "Accepted", "app-01", {})
    seen = next(one for one in recorded if isinstance(one.thing, ItemSeen))
    strange = Recorded(replace(line, name="ItemSeen"), replace(seen.thing, item="nobody"))
    with pytest.raises(Diverged, match="no such item"):
        again("one_vm", [*recorded, strange])


def test_another_wording_of_a_decision_is_no_difference() -> None:
    recorded, _ = played("operator_gate")
    at = first(recorded, AskOperator)
    worded = with_another(recorded, at, lambda thing: replace(thing, question="May it?"))
    assert again("operator_gate", worded).drill.over


def test_a_run_that_died_between_two_requests_goes_on_with_the_second() -> None:
    """Then what is pending is a request, and no question to be put again."""
    name = "both_architectures_side_by_side"
    recorded, drill = played(name)
    scenario, replay = load_scenario(resolve(name)), again(name, recorded[: first(recorded, StartPlanOperation) + 1])
    assert [type(order) for order in replay.pending] == [StartPlanOperation]
    history = History()
    with sim(scenario, history, ScriptedOperator(scenario.operator), lambda _: None) as ports:
        Driver(replay.drill, subjects_of(scenario), ports, history).resume(replay)
    phases = [[item.phase for item in each.items.values()] for each in (replay.drill, drill)]
    assert phases[0] == phases[1]
