"""Which failbacks and commits of a pilot fall into the hours in which people work with the applications."""

from collections.abc import Iterator, Sequence
from typing import Final

from failback.reprotect import Operation
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.hours_of_day import WORKING, is_at_work
from failback.scenarios.text.local_time import after
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS, date_words

from .planned_requests import PlannedRequest

_LEGS: Final = (Operation.FAILBACK, Operation.COMMIT_FAILBACK)


def working_hours_lines(scenario: Scenario, requests: Sequence[PlannedRequest]) -> Iterator[str]:
    """A warning that names each such request; none where nobody told when the pilot begins."""
    if scenario.start_is_example:
        return
    if found := list(_at_work_words(scenario, requests)):
        begin, end = WORKING
        yield (
            f"IN WORKING HOURS (Monday to Friday, {begin:02}:00 to {end}:00, simulated): {'; '.join(found)}. "
            "Agree on it with the owners, begin at another time (--start), or leave machines out (--without)."
        )


def _at_work_words(scenario: Scenario, requests: Sequence[PlannedRequest]) -> Iterator[str]:
    for one in requests:
        if one.operation in _LEGS and one.begins is not None and one.ends is not None:
            begins, ends = (after(scenario.starts_at, time.middle_s) for time in (one.begins, one.ends))
            if is_at_work(begins) or is_at_work(ends):
                yield f"{LEG_WORDS[one.operation].name} of {listed(one.items)} begins {date_words(begins)}"
