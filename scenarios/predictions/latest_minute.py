"""The latest minute at which something may begin: looked for by simulation, by its own slack first, then by steps."""

from collections.abc import Generator
from math import floor, inf
from typing import Final, TypeAlias

MINUTE_S: Final = 60.0
BY_SLACK_MAX: Final = 8
"""Minutes that are guessed from the slack; then steps of 1, 2, 4 minutes, up to half of what is open, which ends."""
MinuteSearch: TypeAlias = Generator[float, float, float]
"""Asks for the slack when it begins at this second: how much later it could begin, in seconds; negative: too late."""


def latest_minute(good_s: float, good_slack_s: float, bad_s: float, first_s: float = inf) -> MinuteSearch:
    """The latest whole minute after `good_s` with slack. At `good_s` there is slack, at `bad_s` there is none.

    `first_s` is tried first. One minute later than the answer has been tried, and is too late, unless that is `bad_s`.
    """
    tried, bad_slack_s, step_s = 0, -inf, MINUTE_S
    while bad_s - good_s > MINUTE_S:
        by_slack = tried < BY_SLACK_MAX
        half_s = max(MINUTE_S, _cut((bad_s - good_s) / 2))
        guesses_s = (
            first_s if not tried else inf,
            bad_s + _cut(bad_slack_s) if by_slack and bad_slack_s > -inf else inf,
            good_s + max(step_s, _cut(good_slack_s)) if by_slack else inf,
            good_s + min(step_s, half_s),
        )
        which, at_s = next((n, at_s) for n, at_s in enumerate(guesses_s) if good_s < at_s < bad_s)
        found_s = yield at_s
        tried += 1
        if found_s >= 0:
            good_s, good_slack_s, step_s = at_s, found_s, 2 * step_s if which > 1 else MINUTE_S
        else:
            bad_s, bad_slack_s, step_s = at_s, found_s, MINUTE_S
    return good_s


def _cut(seconds: float) -> float:
    return MINUTE_S * floor(seconds / MINUTE_S)
