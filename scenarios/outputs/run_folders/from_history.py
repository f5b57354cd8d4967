"""A result made from the history alone, for a run that was stopped by force: what was done, and what nobody knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from failback.reprotect import Estate, Line, Link, Stage, by_id
from failback.scenarios.files.schema import STARTS_AT, Scenario
from failback.scenarios.files.time_zones import in_zone
from failback.scenarios.files.true_seconds import after
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.run.judge import STOPPED, Judge
from failback.scenarios.run.result import Finding, ItemResult, Result

from .history_lines import history_lines
from .identity import Identity, read_identity

UNKNOWN: Final = "unknown"
OF_THE_PLAN: Final = frozenset(
    {"never_commit_unverified", "never_mend_unasked", "asks_nothing_in_a_freeze", "every_item_ends"}
)
"""Checkers that need the plan, or the end of the run."""
_NOT_KNOWN: Final = (
    "Not known: whether it went as its scenario expects, what the rules say of its estate besides, and whether these "
    f"held, which need the plan: {', '.join(sorted(OF_THE_PLAN))}."
)
_NO_IDENTITY: Final = (
    "Not known: in which world it was played, and when it began; "
    f"the dates here count from {STARTS_AT:%Y-%m-%d %H:%M}, which is no date of the run."
)
_WATCHED: Final = (
    "Others brought the machines home; failback watched. Jobs have the times of the vault, all else is as of a look."
)
_NOTHING: Final = "no line of the history can be read; expected history.jsonl of a run, one JSON object in each line"


@dataclass(slots=True)
class _Standing:
    """Where the items stand, and what stopped them."""

    items: dict[str, ItemResult] = field(default_factory=dict)
    stops: list[Finding] = field(default_factory=list)
    began: dict[str, Any] = field(default_factory=dict)
    ended: bool = False
    watched: bool = False
    decisions: list[tuple[float, str]] = field(default_factory=list)
    n: int = 0
    now_s: float = 0.0

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        self.n, self.now_s = int(line.n), max(self.now_s, line.t_s)
        match line.name:
            case "ItemSeen":
                self._seen(str(line.item), line.data["architecture"], line.data["phase"])
            case "Decided" if line.data["what"] == STOPPED and line.item in self.items:
                self._stopped(str(line.item), line)
            case "RunBegan":
                self.began = dict(line.data)
            case "RunEnded":
                self.ended = True
            case "WatchBegan":
                self.watched = True
            case "Decision":
                self.decisions.append((line.t_s, line.data["text"]))

    def _seen(self, item: str, architecture: str, phase: str) -> None:
        known = self.items.get(item)
        fresh = ItemResult(item, architecture, phase)
        self.items[item] = fresh if known is None else replace(known, architecture=architecture, phase=phase)

    def _stopped(self, item: str, line: Line) -> None:
        reason, who = line.data["rule"] or "", line.data["who"] or ""
        rule = by_id(reason)
        stage, remedy = (Stage.REPLICATION.value, rule.remedy) if rule else ("drill", "")
        message = line.data["why"].removesuffix(f"; {remedy}")  # of a stop without a rule both stand in the message
        self.items[item] = replace(self.items[item], stopped_by=reason, message=message, who=who)
        self.stops.append(Finding(reason, item, item, stage, STOPPED, message, remedy, line.t_s))


def result_from_history(path: Path) -> Result:
    """What the history tells, labelled as interrupted. Raises `BadInput` where it tells nothing."""
    notes, standing = list[str](), _Standing()
    lines = list(history_lines(path, notes))
    if not lines:
        raise BadInput(Mistake("", str(path), 0, _NOTHING))
    identity = read_identity(path.parent)
    judge = _judge(identity, lines)
    for line in lines:
        standing.on_line(line)
        judge.on_line(line)
    items, stops = tuple(standing.items.values()), tuple(standing.stops)
    found = judge.build_result(items, stops, standing.now_s, interrupted=True)
    return replace(
        found,
        surprises=(),
        checkers={name: violations for name, violations in found.checkers.items() if name not in OF_THE_PLAN},
        notes=(*_how(path, standing, identity), *_decisions(standing, found), *notes),
    )


def _how(path: Path, standing: _Standing, identity: Identity | None) -> tuple[str, ...]:
    if standing.watched:
        return (_WATCHED, _NOT_KNOWN)
    end = "which tells the end of the run" if standing.ended else f"which breaks off at line {standing.n}"
    read = f"Read from {path.name} alone, {end}: there is no result of this run."
    return (read, _NOT_KNOWN) if identity else (read, _NOT_KNOWN, _NO_IDENTITY)


def _decisions(standing: _Standing, found: Result) -> Iterator[str]:
    """What people wrote down, with the hour at which the night stood then."""
    began = in_zone(datetime.fromisoformat(found.starts_at), found.time_zone)
    for at_s, text in standing.decisions:
        yield f"Decided at {after(began, at_s):%a %H:%M}: {text}"


def _judge(identity: Identity | None, lines: Iterable[Line]) -> Judge:
    """One that expects nothing, and knows no estate."""
    if identity is not None:
        scenario = Scenario(
            identity.scenario,
            _nothing(),
            {},
            title=identity.title,
            seed=identity.seed,
            starts_at=in_zone(identity.starts_at, identity.time_zone),
            time_zone=identity.time_zone,
            file=identity.file,
            estate_file=identity.estate_file,
        )
        return Judge(scenario, identity.label, identity.world, dict(identity.versions))
    began = next((line.data for line in lines if line.name == "RunBegan"), {})
    name, seed = began.get("scenario"), began.get("seed")
    scenario = Scenario(
        name if isinstance(name, str) else UNKNOWN, _nothing(), {}, seed=seed if isinstance(seed, int) else 0
    )
    return Judge(scenario, UNKNOWN, UNKNOWN, {})


def _nothing() -> Estate:
    return Estate({}, Link(1.0))
