"""Owners who are called out of bed: their application fails back, or is checked before its commit, at night."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import when_words

from .application_downtime import Span
from .hours_of_day import NIGHT, is_at_night

NIGHT_WORDS: Final = f"{NIGHT[0]}:00 and {NIGHT[1]:02}:00"


@dataclass(frozen=True, slots=True)
class NightCall:
    """Of the machines of one application in one wave. `begins`: the first is stopped; `ends`: the last is checked."""

    application: Application
    begins: datetime
    ends: datetime

    def words(self, near: datetime) -> str:
        """Whom, and when."""
        return f"{self.application.name} ({self.application.owner or self.application.phone}) {self.when(near)}"

    def when(self, near: datetime) -> str:
        """From when to when."""
        return f"{when_words(self.begins, near)} to {when_words(self.ends, near)}"


def night_calls(scenario: Scenario, downs: Mapping[str, Span], waves: Mapping[str, str]) -> Iterator[NightCall]:
    """Applications with an owner whose failback or check is at night; none where nobody told when it begins.

    `downs`: machine -> from when to when it is down; `waves`: machine -> its wave.
    """
    if scenario.start_is_example:
        return
    for one in scenario.applications:
        own = [name for name in one.machines if name in downs] if one.owner or one.phone else []
        for wave in dict.fromkeys(waves[name] for name in own):
            mine = [downs[name] for name in own if waves[name] == wave]
            begins = after(scenario.starts_at, min(begins_s for begins_s, _ in mine))
            ends = after(scenario.starts_at, max(ends_s for _, ends_s in mine))
            if is_at_night(begins) or is_at_night(ends):
                yield NightCall(one, begins, ends)
