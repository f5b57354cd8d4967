"""Answers that are not what an endpoint says: a proxy's page, half a document, a list where an object belongs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from .redaction import redacted
from .translation import NotUnderstood

ODD: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading such an answer raises, in a library or in our own translation."""


@contextmanager
def understood(who: str) -> Iterator[None]:
    """Raises `NotUnderstood` for an answer of `who` that cannot be read; a decorator, too."""
    try:
        yield
    except ODD as odd:
        raise NotUnderstood(odd_words(who, odd)) from odd


def odd_words(who: str, odd: BaseException) -> str:
    """What to say of it."""
    text = redacted(" ".join(f"{type(odd).__name__}: {odd}".split()))[:200].rstrip(":. ")
    return (
        f"{who} gave an answer that cannot be understood ({text}). Check that the address in the settings is "
        "correct, and that no proxy answers in its place."
    )
