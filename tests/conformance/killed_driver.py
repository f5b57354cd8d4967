"""A process that runs `failback` in forks of itself, and kills them by SIGKILL at a step: a line, or a sync.

python killed_driver.py, then one JSON array a line: [step, [words], {environment}]; step 0 kills nobody. It answers
each with the exit status and what was printed, as JSON.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import failback.adapters.site_recovery
import failback.adapters.vsphere_session
import failback.scenarios.reports.resumed_run  # noqa: F401  # imported once, for all forks
from failback.scenarios.cli.entry import run
from failback.scenarios.outputs.run_folders.history_file import HistoryFile


def kill_at(step: int) -> None:
    """Before each line, and once more when commands are on the disk and not yet sent."""
    left = [step]

    def counted(do: Callable[..., None], *, after: bool) -> Callable[..., None]:
        def stepped(*given: Any) -> None:
            if after:
                do(*given)
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            if not after:
                do(*given)

        return stepped

    HistoryFile.write = counted(HistoryFile.write, after=False)  # type: ignore[method-assign]
    HistoryFile.sync = counted(HistoryFile.sync, after=True)  # type: ignore[method-assign]


def one(step: int, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    with tempfile.TemporaryFile() as printed:
        pid = os.fork()
        if not pid:
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
            os.environ.update(environment)
            kill_at(step)
            sys.argv = ["failback", *words]
            code = run()
            sys.stdout.flush()
            os._exit(code)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        printed.seek(0)
        return status, printed.read().decode()


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(one(*json.loads(line))) + "\n")
        sys.stdout.flush()
