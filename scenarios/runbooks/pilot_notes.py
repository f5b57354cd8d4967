"""A sentence about a pilot, with what it is about: those of one kind stand together."""

from enum import Enum, unique
from typing import NamedTuple


@unique
class NoteKind(Enum):
    """What a note is about, and how its line begins."""

    FOR_TIME = "Left out for time"
    SHORTER = "Shorter"
    LESS_AT_STAKE = "Less at stake"
    PASSED_OVER = "Passed over"
    CAREFUL = "Careful"
    NOT_NEEDED = "Not needed"
    NOT_TRIED = "Not tried"


class Note(NamedTuple):
    """One of them."""

    kind: NoteKind
    text: str

    def line(self) -> str:
        """As it is read."""
        return f"{self.kind.value}: {self.text}"
