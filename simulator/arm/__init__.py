"""The ASR mock: Azure Site Recovery's ARM surface over a simulated world, for this process or for anybody with HTTP."""

from .coverage import coverage_page
from .door.certificates import NotWritten, is_foreign
from .door.handler import ArmMock
from .door.http_workers import Limits
from .door.inprocess import mock
from .door.same_origin import LOOPBACK
from .door.server import Served, serve
from .routes import ROUTES, Route
from .state.clock_mode import ClockMode, Mode, clock_mode
from .state.consistency import lag_of
from .state.inputs import Input, Snapshot
from .state.mock_state import WorldSpecLoader
from .wire.response import Response
from .wire.unserved import UNSERVED

__all__ = [
    "LOOPBACK",
    "ROUTES",
    "UNSERVED",
    "ArmMock",
    "ClockMode",
    "Input",
    "Limits",
    "Mode",
    "NotWritten",
    "Response",
    "Route",
    "Served",
    "Snapshot",
    "WorldSpecLoader",
    "clock_mode",
    "coverage_page",
    "is_foreign",
    "lag_of",
    "mock",
    "serve",
]
