"""Three-valued facts: a value, known absent (`None`) or unknown (`UNKNOWN`, written `unknown` in a scenario)."""

from typing import Any, Final, TypeAlias, TypeGuard, TypeVar

from failback.reprotect.item import Unknown

T = TypeVar("T")
Fact: TypeAlias = T | Unknown | None
"""Known, known absent, or unknown."""
STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


def known(fact: T | Unknown) -> TypeGuard[T]:
    """Whether somebody knows this fact (known absent counts as known)."""
    return not isinstance(fact, Unknown)
