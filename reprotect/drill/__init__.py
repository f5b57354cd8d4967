"""What we do about it: the step of one item as a table, and what items owe each other."""

from .actions import AFTER_CANCEL
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
from .plan_validation import InvalidPlan, validate_plan
from .request_defaults import LOG_STORAGE_ACCOUNT, RequestDefaults, as_asked, choose, merged, returning, through
from .transitions import TRANSITIONS, Transition, UnexpectedEvent, always, decide, step

__all__ = [
    "AFTER_CANCEL",
    "LOG_STORAGE_ACCOUNT",
    "TRANSITIONS",
    "Admitted",
    "Began",
    "CalledOff",
    "Drill",
    "DrillState",
    "InvalidPlan",
    "ItemDrill",
    "Output",
    "PlanSucceeded",
    "RequestDefaults",
    "Rules",
    "Signal",
    "StepResult",
    "Stop",
    "Transition",
    "TurnCame",
    "UnexpectedEvent",
    "always",
    "as_asked",
    "choose",
    "decide",
    "merged",
    "returning",
    "rules_of",
    "step",
    "through",
    "validate_plan",
]
