"""How sure it is that a rule holds for an architecture: three words for people, made of who says so."""

from collections.abc import Collection
from enum import Enum, unique
from typing import Final

from .cases import INFERRED
from .row import Applies, Holds


@unique
class Certainty(Enum):
    """On what a rule rests."""

    DOCUMENTED = "documented"
    RECORDED = "recorded"
    INFERRED = "inferred"
    OPEN = "open"


_BY_WORD: Final = {
    "documented": Certainty.DOCUMENTED,
    "required": Certainty.DOCUMENTED,  # by the vendor's SDK
    "recorded": Certainty.RECORDED,
    "inferred": Certainty.INFERRED,
}


def certainty_of(applies: Applies, holds: Collection[str] = ()) -> Certainty:
    """By the first word of its source; what nobody has said is open. `holds`: the cases that its predicate saw hold."""
    if not INFERRED.isdisjoint(holds):
        return Certainty.INFERRED
    if applies.answer is Holds.UNKNOWN:
        return Certainty.OPEN
    word = applies.source.partition(" ")[0].strip(":;,")
    return _BY_WORD.get(word, Certainty.OPEN)
