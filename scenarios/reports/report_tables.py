"""The tables of a report for whoever audits it: targets against results, and machines in groups."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final, NamedTuple

from failback.scenarios.files.schema import Target
from failback.scenarios.run.evidence import ApplicationEvidence, Evidence, MachineEvidence
from failback.scenarios.run.result import ItemResult, Result
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import h_min, has_arrived

KEPT, BROKEN, OPEN, NONE = "kept", "broken", "not measured", "no target"
HOME: Final = "home, from the first reprotect on, within"
NOT_HOME: Final = "not home"
BY_APPLICATION: Final = "judged with their application"
NAMED_MAX: Final = 6
"""Names in a sentence; of more, the rest is counted."""
_Measure = Callable[[MachineEvidence], float | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one promise to one tier: the longest of its machines, who was over the target, who not measured.

    `of`: how many machines the tier has; `lack`: what it means that one was not measured.
    """

    result_s: float | None
    target_s: float | None
    status: str
    over: tuple[str, ...]
    missing: tuple[str, ...]
    of: int
    lack: str = OPEN
    nothing: str = ""
    """What a result of no time at all is called, where that is something special."""
    apart: bool = False
    """Whether machines of the tier are judged with their application instead, which has a downtime of its own."""

    @property
    def words(self) -> str:
        """The result, and of how many machines it is where that is not all of them."""
        if self.result_s is None:
            return self.lack
        came = self.nothing if self.nothing and not self.result_s else h_min(self.result_s)
        left = f"{self.lack}: {listed(self.missing, NAMED_MAX)}"
        return f"{came} ({self.of - len(self.missing)} of {self.of} machines; {left})" if self.missing else came

    @property
    def target_words(self) -> str:
        """The target and what became of it."""
        if self.target_s is None:
            return BY_APPLICATION if self.apart else NONE
        who = listed(self.over or self.missing, NAMED_MAX)
        by = f" by {who}" if self.status == BROKEN else f" for {who}" if self.status == OPEN else ""
        others = " (the other machines)" if self.apart else ""
        return f"at most {h_min(self.target_s)}{others}: {self.status}{by}"


@dataclass(frozen=True, slots=True)
class TierRow:
    """One tier: how many machines, and what came of each promise."""

    tier: str
    machines: int
    home: Measured
    downtime: Measured
    rpo: Measured
    unprotected_s: float | None
    """The longest of its machines; no promise is made about it."""
    of_application: bool = False
    """Whether it is an application with a downtime of its own: `tier` names it."""

    @property
    def all(self) -> tuple[tuple[str, Measured], ...]:
        """Each with its name in a sentence."""
        return ((HOME, self.home), ("down at most", self.downtime), ("data lost at most", self.rpo))


@dataclass(frozen=True, slots=True)
class MachineGroup:
    """Machines of one wave and tier that ended alike."""

    wave: str
    tier: str
    state: str
    cause: str
    items: tuple[str, ...]
    last_home_s: float | None
    longest_down_s: float | None
    longest_unprotected_s: float | None


def tier_rows(result: Result) -> tuple[TierRow, ...]:
    """One row per tier, one of all machines where a promise is made to all, and one per application with its own."""
    evidence = result.evidence
    if evidence is None or not evidence.machines:
        return ()
    tiers = list(dict.fromkeys(machine.tier for machine in evidence.machines))
    to_all = any(not target.tier for target in evidence.targets)
    wanted = [*([None] if to_all and tiers != [""] else []), *tiers]
    rows = (_row(evidence, tier, interrupted=result.verdict == "interrupted") for tier in wanted)
    return (*rows, *(_of_application(evidence, one) for one in evidence.applications if one.allowed_s is not None))


def _row(evidence: Evidence, tier: str | None, *, interrupted: bool) -> TierRow:
    those = [machine for machine in evidence.machines if tier is None or machine.tier == tier]
    targets = [target for target in evidence.targets if target.tier == (tier or "")]
    lost = OPEN if interrupted else BROKEN
    return TierRow(
        tier or ("all machines" if tier is None or not evidence.targets or targets else "no tier"),
        len(those),
        _measured(those, targets, "home_within_s", attrgetter("home_s"), lost, lack=NOT_HOME),
        _downtime(evidence, those, targets),
        _measured(those, targets, "rpo_s", nothing="none in the model, by the shutdown in Azure"),
        _longest(those, attrgetter("unprotected_s")),
    )


def _downtime(evidence: Evidence, those: Sequence[MachineEvidence], targets: Sequence[Target]) -> Measured:
    """A machine of an application that has a downtime of its own is judged by that alone, as in `predict`."""
    own = {item for one in evidence.applications if one.allowed_s is not None for item in one.items}
    rest = [machine for machine in those if machine.item not in own]
    judged, limits = (rest, targets) if rest else (those, ())
    found = _measured([replace(m, downtime_s=_whole(m, limits)) for m in judged], limits, "downtime_s")
    return replace(found, apart=len(rest) < len(those) and _least(targets, "downtime_s") is not None)


