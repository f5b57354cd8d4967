"""What we do about it: the step of one item as a table, and what items owe each other."""

from .actions import AFTER_CANCEL, stay
from .drill import Drill, Output
from .item_drill import (
    Admitted,
    Began,
    CalledOff,
    DrillState,
    ItemDrill,
    PlanSucceeded,
    Rules,
    Signal,
    StepResult,
    Stop,
    TurnCame,
    rules_of,
)
from .limit import is_of_limit
from .never_together import never_together
from .row_words import ACTION_WORDS, CONDITION_WORDS, EVENT_WORDS, STATE_WORDS
from .transitions import TRANSITIONS, Transition, UnexpectedEvent, always, decide, step

__all__ = [
    "ACTION_WORDS",
    "AFTER_CANCEL",
    "CONDITION_WORDS",
    "EVENT_WORDS",
    "STATE_WORDS",
    "TRANSITIONS",
    "Admitted",
    "Began",
    "CalledOff",
    "Drill",
    "DrillState",
    "ItemDrill",
    "Output",
    "PlanSucceeded",
    "Rules",
    "Signal",
    "StepResult",
    "Stop",
    "Transition",
    "TurnCame",
    "UnexpectedEvent",
    "always",
    "decide",
    "is_of_limit",
    "never_together",
    "rules_of",
    "stay",
    "step",
]
