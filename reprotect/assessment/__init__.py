"""What machines ask of what they share, judged together: the same for a check, a drill and a vault."""

from .asked import as_asked, asked_of, left_without, without_a_share
from .plan_validation import InvalidPlan, validate_plan
from .request_defaults import (
    COMMON_POINTS,
    LOG_STORAGE_ACCOUNT,
    RequestDefaults,
    choose,
    merged,
    through,
)
from .requests_ahead import AT_HOME, HOMEWARD, WAY, RequestAhead, RequestsAhead
from .standing import Outlook, Standing, outlook_of, refused, with_mates

__all__ = [
    "AT_HOME",
    "COMMON_POINTS",
    "HOMEWARD",
    "LOG_STORAGE_ACCOUNT",
    "WAY",
    "InvalidPlan",
    "Outlook",
    "RequestAhead",
    "RequestDefaults",
    "RequestsAhead",
    "Standing",
    "as_asked",
    "asked_of",
    "choose",
    "left_without",
    "merged",
    "outlook_of",
    "refused",
    "through",
    "validate_plan",
    "with_mates",
    "without_a_share",
]
