"""The console entry: answers --version by itself, so that it stays quick, and hands all else to the command line."""

import sys
from importlib.metadata import version


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        print(f"failback {version('failback')}")
        return
    from failback.scenarios.terminal_output import clean

    from .entry import run

    sys.stdout, sys.stderr = clean(sys.stdout), clean(sys.stderr)  # for good: a traceback comes after `run`
    sys.exit(run())
