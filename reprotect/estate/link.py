"""The link between Azure and the site."""

from dataclasses import dataclass
from math import inf
from typing import Any, ClassVar, Final

from failback.reprotect.item import Unknown

from .facts import STRICT

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """A time in which only a share of a link's bandwidth is available; 0 is a maintenance window."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    share: float
    """Available share, 0 to 1."""
    from_s: float = 0.0
    """Virtual second at which it begins."""
    to_s: float | None = None
    """Virtual second at which it ends; never when left out."""
    every_s: float | None = None
    """Seconds after which it begins again, such as 86400 for every day."""

    def __post_init__(self) -> None:
        end_s = inf if self.to_s is None else self.to_s
        if not (0 <= self.share <= 1 and 0 <= self.from_s < end_s <= (self.every_s or inf)):
            found = f"found a share of {self.share:g} from {self.from_s:g} s to {end_s:g} s"
            raise ValueError(
                f"{found}; a throttle leaves a share from 0 to 1 and ends after it began, before it recurs"
            )


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours of the week in which only a share of a link's bandwidth is available."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    share: float
    """Available share, 0 to 1."""
    days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    """Days on which they begin."""
    from_hour: float = 8.0
    """Hour of the day at which they begin, 0 to 24."""
    to_hour: float = 18.0
    """Hour at which they end; at or before `from_hour`: on the next day."""

    def __post_init__(self) -> None:
        hours = 0 <= self.from_hour <= 24 and 0 <= self.to_hour <= 24
        if not (0 <= self.share <= 1 and hours and self.days and set(self.days) <= set(DAYS)):
            raise ValueError(
                f"working hours have a share from 0 to 1, hours from 0 to 24 and days of {', '.join(DAYS)}"
            )


@dataclass(frozen=True)
class Link:
    """The way between Azure and the site: VPN or ExpressRoute private peering (N01)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    bandwidth_mbit_per_s: float
    """Bandwidth in Mbit/s (decimal) in each direction; `bandwidth_to_azure_mbit_per_s` overrides it for one."""
    kind: str | Unknown = "vpn"
    """vpn or expressroute_private."""
    up: bool | Unknown = True
    """Whether it exists and is up (R01)."""
    forward: str | Unknown = "public"
    """Route of the replication to Azure: public, microsoft_peering, private_endpoints or vpn (N02)."""
    schedule: tuple[Throttle, ...] = ()
    """Times at which only a share of the bandwidth is available: throttling, maintenance windows."""
    working_hours: tuple[WorkingHours, ...] = ()
    """Hours of the week in which only a share of the bandwidth is available, by the clock of `starts_at`."""
    bandwidth_to_azure_mbit_per_s: float | None = None
    """Bandwidth for replication to Azure, Mbit/s; by default `bandwidth_mbit_per_s` [inferred: full duplex]."""
