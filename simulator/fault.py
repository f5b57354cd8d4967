"""What may go wrong on site or in the vault, as data: what happens, to which object, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any, ClassVar, Final

from failback.reprotect import Operation, Phase

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


MADE_TO_FAIL: Final = "The task was made to fail."
"""The message where a scenario gives none."""


@unique
class FaultKind(Enum):
    """Kinds of fault. All but `change_facts` and those on jobs act through vSphere, in `lab` through a real client."""

    CHANGE_FACTS = "change_facts"
    TAKE_SNAPSHOT = "take_snapshot"
    REMOVE_SNAPSHOTS = "remove_snapshots"
    POWER_ON = "power_on"
    POWER_OFF = "power_off"
    DESTROY_VM = "destroy_vm"
    FAIL_JOB = "fail_job"
    CANCEL_JOB = "cancel_job"


@dataclass(frozen=True, slots=True)
class Trigger:
    """When an item enters a phase."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    item: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault or event."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    kind: FaultKind
    object: str
    """Name of the affected virtual machine or server; `link` for the link; for fail_job, the item."""
    at_s: float | None = None
    """Virtual second at which it happens; 0 when neither this nor `when` is given."""
    when: Trigger | None = None
    """Instead of `at_s`: when this item enters this phase."""
    after_s: float = 0.0
    """Virtual seconds after the trigger."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """change_facts: the facts' new values."""
    snapshot: str = "snapshot"
    """take_snapshot: the snapshot's name."""
    operation: Operation | None = None
    """fail_job: which operation's job."""
    task: str | None = None
    """fail_job: wire name of the task that fails; the first when left out."""
    code: str = "FB-INJECTED"
    """fail_job: error code."""
    message: str = MADE_TO_FAIL
    """fail_job: error message; where it is left out, that of a known code."""
    times: int = 1
    """fail_job: how many jobs fail before one succeeds."""
