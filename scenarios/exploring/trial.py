"""One drill in a simulated world in which things go wrong for the program: it dies and is resumed, replies are lost.

The driver and the drill are thrown away at a crash, and so is what the adapters knew; the world lives on.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from failback.reprotect import DrillState, History, Line, Phase
from failback.reprotect.driver import Driver, Ports, Replay
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outputs.run_folders.journal import replayed
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.player import drill_of, subjects_of
from failback.scenarios.run.staffing import staffed, with_staffing
from failback.scenarios.run.worlds import FaultRecorder, spec_of
from failback.simulator import Fault, World, WorldClock, WorldRemedies

from .case import Case, Crash, Kept, Loss, Sight
from .disturbed_vault import DisturbedVault, Unreadable
from .memory_journal import MemoryJournal, read
from .verdict import (
    ENDS_THE_SAME,
    LEFT_BEHIND,
    RESUMABLE,
    SENT_TWICE,
    Ends,
    Verdict,
    compared,
    left_behind,
    of_history,
    sent_twice,
)

_HOME: Final = DrillState.HOME.value
LIVES_MAX: Final = 20
"""More crashes than this are none: something resumes for ever."""


class Died(BaseException):
    """The program is dead. No handler of errors may catch that."""

    def __init__(self, crash: Crash) -> None:
        self.crash = crash
        super().__init__(f"died at step {crash.at}")


class Trial:
    """Plays a scenario. `at_step`, `at_request` and `at_read` are asked before each of these what goes wrong there."""

    def __init__(
        self,
        scenario: Scenario,
        at_step: Callable[[int], Crash | None],
        at_request: Callable[[int], Loss | None],
        undisturbed: Ends | None = None,
        at_read: Callable[[int], Sight | None] = lambda _: None,
    ) -> None:
        self._scenario, self._undisturbed = scenario, undisturbed
        self._at_step, self._at_request, self._at_read = at_step, at_request, at_read
        self._steps = self._requests = self._reads = 0
        self._copies: set[int] = set()
        self._record = FaultRecorder(History())
        self._world = World(spec_of(scenario), record=lambda fault, now_s: self._tell(fault, now_s))
        self._journal = MemoryJournal(self._step)
        self._earlier: list[Line] = []
        self._replay = Replay(drill_of(scenario), ())

    def run(self) -> Verdict:
        """To the end of the last life."""
        why: tuple[str, ...] = ()
        crash = None
        for _ in range(LIVES_MAX):
            try:
                crash = self._live(crash)
            except Exception as broken:  # whatever it is, it was lost
                why = (f"{type(broken).__name__}: {broken}",)
                break
            if crash is None:
                break
        return self._verdict(why)

    def read_again(self) -> None:
        """Read the journal, as those do that are disturbed later: their beginnings are the same, and are remembered."""
        read(bytes(self._journal.content))

    def _live(self, crash: Crash | None) -> Crash | None:
        """One life: from the beginning, or from what the crash before left. Returns the crash that ends it."""
        try:
            self._begin_or_resume(crash)
        except Died as died:
            return died.crash
        except Unreadable as ended:
            return Crash(self._steps, Kept.ALL, ended.down_s)
        return None

    def _begin_or_resume(self, crash: Crash | None) -> None:
        if crash is not None:
            self._after(crash)
        history = History(self._journal.write, self._journal.sync, last_n=self._replay.last_n, exact=True)
        self._record = FaultRecorder(history)
        if not self._replay.last_n:
            history.note(0.0, "RunBegan", {"scenario": self._scenario.name, "seed": self._scenario.seed})
        Driver(self._replay.drill, subjects_of(self._scenario), self._ports(), history).resume(self._replay)

    def _after(self, crash: Crash) -> None:
        self._record = FaultRecorder(History())  # nobody is there to write down what happens
        self._world.catch_up(self._world.env.now + crash.down_s)
        found = self._journal.after_crash(crash.keeps)
        journal, self._replay = replayed(read(found), self._scenario)
        self._journal = MemoryJournal(self._step, found[: journal.size_bytes])
        self._earlier = [one.line for one in journal.lines]

    def _ports(self) -> Ports:
        vault = DisturbedVault(self._world, self._request, self._copies, self._read)
        clock = WorldClock(self._world, self._scenario.poll_s)
        scripted = ScriptedOperator(self._scenario.operator)
        operator = staffed(with_staffing(self._scenario), scripted, self._scenario.starts_at)
        return Ports(clock, vault, self._world.vsphere, operator, WorldRemedies(self._world))

    def _tell(self, fault: Fault, now_s: float) -> None:
        self._record(fault, now_s)

    def _step(self) -> None:
        self._steps += 1
        if (crash := self._at_step(self._steps)) is not None:
            raise Died(crash)

    def _request(self) -> Loss | None:
        self._step()
        self._requests += 1
        return self._at_request(self._requests)

    def _read(self) -> Sight | None:
        self._reads += 1
        return self._at_read(self._reads)

    def _verdict(self, why: tuple[str, ...]) -> Verdict:
        lines = [*self._earlier, *self._journal.lines]
        ends = {
            item.item: _end(item.state, item.phase.value, item.stopped) for item in self._replay.drill.items.values()
        }
        violations = {
            **of_history(lines, self._scenario.plan),
            SENT_TWICE: tuple(sent_twice(self._world, self._copies)),
            LEFT_BEHIND: tuple(left_behind(self._world)),
            RESUMABLE: why,
            ENDS_THE_SAME: () if self._undisturbed is None or why else compared(ends, self._undisturbed),
        }
        ended_s, expected = lines[-1].t_s if lines else 0.0, frozenset(self._scenario.expect.violations)
        return Verdict(violations, ends, self._steps, self._requests, ended_s, expected=expected, reads=self._reads)


def _end(state: DrillState, phase: str, stopped: object) -> str:
    reason = getattr(stopped, "reason", "")
    return f"{state.value} in {phase}" + (f" by {reason}" if reason else "")


def played(case: Case, scenario: Scenario, undisturbed: Ends | None = None) -> Verdict:
    """Play this case of a scenario that is loaded."""
    crashes = {crash.at: crash for crash in case.crashes}
    losses = {lost.at: lost.how for lost in case.lost_replies}
    reads = {read.at: read.how for read in case.bad_reads}
    return Trial(case.of(scenario), crashes.get, losses.get, undisturbed, reads.get).run()


def undisturbed(scenario: Scenario) -> Verdict:
    """The same drill with nothing in its way; its ends are those that the scenario expects, where it names them."""
    trial = Trial(scenario, lambda _: None, lambda _: None)
    verdict = trial.run()
    trial.read_again()
    expected = {name: scenario.ending(name) for name in scenario.estate.virtual_machines}
    named = {name: f"{_HOME} in {end.value}" for name, end in expected.items() if isinstance(end, Phase)}
    return replace(verdict, ends={**verdict.ends, **named})
