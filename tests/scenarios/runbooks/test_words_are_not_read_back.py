"""What a page shows hangs on values, not on how a text of ours begins: other words leave the rest as it was."""

import pytest

from failback.reprotect import drill_page
from failback.reprotect.drill import ACTION_WORDS, stay
from failback.reprotect.drill_page import transitions_page
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks import pilot_words
from failback.scenarios.runbooks.leg_costs import costs
from failback.scenarios.runbooks.leg_guide import GUIDE
from failback.scenarios.runbooks.pilot import pilot
from failback.scenarios.runbooks.pilot_notes import Note, NoteKind
from failback.scenarios.runbooks.runbook import runbook


def test_the_page_of_the_drill_leaves_the_same_rows_out_whatever_nothing_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = transitions_page()
    monkeypatch.setattr(drill_page, "ACTION_WORDS", {**ACTION_WORDS, stay: "no action"})
    assert len(transitions_page().splitlines()) == len(before.splitlines())


def test_a_leg_that_loses_nothing_says_so_and_no_other_does() -> None:
    found = runbook(load_scenario(resolve("one_vm")), 1)
    for section in found.sections:
        for kind, guide in section.guides.items():
            usual = costs(found, section, kind).usual
            assert usual == (guide.costs.words if guide.costs.loses else f"Nothing. {guide.costs.words}")
    assert {guide.costs.loses for guide in GUIDE.values()} == {True, False}


def test_the_notes_of_a_pilot_stand_by_kind_however_their_texts_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [Note(NoteKind.SHORTER, "a: b"), Note(NoteKind.PASSED_OVER, "c"), Note(NoteKind.PASSED_OVER, "d: e")]
    monkeypatch.setattr(pilot_words, "notes", lambda *_: iter(told))
    scenario = load_scenario(resolve("one_vm"))
    lines = list(pilot_words.told_lines(scenario, pilot(scenario)))
    at = [lines.index(note.line()) for note in told]
    assert [lines[n - 1] == "" for n in at] == [True, True, False]
