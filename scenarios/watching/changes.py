"""Tells a program of the person's own choice what has changed: its standard input has a sentence a line."""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from failback.scenarios.usage_error import UsageError

PATIENCE_S: Final = 60.0
"""Seconds that the program may take."""
_SECRET: Final = ("TOKEN", "PASSWORD", "SECRET", "KEY")


def command_words(text: str) -> tuple[str, ...]:
    """The words of the command. Raises `UsageError` for one that cannot be split."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as broken:
        raise UsageError(f"--on-change is '{text}', which cannot be read ({broken}); close its quotes.") from broken
    if not words:
        raise UsageError("--on-change is empty; give a command, or leave it out.")
    return words


def tell(words: Sequence[str], changes: Sequence[str]) -> str:
    """Run it; returns what went wrong, if anything. It gets no secret of ours, and no shell reads its words."""
    try:
        done = subprocess.run(
            words,
            input="\n".join(changes) + "\n",
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE_S,
            env=dict(without_secrets(os.environ)),
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as broken:
        return f"the command of --on-change could not be run: {broken}"
    return "" if done.returncode == 0 else f"the command of --on-change ended with {done.returncode}"


def without_secrets(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment without our secrets, the address of a vcsim among them, which has a password in it."""
    ours = {name for name in environment if name.startswith("FAILBACK_") and name.endswith(_SECRET)}
    return {name: value for name, value in environment.items() if name not in ours | {"FAILBACK_VCSIM"}}
