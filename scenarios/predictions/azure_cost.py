"""What the stay in Azure costs while the machines come home, at the scenario's prices."""

from failback.scenarios.files.schema import Prices
from failback.scenarios.outcomes.answers import Answer


def has_prices(prices: Prices) -> bool:
    """Whether anybody wrote prices down."""
    return prices.machine_per_h > 0 or prices.egress_per_gib > 0


def azure_cost(answer: Answer, prices: Prices) -> float | None:
    """Machines until each is shut down for its failback, and the data that leaves Azure; None: one never came home."""
    if answer.home_s is None:
        return None
    hours = sum(answer.home_s if item.failback_s is None else item.failback_s for item in answer.items) / 3600
    return hours * prices.machine_per_h + sum(item.transferred_gib for item in answer.items) * prices.egress_per_gib
