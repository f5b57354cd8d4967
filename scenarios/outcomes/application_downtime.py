"""How long an application is down: in the wave in which that is longest, and how much longer that is than it may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario

from .allowed_downtime import allowed_s

Span: TypeAlias = tuple[float, float]
"""From when to when, in seconds after the start of the way home."""
_SECOND: Final = 1.0
"""A lateness of less is none: durations are told in minutes."""


@dataclass(frozen=True, slots=True)
class ApplicationDowntime:
    """One application. `by_wave`: from its first machine in that wave to its last, checked.

    Between two waves nothing of it fails back. `allowed_s`: the shortest that any of its machines may be down, in
    whatever wave it is; None where nobody said.
    """

    by_wave: Mapping[str, Span]
    allowed_s: float | None

    @property
    def longest_s(self) -> float:
        """In the wave in which it is down longest."""
        return max((ends_s - begins_s for begins_s, ends_s in self.by_wave.values()), default=0.0)

    @property
    def late_by_s(self) -> float:
        """How much longer that is than it may be."""
        late_s = 0.0 if self.allowed_s is None else self.longest_s - self.allowed_s
        return late_s if late_s >= _SECOND else 0.0


def late_in_the_slowest(
    scenario: Scenario, one: Application, runs: Sequence[Mapping[str, Span]], waves: Mapping[str, str]
) -> ApplicationDowntime | None:
    """The run in which it is late most, or else down longest. None without runs."""
    downs = [application_downtime(scenario, one, downs, waves) for downs in runs]
    return max(downs, key=lambda down: (down.late_by_s, down.longest_s), default=None)


def application_downtime(
    scenario: Scenario, one: Application, downs: Mapping[str, Span], waves: Mapping[str, str]
) -> ApplicationDowntime:
    """Of the machines in `downs`, each with its span; `waves`: machine -> its wave."""
    found: dict[str, Span] = {}
    for name in one.machines:
        if name in downs and name in waves:
            begins_s, ends_s = found.get(waves[name], downs[name])
            found[waves[name]] = (min(begins_s, downs[name][0]), max(ends_s, downs[name][1]))
    machines = scenario.estate.virtual_machines
    allowed = (allowed_s(scenario, machines[name]) for name in one.machines if name in machines)
    return ApplicationDowntime(found, min((limit for limit in allowed if limit is not None), default=None))
