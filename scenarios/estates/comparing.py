"""What changed between two estates: parts, facts, findings, and which machines need to be verified again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from failback.reprotect import Estate, Unknown
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.files.schema import SECTIONS
from failback.scenarios.judging.check import Report, Status

from .unique_names import fit
from .users import LINK, Part, users_of

_SKIPPED: Final = ("name",)
ADDED: Final = "added"
REMOVED: Final = "removed"
"""What is said of a part that came or went."""
FindingKey = tuple[str, str, str]
"""Status, rule and machine of a finding."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one part. `fact` empty: the part itself came or went."""

    section: str
    name: str
    fact: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it; nothing in it means that the estates are the same to every rule."""

    changes: tuple[Change, ...]
    came: tuple[FindingKey, ...]
    went: tuple[FindingKey, ...]
    used_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Changed part that machines share, as `section name` -> the machines that use it, before or after."""

    @property
    def to_verify(self) -> tuple[str, ...]:
        """Machines that are still there and of which what was rehearsed need not hold any more."""
        named = dict.fromkeys([*self.themselves, *(name for names in self.used_by.values() for name in names)])
        return tuple(name for name in named if name not in self.removed)

    @property
    def themselves(self) -> tuple[str, ...]:
        """Of these, the machines with a changed fact or finding of their own."""
        changed = [change.name for change in self.changes if change.section == "virtual_machines"]
        named = dict.fromkeys([*changed, *(item for _, _, item in (*self.came, *self.went))])
        return tuple(name for name in named if name not in self.removed)

    @property
    def removed(self) -> frozenset[str]:
        """Machines that are there no more."""
        gone = (each for each in self.changes if each.section == "virtual_machines" and not each.fact)
        return frozenset(each.name for each in gone if each.after == REMOVED)

    def __bool__(self) -> bool:
        return bool(self.changes or self.came or self.went)


def compared(before: str, after: str) -> Difference:
    """Compare two estate or scenario files, each judged by itself. Raises `BadInput`."""
    old, new = (run_check(CheckRequest(file)) for file in (before, after))
    changes = tuple(changes_of(old.located.scenario.estate, new.located.scenario.estate))
    had, has = _findings(old.report), _findings(new.report)
    found = Difference(changes, tuple(sorted(has - had)), tuple(sorted(had - has)))
    return replace(found, used_by=dict(_users(found, old.report, new.report)))


def _users(found: Difference, old: Report, new: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    before, after = (users_of(report.estate, report.plan) for report in (old, new))
    for part in dict.fromkeys((change.section, change.name) for change in found.changes):
        names = dict.fromkeys((*before.get(part, ()), *after.get(part, ())))
        still = tuple(name for name in names if name not in found.removed)
        if still:
            yield _part_words(part), still


def _part_words(part: Part) -> str:
    return part[0] if part == LINK else " ".join(part)


def changes_of(old: Estate, new: Estate) -> Iterator[Change]:
    """Parts in the order of the sections, each section in the order of names."""
    for section in SECTIONS:
        here, there = getattr(old, section), getattr(new, section)
        for name in sorted({*here, *there}):
            if name not in here or name not in there:
                yield Change(section, name, after=ADDED if name in there else REMOVED)
            else:
                yield from _facts(section, here[name], there[name])
    yield from _facts("link", old.link, new.link)
    for fact in ("recovery_plans_known", "servers_known"):
        before, after = getattr(old, fact), getattr(new, fact)
        if before != after:
            yield Change("estate", "", fact, words(before), words(after))


def _facts(section: str, old: Any, new: Any) -> Iterator[Change]:
    name = getattr(old, "name", section)
    yield from (Change(section, name, *difference) for difference in _differences(old, new))


def _differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Facts that differ, those of a part of a part by their path, such as `azure.running`."""
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if (each.name in _SKIPPED and not path) or before == after:
            continue
        if type(before) is type(after) and hasattr(before, "__dataclass_fields__"):
            yield from _differences(before, after, f"{path}{each.name}.")
        else:
            yield f"{path}{each.name}", words(before), words(after)


def words(value: Any) -> str:
    """A value in one line, as an estate file has it."""
    if isinstance(value, Unknown) or value is None:
        return "unknown" if isinstance(value, Unknown) else "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return fit(", ".join(f"{key}: {words(each)}" for key, each in value.items()))
    if isinstance(value, tuple | list | set | frozenset):
        return fit("[" + ", ".join(map(words, value)) + "]")
    if hasattr(value, "__dataclass_fields__"):
        told = {f.name: getattr(value, f.name) for f in fields(value)}
        return fit("{" + ", ".join(f"{k}: {words(v)}" for k, v in told.items() if not isinstance(v, Unknown)) + "}")
    return fit(str(getattr(value, "value", value)))


def _findings(report: Report) -> set[FindingKey]:
    return {(each.status.value, each.requirement.id, each.item) for each in report.of(*Status)}
