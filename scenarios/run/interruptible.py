"""A clock that lets no time pass once the run was interrupted."""

from dataclasses import dataclass

from failback.reprotect import Clock
from failback.scenarios.interrupts import raise_if_lost


@dataclass(slots=True)
class InterruptibleClock:
    """A world's clock. A driver that comes back to it after an interrupt did not hear it: a library kept it."""

    clock: Clock

    def now(self) -> float:
        """The instant now."""
        return self.clock.now()

    def wait(self, until_s: float) -> tuple[float, frozenset[str] | None]:
        """Let time pass. Raises `KeyboardInterrupt` where one came before."""
        raise_if_lost()
        return self.clock.wait(until_s)
