"""What machines ask of what they share, judged together: the same for a check, a drill and a vault."""

from .asked import as_asked, asked_of, short_of, without_a_share
from .begun import asked_before, failback_runs, in_phases, rests_at, runs_on_site, stands_at, with_returning
from .mates import with_mates
from .own_outlook import left_short, outlook_of
from .plan_validation import InvalidPlan, PlanMistake, plan_mistakes, validate_plan
from .request_defaults import (
    COMMON_POINTS,
    LOG_STORAGE_ACCOUNT,
    RequestDefaults,
    choose,
    merged,
    through,
)
from .requests_ahead import HOMEWARD, WAY, RequestAhead, RequestsAhead
from .server_weights import PassedOver
from .standing import Outlook, Standing, refused
from .untold import inferred, untold

__all__ = [
    "COMMON_POINTS",
    "HOMEWARD",
    "LOG_STORAGE_ACCOUNT",
    "WAY",
    "InvalidPlan",
    "Outlook",
    "PassedOver",
    "PlanMistake",
    "RequestAhead",
    "RequestDefaults",
    "RequestsAhead",
    "Standing",
    "as_asked",
    "asked_before",
    "asked_of",
    "choose",
    "failback_runs",
    "in_phases",
    "inferred",
    "left_short",
    "merged",
    "outlook_of",
    "plan_mistakes",
    "refused",
    "rests_at",
    "runs_on_site",
    "short_of",
    "stands_at",
    "through",
    "untold",
    "validate_plan",
    "with_mates",
    "with_returning",
    "without_a_share",
]
