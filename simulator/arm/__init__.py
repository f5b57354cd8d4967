"""The ASR mock: Azure Site Recovery's ARM surface over a simulated world, for this process or for anybody with HTTP."""

from .certificates import NotWritten, is_foreign
from .clock_mode import ClockMode, Mode, clock_mode
from .consistency import lag_of
from .coverage import coverage_page
from .handler import ArmMock
from .http_workers import Limits
from .inprocess import mock
from .inputs import Input, Snapshot
from .mock_state import WorldSpecLoader
from .response import Response
from .routes import ROUTES, Route
from .same_origin import LOOPBACK
from .server import Served, serve
from .unserved import UNSERVED

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
