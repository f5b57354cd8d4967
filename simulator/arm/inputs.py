"""The log of what came in from outside: with what the world is made of, it gives the same world again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from failback.simulator import WorldSpec


@dataclass(frozen=True, slots=True)
class Input:
    """One request that could change the world, at its virtual second. GETs are here when they made the clock jump."""

    at_s: float
    method: str
    url: str
    body: bytes = b""

    def as_json(self) -> Mapping[str, Any]:
        """For people and the control plane."""
        return {"at_s": self.at_s, "method": self.method, "url": self.url, "body": self.body.decode(errors="replace")}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A mock's whole state: what its world is made of, its first clock, what came in, the virtual second, its epoch."""

    spec: WorldSpec
    clock: str
    inputs: tuple[Input, ...]
    now_s: float
    epoch: datetime
