"""Machines that belong together."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from .facts import STRICT


@dataclass(frozen=True)
class ReplicationGroup:
    """A multi-VM consistency group."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class RecoveryPlan:
    """A recovery plan: groups run in order, the items of a group in parallel; at most 100 instances."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    groups: tuple[tuple[str, ...], ...]

    @cached_property
    def items(self) -> frozenset[str]:
        """All of its machines."""
        return frozenset(name for group in self.groups for name in group)
