"""Facts that are old when the way home begins: a file of an import and its age, said by a check."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from failback.scenarios.files.schema import MismatchKind, Scenario, SourceFile
from failback.scenarios.text.plain_words import machines

OLD: Final = timedelta(days=7)
"""Facts of a site change within weeks: what is older is told."""


def from_before_a_failover(scenario: Scenario) -> Iterator[str]:
    """A sentence of the machines whose inventory is older than their last failover."""
    for one in scenario.mismatches:
        if one.kind is MismatchKind.BEFORE_FAILOVER and one.names:
            yield f"Old facts: {machines(len(one.names))} {one.what} (such as {one.names[0]})."


def old_files(scenario: Scenario) -> Iterator[str]:
    """A sentence for each file that is older than a week, at the start, or where nobody gave one, than the newest."""
    dates = [(file, at) for file in scenario.estate_files if (at := _dated(file)) is not None]
    if not dates:
        return
    begins = not scenario.start_is_example
    until = scenario.starts_at.astimezone(UTC) if begins else max(at for _, at in dates)
    than = f"when the way home begins ({until:%Y-%m-%d})" if begins else f"beside the newest file ({until:%Y-%m-%d})"
    for file, at in dates:
        if until - at > OLD:
            days = (until - at).days
            yield f"Old facts: those of {file.file} are of {at:%Y-%m-%d} ({file.dated_by}), {days} days old {than}."


def _dated(file: SourceFile) -> datetime | None:
    """An export of RVTools has no offset; a day more or less is nothing here."""
    try:
        at = datetime.fromisoformat(file.dated)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
