"""What drives a drill in any world: it performs, waits, reads and tells. Nothing else in the rules knows of it."""

from .driver import Driver, Ports
from .legs import Leg, LegReader
from .operator import Operator

__all__ = ["Driver", "Leg", "LegReader", "Operator", "Ports"]
