"""The ASR mock: Azure Site Recovery's ARM surface over a simulated world, for this process or for anybody with HTTP."""

from .clock_mode import ClockMode, Mode, clock_mode
from .consistency import lag_of
from .coverage import coverage_page
from .handler import ArmMock
from .inprocess import mock
from .inputs import Input, Snapshot
from .mock_state import WorldSpecLoader
from .response import Response
from .routes import ROUTES, Route
from .server import LOOPBACK, Served, serve
from .unserved import UNSERVED

__all__ = [
    "LOOPBACK",
    "ROUTES",
    "UNSERVED",
    "ArmMock",
    "ClockMode",
    "Input",
    "Mode",
    "Response",
    "Route",
    "Served",
    "Snapshot",
    "WorldSpecLoader",
    "clock_mode",
    "coverage_page",
    "lag_of",
    "mock",
    "serve",
]
