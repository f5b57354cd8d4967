"""The latest minute at which something may begin: looked for by simulation, by its own slack first, then by halving."""

from collections.abc import Generator
from math import floor, inf
from typing import Final, TypeAlias

MINUTE_S: Final = 60.0
BY_SLACK_MAX: Final = 8
"""Minutes that are guessed from the slack; then the bracket is halved, which always ends."""
MinuteSearch: TypeAlias = Generator[float, float, float]
"""Asks for the slack when it begins at this second: how much later it could begin, in seconds; negative: too late."""


def latest_minute(good_s: float, good_slack_s: float, bad_s: float, first_s: float = inf) -> MinuteSearch:
    """The latest whole minute after `good_s` with slack. At `good_s` there is slack, at `bad_s` there is none.

    `first_s` is tried first. One minute later than the answer has been tried, and is too late, unless that is `bad_s`.
    """
    tried, bad_slack_s = 0, -inf
    while bad_s - good_s > MINUTE_S:
        guess_s = _guess(good_s, good_slack_s, bad_s, bad_slack_s) if tried < BY_SLACK_MAX else inf
        at_s = guess_s if guess_s < bad_s else good_s + max(1, floor((bad_s - good_s) / MINUTE_S / 2)) * MINUTE_S
        at_s = first_s if not tried and good_s < first_s < bad_s else at_s
        found_s = yield at_s
        tried += 1
        if found_s >= 0:
            good_s, good_slack_s = at_s, found_s
        else:
            bad_s, bad_slack_s = at_s, found_s
    return good_s


def _guess(good_s: float, good_slack_s: float, bad_s: float, bad_slack_s: float) -> float:
    """So much later than what is good, or so much earlier than what is bad; infinity where neither is between them."""
    later_s = good_s + max(1, floor(good_slack_s / MINUTE_S)) * MINUTE_S
    if later_s < bad_s:
        return later_s
    earlier_s = bad_s + floor(bad_slack_s / MINUTE_S) * MINUTE_S if bad_slack_s > -inf else -inf
    return earlier_s if earlier_s > good_s else inf
