"""Findings that somebody accepts, with a reason, a name and an end: they stay visible and counted.

An acceptance lets a check end with 0 where nothing else blocks. The verdict stays what it is, a run does not know of
it, and it never covers what the vendor documents as a refusal: that does not go away because somebody accepts it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from failback.reprotect import Certainty, applies, by_id, certainty_of
from failback.scenarios.files.yaml_source import BadInput, Mistake, Source, read_source
from failback.scenarios.judging.check import Report, Status

from .causes import Observed
from .told import ToldCause, told_causes

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}
_SHAPE: Final = "expected `accept:` with a list of entries, each with rule, object, reason, name and expires"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One entry of the file."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    rule: str
    object: str
    reason: str
    name: str
    expires: date


@dataclass(frozen=True, slots=True)
class _File:
    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    accept: tuple[Acceptance, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is covered: each observed object with its entry. `notes`: entries that cover nothing, and why."""

    told: tuple[ToldCause, ...]
    covered: Mapping[Observed, Acceptance]
    notes: tuple[str, ...]

    def of(self, told: ToldCause) -> Mapping[Acceptance, int]:
        """The entries that cover something of a cause, and how much."""
        found: dict[Acceptance, int] = {}
        for each in told.cause.observed:
            if each in self.covered:
                found[self.covered[each]] = found.get(self.covered[each], 0) + 1
        return found

    def still_blocks(self, *, unknown_blocks: bool) -> bool:
        """Whether anything stands in the way that nobody has accepted."""
        for told in self.told:
            stops = told.cause.status == Status.BLOCKS.value or (unknown_blocks and told.is_open_now)
            if stops and any(each not in self.covered for each in told.cause.observed):
                return True
        return False


def read_acceptances(path: str | Path) -> tuple[Acceptance, ...]:
    """Read the file. Raises `BadInput` with lines."""
    source = read_source(path)
    if source.mistakes:
        raise BadInput(*source.mistakes)
    try:
        found = _adapter().validate_python(source.data)
    except ValidationError as refused:
        raise BadInput(*(_mistake(source, error) for error in refused.errors(include_url=False))) from None
    if wrong := tuple(_senseless(source, found)):
        raise BadInput(*wrong)
    return found.accept


@cache
def _adapter() -> TypeAdapter[_File]:
    return TypeAdapter(_File)


def _mistake(source: Source, error: Any) -> Mistake:
    message = str(error["msg"]).removeprefix("Value error, ")
    path = tuple(step for step in error["loc"] if isinstance(step, str | int))
    return source.mistake(path, f"{message[:1].lower()}{message[1:]}; {_SHAPE}")


def _senseless(source: Source, found: _File) -> Iterator[Mistake]:
    for place, entry in enumerate(found.accept):
        if by_id(entry.rule) is None:
            text = f"there is no rule {entry.rule!r}; `failback explain` lists them"
            yield source.mistake(("accept", place, "rule"), text)
        for key in ("object", "reason", "name"):
            if not getattr(entry, key).strip():
                yield source.mistake(("accept", place, key), f"it is empty; {_SHAPE}")


def accepted(report: Report, entries: Sequence[Acceptance], today: date) -> Accepted:
    """What these entries cover today."""
    told, covered = told_causes(report), dict[Observed, Acceptance]()
    notes = [note for entry in entries if (note := _cover(report, told, entry, today, covered))]
    return Accepted(told, covered, tuple(notes))


def _cover(
    report: Report, causes: Sequence[ToldCause], entry: Acceptance, today: date, covered: dict[Observed, Acceptance]
) -> str:
    """Note what it covers; says why where that is nothing."""
    what = f"The acceptance of {entry.rule} for {entry.object} by {entry.name}"
    matched = [
        (told, each)
        for told in causes
        if told.cause.rule == entry.rule
        for each in told.cause.observed
        if entry.object in (each.object, each.item)
    ]
    if not matched:
        return f"{what} matches no finding; remove it."
    if entry.expires < today:
        return f"{what} expired on {entry.expires.isoformat()} and covers nothing."
    fit = [each for told, each in matched if not _is_documented_refusal(report, told, each)]
    covered.update(dict.fromkeys(fit, entry))
    if len(fit) < len(matched):
        return f"{what} covers {len(fit)} of {len(matched)} findings: a documented refusal cannot be accepted."
    return ""


def _is_documented_refusal(report: Report, told: ToldCause, each: Observed) -> bool:
    architecture = report.estate.virtual_machines[each.item].architecture
    sure = certainty_of(applies(told.requirement, architecture))
    return each.status == Status.BLOCKS.value and sure is Certainty.DOCUMENTED
