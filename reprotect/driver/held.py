"""What a run that goes on does not send any more: somebody told it so meanwhile, or the time for it has passed."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from failback.reprotect.commands import ApplyRemedy, Command, StartOperation, StartPlanOperation, VaultCommand
from failback.reprotect.decisions import Decided
from failback.reprotect.drill import Drill
from failback.reprotect.events import Instructed, Instruction, OperatorAnswered

Said: TypeAlias = OperatorAnswered | Instructed
Order: TypeAlias = Command | Decided
Request: TypeAlias = VaultCommand | ApplyRemedy
REQUESTS: Final = (StartOperation, StartPlanOperation, ApplyRemedy)
"""Commands that change something."""


def stops(said: Sequence[Said]) -> bool:
    """Whether one of these forbids requests that were decided before it: each does but to continue."""
    return any(isinstance(each, Instructed) and each.instruction is not Instruction.CONTINUE for each in said)


def requests_of(orders: Iterable[Order]) -> tuple[Request, ...]:
    """Those of them that change something."""
    return tuple(order for order in orders if isinstance(order, REQUESTS))


def held_back(orders: Sequence[Order], said: Sequence[Said], drill: Drill, now_s: float) -> tuple[Request, ...]:
    """Requests that were decided and may not have been sent. They are looked for, and not sent now."""
    requests = requests_of(orders)
    return requests if stops(said) else tuple(order for order in requests if drill.is_late(order, now_s))
