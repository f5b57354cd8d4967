"""Virtual seconds as the wire's dates, and the odd dates that stand for none (recorded)."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

DEFAULT_EPOCH: Final = datetime(2026, 6, 5, 18, tzinfo=UTC)
"""The date of virtual second 0 unless somebody says otherwise."""
NOT_YET: Final = "0001-01-01T00:00:00"
"""A task that did not start or end."""
NO_SCENARIO: Final = "1753-01-01T01:01:01Z"
"""The start of no scenario."""
NEVER: Final = "9999-12-31T23:59:59.9999999"
"""An expiry that does not come."""
SECONDS_MAX: Final = 1e10
"""The last virtual second that a date can show with room to spare."""


@lru_cache(maxsize=4096)
def stamp(epoch: datetime, at_s: float) -> str:
    """The date of a virtual second in UTC, whatever the epoch's zone, with seven digits of a fraction."""
    return f"{(epoch + timedelta(seconds=at_s)).astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"
