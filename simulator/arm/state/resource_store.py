"""The store behind `resources`: one for each mock."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from failback.simulator.arm.wire.response import Json


@dataclass(slots=True)
class ItemSettings:
    """What clients set of one item: by the keys that show it."""

    details: dict[str, Json] = field(default_factory=dict)
    home: dict[str, Json] = field(default_factory=dict)
    """The same on the way home, where the item shows other keys."""
    nic: dict[str, Json] = field(default_factory=dict)
    disks: dict[int, dict[str, Json]] = field(default_factory=dict)
    policies: dict[bool, str] = field(default_factory=dict)
    """The policy's name of each direction: True of the way home."""
    recovery_point: str | None = None
    """The id of the recovery point that was chosen after a failover."""


@dataclass(slots=True)
class PlanSettings:
    """What clients set of one recovery plan besides its items: its own keys, and the actions of its groups by type."""

    shown: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, list[Json]] = field(default_factory=dict)
    machine_ids: dict[str, str | None] = field(default_factory=dict)
    """The virtualMachineId that was sent for each item, by the item's name."""


@dataclass(slots=True)
class ResourceStore:
    """What was made (path to properties) and what was removed. Paths are in lower case; `names` has their own case."""

    made: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    of_items: dict[str, ItemSettings] = field(default_factory=dict)
    """Settings of items by name."""
    plans: dict[str, PlanSettings] = field(default_factory=dict)
    """Settings of recovery plans by name."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Addresses of physical machines that clients made known, by name."""
    neighbours: dict[str, Json] = field(default_factory=dict)
    """Resources outside the vault that clients PUT, by their id in lower case."""
    log: list[Json] = field(default_factory=list)
    """Entries of the activity log, in order."""
    tests: dict[str, dict[str, Json]] = field(default_factory=dict)
    """What a test failover or its cleanup was asked with, by the job's id and the keys that show it."""
    endings: dict[str, str] = field(default_factory=dict)
    """How jobs are said to have succeeded, by id, where it is not plainly."""

    def of_plan(self, name: str) -> PlanSettings:
        """The settings of one plan, to be read or changed."""
        return self.plans.setdefault(name, PlanSettings())

    def of_item(self, name: str) -> ItemSettings:
        """The settings of one item, to be read or changed."""
        return self.of_items.setdefault(name, ItemSettings())
