"""What the failure of one machine means for others: nothing, or that those of its wave, or all, begin nothing more."""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.reprotect.item import Operation
from failback.reprotect.plan import OnFailure, Plan

from .item_drill import CalledOff, DrillState, ItemDrill, Stop
from .waves import Waves

BEGINNINGS: Final = frozenset({Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK})
"""Operations that are begun no more, nor in a wave that has closed. The rest finish what has begun."""
STOP_POLICY: Final = "stop_policy"
"""The reason of a stop by it."""
_DECIDED: Final = frozenset({"skipped", "abandoned", "wave_closed", STOP_POLICY})
"""Reasons that are decisions and no failures; so are the gates of a plan."""
_BEFORE: Final = frozenset({DrillState.READY, DrillState.AT_GATE, DrillState.WAITING, DrillState.LINED_UP})
"""States in which the next operation was not requested yet."""
_ALL: Final = ""


class StopPolicy:
    """Remembers what has been halted, by the name of the wave."""

    def __init__(self, plan: Plan) -> None:
        self._policy = plan.on_failure
        self._decided = _DECIDED | {gate.name for gate in plan.gates}
        self._halted: dict[str, Stop] = {}

    def stop_of(self, wave: str) -> Stop | None:
        """Why a machine of this wave begins nothing more, if it does not."""
        return self._halted.get(_ALL) or self._halted.get(wave)

    def halts(self, item: ItemDrill, waves: Waves) -> bool:
        """Whether the end of this item halts others that were not halted before."""
        if self._policy is OnFailure.GO_ON or item.stopped is None or item.stopped.reason in self._decided:
            return False
        wave = waves.name_of(item.item)
        if self.stop_of(wave) is not None:
            return False
        whole = self._policy is OnFailure.STOP_ALL
        self._halted[_ALL if whole else wave] = _stop(item, item.stopped, "" if whole else f" of wave {wave}")
        return True

    def called_off(self, items: Mapping[str, ItemDrill], waves: Waves) -> Iterator[CalledOff]:
        """Those that would begin something next, and do not any more."""
        for item in items.values():
            stop = self.stop_of(waves.name_of(item.item))
            begins = item.leg is not None and item.leg.operation in BEGINNINGS and item.state in _BEFORE
            if stop is not None and begins:
                yield CalledOff(item.item, stop)


def _stop(item: ItemDrill, cause: Stop, whose: str) -> Stop:
    then = f"the plan says that the machines{whose} then start no further operation"
    why = f"{item.item} has stopped ({cause.reason}), and {then}"
    return Stop(STOP_POLICY, why, cause.who, f"decide about {item.item}, then bring the others home in another run")
