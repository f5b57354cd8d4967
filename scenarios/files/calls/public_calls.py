"""Calls of public names: a call that does not fit the signature is bad input too, told in one paragraph."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from inspect import BoundArguments, Signature, signature
from typing import Any, Final, ParamSpec, TypeVar

from failback.scenarios.files.yaml_source import BadInput, Mistake

P = ParamSpec("P")
R = TypeVar("R")
_PUBLIC_MODULES: Final = ("failback.pictures", "failback.stories", "failback.words")


def public_name(named: Callable[..., Any]) -> str:
    """Where people find a function or class: in a module that `dir(failback)` shows, or in `failback` itself."""
    place = named.__module__ if named.__module__ in _PUBLIC_MODULES else "failback"
    return f"{place}.{named.__qualname__.removesuffix('.__init__')}"


def bound_call(
    where: str, form: Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any], instead: str = ""
) -> BoundArguments:
    """The arguments of a call by their names. Raises `BadInput` if the call does not fit the signature.

    `instead` says what to do instead of such a call.
    """
    try:
        return form.bind(*args, **kwargs)
    except TypeError as wrong:
        near = [name for key in kwargs if key in str(wrong) for name in get_close_matches(key, form.parameters, n=1)]
        hint = f"did you mean `{near[0]}`?" if near else instead or f"help({where}) lists the arguments"
        raise BadInput(Mistake("", where, 0, f"{wrong}; {hint}")) from None


def bound(function: Callable[P, R]) -> Callable[P, R]:
    """A method whose calls raise `BadInput` where they do not fit its signature."""
    form = signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        fit = bound_call(public_name(function), form, args, kwargs)
        return function(*fit.args, **fit.kwargs)

    return call
