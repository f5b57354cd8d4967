"""A case: a scenario, what disturbs it besides, and where. Data only, kept as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum, unique
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.study.fewer_machines import with_machines
from failback.simulator import Fault

MARK: Final = "failback_case"


@unique
class Kept(Enum):
    """What a crash leaves of the history: what was synced, and any part of the rest."""

    SYNCED = "synced"
    ALL = "all"
    TORN = "torn"


@unique
class Loss(Enum):
    """What happens to one request on its way, or to its answer."""

    REPLY_LOST = "reply_lost"
    DUPLICATED = "duplicated"
    TIMED_OUT = "timed_out"
    CONFLICT_BEFORE = "409_before"
    CONFLICT_AFTER = "409_after"
    THROTTLED_BEFORE = "429_before"
    THROTTLED_AFTER = "429_after"
    ERROR_BEFORE = "500_before"
    ERROR_AFTER = "500_after"
    UNAVAILABLE_BEFORE = "503_before"
    UNAVAILABLE_AFTER = "503_after"


@unique
class Sight(Enum):
    """What happens to one read of the vault."""

    REVOKED = "credentials_revoked"
    RESTARTED = "simulator_restarted"
    UNKNOWN_WORD = "unknown_word"
    FIELDS_MISSING = "fields_missing"


@dataclass(frozen=True, slots=True)
class Crash:
    """The program dies before its step `at` (a line or a request), and another resumes it `down_s` later."""

    at: int
    keeps: Kept = Kept.ALL
    down_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LostReply:
    """The request number `at` goes wrong in this way."""

    at: int
    how: Loss


@dataclass(frozen=True, slots=True)
class BadRead:
    """The read number `at` goes wrong in this way."""

    at: int
    how: Sight


@dataclass(frozen=True, slots=True)
class Case:
    """What is played. `machines` None: all of the scenario. `checker`: the one that it failed, when it was found."""

    scenario: str
    seed: int | None = None
    machines: tuple[str, ...] | None = None
    faults: tuple[Fault, ...] = ()
    crashes: tuple[Crash, ...] = ()
    lost_replies: tuple[LostReply, ...] = ()
    bad_reads: tuple[BadRead, ...] = ()
    checker: str = ""
    failback_case: int = 1

    def load(self) -> Scenario:
        """The scenario that is disturbed. Raises `BadInput`."""
        return self.of(load_scenario(resolve(self.scenario)))

    def of(self, scenario: Scenario) -> Scenario:
        """The same of a scenario that is loaded already."""
        chosen = scenario if self.machines is None else with_machines(scenario, self.machines)
        seed = chosen.seed if self.seed is None else self.seed
        return replace(chosen, seed=seed, faults=(*chosen.faults, *self.faults))

    @property
    def steps(self) -> int:
        """How many things disturb it."""
        return len(self.faults) + len(self.crashes) + len(self.lost_replies) + len(self.bad_reads)


def as_text(case: Case) -> str:
    """The case as JSON."""
    return json.dumps(_plain(asdict(case)), indent=1, sort_keys=True) + "\n"


def read_case(path: Path) -> Case:
    """The case in this file. Raises `BadInput`."""
    try:
        return TypeAdapter(Case).validate_json(path.read_bytes())
    except (OSError, ValidationError) as broken:
        why = broken.strerror if isinstance(broken, OSError) else f"{broken.error_count()} values are missing or wrong"
        text = f"this is no case ({why}); expected a file that `failback explore --out` or `failback shrink` wrote"
        raise BadInput(Mistake("", str(path), 0, text)) from broken


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case Mapping():
            return {str(key): _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case _:
            return value
