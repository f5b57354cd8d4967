"""What must hold before and while an item goes home: the requirements table.

The lifecycle says what ASR permits in a phase; this table says what must be true of the estate besides. A rehearsal wants every unmet
row with its remedy, a vault the first broken one at the stage its job has reached; both read these rows. A row is checked where it
says: at a stage of an operation, sometimes at several. Whether it holds for an architecture is itself three-valued, with its source:
a row that is broken where nobody knows whether it applies is reported as unsure, never as broken.

Two columns say what patience is worth. `waits_s`: the rule resolves itself within that time, so a refusal is asked again and not
counted as a try. `retry`: people would try again, since the cause may pass (a server that is down); without it, only a person can
fix it, and a second try wastes time.

Codes are those that Microsoft published; the others are ours and begin with FB-. A rule that is known only by its error code has
that code for its id. Rows at the stages of `NOTICES` block nothing: they are broken for the machines that they
concern. A row that only says how ASR behaves has for its predicate the fact that would contradict it (R30, B06), or, where there is
none, the machines that ought to know of it (B09).

The table is written in four parts, by subject, and is one here; `row.py` says what a column means.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate
from failback.reprotect.item import Architecture, Operation

from .row import NOTICES, Applies, CheckPoint, Holds, Requirement, Stage
from .rows_a_modernised import APPLIANCE
from .rows_bfgt_way_home import WAY
from .rows_mnp_servers import SERVERS
from .rows_r_article import ARTICLE
from .verdict import Blocker, Broken, Gap, Met, Noted, Unsure, Verdict

REQUIREMENTS: Final[tuple[Requirement, ...]] = ARTICLE + WAY + SERVERS + APPLIANCE
"""The one table. A vault reports the first broken row of a stage, in this order."""


CARRIED_BY_SERVERS: Final = (Operation.REPROTECT_TO_ON_PREMISES,)
"""Operations whose resync passes a process server and a master target, or an appliance."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row judged for one item at one of its places."""

    requirement: Requirement
    item: str
    point: CheckPoint
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Unmet:
    """One broken row, as a vault says it and a person reads it."""

    rule: str
    item: str
    stage: Stage
    code: str
    message: str
    possible_causes: str
    remedy: str
    blockers: tuple[Blocker, ...]


Settled: TypeAlias = frozenset[tuple[str, str]]
"""Questions that somebody settled, by reading, and how."""
NOTHING_SETTLED: Final[Settled] = frozenset()
_CHOSEN: Final = {"holds": Holds.YES, "does_not_hold": Holds.NO}
_BY_ID: Final = {row.id: row for row in REQUIREMENTS}
_BY_CODE: Final = {row.code: row for row in REQUIREMENTS}


def by_id(rule: str) -> Requirement | None:
    """The row of this rule, if it has one."""
    return _BY_ID.get(rule)


def resolves_itself(requirement: Requirement, blockers: Iterable[Blocker]) -> bool:
    """Whether what these objects break is met after a while, without anybody doing anything."""
    return requirement.waits_s is not None and not any(blocker.lasts for blocker in blockers)


def by_code(code: str) -> Requirement | None:
    """The row whose breach a vault reports by this code, if there is one."""
    return _BY_CODE.get(code)


def applies(requirement: Requirement, architecture: Architecture, settled: Settled = NOTHING_SETTLED) -> Applies:
    """Whether the rule holds for this architecture, and who says so; `settled` are questions that somebody decided."""
    found = requirement.architectures.of(architecture)
    if found.answer is not Holds.UNKNOWN:
        return found
    choice = next((choice for reading, choice in settled if reading == found.reading), "")
    return Applies(_CHOSEN[choice], f"chosen: {found.reading}={choice}") if choice else found


def settled_by(estate: Estate) -> Settled:
    """Which questions that no page answers somebody decided for this estate."""
    if not estate.readings:
        return NOTHING_SETTLED
    return frozenset((r, c) for r, c in estate.readings.items() if c in _CHOSEN)


