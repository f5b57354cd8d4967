"""True seconds between two instants, whatever the clocks on the wall do meanwhile."""

from datetime import UTC, datetime, timedelta


def after(start: datetime, seconds: float) -> datetime:
    """So many true seconds later, in the same zone: across a clock change the hour differs, the seconds do not."""
    return (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(start.tzinfo)


def seconds_between(start: datetime, end: datetime) -> float:
    """True seconds from one instant to another."""
    return (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()
