"""Runs the command line: what every command shares before it begins and after it has ended."""

import os
import sys
from errno import EACCES, EDQUOT, EFBIG, EISDIR, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from functools import cache
from typing import Any, Final

import typer
from typer.exceptions import TyperException

from failback.adapters.redaction import remember_environment
from failback.scenarios.interrupts import one_interrupt
from failback.scenarios.usage_error import UsageError

from .commands import app
from .crash_file import write_details
from .exit_codes import AS_EXPECTED, BAD_INPUT, INTERRUPTED, UNFORESEEN, UNREACHABLE
from .messages import INTERRUPTED_WORDS, say
from .options import CommandRaised
from .redacted_streams import redacted_streams
from .renamed_options import with_present_names
from .terminal_output import clean_streams

TYPER_INTERRUPTED: Final = 130
"""What typer makes of a Ctrl-C between two commands of ours."""
FILE_TROUBLE: Final = frozenset({EACCES, EDQUOT, EFBIG, EISDIR, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS})
"""What can be wrong with a file or a folder, and is nobody's mistake but the path's or the disk's."""


def run() -> int:
    """Run the command line; returns the exit code."""
    remember_environment(os.environ)
    with one_interrupt(), redacted_streams(), clean_streams():
        try:
            code = _command()
            sys.stdout.flush()
        except SystemExit:
            raise
        except BaseException as error:
            return _explain(error.error if isinstance(error, CommandRaised) else error)
        return say(INTERRUPTED_WORDS, INTERRUPTED) if code == TYPER_INTERRUPTED else code


def _command() -> int:
    try:
        return int(built_commands()(with_present_names(sys.argv[1:]), standalone_mode=False) or AS_EXPECTED)
    except typer.Exit as ended:
        return int(ended.exit_code)


@cache
def built_commands() -> Any:
    """All commands, built once: typer reads every signature anew for each call of an app."""
    return typer.main.get_command(app)


def _explain(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return say(INTERRUPTED_WORDS, INTERRUPTED)
    for kinds, code in _codes():
        if isinstance(error, kinds):
            return say(str(error), code)
    match error:
        case TyperException():
            return say(f"{error.format_message()} See `{_asked_command(error)} --help`.", BAD_INPUT)
        case OSError(errno=number) if number in FILE_TROUBLE:
            return say(_file_words(error), BAD_INPUT)
        case _:
            return say(_unforeseen_words(error), UNFORESEEN)


def _asked_command(wrong: TyperException) -> str:
    """The command whose usage is wrong, whose help says how it is used."""
    context = getattr(wrong, "ctx", None)
    return context.command_path if context is not None else "failback"


def _file_words(error: OSError) -> str:
    what = f"{error.filename}: the file" if error.filename is not None else "A file or standard output"
    return f"{what} cannot be read or written: {error.strerror}. Check path, permissions and free space, and run again."


def _unforeseen_words(error: BaseException) -> str:
    message = " ".join(f"{type(error).__name__}: {error}".split())[:300].rstrip(":. ")
    return f"Unexpected error: {message}. This is a bug in failback; please report it. {write_details(error)}"


def _codes() -> tuple[tuple[tuple[type[Exception], ...], int], ...]:
    from failback.adapters import BadSettings, NotUnderstood, ReadOnly
    from failback.reprotect import InvalidPlan, Unreachable, VsphereRefused
    from failback.scenarios.files.yaml_source import BadInput

    bad_input = (BadInput, BadSettings, InvalidPlan, ReadOnly, UsageError)
    return (bad_input, BAD_INPUT), ((NotUnderstood, Unreachable, VsphereRefused), UNREACHABLE)
