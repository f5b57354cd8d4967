"""The kind of verdict, and why no machine could come home at all."""

from enum import Enum, unique
from typing import Final

from failback.scenarios.text.language import said
from failback.scenarios.text.plain_words import machines

from .best_lever import is_late
from .prediction import Prediction
from .stop_words import reason_words

_NAME_WORDS_MAX: Final = 12
"""Of the name of a lever, which people write, no more words are said in a verdict."""


@unique
class Answered(Enum):
    """The kind of verdict."""

    YES = "yes"
    NO = "no"
    ONLY_IF = "only_if"


def answered(found: Prediction) -> Answered:
    """Yes: in every case as surely as was asked. No: in none."""
    sure = [not is_late(case) for case in found.cases]
    if all(sure) and found.condition is None:
        return Answered.YES
    return Answered.ONLY_IF if any(sure) or found.condition is not None else Answered.NO


def stops_all(found: Prediction) -> bool:
    """Whether something keeps machines of the first case from coming home at all."""
    return found.first.sure_s is None and bool(found.stops)


def stopped_words(found: Prediction) -> str:
    """What stops whom."""
    rule, count = next(iter(found.stops.items()))
    those = {i.item for a in found.first.answers for i in a.items if i.stopped_by == rule}
    who = min(those) if len(those) == 1 else machines(len(those))
    return (
        said("{rule} stops {who} in every case", rule=reason_words(rule), who=in_few_words(who))
        if count
        else reason_words(rule)
    )


def in_few_words(name: str, most: int = _NAME_WORDS_MAX) -> str:
    """A name that people write, in a verdict of few words."""
    words = name.split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")
