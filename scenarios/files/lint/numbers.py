"""Numbers, dates and durations."""

from collections.abc import Iterator
from dataclasses import replace

from failback.reprotect import YEARS, beyond
from failback.scenarios.files.time_zones import NO_ZONE, zone_or_none

from .subject import LintFinding, Subject, nearest


def a_number_is_out_of_range(subject: Subject) -> Iterator[LintFinding]:
    """Every number of the file, estate included, against the bounds of its field."""
    for path, wrong in beyond(subject.estate):
        yield ("estate", *path), wrong
    yield from beyond(replace(subject.file, estate=None))


def the_start_has_no_offset(subject: Subject) -> Iterator[LintFinding]:
    """A date without an offset is another instant in every place."""
    if subject.file.starts_at.tzinfo is None:
        yield ("starts_at",), "the date has no offset; end it with Z for UTC, or with an offset such as +09:00"


def a_time_zone_is_unknown(subject: Subject) -> Iterator[LintFinding]:
    """Without its clocks nobody can say what a date is there."""
    name = subject.file.time_zone
    if name is not None and zone_or_none(name) is None:
        yield ("time_zone",), f"'{name}' is not a known time zone; {NO_ZONE}"


def the_start_is_far_away(subject: Subject) -> Iterator[LintFinding]:
    """Calendars end, and dates of a run count from its start."""
    year = subject.file.starts_at.year
    if year not in YEARS:
        yield ("starts_at",), f"the start is in the year {year}; name one from {YEARS.start} to {YEARS.stop - 1}"


def a_duration_is_unknown(subject: Subject) -> Iterator[LintFinding]:
    """A duration that the model never asks for changes nothing."""
    for key in subject.file.durations:
        if key not in subject.duration_keys:
            yield ("durations", key), f"nothing takes a time called `{key}`{nearest(key, subject.duration_keys)}"
