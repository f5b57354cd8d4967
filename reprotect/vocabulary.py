"""The names under which things stand in a history. A class may be renamed; what is written into files stays."""

from collections.abc import Mapping
from typing import Any, Final

from .commands import ApplyRemedy, AskOperator, StartOperation, StartPlanOperation
from .decisions import Decided
from .events import (
    Accepted,
    Instructed,
    ItemGone,
    ItemSeen,
    JobCancelled,
    JobFailed,
    JobSeen,
    JobSucceeded,
    OperatorAnswered,
    RemedyApplied,
    RemedyFailed,
    RequestRefused,
    TimePassed,
    Unanswered,
    VmSeen,
)

VOCABULARY: Final[Mapping[str, type[Any]]] = {
    # observations
    "ItemSeen": ItemSeen,
    "ItemGone": ItemGone,
    "JobSeen": JobSeen,
    "VmSeen": VmSeen,
    # events
    "Accepted": Accepted,
    "Refused": RequestRefused,
    "Unanswered": Unanswered,
    "JobSucceeded": JobSucceeded,
    "JobFailed": JobFailed,
    "JobCancelled": JobCancelled,
    "OperatorAnswered": OperatorAnswered,
    "Instructed": Instructed,
    "RemedyApplied": RemedyApplied,
    "RemedyFailed": RemedyFailed,
    "TimePassed": TimePassed,
    # commands
    "StartOperation": StartOperation,
    "StartPlanOperation": StartPlanOperation,
    "ApplyRemedy": ApplyRemedy,
    "AskOperator": AskOperator,
    # decisions
    "Decided": Decided,
}
"""By the name that a line has."""
_NAMES: Final = {kind: name for name, kind in VOCABULARY.items()}


def name_of(thing: Any) -> str:
    """The name of the line that says this. Raises `TypeError` for what no history has."""
    try:
        return _NAMES[type(thing)]
    except KeyError:
        raise TypeError(f"{type(thing).__name__} has no name in a history; give it one in VOCABULARY") from None
