"""How a world begins with machines on their way: each stands in the phase that the estate says, with what is so then.

What a file cannot say is assumed, and `docs/start-in-the-middle.md` says what: a job has run and a resync has done what
the estate says, the agent is registered, what was asked is what the plan would ask for now.
"""

from typing import Final

from failback.reprotect import (
    LEGS,
    Architecture,
    Move,
    Operation,
    Phase,
    PhaseRow,
    Plan,
    Replica,
    Side,
    asked_before,
    known,
    phase_row,
    rests_at,
    runs_on_site,
    through,
    under_way,
)

from .actions import FAILBACK_SNAPSHOT, make_anew, promise_room, replica_made, set_azure
from .job_tasks import job_kind
from .mobility_agent import register_agent
from .parameters import SlotsHeldUntil
from .protected_disks import homeward_disks
from .protected_item import ProtectedItem
from .resync import replicate_on
from .vault import SimulatedVault

_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES
_BOOTS: Final = (Operation.FAILOVER, Operation.FAILBACK)
_SNAPSHOTS: Final = {Architecture.CLASSIC: (), Architecture.MODERNISED: (FAILBACK_SNAPSHOT,)}
"""Snapshots that a failback leaves on the machine until it is committed (A12)."""
_SLOTS_FREE_AFTER: Final = {
    SlotsHeldUntil.FAILBACK: Operation.FAILBACK,
    SlotsHeldUntil.FAILBACK_COMMIT: Operation.COMMIT_FAILBACK,
}


class Beginning:
    """Puts the machines of one vault where the estate says that they stand."""

    def __init__(self, vault: SimulatedVault, plan: Plan) -> None:
        self._vault, self._record, self._site, self._env = vault, vault.record, vault.site, vault.env
        self._asked = asked_before(vault.site.estate, plan)

    def play(self) -> None:
        """All of them, in the estate's order; nobody is told that anything has changed."""
        self._site.find_servers_off()
        for name in self._asked:
            item = self._vault.items[name]
            at, move = self._site.vm(name).at, under_way(item.architecture, self._site.vm(name).at)
            row = phase_row(rests_at(item.architecture, at))
            self._stand(item, row)
            self._go_on(item, at, move, row)
        self._record.take_changed()

    def _stand(self, item: ProtectedItem, row: PhaseRow) -> None:
        self._note_the_way_behind(item, row)
        self._return(item, row)
        self._on_site(item, row)
        self._in_azure(item, row)
        self._record.enter(item, row.phase)

    def _note_the_way_behind(self, item: ProtectedItem, row: PhaseRow) -> None:
        """Jobs and boots are counted, since what comes next draws its times by their number."""
        behind = LEGS[: row.legs_behind]
        for leg in behind:
            self._record.tries[item.name, job_kind(item.architecture, leg).scenario_name] += 1
        item.boots = sum(leg in _BOOTS for leg in behind)
        if behind:
            item.failed_over_s = 0.0
            self._agent(item)
        elif row.phase is not Phase.REPLICATING_TO_AZURE:
            item.tested_s = 0.0

    def _agent(self, item: ProtectedItem) -> None:
        """Registered, unless the estate says that it is not: then it registers, as after a boot."""
        if self._site.vm(item.name).agent_registered is not False:
            self._site.change(item.name, agent_registered=True)
            return
        item.boots -= 1
        self._env.process(register_agent(self._record, item))

    def _return(self, item: ProtectedItem, row: PhaseRow) -> None:
        """Through which servers it returns, and what of them it holds."""
        choices = self._asked[item.name].get(_HOMEWARD)
        if choices is None or row.legs_behind <= LEGS.index(_HOMEWARD):
            return
        item.choices, item.process_server = choices, choices.process_server
        item.homeward = homeward_disks(self._record, item)
        if not row.holds_slots:
            return
        item.disk_host = through(choices)
        item.alternate_location = self._site.vm(item.name).exists_on_premises is False
        free_after = _SLOTS_FREE_AFTER[self._site.parameters.slots_held_until]
        if item.disk_host and row.legs_behind <= LEGS.index(free_after):
            self._site.take_slots(item.name, item.disk_host, len(item.homeward))
        if row.runs is Side.SITE and not phase_row(self._site.vm(item.name).at).fails_back:
            self._site.hold_memory(item.name)  # a failback that is cancelled gives none back: it was never counted

    def _on_site(self, item: ProtectedItem, row: PhaseRow) -> None:
        hands, vm = self._site.hands, self._site.vm(item.name)
        if vm.exists_on_premises is False and item.homeward:
            make_anew(self._record, item)
        if row.is_target and item.disk_host:
            hands.attach_disks(item.name, item.disk_host)
        if row.ends is Operation.FAILBACK:
            self._leave_snapshots(item)
        seen = hands.look([item.name]).get(item.name)
        wanted = bool(vm.powered_on) if known(vm.powered_on) else runs_on_site(item.architecture, row.phase)
        if seen is not None and seen.powered_on is not wanted:
            (hands.power_on if wanted else hands.power_off)(item.name)
        self._site.refresh(item.name)

    def _leave_snapshots(self, item: ProtectedItem) -> None:
        seen = self._site.hands.look([item.name]).get(item.name)
        for name in _SNAPSHOTS[item.architecture]:
            if seen is not None and name not in seen.snapshots:
                self._site.hands.take_snapshot(item.name, name)

    def _in_azure(self, item: ProtectedItem, row: PhaseRow) -> None:
        if row.replica is Replica.PRESENT:
            replica = replica_made(self._site.vm(item.name).azure, is_first=True)
            self._site.change(item.name, azure=replica)
            if row.runs is Side.SITE:
                set_azure(self._record, item, running=False)
        elif row.legs_behind:
            set_azure(self._record, item, running=False, exists=False)

    def _go_on(self, item: ProtectedItem, at: Phase, move: Move | None, row: PhaseRow) -> None:
        """The job or the resync that is under way, or the replication of what changes."""
        if row.holds_slots and not row.resyncs:
            replicate_on(self._record, item, runs=row.replicates)
            self._record.review_replication(item.name)
        if phase_row(at).fails_back and self._site.vm(item.name).powered_on is True:
            self._record.set_health(item, None)  # the failback has booted it
        if move is not None and move.running is at:
            choices = self._asked[item.name][move.operation]
            item.job_behind_s = self._site.vm(item.name).job_running_s
            self._vault.begin(item, move.operation, choices, None, unchecked=True)
        elif move is not None:
            self._resync(item, move)

    def _resync(self, item: ProtectedItem, move: Move) -> None:
        item.resync_done = self._site.vm(item.name).resync_done_fraction
        if move.operation is _HOMEWARD:
            promise_room(self._site, item, item.choices.datastore or "", 1.0 - item.resync_done)
        kind = job_kind(item.architecture, move.operation)
        assert kind.afterwards is not None
        self._env.process(kind.afterwards(self._record, item, move))
