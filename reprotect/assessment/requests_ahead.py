"""The requests that still lie ahead of each machine, with the values that the drill would send."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate
from failback.reprotect.evolve import evolved
from failback.reprotect.item import LEGS, Architecture, Operation, Phase
from failback.reprotect.lifecycle import under_way
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import Requirement, target_is_powered_off

from .begun import as_begun
from .request_defaults import RequestDefaults
from .server_weights import PassedOver

HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES
WAY: Final = (
    Operation.FAILOVER,
    HOMEWARD,
    Operation.FAILBACK,
    Operation.COMMIT_FAILBACK,
    Operation.REPROTECT_TO_AZURE,
)
"""The operations on the way home that rules bite on, in order."""
_BY_PLAN_ALONE: Final = frozenset({Operation.FAILOVER, Operation.FAILBACK, Operation.COMMIT_FAILBACK})


@dataclass(frozen=True, slots=True)
class RequestAhead:
    """One request that lies ahead. `begun`: only its replication goes on; `settled`: its resync is over.

    Once the resync is over, what is wrong with the replication shows in the health (F01), and no rule of the
    replication stops the machine but that it stays off (R33).
    """

    operation: Operation
    choices: Choices
    begun: bool = False
    settled: bool = False

    def stops_by(self, requirement: Requirement) -> bool:
        """Whether a rule of its replication, broken, keeps the machine from coming home.

        A machine that is on when its reprotect is asked, or runs, is turned off by the job (R32).
        """
        return not self.settled if requirement.predicate is not target_is_powered_off else self.begun


class RequestsAhead:
    """The requests of each machine. Those of some operations depend on the plan alone, so machines share them."""

    def __init__(self, estate: Estate, plan: Plan) -> None:
        self._plan, self.defaults = plan, RequestDefaults(estate, plan)
        self._begun = RequestDefaults(evolved(estate, room_promised={}), as_begun(estate, plan))
        self._shared: dict[tuple[Operation, object], RequestAhead] = {}
        self._machines = estate.virtual_machines
        self._architectures = {name: vm.architecture for name, vm in estate.virtual_machines.items()}

    def passed_over(self) -> tuple[PassedOver, ...]:
        """The servers that are passed over for a fit one or chosen for nobody, and the rules for which."""
        return self.defaults.passed_over_by_kind()

    def all(self, phases: Mapping[str, Phase] | None = None) -> Mapping[str, tuple[RequestAhead, ...]]:
        """Those of all machines, by where they stand: as somebody has seen them, else as the estate says."""
        seen = phases or {}
        return {name: self.of(name, seen.get(name, vm.at)) for name, vm in self._machines.items()}

    def of(self, name: str, phase: Phase) -> tuple[RequestAhead, ...]:
        """Those of a machine that stands here."""
        left = {*LEGS[phase_row(phase).legs_behind :], *self._job_of(self._architectures[name], phase)}
        ahead = [self._one(name, operation) for operation in WAY if operation in left]
        going_on = self._going_on(self._architectures[name], phase)
        settled = not phase_row(phase).resyncs
        begun = [RequestAhead(o, self._begun.choose(name, o), begun=True, settled=settled) for o in going_on]
        return (*begun, *ahead)

    def _job_of(self, architecture: Architecture, phase: Phase) -> Iterator[Operation]:
        """The operation whose job runs: its rules still bite, and where it fails it is asked for again."""
        move = under_way(architecture, phase)
        if move is not None and move.running is phase:
            yield move.operation

    def _going_on(self, architecture: Architecture, phase: Phase) -> Iterator[Operation]:
        """The reprotect whose job is over and whose replication goes on, if one does."""
        move = under_way(architecture, phase)
        if phase_row(phase).is_target:
            yield HOMEWARD
        elif move is not None and move.done is phase:
            yield move.operation

    def _one(self, name: str, operation: Operation) -> RequestAhead:
        if operation not in _BY_PLAN_ALONE or name in self._plan.item_choices:
            return RequestAhead(operation, self.defaults.choose(name, operation))
        key = operation, self._architectures[name]
        if key not in self._shared:
            self._shared[key] = RequestAhead(operation, self.defaults.choose(name, operation))
        return self._shared[key]
