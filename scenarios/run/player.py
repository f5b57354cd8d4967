"""Plays a scenario in a world: composes the ports, drives the drill, writes the history and gives the result."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from failback.reprotect import Drill, History, Line, Operation
from failback.reprotect.driver import Driver, Operator, Ports, Recorded, Replay
from failback.scenarios.files.schema import Scenario
from failback.scenarios.gc_tuning import gc_tuning
from failback.scenarios.installed import installed
from failback.scenarios.interrupts import ShieldedContext, shielded
from failback.simulator import reachable
from failback.simulator.parameters import SlotsHeldUntil

from .confirmation import CONFIRMED, Confirmation, ConfirmedRemedies
from .consent import Consent
from .fault_facts import checked_faults
from .interruptible import InterruptibleClock
from .judge import Judge, Unjudged
from .labels import calibration_words
from .operator import ScriptedOperator
from .result import Result
from .shared_uuids import note_shared_uuids
from .staffing import staffed, with_staffing

if TYPE_CHECKING:
    from failback.simulator import World

LABELS: Final = {"sim": "simulation", "lab": "lab", "azure": "mock"}
"""Without consent, world azure refuses to run where an endpoint is live: what ran there ran against simulators."""
LIVE: Final = "live"
"""With consent, it refuses to run where none is: what ran there ran against something live."""
DURABLE: Final = frozenset({"lab", "azure"})
"""Worlds outside this process: what was asked of them is on the disk before it is asked, and can be taken up again."""
_SLOTS_FREE_AFTER: Final = {
    SlotsHeldUntil.FAILBACK: Operation.FAILBACK,
    SlotsHeldUntil.FAILBACK_COMMIT: Operation.COMMIT_FAILBACK,
}
"""What the site does and the drill expects is one reading."""
VERSIONS: Final = ("failback", "simpy", "networkx", "pyvmomi", "azure-mgmt-recoveryservicessiterecovery")


class Interrupted(KeyboardInterrupt):
    """The run was interrupted; what was done is in the result. Who does not care for that sees a Ctrl-C."""

    def __init__(self, result: Result) -> None:
        self.result = result
        super().__init__("the run was interrupted")


class RunAborted(Exception):
    """Something ended the run: an endpoint that was lost, a disk that is full. What was done is in the result."""

    def __init__(self, result: Result, cause: Exception) -> None:
        self.result, self.cause = result, cause
        super().__init__(f"the run was aborted: {cause}")


def play(
    scenario: Scenario,
    *,
    world: str = "sim",
    seed: int | None = None,
    on_line: Callable[[Line], None] | None = None,
    sync: Callable[[], None] | None = None,
    operator: Operator | None = None,
    settings: Any = None,
    confirmation: Confirmation | None = None,
    consent: Consent | None = None,
    on_world: Callable[["World"], None] | None = None,
    recorded: Sequence[Recorded] = (),
    began_s: float = 0.0,
    only: Collection[str] | None = None,
) -> Result:
    """Play `scenario` in world sim, lab or azure. `on_line` gets each history line as it happens.

    `sync`: called when lines must outlast a power cut; `confirmation`, `consent`: what azure may touch, if it is live.
    `on_world` gets the simulated world before the run begins, never a real one: keep it, and after the run ask it for
    `replicated()` (bytes scanned and transferred, RPO) and, if you told it to `watch_load()`, for `utilisation()`.
    `recorded`: lines of an earlier run that goes on here, at `began_s` on the clock of world azure. `only`: the lines
    that `on_line` needs; then no others are made, and the run is not judged.
    Raises `UsageError`, `Unreachable`, `Interrupted` (Ctrl-C), `RunAborted` (anything else), `Diverged` (`recorded`).
    """
    chosen = with_staffing(checked_faults(scenario if seed is None else replace(scenario, seed=seed)))
    judge = _judge(chosen, world, only, label_of(world, consent))
    replay = _replayed(chosen, recorded, judge)
    history = _history(replay, world, _both(judge.on_line, on_line), sync, only)
    asked = staffed(chosen, operator or ScriptedOperator(chosen.operator), _second_zero(chosen, world, began_s))
    place = _opened(world, chosen, history, asked, settings, on_world or _ignore_world, began_s, consent)
    with _kept_through_the_end() as end, gc_tuning(), ShieldedContext(place) as found:
        ports = _guarded(found, world, confirmation or Confirmation())
        driver = Driver(replay.drill, subjects_of(chosen), ports, history)
        with _told_when_broken(end, driver, lambda: judge.result(replay.drill, driver.now_s, interrupted=True)):
            _drive(driver, history, chosen, replay, ports)
            history.note(driver.now_s, "RunEnded", {"scenario": chosen.name})
            end.result = judge.result(replay.drill, driver.now_s)
    assert end.result is not None
    return end.result


def label_of(world: str, consent: Consent | None) -> str:
    """What a run in this world is called wherever it is shown."""
    return LIVE if consent is not None and consent.is_given else LABELS[world]


def _history(
    replay: Replay,
    world: str,
    sink: Callable[[Line], None],
    sync: Callable[[], None] | None,
    only: Collection[str] | None,
) -> History:
    """It goes on where the replayed one ends."""
    heard = None if only is None else frozenset(only) | Unjudged.listens_to
    return History(sink, sync, last_n=replay.last_n, last_s=replay.now_s, exact=world in DURABLE, only=heard)


def _judge(scenario: Scenario, world: str, only: Collection[str] | None, label: str) -> Judge | Unjudged:
    """Who reads the run; nobody judges one of which only some lines are made."""
    reads = Judge if only is None else Unjudged
    return reads(scenario, label, world, versions_of(scenario, world))


def drill_of(scenario: Scenario) -> Drill:
    """A fresh drill of the scenario."""
    estate = replace(scenario.estate, reachable=reachable(scenario.estate))
    return Drill(estate, with_staffing(scenario).plan, _SLOTS_FREE_AFTER[scenario.site.slots_held_until])


def _second_zero(scenario: Scenario, world: str, began_s: float) -> datetime:
    """The instant of virtual second 0: as the scenario says, or by the clock on the wall."""
    if world != "azure":
        return scenario.starts_at
    return datetime.now(scenario.starts_at.tzinfo) - timedelta(seconds=began_s)


def subjects_of(scenario: Scenario) -> tuple[str, ...]:
    """What a driver reads, in order: plans before their machines."""
    return (*scenario.estate.recovery_plans, *scenario.estate.virtual_machines)


def _replayed(scenario: Scenario, recorded: Sequence[Recorded], judge: Judge | Unjudged) -> Replay:
    replay = Replay(drill_of(scenario), recorded)
    for one in recorded:
        judge.on_line(one.line)
    return replay


def _drive(driver: Driver, history: History, scenario: Scenario, replay: Replay, ports: Ports) -> None:
    """From the start, or from where another run has left it."""
    if replay.last_n:
        driver.resume(replay)
    else:
        history.note(0.0, "RunBegan", {"scenario": scenario.name, "seed": scenario.seed})
        note_shared_uuids(history, ports, scenario.estate, 0.0)
        driver.run()


@dataclass(slots=True)
class _End:
    """The result, once there is one."""

    result: Result | None = None


@contextmanager
def _told_when_broken(end: _End, driver: Driver, told: Callable[[], Result]) -> Iterator[None]:
    """What was done is told where something breaks the run off, unless nothing was asked yet."""
    try:
        yield
    except (KeyboardInterrupt, Exception) as broken:
        if isinstance(broken, KeyboardInterrupt) or driver.has_begun:
            with shielded():
                end.result = told()
        raise


@contextmanager
def _kept_through_the_end() -> Iterator[_End]:
    """What was done is told whatever ends the run, also where the world fails once more while it is taken down."""
    end = _End()
    try:
        yield end
    except KeyboardInterrupt as pressed:
        if end.result is None:
            raise
        raise Interrupted(end.result) from pressed
    except Exception as broken:
        if end.result is None:
            raise
        raise RunAborted(end.result, broken) from broken


def _guarded(ports: Ports, world: str, confirmation: Confirmation) -> Ports:
    """Where things are real, nothing is touched that nobody has named; no time passes after an interrupt."""
    ports = replace(ports, clock=InterruptibleClock(ports.clock))
    if world not in CONFIRMED:
        return ports
    return replace(ports, remedies=ConfirmedRemedies(ports.remedies, confirmation))


def _both(first: Callable[[Line], None], second: Callable[[Line], None] | None) -> Callable[[Line], None]:
    if second is None:
        return first

    def on_line(line: Line) -> None:
        first(line)
        second(line)

    return on_line


def versions_of(scenario: Scenario, world: str) -> dict[str, str]:
    """What made the numbers; where they are modelled, also whence the model has its own."""
    versions = {name: installed(name) for name in VERSIONS}
    return versions if world == "azure" else {**versions, "numbers": calibration_words(scenario)}


def _opened(
    world: str,
    scenario: Scenario,
    history: History,
    operator: Operator,
    settings: Any,
    on_world: Callable[["World"], None],
    began_s: float,
    consent: Consent | None,
) -> AbstractContextManager[Ports]:
    """A world that stands until the context ends. Production imports nothing that simulates."""
    if world == "azure":
        from .world_azure import azure

        return azure(scenario, history, operator, settings, began_s, consent)
    from .worlds import lab, sim

    return {"sim": sim, "lab": lab}[world](scenario, history, operator, on_world)


def _ignore_world(world: "World") -> None:
    """Nobody asks the simulated world anything."""
