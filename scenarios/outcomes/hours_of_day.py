"""The hours in which people sleep or work, for warnings. No page gives them: they are our choice, and only warn.

The hours are those of the scenario's clock. Nobody tells of public holidays.
"""

from datetime import datetime
from typing import Final

NIGHT: Final = (22, 6)
"""From the first hour to the second, an owner would be called out of bed."""
WORKING: Final = (7, 19)
"""From the first hour to the second, Monday to Friday, people may be at work with an application."""
_WORKING_DAYS: Final = range(5)


def is_at_night(at: datetime) -> bool:
    """Whether its owner would be called out of bed."""
    return at.hour >= NIGHT[0] or at.hour < NIGHT[1]


def is_at_work(at: datetime) -> bool:
    """Whether people may be working."""
    return at.weekday() in _WORKING_DAYS and WORKING[0] <= at.hour < WORKING[1]
