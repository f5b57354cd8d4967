"""What is checked, and what the checks share: names of sections, ways through a file, the nearest name."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, TypeAlias

from failback.reprotect import Choices
from failback.scenarios.files.schema import SECTIONS, EstateFile, ScenarioFile
from failback.scenarios.files.yaml_source import KeyPath

LintFinding: TypeAlias = tuple[KeyPath, str]
"""Where, and what is wrong there with what to do."""
Reference: TypeAlias = tuple[KeyPath, str, tuple[str, ...]]
"""Where a name stands, the name, and the sections that may have it."""
VMS: Final = ("virtual_machines",)
PARTS: Final = tuple(s for s in SECTIONS if s not in ("replication_groups", "recovery_plans"))
"""Sections whose parts a fault may change."""
IN_VSPHERE: Final = ("virtual_machines", "master_targets", "appliances")
"""Sections whose parts are virtual machines on site."""
COUNT: Final = "virtual_machines[].count"
"""Among the refused sections: a count was refused, so that nobody knows the machines' names."""
RULE_ID: Final = re.compile(r"[A-Z][0-9]{2}|[0-9]{3,6}")
"""A letter and two digits, or the vendor's error code where a rule is known by that alone."""
REASON: Final = re.compile(RULE_ID.pattern + r"|[A-Z]+-[A-Z0-9-]+|[a-z]+(_[a-z]+)*")
"""A rule, an error code of ours, or a word of the drill."""
_NAMES_COMPARED_MAX: Final = 2000


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked. Parts that the schema refused are not in `file`; nothing is said because of their absence."""

    file: ScenarioFile
    estate: EstateFile
    duration_keys: frozenset[str]
    refused_names: frozenset[str] = frozenset()
    refused_sections: frozenset[str] = frozenset()

    def names(self, *sections: str) -> tuple[str, ...]:
        """Names of the parts in these sections, in order."""
        return tuple(part.name for section in sections for part in getattr(self.estate, section))


Check: TypeAlias = Callable[[Subject], Iterator[LintFinding]]


def all_choices(file: ScenarioFile) -> Iterator[tuple[KeyPath, Choices]]:
    """What a plan chooses: for all items, and for single ones."""
    yield ("plan", "choices"), file.plan.choices
    for item, choices in file.plan.item_choices.items():
        yield ("plan", "item_choices", item), choices


def plan_instances(estate: EstateFile) -> Iterator[tuple[KeyPath, str]]:
    """Each place of an item in a recovery plan."""
    for index, plan in enumerate(estate.recovery_plans):
        for number, group in enumerate(plan.groups):
            for place, name in enumerate(group):
                yield ("estate", "recovery_plans", index, "groups", number, place), name


def repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Names that stood there before, with their places."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield index, name
        seen.add(name)


def listed(sections: tuple[str, ...]) -> str:
    """Sections, as one reads them."""
    return " or ".join(sections) if len(sections) < len(PARTS) else "the estate"


def nearest(name: str, names: Iterable[str]) -> str:
    """What may have been meant, or what to do."""
    near = get_close_matches(name, list(names)[:_NAMES_COMPARED_MAX], n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else "; use a name that the estate has"
