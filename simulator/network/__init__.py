"""Bandwidth, shared max-min fairly over routes of links: `finish_times` by itself, `Network` in a running site."""

from .finish import Flow, fair_rates, finish_times
from .live import Network
from .rate_classes import Route
from .schedule import CapacitySchedule, Schedule
from .transfer import Transfer

__all__ = ["CapacitySchedule", "Flow", "Network", "Route", "Schedule", "Transfer", "fair_rates", "finish_times"]
