"""Time zones by the names of the IANA database: their clocks change, which a UTC offset alone does not tell."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NO_ZONE: Final = (
    "use a name of the IANA database, such as Asia/Tokyo, Europe/Berlin or UTC; a computer without that database gets "
    "it by: pip install tzdata"
)
"""What to do about a name that nobody knows."""


def zone_or_none(name: str) -> ZoneInfo | None:
    """The time zone of this name; None where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def in_zone(at: datetime, name: str | None) -> datetime:
    """The same instant on the clocks of this time zone; as it is without one, or where nobody knows it."""
    zone = zone_or_none(name) if name else None
    return at if zone is None else at.astimezone(zone)
