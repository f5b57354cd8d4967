"""The command line: `entry` runs it, and every command is a file of its own beside it.

Stable: scripts and tests outside the project call it. A new command is a file with a dataclass of options and a body,
and a line in `commands.py`.
"""


def run() -> int:
    """Run the command line on `sys.argv`; returns the exit code. Imports what it needs when it is called."""
    from .entry import run as run_command_line

    return run_command_line()
