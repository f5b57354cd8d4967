"""The console entry: answers --version by itself, so that it stays quick, and hands all else to the command line."""

import atexit
import os
import sys
import threading
import time
from contextlib import suppress
from importlib.metadata import version
from typing import Final

THREADS_END_S: Final = 5.0
"""Seconds that threads left behind by a command may take to end."""
END_S: Final = 10.0
"""Seconds for what libraries do at the end, such as closing connections that nobody has closed."""


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        print(f"failback {version('failback')}")
        return
    from failback.scenarios.interrupts import end_within, has_come, ignore_all, one_interrupt

    with one_interrupt():
        code, interrupted = _run(), has_come()
    ignore_all()
    if interrupted:
        end_within(END_S, code)
        _end_now(code)
    sys.exit(code)


def _run() -> int:
    """An interrupt while the command line is still being imported ends like any other."""
    from .exit_codes import INTERRUPTED
    from .messages import INTERRUPTED_WORDS, say

    try:
        from .entry import run

        return run()
    except KeyboardInterrupt:
        return say(INTERRUPTED_WORDS, INTERRUPTED)


def _end_now(code: int) -> None:
    """All that has to be done at an end, without what may take long, or wait for a lock that an interrupt has left."""
    _end_threads(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _end_threads(code: int) -> None:
    """Python waits at its end for every thread; one that an interrupt has left behind would keep it for ever."""
    until_s = time.monotonic() + THREADS_END_S
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.0, until_s - time.monotonic()))
            if thread.is_alive():
                os._exit(code)
