"""What drives a drill in any world: it performs, waits, reads and tells. Nothing else in the rules knows of it."""

from .driver import Driver, Ports
from .legs import WATCHED_JOB, WATCHED_SERVERS, Leg, LegReader
from .operator import NotAsked, Operator
from .replay import Diverged, Recorded, Replay

__all__ = [
    "WATCHED_JOB",
    "WATCHED_SERVERS",
    "Diverged",
    "Driver",
    "Leg",
    "LegReader",
    "NotAsked",
    "Operator",
    "Ports",
    "Recorded",
    "Replay",
]
