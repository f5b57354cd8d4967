"""Findings about which an answer of an owner decides: at which leg of a machine it is wanted."""

from collections.abc import Iterable
from typing import Final

from failback.reprotect import ANSWERS, Operation
from failback.scenarios.judging.check import Status

from .told import ToldCause

_NO_ANSWER: Final = frozenset({Status.BLOCKS.value, Status.UNKNOWN.value})
"""What blocks has no step, and of what nobody knows there is nothing to decide yet."""


def decided_by_answer(told: ToldCause) -> bool:
    """Whether an answer of an owner decides which steps of its machines are done, and not whether a box is ticked."""
    return told.cause.rule in ANSWERS and told.cause.status not in _NO_ANSWER


def legs_with_answers(everything: Iterable[ToldCause]) -> frozenset[tuple[str, Operation]]:
    """Machine and leg for which the answer is asked."""
    mine = (told for told in everything if decided_by_answer(told))
    return frozenset((item, ANSWERS[told.cause.rule].leg) for told in mine for item in told.cause.items)
