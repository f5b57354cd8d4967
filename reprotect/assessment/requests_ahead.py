"""The requests that still lie ahead of each machine, with the values that the drill would send."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate
from failback.reprotect.item import LEGS, Operation, Phase
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan

from .request_defaults import RequestDefaults

HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES
WAY: Final = (
    Operation.FAILOVER,
    HOMEWARD,
    Operation.FAILBACK,
    Operation.COMMIT_FAILBACK,
    Operation.REPROTECT_TO_AZURE,
)
"""The operations on the way home that rules bite on, in order."""
AT_HOME: Final = phase_row(Phase.REPLICATING_TO_AZURE)
"""Where a machine counts as standing of which nobody says it: the whole way lies ahead."""
_BY_PLAN_ALONE: Final = frozenset({Operation.FAILOVER, Operation.FAILBACK, Operation.COMMIT_FAILBACK})


@dataclass(frozen=True, slots=True)
class RequestAhead:
    """One request that lies ahead. `begun`: its job is over and only its replication goes on."""

    operation: Operation
    choices: Choices
    begun: bool = False


class RequestsAhead:
    """The requests of each machine. Those of some operations depend on the plan alone, so machines share them."""

    def __init__(self, estate: Estate, plan: Plan) -> None:
        self._plan, self._defaults = plan, RequestDefaults(estate, plan)
        self._shared: dict[tuple[Operation, object], RequestAhead] = {}
        self._architectures = {name: vm.architecture for name, vm in estate.virtual_machines.items()}

    def all(self, phases: Mapping[str, Phase]) -> Mapping[str, tuple[RequestAhead, ...]]:
        """Those of all machines, by where they stand."""
        return {name: self.of(name, phases.get(name)) for name in self._architectures}

    def of(self, name: str, phase: Phase | None) -> tuple[RequestAhead, ...]:
        """Those of a machine that stands here."""
        now = AT_HOME if phase is None else phase_row(phase)
        left = LEGS[now.legs_behind :]
        ahead = [self._one(name, operation) for operation in WAY if operation in left]
        begun = [RequestAhead(HOMEWARD, self._defaults.choose(name, HOMEWARD), begun=True)] if now.is_target else []
        return (*begun, *ahead)

    def _one(self, name: str, operation: Operation) -> RequestAhead:
        if operation not in _BY_PLAN_ALONE or name in self._plan.item_choices:
            return RequestAhead(operation, self._defaults.choose(name, operation))
        key = operation, self._architectures[name]
        if key not in self._shared:
            self._shared[key] = RequestAhead(operation, self._defaults.choose(name, operation))
        return self._shared[key]
