"""Signals as one interrupt: raised once, held back in a shield, and for who insists once more."""

import gc
import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from failback.scenarios import interrupts
from failback.scenarios.interrupts import ShieldedContext, one_interrupt, outliving_terminal, shielded
from failback.scenarios.servers.stopping import until_stopped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals to one process are POSIX's")


def send(name: str = "SIGINT") -> None:
    os.kill(os.getpid(), getattr(signal, name))


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_first_is_raised_and_those_that_follow_are_ignored(name: str) -> None:
    with one_interrupt():
        with pytest.raises(KeyboardInterrupt):
            send(name)
        send("SIGINT")
        send("SIGTERM")


def test_one_that_was_swallowed_is_raised_at_the_next_step_but_not_in_a_shield_or_a_thread() -> None:
    with one_interrupt():
        interrupts.raise_if_lost()
        with pytest.raises(KeyboardInterrupt):
            send()
        with shielded():
            interrupts.raise_if_lost()
        thread = threading.Thread(target=interrupts.raise_if_lost)
        thread.start()
        thread.join()
        for step in (interrupts.raise_if_lost, lambda: interrupts.sleep(0.0)):
            with pytest.raises(KeyboardInterrupt):
                step()
    interrupts.raise_if_lost()


def test_a_server_that_did_not_hear_it_ends_too() -> None:
    with one_interrupt():
        with suppress(KeyboardInterrupt):
            send()
        with until_stopped():
            pass


def test_afterwards_all_is_as_it_was() -> None:
    before = [signal.getsignal(number) for number in interrupts.SIGNALS]
    with one_interrupt(), one_interrupt():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert [signal.getsignal(number) for number in interrupts.SIGNALS] == before


def test_a_shield_holds_it_back_until_its_end() -> None:
    done = []

    def work() -> None:
        with shielded():
            with shielded():
                send()
                done.append("inner")
            done.append("outer")

    with one_interrupt(), pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inner", "outer"]


def test_who_insists_breaks_a_shield(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts, "PATIENCE_S", 0.0)
    done = []

    def work() -> None:
        with shielded():
            send()
            done.append("one")
            send()
            done.append("two")

    with one_interrupt(), pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["one"]


def test_a_context_is_ended_whole() -> None:
    done = []

    @contextmanager
    def context() -> Iterator[str]:
        try:
            yield "in it"
        finally:
            send()
            done.append("ended")

    with one_interrupt(), pytest.raises(KeyboardInterrupt), ShieldedContext(context()) as raised:
        done.append(raised)
    assert done == ["in it", "ended"]


def test_in_a_thread_nothing_is_put_in_place() -> None:
    handlers = []

    def look() -> None:
        with one_interrupt():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert handlers == [signal.getsignal(signal.SIGINT)]


@pytest.mark.parametrize(("name", "interrupts_it"), [("SIGHUP", False), ("SIGINT", True), ("SIGTERM", True)])
def test_a_block_that_outlives_its_terminal_is_interrupted_by_all_else(name: str, interrupts_it: bool) -> None:
    heard: list[str] = []
    with one_interrupt(), outliving_terminal(lambda: heard.append(name)):
        if interrupts_it:
            with pytest.raises(KeyboardInterrupt):
                send(name)
        else:
            send(name)
            send(name)
    assert heard == ([] if interrupts_it else ["SIGHUP", "SIGHUP"])


def test_after_such_a_block_a_closing_terminal_interrupts_again() -> None:
    with one_interrupt():
        with outliving_terminal(lambda: None):
            send("SIGHUP")
        with pytest.raises(KeyboardInterrupt):
            send("SIGHUP")


# What hangs after it

needs_an_alarm = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs an alarm, which Windows lacks")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt is overdue at once."""
    monkeypatch.setattr("failback.scenarios.overdue.OVERDUE_S", 0.05)
    monkeypatch.setattr("failback.scenarios.overdue.AGAIN_S", 0.05)


@needs_an_alarm
@pytest.mark.usefixtures("soon")
def test_a_lock_that_an_interrupt_has_left_behind_is_not_waited_for_again_and_again() -> None:
    held = threading.Lock()
    held.acquire()
    broken_off = 0
    with one_interrupt():
        with pytest.raises(KeyboardInterrupt):
            send()
        for _ in range(2):
            try:
                assert not held.acquire(timeout=20), "nobody gives it back"
            except KeyboardInterrupt:
                broken_off += 1
    assert broken_off == 2


@needs_an_alarm
@pytest.mark.usefixtures("soon")
def test_a_context_that_hangs_while_it_is_taken_down_is_broken_off() -> None:
    done = []

    @contextmanager
    def context() -> Iterator[None]:
        try:
            yield
        finally:
            send()
            threading.Event().wait(20)
            done.append("ended")

    with one_interrupt(), pytest.raises(KeyboardInterrupt), ShieldedContext(context()):
        pass
    assert done == []


@needs_an_alarm
@pytest.mark.usefixtures("soon")
def test_what_is_written_is_never_overdue() -> None:
    done = []

    def write() -> None:
        with shielded(), shielded():
            send()
            time.sleep(0.3)
            done.append("written")

    with one_interrupt(), pytest.raises(KeyboardInterrupt):
        write()
    assert done == ["written"]


class Cycle:
    """Garbage that only the collector finds, as a pool of connections is."""

    def __init__(self) -> None:
        self.itself = self


def finalized_while_writing(interrupted: bool) -> list[str]:
    """What happened, in order, when much was made in a block that writes beside garbage with a finalizer."""
    done: list[str] = []

    def write() -> None:
        with shielded():
            weakref.finalize(Cycle(), done.append, "finalized")
            kept = [[n] for n in range(100_000)]
            done.append("written" if kept else "")

    with one_interrupt():
        if interrupted:
            with pytest.raises(KeyboardInterrupt):
                send()
        write()
    gc.collect()
    return done


def test_no_finalizer_runs_where_nothing_would_break_its_wait() -> None:
    assert gc.isenabled()
    assert finalized_while_writing(interrupted=False) == ["finalized", "written"]
    assert finalized_while_writing(interrupted=True) == ["written", "finalized"]
    assert gc.isenabled()


@needs_an_alarm
@pytest.mark.usefixtures("soon")
def test_what_comes_after_the_writing_is_again() -> None:
    def write() -> None:
        try:
            send()
        finally:
            with shielded():
                time.sleep(0.3)
            threading.Event().wait(20)
            pytest.fail("nobody broke it off")

    with one_interrupt(), pytest.raises(KeyboardInterrupt):
        write()


@needs_an_alarm
def test_no_alarm_is_left_behind() -> None:
    with one_interrupt(), pytest.raises(KeyboardInterrupt):
        send()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
