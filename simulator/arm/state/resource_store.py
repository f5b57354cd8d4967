"""The store behind `resources`: one for each mock."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from failback.simulator.arm.wire.response import Json


@dataclass(slots=True)
class ResourceStore:
    """What was made (path to properties) and what was removed. Paths are in lower case; `names` has their own case."""

    made: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    of_items: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Settings of items by name: keys of their providerSpecificDetails."""
    actions: dict[str, list[Json]] = field(default_factory=dict)
    """Groups of recovery plans by name, as they were sent."""
    endings: dict[str, str] = field(default_factory=dict)
    """How jobs are said to have succeeded, by id, where it is not plainly."""
