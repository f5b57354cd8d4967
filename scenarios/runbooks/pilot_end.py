"""When a pilot begins and ends, and whether that is before the way home of all machines begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import date_words

from .pilot_times import last_end
from .planned_requests import PlannedRequest
from .rows import start_words

_WHY_EARLIER: Final = (
    "What a pilot measures is of use only before, and its last resyncs would share the link with the first machines."
)


@dataclass(frozen=True, slots=True)
class PilotEnd:
    """The start of the pilot, its end with the band of the end, and the start of the way home.

    `way_home` is None where nobody gave a start that the pilot could be before. The ends are None where nothing of the
    pilot happens.
    """

    begins: datetime
    middle: datetime | None
    earliest: datetime | None
    latest: datetime | None
    way_home: datetime | None

    @property
    def in_time(self) -> bool | None:
        """Whether it ends before the way home begins, at the latest; None where nobody can say."""
        return None if self.latest is None or self.way_home is None else self.latest <= self.way_home


def pilot_end(pilot_of: Scenario, whole: Scenario, requests: Sequence[PlannedRequest]) -> PilotEnd:
    """`pilot_of` begins when the pilot does, `whole` when the way home of all machines does."""
    end, start = last_end(requests), pilot_of.starts_at
    way_home = None if whole.start_is_example else whole.starts_at
    if end is None:
        return PilotEnd(start, None, None, None, way_home)
    middle, earliest, latest = (after(start, seconds) for seconds in (end.middle_s, end.low_s, end.high_s))
    return PilotEnd(start, middle, earliest, latest, way_home)


def end_json(end: PilotEnd) -> dict[str, Any]:
    """The same as plain data: dates with their offset, or null."""
    dates = {
        "begins_at": end.begins,
        "ends_at": end.middle,
        "ends_at_earliest": end.earliest,
        "ends_at_latest": end.latest,
        "way_home_begins_at": end.way_home,
    }
    return {key: at and at.isoformat() for key, at in dates.items()} | {"ends_before_the_way_home": end.in_time}


def end_words(end: PilotEnd, pilot_of: Scenario, *, given: bool) -> str:
    """One paragraph. `given`: whether somebody said when the pilot begins."""
    late = _too_late(end) if given else _begin_by(end)
    return " ".join(filter(None, (_begins(end, start_words(pilot_of), given=given), _ends(end), late)))


def _begins(end: PilotEnd, when: str, *, given: bool) -> str:
    begins = f"The pilot begins {when}"
    if not given:
        return f"{begins}, like the way home of all machines, since --start was not given."
    if end.way_home is None or end.begins < end.way_home:
        return f"{begins}."
    return f"{begins}: that is not before the way home of all machines, which begins {date_words(end.way_home)}."


def _ends(end: PilotEnd) -> str:
    if end.middle is None or end.earliest is None or end.latest is None:
        return ""
    band = f"{date_words(end.earliest)} to {date_words(end.latest)}"
    return f"Its last leg ends {date_words(end.middle)} (simulated; 90 % of the runs: {band})."


def _too_late(end: PilotEnd) -> str:
    """What is wrong with an end after the way home has begun, and by when the pilot would have to begin."""
    if end.in_time is not False or end.way_home is None or end.latest is None or end.earliest is None:
        return ""
    verb = "ends" if end.earliest > end.way_home else "may end"
    return (
        f"TOO LATE: the pilot {verb} after the way home of all machines begins ({date_words(end.way_home)}). "
        f"{_WHY_EARLIER} Begin it by {_latest_begin(end.way_home, end.latest - end.begins)}, write a later `starts_at` "
        "into the scenario, or leave out the machines that take longest (--without)."
    )


def _begin_by(end: PilotEnd) -> str:
    """Where nobody said when it begins: by when it has to."""
    if end.way_home is None or end.latest is None:
        return ""
    return f"Begin it by {_latest_begin(end.way_home, end.latest - end.begins)}, with --start. {_WHY_EARLIER}"


def _latest_begin(way_home: datetime, takes: timedelta) -> str:
    return date_words((way_home - takes).replace(second=0, microsecond=0))
