"""The windows of a wave in a runbook: when it may seed, when it may fail back, and what must hold in between."""

from collections.abc import Iterator, Sequence
from typing import Final

from failback.reprotect import (
    REQUIREMENTS,
    Architecture,
    Holds,
    OnFailure,
    Operation,
    Requirement,
    Stage,
    Wave,
    applies,
)
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import day_words, h_min

from .planned_requests import end_of_all
from .runbook import Runbook, Section

_SEED: Final = Operation.REPROTECT_TO_ON_PREMISES
_ASKED: Final = frozenset({Holds.YES, Holds.UNKNOWN})


def window_words(found: Runbook, section: Section) -> str:
    """The window in which this leg may begin; empty where the plan gives none."""
    wave = _wave(found, section.wave)
    if wave is None or section.operation not in (_SEED, Operation.FAILBACK):
        return ""
    if section.operation is _SEED and wave.seed_opens_s is not None:
        closes_s = wave.closes_s if wave.seed_closes_s is None else wave.seed_closes_s
        kept = "The applications keep working in Azure; the machines wait there, seeded, for their cutover."
        return f"Seed window: {_span(found, wave.seed_opens_s, closes_s)}. {kept}"
    if section.operation is _SEED or (wave.opens_s <= 0 and wave.closes_s is None):
        return ""
    return f"Cutover window: {_span(found, wave.opens_s, wave.closes_s)}."


def begin_words(found: Runbook, section: Section) -> str:
    """When a wave behind another may begin its way home or its cutover, also on a late night; else empty."""
    wave, first = _wave(found, section.wave), _first(found, section.wave)
    before = next(_before(found, section.wave), "")
    if wave is None or not before or section.operation not in (first, Operation.FAILBACK):
        return ""
    if section.operation is _SEED and wave.seed_opens_s is not None:
        return f"May begin from {_moment(found, wave.seed_opens_s)} on, even if {before} is late."
    if section.operation is not first and wave.seed_opens_s is None:
        return ""
    opens = f", and not before {_moment(found, wave.opens_s)}" if wave.opens_s > 0 else ""
    return f"May begin, whatever the planned time, when each machine of {before} is committed or left out{opens}."


def _first(found: Runbook, wave: str) -> Operation | None:
    """The first leg of the wave's own way home that happens."""
    mine = (one.operation for one in found.sections if one.wave == wave and one.happening)
    return next((leg for leg in mine if leg is not Operation.COMMIT_FAILOVER), None)


def _before(found: Runbook, wave: str) -> Iterator[str]:
    """The waves before this one of which something happens, the last first."""
    names = [one.name for one in found.scenario.plan.waves]
    for name in reversed(names[: names.index(wave)] if wave in names else []):
        if any(one.wave == name and one.happening for one in found.sections):
            yield name


def limits(found: Runbook) -> Iterator[str]:
    """What the plan says of the return as a whole: freeze windows, and what a failure means for others."""
    for freeze in found.scenario.plan.freezes:
        span = f"{_moment(found, freeze.from_s)} to {_moment(found, freeze.until_s)}"
        yield f"Freeze window {freeze.name}: {span}. Request nothing; running jobs continue."
    if words := _ON_FAILURE[found.scenario.plan.on_failure]:
        yield words


_ON_FAILURE: Final = {
    OnFailure.GO_ON: "",
    OnFailure.STOP_WAVE: "If a machine fails, begin no reprotect and no failback in its wave any more. Finish what has "
    "begun.",
    OnFailure.STOP_ALL: "If a machine fails, begin no reprotect and no failback any more. Finish what has begun.",
}


def wait_words(found: Runbook, section: Section) -> str:
    """How long the machines are planned to wait, seeded; empty where they do not."""
    wave = _wave(found, section.wave)
    last = end_of_all(section.requests)
    if section.operation is not _SEED or wave is None or wave.seed_opens_s is None or last is None:
        return ""
    waits_s = wave.opens_s - last.middle_s
    if waits_s < 3600.0:
        return ""
    return f"As planned, the machines wait {h_min(waits_s)} from the end of the seed to the cutover. Until then, check:"


def rules_while_seeded(found: Runbook, section: Section) -> Iterator[Requirement]:
    """Rules that must hold while a machine replicates home or has: they can break while it waits for its cutover."""
    if not wait_words(found, section):
        return
    kinds = tuple(section.guides)
    for row in REQUIREMENTS:
        watched = any(point.operation is _SEED and point.stage is Stage.REPLICATION for point in row.where)
        if (watched or _is_of_the_failback(row)) and _holds(row, kinds):
            yield row


def _is_of_the_failback(row: Requirement) -> bool:
    """Whether the failback checks it, so that it must not change after the reprotect."""
    return any(point.operation is Operation.FAILBACK and point.stage is Stage.FAILBACK for point in row.where)


def _holds(row: Requirement, kinds: Sequence[Architecture]) -> bool:
    return any(applies(row, kind).answer in _ASKED for kind in kinds)


def _wave(found: Runbook, name: str) -> Wave | None:
    return next((wave for wave in found.scenario.plan.waves if wave.name == name), None)


def _span(found: Runbook, opens_s: float, closes_s: float | None) -> str:
    until = "" if closes_s is None else f", and nothing begins after {_moment(found, closes_s)}"
    return f"from {_moment(found, opens_s)} on{until}"


def _moment(found: Runbook, seconds: float) -> str:
    at = after(found.scenario.starts_at, seconds)
    return f"{day_words(at)} {at:%H:%M}"
