"""What the exit code of a command means."""

from typing import Final

AS_EXPECTED: Final = 0
"""It ended as its scenario expects; a check found nothing that blocks."""
OTHERWISE: Final = 1
"""It ended otherwise; a check found what blocks."""
BAD_INPUT: Final = 2
"""A file, an option or a setting is wrong; nothing was done."""
UNREACHABLE: Final = 3
"""An endpoint could not be reached."""
INTERRUPTED: Final = 4
"""It was interrupted (Ctrl-C, SIGTERM, SIGHUP); what was done is in the result."""
UNFORESEEN: Final = 5
"""An unexpected error; a file has the details."""

VERDICTS: Final = {"as_expected": AS_EXPECTED, "otherwise": OTHERWISE, "interrupted": INTERRUPTED}

_FOR_ALL: Final = "2 bad input, or an output that cannot be written; 4 interrupted; 5 an unexpected error"


def exit_codes(done: str = "success", otherwise: str = "", *, unreachable: str = "", wrong: str = "") -> str:
    """The exit codes of a command for its help: its own, then those of all commands; one without words is left out.

    `wrong`: what else ends with 2.
    """
    own = {AS_EXPECTED: done, OTHERWISE: otherwise, BAD_INPUT: wrong, UNREACHABLE: unreachable}
    listed = "; ".join(f"{code} {meaning}" for code, meaning in own.items() if meaning)
    return f"{listed}. For all commands: {_FOR_ALL}"
