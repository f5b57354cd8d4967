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

_WRONG: Final = "bad input or an output that cannot be written"
_UNFORESEEN: Final = "an unexpected error"


def exit_codes(
    done: str, otherwise: str = "", *, unreachable: str = "", wrong: str = _WRONG, interrupted: str = "interrupted"
) -> str:
    """All exit codes of a command in one line for its help: 0, 1, 3 and 2; a code without words is none of its."""
    own = {AS_EXPECTED: done, OTHERWISE: otherwise, BAD_INPUT: wrong, UNREACHABLE: unreachable}
    own |= {INTERRUPTED: interrupted, UNFORESEEN: _UNFORESEEN}
    return "; ".join(f"{code} {meaning}" for code, meaning in sorted(own.items()) if meaning)
