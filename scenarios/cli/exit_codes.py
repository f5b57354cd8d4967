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

MEANINGS: Final = (
    "0 as expected, 1 not as expected or a blocker was found, 2 bad input, 3 an endpoint could not be reached, "
    "4 interrupted, 5 an unexpected error"
)
"""All of them in one line, for the help of each command."""
