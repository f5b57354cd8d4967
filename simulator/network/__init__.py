"""Bandwidth, shared max-min fairly over routes of links: `finish_times` by itself, `Network` in a running site."""

from .finish import Flow, fair_rates, finish_times
from .live import Network
from .load import Load
from .rate_classes import Route
from .schedule import CapacitySchedule, Scaled, Schedule, as_schedule, shares_of
from .transfer import Transfer

__all__ = [
    "CapacitySchedule",
    "Flow",
    "Load",
    "Network",
    "Route",
    "Scaled",
    "Schedule",
    "Transfer",
    "as_schedule",
    "fair_rates",
    "finish_times",
    "shares_of",
]
