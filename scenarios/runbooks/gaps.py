"""Why a wave begins later than the wave before it is home: in the simulation, one that stops is tried in between."""

from collections.abc import Iterator

from failback.reprotect import Operation
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import by_the_clock, h_min

from .planned_requests import end_of_all
from .runbook import Runbook, Section


def gap_words(found: Runbook, section: Section) -> str:
    """For the first section of a wave behind one of which nothing happens; empty where there is no gap."""
    skipped = tuple(_skipped(found, section.wave))
    mine = [one for one in found.sections if one.wave == section.wave and one.happening]
    ahead = _home_s(found, section.wave)
    begins = [one.begins.middle_s for one in section.happening if one.begins]
    if not skipped or not begins or ahead is None or mine[0] is not section or min(begins) - ahead < 60:
        return ""
    lasts = h_min(by_the_clock(found.scenario.starts_at, ahead, min(begins)))
    return (
        f"The plan leaves {lasts} before this wave, because the simulation tries {listed(skipped)} in between, and "
        "that stops. Nobody asks for it: this wave may begin as soon as the wave before is home."
    )


def _skipped(found: Runbook, wave: str) -> Iterator[str]:
    """The waves right before this one of which nothing happens."""
    names = [one.name for one in found.scenario.plan.waves]
    going = {one.wave for one in found.sections if one.happening}
    for name in reversed(names[: names.index(wave)] if wave in names else []):
        if name in going:
            return
        yield name


def _home_s(found: Runbook, wave: str) -> float | None:
    """When the waves before this one are home."""
    names = [one.name for one in found.scenario.plan.waves]
    before = names[: names.index(wave)] if wave in names else []
    commits = (one for one in found.requests if one.operation is Operation.COMMIT_FAILBACK and one.wave in before)
    last = end_of_all(commits)
    return None if last is None else last.middle_s