def _of_application(evidence: Evidence, one: ApplicationEvidence) -> TierRow:
    those = [machine for machine in evidence.machines if machine.item in one.items]
    limit = [Target("", downtime_s=one.allowed_s)]
    found = _measured([replace(m, downtime_s=_whole(m, limit)) for m in those], limit, "downtime_s")
    if one.longest_s is not None and one.allowed_s is not None:
        over = one.items if one.longest_s > one.allowed_s else ()
        found = replace(found, result_s=one.longest_s, over=over, status=BROKEN if over else KEPT)
    return TierRow(
        f"application {one.name}",
        len(those),
        _measured(those, (), "home_within_s", attrgetter("home_s"), lack=NOT_HOME),
        found,
        _measured(those, (), "rpo_s"),
        _longest(those, attrgetter("unprotected_s")),
        of_application=True,
    )


def _longest(those: Sequence[MachineEvidence], measure: _Measure) -> float | None:
    known = [seconds for seconds in map(measure, those) if seconds is not None]
    return max(known, default=None)


def _least(targets: Sequence[Target], name: str) -> float | None:
    """The strictest of these promises."""
    limits: list[float | None] = [getattr(target, name) for target in targets]
    return min((at for at in limits if at is not None), default=None)


def _whole(machine: MachineEvidence, targets: Sequence[Target]) -> float | None:
    """Its downtime where that is over; of one that goes on, only what is over the target already is told."""
    limit_s, down_s = _least(targets, "downtime_s"), machine.downtime_s
    late = limit_s is not None and down_s is not None and down_s > limit_s
    return down_s if machine.came_to_site or late else None


def _measured(
    those: Sequence[MachineEvidence],
    targets: Sequence[Target],
    name: str,
    measure: _Measure | None = None,
    lost: str = OPEN,
    *,
    lack: str = OPEN,
    nothing: str = "",
) -> Measured:
    """`name` of the promise, and of what was measured without `measure`; `lost`: what becomes of one not measured."""
    target_s = _least(targets, name)
    values = [(machine.item, (measure or attrgetter(name))(machine)) for machine in those]
    known = [seconds for _, seconds in values if seconds is not None]
    missing = tuple(item for item, seconds in values if seconds is None)
    over = tuple(item for item, seconds in values if target_s is not None and (seconds or 0.0) > target_s)
    status = NONE if target_s is None else BROKEN if over else lost if missing else KEPT
    return Measured(max(known, default=None), target_s, status, over, missing, len(those), lack, nothing)


def broken_targets(rows: Sequence[TierRow]) -> Iterator[str]:
    """A sentence for each promise that was not kept."""
    for row in rows:
        for words, found in row.all:
            if found.status == BROKEN and found.target_s is not None:
                target = h_min(found.target_s)
                who = found.over or found.missing
                names, came_s = listed(who, NAMED_MAX), found.result_s or 0.0
                came = f"{h_min(came_s)} ({names})" if found.over else f"never: {names}"
                to = f"the other machines of {row.tier}" if found.apart else row.tier
                yield f"{to} {words} {target}; it came to {came}"


def stopped_or_late(result: Result) -> frozenset[str]:
    """Machines that a printed report names one by one: each of them stopped or is over a target."""
    late = {item for row in tier_rows(result) for _, found in row.all for item in found.over}
    return frozenset(late | {item.name for item in result.items if item.stopped_by})


class TargetCount(NamedTuple):
    """How many promises were kept, how many were missed, and how many nobody could measure for all machines."""

    kept: int
    missed: int
    unmeasured: int


def targets_kept(rows: Sequence[TierRow]) -> TargetCount:
    """All promises of all tiers; one is kept where every machine of its tier was measured and kept it."""
    found = [one.status for row in rows for _, one in row.all if one.target_s is not None]
    return TargetCount(found.count(KEPT), found.count(BROKEN), found.count(OPEN))


def machine_groups(result: Result) -> tuple[MachineGroup, ...]:
    """All machines by wave, tier and cause; those that stopped first."""
    known = {machine.item: machine for machine in result.evidence.machines} if result.evidence else {}
    groups: dict[tuple[str, str, str, str], list[ItemResult]] = {}
    for item in sorted(result.items, key=lambda item: not item.stopped_by):
        one = known.get(item.name)
        place = (one.wave, one.tier) if one else ("", "")
        groups.setdefault((*place, state_of(result, item), item.stopped_by), []).append(item)
    return tuple(_group(key, [item.name for item in items], known) for key, items in groups.items())


def _group(key: tuple[str, str, str, str], names: Sequence[str], known: dict[str, MachineEvidence]) -> MachineGroup:
    those = [known[name] for name in names if name in known]
    measures = map(attrgetter, ("home_s", "downtime_s", "unprotected_s"))
    return MachineGroup(*key, tuple(names), *(_longest(those, measure) for measure in measures))


def state_of(result: Result, item: ItemResult) -> str:
    """How it ended, in a word or two."""
    return "stopped" if item.stopped_by else "at the plan's end" if has_arrived(result, item) else "under way"
