"""A progress bar on a terminal, silence elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """What is called with the number of runs that were just finished, of `total`."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from failback.scenarios.text.terminal_console import console

    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True, redirect_stderr=False) as bar:
        task = bar.add_task("", total=total)
        yield lambda runs: bar.advance(task, runs)
