"""Faults of the mock's own door, as data: which requests meet them, when, how often, and what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from fnmatch import fnmatchcase
from math import inf
from typing import Any, ClassVar, Final

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}
DELAY_MAX_S: Final = 60.0
"""The slowest answer, in seconds of the wall."""


@unique
class RuleKind(Enum):
    """What happens to a request that meets a rule."""

    STATUS = "status"
    LOST_REPLY = "lost_reply"
    DROPPED = "dropped"
    SLOW = "slow"
    DUPLICATE = "duplicate"
    STALE_READ = "stale_read"
    ASYNC_ONLY = "async_only"
    JOB_STUCK = "job_stuck"
    JOB_FAILS = "job_fails"
    JOB_CANCELLED = "job_cancelled"
    JOB_ENDS_AS = "job_ends_as"
    SITE = "site"


ON_JOBS: Final = frozenset(kind for kind in RuleKind if kind.value.startswith("job_"))
"""Kinds that wait for a request that started a job."""
ENDINGS: Final = ("CompletedWithInformation", "PartiallySucceeded", "Skipped", "Other")
"""How a job can succeed otherwise than plainly: job_ends_as takes one of these as its code."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule. A request counts when operation, object and instant fit; the nth such one is the first that it hits."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    kind: RuleKind
    operation: str = "*"
    """The operation's name in the Python SDK with or without its group, or a pattern: `*reprotect`."""
    object: str = "*"
    """Name of an item, plan, job, fabric ... that the path names, or a pattern."""
    nth: int = 1
    """The first request that is hit, counted from 1."""
    count: int | None = 1
    """How many are hit from there on; null: all."""
    from_s: float = 0.0
    """Virtual second from which requests count."""
    until_s: float | None = None
    """Virtual second until which requests count."""
    probability: float = 1.0
    """Chance that a request is hit that could be, from the run's seed."""
    status: int | None = None
    """status: what is answered, 503 when left out. lost_reply: answered instead; the connection drops when left out."""
    code: str = ""
    """status, lost_reply, job_fails: the error's code. job_ends_as: how the job is said to have succeeded."""
    message: str = ""
    """status, lost_reply, job_fails: the error's message."""
    retry_after_s: int | None = None
    """status, lost_reply: the header Retry-After."""
    delay_s: float = 1.0
    """slow: seconds of the wall."""
    task: str | None = None
    """job_fails: wire name or shown name of the task; the first when left out."""
    after_s: float = 0.0
    """job_cancelled: virtual seconds after the job began."""
    fault: Mapping[str, Any] | None = None
    """site: what happens on site when a request is hit, as the control API takes it."""

    def __post_init__(self) -> None:
        for wrong in (message for holds, message in _sense(self) if not holds):
            raise ValueError(wrong)

    def fits(self, operation: str, objects: frozenset[str], now_s: float) -> bool:
        """Whether a request counts for this rule."""
        until_s = inf if self.until_s is None else self.until_s
        timely = self.from_s <= now_s <= until_s
        return timely and self.names(operation) and _any_fits(objects, self.object.lower())

    def names(self, operation: str) -> bool:
        """Whether the rule is about this operation."""
        short = operation.rpartition(".")[2].removeprefix("begin_")
        return any(fnmatchcase(name, self.operation) for name in (operation, short))


def _any_fits(objects: frozenset[str], pattern: str) -> bool:
    return pattern == "*" or any(fnmatchcase(name, pattern) for name in objects)


def _sense(rule: FaultRule) -> tuple[tuple[bool, str], ...]:
    return (
        (rule.nth >= 1, "nth counts from 1"),
        (rule.count is None or rule.count >= 1, "count is at least 1, or null for all"),
        (0 <= rule.probability <= 1, "probability is between 0 and 1"),
        (rule.status is None or 400 <= rule.status <= 599, "status is between 400 and 599"),
        (0 <= rule.delay_s <= DELAY_MAX_S, f"delay_s is between 0 and {DELAY_MAX_S:g}"),
        (0 <= rule.after_s < inf and 0 <= rule.from_s < inf, "seconds are not negative"),
        (rule.retry_after_s is None or rule.retry_after_s >= 0, "retry_after_s is not negative"),
        (rule.kind is not RuleKind.JOB_ENDS_AS or rule.code in ENDINGS, f"code is one of {', '.join(ENDINGS)}"),
        ((rule.kind is RuleKind.SITE) is (rule.fault is not None), "fault goes with kind site, and only with it"),
    )
