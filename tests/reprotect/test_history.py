"""Claims about the history's lines."""

import json
from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failback.reprotect import (
    UNSAFE,
    VOCABULARY,
    Accepted,
    AskOperator,
    Choices,
    Command,
    Decided,
    Failure,
    Heard,
    History,
    Instructed,
    Instruction,
    ItemGone,
    ItemSeen,
    JobFailed,
    Line,
    Observation,
    Operation,
    Phase,
    StartOperation,
    StartPlanOperation,
    TimePassed,
    decoded,
    masked,
    plain,
)
from failback.reprotect import Architecture as Arch

THINGS = [
    StartOperation("web", Operation.FAILBACK, Choices(shut_down_source=True), "web/failback/1"),
    StartPlanOperation("front", ("web", "db"), Operation.FAILBACK, Choices(), "front/failback/1"),
    Accepted("web", Operation.FAILBACK, "web/failback/1", "7c1f"),
    JobFailed("web", Operation.FAILBACK, "7c1f", Failure("Start", "8038", "no memory")),
    ItemSeen("web", Arch.CLASSIC, Phase.FAILED_BACK, None, ("78144",), 7),
    ItemGone("web"),
    AskOperator("web", "verified", "May it be committed?"),
    Decided(None, "wave_opened", "wave first"),
    Instructed(1, Instruction.SKIP, "web"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
)


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: type(thing).__name__)
def test_a_line_read_back_is_the_line_that_was_written(thing: object) -> None:
    line = History().write(1.5, "event", thing)
    assert decoded(line.as_json()) == line
    assert VOCABULARY[line.name] is type(thing)


NAMES = """
    Accepted ApplyRemedy AskOperator Decided Instructed ItemGone ItemSeen JobCancelled JobFailed JobSeen JobSucceeded
    OperatorAnswered Refused RemedyApplied RemedyFailed StartOperation StartPlanOperation TimePassed Unanswered VmSeen
"""
"""The format of the file: a class may be renamed, these may not."""


def test_the_names_in_a_history_are_those_that_were_always_there() -> None:
    assert sorted(VOCABULARY) == NAMES.split()


def test_everything_that_is_heard_asked_seen_or_decided_has_a_name() -> None:
    found = {*get_args(Heard), *get_args(Observation), *get_args(Command), Decided}
    assert set(VOCABULARY.values()) == found
    assert len(set(VOCABULARY.values())) == len(VOCABULARY)


def test_a_class_that_is_renamed_keeps_its_name_in_the_file() -> None:
    TimePassed.__name__ = "ClockMoved"
    try:
        assert History().write(1.5, "event", TimePassed("web")).name == "TimePassed"
    finally:
        TimePassed.__name__ = "TimePassed"


def test_what_has_no_name_is_not_written() -> None:
    with pytest.raises(TypeError, match="Failure has no name in a history"):
        History().write(0, "event", Failure("Start", "8038", "no memory"))


@given(JSON, st.floats(0, 1e9))
def test_any_note_survives_the_file(value: object, t_s: float) -> None:
    line = History().note(t_s, "Note", {"value": value})
    assert decoded(line.as_json()) == line
    assert "\n" not in line.as_json()


def test_equal_things_give_equal_bytes_whatever_order_they_came_in() -> None:
    one = History().note(0, "N", {"b": {2.0000000001, 1.0}, "a": Phase.FAILED_BACK})
    two = History().note(0, "N", {"a": "failed_back", "b": [1.0, 2.0]})
    assert one.as_json() == two.as_json()


def test_instants_are_kept_to_the_microsecond() -> None:
    assert History().note(0.1 + 0.2, "N", {}).t_s == 0.3


def test_a_line_names_its_subject() -> None:
    assert [History().write(0, "event", thing).item for thing in THINGS] == [
        "web", "front", "web", "web", "web", "web", "web", None, "web",
    ]  # fmt: skip
    assert History().write(0, "event", TimePassed("")).item is None


def test_lines_are_counted_and_go_to_the_sink() -> None:
    heard: list[Line] = []
    history = History(heard.append)
    for t_s in (0.0, 1.0):
        history.note(t_s, "N", {})
    assert [line.n for line in heard] == [1, 2]
    assert history.lines == []


def test_a_comparison_sees_no_foreign_ids_and_no_transport() -> None:
    history = History()
    here = history.write(
        1, "event", JobFailed("web", Operation.FAILBACK, "7c1f", Failure("Start", "8038", "vm-12 on host-7"))
    )
    path = "/subscriptions/1/resourceGroups/rg/providers/x, again"
    there = history.write(
        1, "event", JobFailed("web", Operation.FAILBACK, "9d", Failure("Start", "8038", "vm-9 on host-1"))
    )
    assert masked(here) == masked(there)
    assert masked(history.note(0, "Retried", {"status": 429}, transport=True)) is None
    text = masked(history.note(0, "N", {"id": path}))
    assert text is not None
    assert text.data == {"id": "arm, again"}


def test_what_has_no_place_in_a_history_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        plain(object())


def test_a_line_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        History().note(0, "N", {}).t_s = 1.0  # type: ignore[misc]  # that it is frozen is the claim


@pytest.mark.parametrize("data", [{}, {"b": 1.5, "a": [True, None, 'ü\n"\u2028'], "ä": {"z": 1e-7, "y": 10**18}}])
def test_a_line_has_the_bytes_of_the_plain_encoder(data: dict[str, Any]) -> None:
    line = Line(7, 0.25, "note", "Noted", None, data)
    whole = {"n": 7, "t_s": 0.25, "kind": "note", "name": "Noted", "item": None, "data": data}
    plainly = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert line.as_json() == plainly.replace("\u2028", "\\u2028")


@given(st.text(), st.text())
def test_a_line_is_one_line_for_every_reader_and_says_what_was_said(name: str, message: str) -> None:
    text = Line(1, 0.0, "note", "Noted", name, {name: message}).as_json()
    assert text.splitlines() == [text]
    assert UNSAFE.search(text) is None
    assert decoded(text) == Line(1, 0.0, "note", "Noted", name, {name: message})


def test_what_is_no_number_has_no_line() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        Line(1, float("nan"), "note", "Noted", None, {}).as_json()
