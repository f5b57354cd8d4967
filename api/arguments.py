"""What every function of this package does first and last: arguments are validated, and errors become `BadInput`.

A function that is `checked` gets its arguments validated by the table in `accepts`, and converted: a path or name has
become a scenario. It raises `BadInput` or `Unreachable` where something inside raised what the command line reports
with exit code 2 or 3.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from failback.scenarios.files.calls.public_calls import bound_call, public_name
from failback.scenarios.files.calls.typed_fields import SHOWN
from failback.scenarios.files.yaml_source import BadInput, Mistake

from .accepts import ACCEPTS, Accept, InvalidArgument

P = ParamSpec("P")
R = TypeVar("R")

_OPTION: Final = re.compile(r"--([a-z][a-z-]*)")
_RENAMED: Final = {"date": "on", "reading": "readings", "confirm_remedy": "confirm"}
"""Arguments that have another name than the option."""
_OF_PREDICT: Final = frozenset({"start", "by", "today", "estate"})


def bad(where: str, message: str) -> BadInput:
    """One paragraph: where, and what is wrong and what to do."""
    return BadInput(Mistake("", where, 0, message))


def not_written(where: str, file: Path, broken: OSError) -> BadInput:
    """A file that the system does not let be written."""
    return bad(where, f"{file} cannot be written: {broken.strerror}; name another file")


def checked(**own: Accept) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Validate the arguments of a function by the table, those in `own` by another check."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        form, where = signature(function), public_name(function)
        accepts = {**ACCEPTS, **own}

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = bound_call(where, form, args, kwargs)
            with translated(where):
                for name, value in bound.arguments.items():
                    if name in accepts:
                        bound.arguments[name] = _accepted(where, name, accepts[name], value)
                _refuse_strange_columns(where, bound.arguments)
                return function(*bound.args, **bound.kwargs)

        return call

    return decorate


def _accepted(where: str, name: str, accept: Accept, value: Any) -> Any:
    try:
        return accept(value)
    except InvalidArgument as wrong:
        raise bad(where, f"{name} is {SHOWN.repr(value)}; expected {wrong}") from None


def _refuse_strange_columns(where: str, arguments: Mapping[str, Any]) -> None:
    """A table is asked for columns that it has."""
    if "frame" not in arguments:
        return
    asked = [arguments.get("column"), arguments.get("per"), *arguments.get("columns", ()), *arguments.get("now", ())]
    known = list(arguments["frame"].columns)
    for column in asked:
        if column is not None and column not in known:
            raise bad(where, f"the table has no column {column!r}; it has {', '.join(map(str, known))}")


@contextmanager
def translated(where: str) -> Iterator[None]:
    """What the command line reports as bad input is raised as `BadInput`, what it reports as unreachable likewise."""
    try:
        yield
    except BadInput as wrong:
        raise BadInput(*map(_in_python, wrong.mistakes)) from wrong.__cause__
    except Exception as error:
        from failback.adapters import BadSettings, NotUnderstood, ReadOnly
        from failback.reprotect import InvalidPlan, UnknownReading, Unreachable, VsphereRefused
        from failback.reprotect.driver import NotAsked
        from failback.scenarios.usage_error import UsageError

        if isinstance(error, (BadSettings, InvalidPlan, NotAsked, ReadOnly, UsageError, UnknownReading)):
            raise bad(where, _OPTION.sub(_argument, str(error))) from error
        if isinstance(error, (NotUnderstood, VsphereRefused)):
            raise Unreachable(str(error)) from error
        raise


def _in_python(mistake: Mistake) -> Mistake:
    place, message = (_OPTION.sub(_argument, words) for words in (mistake.file, mistake.message))
    return Mistake(mistake.path_text, place, mistake.line, message)


def _argument(option: re.Match[str]) -> str:
    """An option of the command line by the name that it has in Python, where it is one."""
    name = option[1].replace("-", "_")
    return _RENAMED.get(name, name if name in ACCEPTS or name in _OF_PREDICT else option[0])


def settings_for(world: str, given: Any) -> Any:
    """What a world outside this process needs; None for the others. Raises `BadSettings`."""
    from failback.adapters import Settings, load_settings

    if world != "azure" or isinstance(given, Settings):
        return given if world == "azure" else None
    return load_settings(given, os.environ)
