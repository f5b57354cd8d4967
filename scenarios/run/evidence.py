"""What an auditor asks of a run besides its end: on which estate, against which targets, who decided, what broke."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from failback.scenarios.files.schema import Target


@dataclass(frozen=True, slots=True)
class MachineEvidence:
    """One machine. `home_s` counts from the start of the way home; None where it was not measured, or never was so."""

    item: str
    tier: str
    wave: str
    home_s: float | None
    downtime_s: float | None
    rpo_s: float | None
    unprotected_s: float | None = None
    """How long nothing kept a recovery point of it up to date, all spans of the run together."""
    came_to_site: bool = True
    """Whether its last move ended on site; else `downtime_s` is only what had passed when the run ended."""


@dataclass(frozen=True, slots=True)
class WaveEvidence:
    """The windows that the plan gives one wave, in seconds after the start; None: it gives no such bound.

    Without `seed_opens_s` the wave does not seed ahead: it begins its reprotect when it may fail back.
    """

    name: str
    seed_opens_s: float | None
    seed_closes_s: float | None
    opens_s: float
    closes_s: float | None


@dataclass(frozen=True, slots=True)
class ApplicationEvidence:
    """One application. `down_s`: from the first shutdown in Azure until its last machine ran on site.

    None: one of its machines did not come to run on site. `longest_s`: the same within the wave in which that is
    longest, which is judged by `allowed_s`; None: it has no downtime of its own.
    """

    name: str
    items: tuple[str, ...]
    down_s: float | None
    longest_s: float | None = None
    allowed_s: float | None = None


@dataclass(frozen=True, slots=True)
class InputEvidence:
    """Something that the run was given, in words: what it is, and its value."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class ServerEvidence:
    """A master target or appliance, and what the plan sends through it; nothing where it is idle."""

    server: str
    machines: int
    disks: int
    gib: float


@dataclass(frozen=True, slots=True)
class EstateEvidence:
    """The estate in numbers."""

    gib: float
    disks: int
    bandwidth_mbit_per_s: float
    hosts: int
    datastores: int
    servers: tuple[ServerEvidence, ...]
    files: tuple[str, ...] = ()
    """The files that it was imported from, with their dates; none where it was written by hand."""


@dataclass(frozen=True, slots=True)
class GateEvidence:
    """One answer to one question, for all machines that had it. `by` says who gave it."""

    gate: str
    question: str
    answer: str
    by: str
    items: tuple[str, ...]
    first_s: float
    last_s: float


@dataclass(frozen=True, slots=True)
class FaultEvidence:
    """Something that went wrong on purpose; `at_s` None: it is written in the scenario and never happened."""

    kind: str
    object: str
    facts: str
    at_s: float | None
    name: str = ""
    """What happens, in words."""
    planned: str = ""
    """When the scenario wants it, in words."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it. `way_home_s` is when the way home began; None: it never did. `home_when`: when a machine is home."""

    way_home_s: float | None
    home_when: str
    estate: EstateEvidence
    machines: tuple[MachineEvidence, ...]
    targets: tuple[Target, ...] = ()
    gates: tuple[GateEvidence, ...] = ()
    faults: tuple[FaultEvidence, ...] = ()
    manual_steps: tuple[str, ...] = ()
    """What people do on machines, which `predict` counts and a run does not play."""
    applications: tuple[ApplicationEvidence, ...] = ()
    """Those that the scenario names; without them, downtime is that of single machines."""
    inputs: tuple[InputEvidence, ...] = ()
    """What else the run was given: plan, model, expectation, risks that the scenario takes."""
    waves: tuple[WaveEvidence, ...] = ()
    """The waves of the plan with their windows; none where all machines come home as one."""

    def as_json(self) -> dict[str, Any]:
        """The same in JSON's types."""
        found = _plain(self)
        assert isinstance(found, dict)
        return found


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return [_plain(part) for part in value]
        case Mapping():
            return dict(value)
        case float():
            return round(value, 6)
        case _ if hasattr(value, "__slots__"):
            return {name: _plain(getattr(value, name)) for name in value.__slots__}
        case _:
            return value