def judged(
    estate: Estate,
    item: str,
    stage: Stage | None,
    operation: Operation | None,
    choices: Choices,
    *,
    blocking: bool = False,
) -> Iterator[Judgement]:
    """Every row that bites here, with its verdict, in the table's order. None means: any stage, any operation.

    `blocking`: rows that block nothing here are not asked.
    """
    for row, point, holds in _rows_at(estate.virtual_machines[item].architecture, stage, operation, settled_by(estate)):
        if blocking and point.stage in NOTICES:
            continue
        yield Judgement(row, item, point, _weighed(row.predicate(estate, item, choices), row, holds))


@cache
def _rows_at(
    architecture: Architecture, stage: Stage | None, operation: Operation | None, settled: Settled
) -> tuple[tuple[Requirement, CheckPoint, Applies], ...]:
    """The rows that may hold and bite here, each at its first such place: looked up once, not for every item."""
    found = []
    for row in REQUIREMENTS:
        holds = applies(row, architecture, settled)
        point = next((b for b in row.where if stage in (None, b.stage) and operation in (None, b.operation)), None)
        if point is not None and holds.answer is not Holds.NO:
            found.append((row, point, holds))
    return tuple(found)


def standing_still(estate: Estate, item: str, operation: Operation, choices: Choices) -> Iterator[Judgement]:
    """The rules for want of which a resync that is under way stands still, at the place where that shows."""
    architecture = estate.virtual_machines[item].architecture
    rows = _rows_at(architecture, None, operation, settled_by(estate)) if operation in CARRIED_BY_SERVERS else ()
    for row, _, holds in rows:
        if row.carries is not None:
            verdict = _weighed(row.carries(estate, item, choices), row, holds)
            yield Judgement(row, item, CheckPoint(operation, Stage.REPLICATION), verdict)


def unmet(
    estate: Estate, item: str, stage: Stage | None, operation: Operation | None, choices: Choices
) -> Iterator[Unmet]:
    """The broken rows among `judged`, one after the other as they are looked at."""
    for row, point, holds in _rows_at(estate.virtual_machines[item].architecture, stage, operation, settled_by(estate)):
        verdict = _weighed(row.predicate(estate, item, choices), row, holds)
        if isinstance(verdict, Broken):
            yield _unmet(row, item, point, verdict)


def first_unmet(
    estate: Estate, item: str, stage: Stage | None, operation: Operation | None, choices: Choices
) -> Unmet | None:
    """The broken row that a vault would report; later rows are not looked at."""
    return next(unmet(estate, item, stage, operation, choices), None)


def sentences(verdict: Verdict) -> str:
    """The verdict for people."""
    match verdict:
        case Met():
            return "met"
        case Broken(objects) | Noted(objects):
            return "; ".join(f"{b.name}: {b.sentence}" for b in objects)
        case Unsure(gaps, _):
            return "; ".join(f"{g.fact} ({g.how})" for g in gaps)


def _unmet(row: Requirement, item: str, point: CheckPoint, verdict: Broken) -> Unmet:
    texts = (row.code, sentences(verdict), f"{row.id} does not hold: {row.title}", row.remedy)
    return Unmet(row.id, item, point.stage, *texts, verdict.blockers)


def _weighed(verdict: Verdict, row: Requirement, holds: Applies) -> Verdict:
    """A rule of which nobody knows whether it applies does not block; what it has to tell is told all the same."""
    if holds.answer is Holds.UNKNOWN and isinstance(verdict, Broken | Unsure):
        return doubt_of(row, holds)
    return verdict


def doubt_of(row: Requirement, holds: Applies) -> Unsure:
    """That nobody knows whether the rule holds, why, and how somebody who does says so."""
    reading = f"--reading {holds.reading}"
    how = f"{holds.source}; who knows says it: {reading}=holds (it cannot be done) or {reading}=does_not_hold (it can)"
    return Unsure((Gap(f"whether {row.id} holds for this architecture", how),))
