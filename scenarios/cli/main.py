"""The console entry: answers --version by itself, so that it stays quick, and hands all else to the command line."""

import sys
from importlib.metadata import version


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        print(f"failback {version('failback')}")
        return
    from .entry import run

    sys.exit(run())
