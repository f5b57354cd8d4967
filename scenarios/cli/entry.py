"""Runs the command line: what every command shares before it begins and after it has ended."""

import sys

import typer
from typer.exceptions import TyperException

from failback.scenarios.refused import Refused

from .commands import app
from .exit_codes import AS_EXPECTED, BAD_INPUT, INTERRUPTED, UNREACHABLE
from .saying import say


def run() -> int:
    """Run the command line; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return int(app(standalone_mode=False) or AS_EXPECTED)
    except typer.Exit as ended:
        return int(ended.exit_code)
    except TyperException as wrong:
        return say(f"{wrong.format_message()} See `{_asked_command(wrong)} --help`.", BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        return say("Interrupted before the drill began; nothing was changed.", INTERRUPTED)
    except Exception as error:
        return _explain(error)


def _asked_command(wrong: TyperException) -> str:
    """The command whose usage is wrong, whose help says how it is used."""
    context = getattr(wrong, "ctx", None)
    return context.command_path if context is not None else "failback"


def _explain(error: Exception) -> int:
    for kinds, code in _codes():
        if isinstance(error, kinds):
            return say(str(error), code)
    raise error


def _codes() -> tuple[tuple[tuple[type[Exception], ...], int], ...]:
    from failback.adapters import BadSettings, NotUnderstood, ReadOnly
    from failback.reprotect import PlanObjected, Unreachable, VsphereRefused
    from failback.scenarios.yaml_source import BadInput

    bad_input = (BadInput, BadSettings, PlanObjected, ReadOnly, Refused)
    return (bad_input, BAD_INPUT), ((NotUnderstood, Unreachable, VsphereRefused), UNREACHABLE)
