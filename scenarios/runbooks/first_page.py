"""What the first page of a runbook warns of: downtimes too long, no time for checks, stand-ins down together."""

from collections.abc import Iterator, Sequence
from typing import Final

from failback.scenarios.checks.old_facts import from_before_a_failover, old_files
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.stand_ins import MAYBE, stand_ins
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import h_min

from .application_rows import ApplicationRow, application_rows
from .rows import slowest_words
from .runbook import Runbook

NO_TIME_S: Final = 60.0
"""Less than this is no time to check a machine."""
_GROUPS_MAX: Final = 12
"""Groups of machines that a warning names; what is left is counted."""


def warnings(found: Runbook) -> Iterator[str]:
    """The sentences, what costs the most first."""
    yield from doubts_about_times(found)
    yield from _at_once(found)
    yield from from_before_a_failover(found.scenario)
    yield from old_files(found.scenario)


def doubts_about_times(found: Runbook) -> Iterator[str]:
    """Of these, what is wrong with the planned times."""
    yield from _late(found, tuple(application_rows(found)))
    yield from _without_time(found)


def _late(found: Runbook, rows: Sequence[ApplicationRow]) -> Iterator[str]:
    served = {name for one in found.scenario.applications for name in one.machines}
    late = [f"{row.name} by {row.late_by} (allowed: {row.allowed})" for row in rows if row.late_by]
    alone = [(name, down) for name, down in found.downs.items() if name not in served and down.late_by_s >= 1]
    late += [f"{name} by {h_min(down.late_by_s)} (allowed: {h_min(down.allowed_s or 0.0)})" for name, down in alone]
    if late:
        yield f"Down longer than allowed (in {slowest_words(found.runs)}): {'; '.join(late)}."


def _without_time(found: Runbook) -> Iterator[str]:
    names = [name for name, down in found.downs.items() if down.check_s is not None and down.check_s < NO_TIME_S]
    if names:
        who = "any machine" if len(names) == len(found.downs) else listed(names)
        yield (
            f"The plan leaves no time to check {who} between failback and commit, so the times after a commit are too "
            "early. `homecoming: manual_steps` plans this time."
        )


def _at_once(found: Runbook) -> Iterator[str]:
    groups = [names for one in found.applications for names in _down_at_once(found, one)]
    if groups:
        named = "; ".join(listed(names) for names in groups[:_GROUPS_MAX])
        more = f" and {len(groups) - _GROUPS_MAX} more groups" if len(groups) > _GROUPS_MAX else ""
        yield (
            f"Down at the same time, although {MAYBE}: {named}{more}. To bring home one after the other, put one into "
            "a later wave (`plan: waves`)."
        )


def _down_at_once(found: Runbook, one: Application) -> Iterator[tuple[str, ...]]:
    """Stand-ins of which for a moment none works.

    Not those in a wave with what has no stand-in: the application counts as down there from first to last anyway.
    """
    for group in stand_ins(found.scenario.estate, (one,)):
        alone = {found.waves.get(name) for name in group.alone} if one in found.scenario.applications else set()
        if _overlap(found, group.machines) and alone.isdisjoint(found.waves[name] for name in group.machines):
            yield group.machines


def _overlap(found: Runbook, names: Sequence[str]) -> bool:
    """Whether all of them are down at one moment."""
    downs = [found.downs[name] for name in names if name in found.downs]
    return len(downs) == len(names) and max(d.begins_s for d in downs) < min(d.ends_s for d in downs)
