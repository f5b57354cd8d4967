"""The times of a question, as a person writes them: start or cutover, and the deadline."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Final

from failback.reprotect import YEARS
from failback.scenarios.text.local_time import read_time, seconds_between
from failback.scenarios.text.plain_words import date_words
from failback.scenarios.usage_error import UsageError

YEARS_MAX: Final = 10
"""No way home is planned further ahead."""
_NEITHER: Final = (
    "Say when the way home begins: with --start 'Fri 18:00' if everything begins then, or with --cutover 'Fri 18:00' "
    "if machines replicate home before and fail back from then on."
)


@dataclass(frozen=True, slots=True)
class AskedTimes:
    """When anything may begin, when machines may fail back (None: at once), and when all have to be home."""

    start: datetime
    cutover: datetime | None
    by: datetime


def asked_times(start: str | None, cutover: str | None, by: str, zone: tzinfo, today: date) -> AskedTimes:
    """Read them. Raises `UsageError` where they are no times, or do not follow one another."""
    if start is None and cutover is None:
        raise UsageError(_NEITHER)
    begins = _midnight(today, zone) if start is None else read_time(start, "start", zone, today)
    if begins.year not in YEARS:
        raise UsageError(f"--start is in the year {begins.year}; name a day from {YEARS.start} to {YEARS.stop - 1}.")
    moves = None if cutover is None else read_time(cutover, "cutover", zone, today if start is None else begins)
    if moves is not None:
        _check_cutover(begins, moves, named=start is not None)
    return AskedTimes(begins, moves, _deadline(by, zone, begins, moves))


def _midnight(today: date, zone: tzinfo) -> datetime:
    return datetime.combine(today, time(), zone)


def _check_cutover(begins: datetime, moves: datetime, *, named: bool) -> None:
    """Machines seed from the start, or from today on, and fail back later."""
    if seconds_between(begins, moves) > 0:
        return
    told = f"--cutover is {date_words(moves)}, which is not after"
    if not named:
        raise UsageError(f"{told} the beginning of today, {date_words(begins)}; name a later one.")
    raise UsageError(
        f"{told} --start, {date_words(begins)}. With both, machines may begin to replicate home at --start and "
        "fail back from --cutover on; give a later --cutover, or leave out one of them."
    )


def _deadline(by: str, zone: tzinfo, begins: datetime, moves: datetime | None) -> datetime:
    option, after = ("start", begins) if moves is None else ("cutover", moves)
    ends = read_time(by, "by", zone, after)
    between = f"after --{option}, {date_words(after)}"
    if seconds_between(after, ends) <= 0:
        raise UsageError(f"--by is {date_words(ends)}, which is not {between}; give a later deadline.")
    if seconds_between(begins, ends) > YEARS_MAX * 366 * 86400.0:
        raise UsageError(
            f"--by is {date_words(ends)}, more than {YEARS_MAX} years {between}; give an earlier deadline."
        )
    return ends
