"""What we do about it: the step of one item as a table, and what items owe each other."""

from .actions import AFTER_CANCEL
from .choosing import LOG_STORAGE_ACCOUNT, Chooser, as_asked, choose, laid_over, returning, through
from .drill import Drill, Output
from .item_drill import (
    Admitted,
    Began,
    CalledOff,
    ItemDrill,
    PlanSucceeded,
    Rules,
    Signal,
    Stance,
    Step,
    Stop,
    TurnCame,
    rules_of,
)
from .objections import PlanObjected, objections
from .transitions import TRANSITIONS, Transition, UnexpectedEvent, always, decide, step

__all__ = [
    "AFTER_CANCEL",
    "LOG_STORAGE_ACCOUNT",
    "TRANSITIONS",
    "Admitted",
    "Began",
    "CalledOff",
    "Chooser",
    "Drill",
    "ItemDrill",
    "Output",
    "PlanObjected",
    "PlanSucceeded",
    "Rules",
    "Signal",
    "Stance",
    "Step",
    "Stop",
    "Transition",
    "TurnCame",
    "UnexpectedEvent",
    "always",
    "as_asked",
    "choose",
    "decide",
    "laid_over",
    "objections",
    "returning",
    "rules_of",
    "step",
    "through",
]
