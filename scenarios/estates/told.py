"""Facts with their files: several records about one part, laid over each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from failback.adapters.importing.records import Origin


@dataclass(slots=True)
class Told:
    """What is known of a part, and which file said it. Of two that say the same fact, the later wins."""

    facts: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def add(self, facts: Mapping[str, Any], origin: Origin) -> None:
        """Lay these facts over the others."""
        self.facts.update(facts)
        self.files.update(dict.fromkeys(facts, origin.file))

    def keep(self, allowed: frozenset[str]) -> None:
        """Drop what a part of its kind does not have."""
        self.facts = {fact: value for fact, value in self.facts.items() if fact in allowed}
        self.files = {fact: file for fact, file in self.files.items() if fact in self.facts}


@dataclass(frozen=True, slots=True)
class JoinedPart:
    """A part of the estate to be written."""

    section: str
    name: str
    told: Told
