"""The search for cycles belongs to the process: whoever makes it rare puts it back."""

import gc
from threading import Event, Thread

import pytest

from failback.scenarios.files import yaml_source
from failback.scenarios.files.loader import load_located, load_scenario, resolve
from failback.scenarios.gc_tuning import RARE, gc_tuning
from failback.scenarios.judging.check import check_estate


def test_it_is_rare_within_a_block_and_as_before_after_it_also_where_that_fails() -> None:
    before = gc.get_threshold()

    def fails() -> None:
        with gc_tuning():
            assert gc.get_threshold() == RARE
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert gc.get_threshold() == before != RARE


def test_blocks_that_overlap_in_two_threads_leave_what_the_first_found() -> None:
    before, entered, leave = gc.get_threshold(), Event(), Event()

    def other() -> None:
        with gc_tuning():
            entered.set()
            leave.wait()

    thread = Thread(target=other)
    with gc_tuning():
        thread.start()
        entered.wait()
    assert gc.get_threshold() == RARE, "the other is still within"
    leave.set()
    thread.join()
    assert gc.get_threshold() == before


def test_a_check_does_not_switch_the_search_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> None:
        raise AssertionError("the search of the whole process was switched off")

    monkeypatch.setattr(gc, "disable", never)
    scenario = load_scenario(resolve("one_vm"))
    assert check_estate(scenario.estate, scenario.plan).items
    assert gc.isenabled()


def test_reading_a_file_makes_it_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes of a large file live until it is read: searches through them took a third of a large check."""
    seen = []

    def judge(*_: object) -> None:
        seen.append(gc.get_threshold())

    monkeypatch.setattr(yaml_source, "_refuse_settings", judge)
    load_located(resolve("first_drill"))
    assert set(seen) == {RARE}
