"""Servers of an estate that are not well: repairing one comes before adding another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from failback.reprotect import Estate
from failback.scenarios.files.schema import Scenario

from .spreading import spread

_WELL: Final[Mapping[str, tuple[str, ...]]] = {
    "appliances": ("healthy",),
    "master_targets": ("up", "registered"),
    "process_servers": ("up", "registered"),
}
"""Section of the estate -> the facts of which one is false where a server of it is not well."""


def unwell(estate: Estate, section: str) -> tuple[str, ...]:
    """Its servers that are known not to be well; none of a section that has no servers."""
    facts = _WELL.get(section, ())
    parts: Mapping[str, Any] = getattr(estate, section) if facts else {}
    return tuple(name for name, part in parts.items() if any(getattr(part, fact) is False for fact in facts))


def with_repaired(scenario: Scenario, section: str) -> Scenario:
    """All servers of this section well, and used."""
    parts: Mapping[str, Any] = getattr(scenario.estate, section)
    well: dict[str, Any] = dict.fromkeys(_WELL[section], True)
    repaired = {name: replace(parts[name], **well) for name in unwell(scenario.estate, section)}
    changed: dict[str, Any] = {section: {**parts, **repaired}}
    return spread(replace(scenario, estate=replace(scenario.estate, **changed)))


def repair_words(estate: Estate, section: str) -> str:
    """What comes before another server of this section; empty where all are well."""
    names, what = unwell(estate, section), section.replace("_", " ").removesuffix("s")
    is_there = "it is there, and not well" if len(names) == 1 else "they are there, and not well"
    return f"Repair {', '.join(names)} before you add another {what}: {is_there}." if names else ""
