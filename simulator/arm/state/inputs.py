"""The log of what came in from outside: with what the world is made of, it gives the same world again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from failback.simulator import WorldSpec
from failback.simulator.arm.wire.paths import CONTROL


@dataclass(frozen=True, slots=True)
class Input:
    """One request that could change the world, at its virtual second. GETs are here when they made the clock jump."""

    at_s: float
    method: str
    url: str
    body: bytes = b""
    caller: str = ""
    """Who asked, where the mock has signed the token."""

    @property
    def is_about_time(self) -> bool:
        """Whether it steers the clock and does nothing else."""
        path = urlsplit(self.url).path.lower()
        pressed = path in ("", "/") and any(b"do=" + step in self.body for step in (b"step", b"minute", b"hour"))
        return pressed or path.startswith(f"{CONTROL}clock")

    def as_json(self) -> Mapping[str, Any]:
        """For people and the control API."""
        shown = {"at_s": self.at_s, "method": self.method, "url": self.url, "body": self.body.decode(errors="replace")}
        return shown | ({"caller": self.caller} if self.caller else {})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A mock's whole state: what its world is made of, its first clock, what came in, the virtual second, its epoch.

    `lag_s` is how late its reads are.
    """

    spec: WorldSpec
    clock: str
    inputs: tuple[Input, ...]
    now_s: float
    epoch: datetime
    lag_s: float = 0.0
