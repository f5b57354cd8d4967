"""Ctrl-C, a request to end and a terminal that closes: one interrupt, which clean-up outlives.

SIGINT, SIGTERM and SIGHUP all raise `KeyboardInterrupt`, once. Those that follow are ignored, so that what ends in the
`with` blocks ends: servers, children, folders, the result. Whoever insists after `PATIENCE_S` breaks that off too.
What hangs then is broken off without anybody (`overdue`). A block may outlive its terminal: then SIGHUP interrupts
nothing.
"""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType, TracebackType
from typing import Any, Final, Generic, TypeVar

from .overdue import Alarm

T = TypeVar("T")

PATIENCE_S: Final = 5.0
"""Seconds for cleaning up in which another signal is ignored."""
HANGUP: Final = getattr(signal, "SIGHUP", None)
"""What comes when the terminal closes; None on Windows."""
SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Interrupts:
    """What came so far. `shields`: blocks that are not to be broken off; `waits`: an interrupt came in one of them.

    `works`: those that compute and write, however long. `gone`: what is done when the terminal closes, instead of an
    interrupt.
    """

    def __init__(self) -> None:
        self.alarm = Alarm(self.overdue)
        self.begin(0)

    def begin(self, owner: int) -> None:
        """Nothing came so far to the process `owner`."""
        self.owner = owner
        self.first_s: float | None = None
        self.shields = self.works = 0
        self.waits = False
        self.alarm.stop()
        self.gone: Callable[[], None] | None = None

    def came(self, number: int, _: FrameType | None) -> None:
        """One signal came."""
        if os.getpid() != self.owner:  # a worker that was forked from us ends as any process
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        if number == HANGUP and self.gone is not None:
            self.gone()
            return
        now_s = time.monotonic()
        if self.first_s is not None and now_s - self.first_s < PATIENCE_S:
            return
        is_first, self.first_s = self.first_s is None, now_s
        if is_first and not self.works:
            self.alarm.start()
        if is_first and self.shields:
            self.waits = True
        else:
            raise KeyboardInterrupt

    def overdue(self) -> None:
        """The interrupt came long ago: what is still going on hangs."""
        self.waits = False
        raise KeyboardInterrupt


_interrupts = _Interrupts()


@contextmanager
def one_interrupt() -> Iterator[None]:
    """Until the end, the signals raise `KeyboardInterrupt` once. Within another such block, or a thread: nothing."""
    if _interrupts.owner == os.getpid() or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = _installed()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _interrupts.begin(0)


def _installed() -> dict[signal.Signals, Any]:
    """Put ours in place; a signal that we were started to ignore (nohup) stays ignored."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handled = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    _interrupts.begin(os.getpid())
    for number in handled:
        signal.signal(number, _interrupts.came)
    return handled


def has_come() -> bool:
    """Whether there was an interrupt within this `one_interrupt`."""
    return _interrupts.first_s is not None


def raise_if_lost() -> None:
    """Raise an interrupt again that came and that nobody heard; call it wherever work goes on from step to step.

    Libraries have bare `except` clauses, and Python drops what a finalizer raises. Nothing in a shield, or a thread.
    """
    if not has_come() or _interrupts.shields or threading.current_thread() is not threading.main_thread():
        return
    raise KeyboardInterrupt


def sleep(seconds: float) -> None:
    """Sleep in a loop that only an interrupt ends."""
    time.sleep(seconds)
    raise_if_lost()


@contextmanager
def shielded() -> Iterator[None]:
    """A block that computes and writes: the first interrupt does not break it off, but is raised at its end.

    After an interrupt, no garbage is collected in it: a finalizer may wait for a lock that the interrupt left held
    (urllib3 closes its pools so), and here no alarm breaks such a wait.
    """
    _interrupts.works += 1
    left_s = _interrupts.alarm.pause()
    try:
        with _held_back(), _no_garbage_collected() if has_come() else nullcontext():
            yield
    finally:
        _interrupts.works -= 1
        if has_come() and not _interrupts.works:
            _interrupts.alarm.start(left_s)


@contextmanager
def _no_garbage_collected() -> Iterator[None]:
    """No finalizer of a cycle runs in the block; afterwards as before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _held_back() -> Iterator[None]:
    """The first interrupt is raised at the end of the block."""
    _interrupts.shields += 1
    try:
        yield
    finally:
        _interrupts.shields -= 1
    if _interrupts.waits and not _interrupts.shields:
        _interrupts.waits = False
        raise KeyboardInterrupt


@contextmanager
def outliving_terminal(gone: Callable[[], None]) -> Iterator[None]:
    """A block that goes on when its terminal closes; `gone` is called then."""
    _interrupts.gone = gone
    try:
        yield
    finally:
        _interrupts.gone = None


class ShieldedContext(Generic[T]):
    """A context whose end is held back from the first interrupt, with all that it takes down, unless it hangs."""

    def __init__(self, context: AbstractContextManager[T]) -> None:
        self._context = context

    def __enter__(self) -> T:
        return self._context.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        with _held_back():
            return self._context.__exit__(kind, error, trace)


def ignore_all() -> None:
    """Nothing more can be interrupted: the process is about to end."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def end_within(limit_s: float, code: int) -> None:
    """The process ends by then with this code, whatever its end waits for."""
    Alarm(lambda: os._exit(code)).start(limit_s)
