"""Public classes whose constructors refuse, in one paragraph, what their fields cannot hold."""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from inspect import signature
from reprlib import Repr
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from failback.scenarios.files.yaml_source import BadInput, Mistake

from .public_calls import bound_call, public_name

T = TypeVar("T")

SHOWN: Final = Repr()
"""How a wrong value is shown in a message."""
SHOWN.maxstring = SHOWN.maxother = 80


def typed_fields(made_by: str, imported_late: Callable[[], Mapping[str, Any]] = dict) -> Callable[[type[T]], type[T]]:
    """Validate what a dataclass is made of by the types of its fields.

    `made_by` tells people what makes such an object. `imported_late` gives the names in its annotations that are too
    heavy to import before they are needed.
    """

    def decorate(cls: type[T]) -> type[T]:
        own, form = cls.__init__, signature(cls.__init__)
        where = public_name(cls)

        @cache
        def hints() -> Mapping[str, Any]:
            return get_type_hints(cls, localns=dict(imported_late()))

        @wraps(own)
        def __init__(*args: Any, **kwargs: Any) -> None:
            for name, value in bound_call(where, form, args, kwargs, made_by).arguments.items():
                if name in hints() and not holds(hints()[name], value):
                    expected = f"{_named(hints()[name])}; {made_by}"
                    raise BadInput(Mistake("", where, 0, f"{name} is {SHOWN.repr(value)}; expected {expected}"))
            own(*args, **kwargs)

        cls.__init__ = __init__  # type: ignore[method-assign]  # wraps the one of the dataclass
        return cls

    return decorate


def holds(hint: Any, value: Any) -> bool:
    """Whether a field of this type can hold this value. A whole number is a float too, but True is no number."""
    kind, inner = get_origin(hint) or hint, get_args(hint)
    if kind in (Union, UnionType):
        return any(holds(one, value) for one in inner)
    if kind is Any:
        return True
    if kind is Literal:
        return value in inner
    if kind in (int, float):
        return isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
    return isinstance(value, NoneType if kind is None else kind) and _holds_inside(kind, inner, value)


def _holds_inside(kind: Any, inner: tuple[Any, ...], value: Any) -> bool:
    if kind is tuple and inner[1:] == (...,):
        return all(holds(inner[0], one) for one in value)
    if kind is Mapping and inner:
        return all(holds(inner[0], key) and holds(inner[1], one) for key, one in value.items())
    return True


def _named(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("failback.", "")
