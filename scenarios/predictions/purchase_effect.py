"""What one lever changes: when everything is home with it, and what becomes of the recovery targets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .promises import KeptPromise
from .purchase import Purchase
from .sampling import Share


@dataclass(frozen=True, slots=True)
class PurchaseEffect:
    """One lever, per case: how many seconds sooner everything is home, and in how many runs in time then.

    `targets` are the recovery targets of each case, in the order of the scenario: without the lever and with it, in
    the same runs.
    """

    purchase: Purchase
    sooner_s: Mapping[str, float | None]
    in_time: Mapping[str, Share]
    end_s: float | None = None
    """When everything is home with it in the first case, in seconds after the start, as sure as was asked."""
    targets: Mapping[str, tuple[tuple[KeptPromise, KeptPromise], ...]] = field(default_factory=dict)
