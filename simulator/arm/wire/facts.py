"""Three-valued facts of the estate as the wire shows them."""

from typing import TypeVar

from failback.reprotect import Fact, Unknown, known

T = TypeVar("T")


def shown_fact(fact: Fact[T]) -> T | None:
    """The value; null where nobody knows it or it is known absent."""
    return None if isinstance(fact, Unknown) else fact


def shown_flag(fact: bool | Unknown, yes: str, no: str) -> str | None:
    """One of two words; null where nobody knows."""
    return (yes if fact else no) if known(fact) else None
