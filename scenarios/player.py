"""Plays a scenario in a world: composes the ports, drives the drill, writes the history and gives the result."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from failback.adapters.redaction import redacted
from failback.reprotect import Drill, History, Line, Operation
from failback.simulator import World
from failback.simulator.parameters import SlotsHeldUntil

from .calm_memory import calm_memory
from .confirmation import CONFIRMED, Confirmation, ConfirmedRemedies
from .driver import Driver, Ports
from .installed import installed
from .interrupts import EndedWhole
from .judge import Judge
from .labels import calibration_words
from .operator import Operator, ScriptedOperator
from .result import Result
from .schema import Scenario

LABELS: Final = {"sim": "simulation", "lab": "lab", "azure": "live"}
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


def play(
    scenario: Scenario,
    *,
    world: str = "sim",
    seed: int | None = None,
    hear: Callable[[Line], None] | None = None,
    operator: Operator | None = None,
    settings: Any = None,
    confirmation: Confirmation | None = None,
    meet: Callable[[World], None] | None = None,
    broken_off: Callable[[Result], None] | None = None,
) -> Result:
    """Play `scenario` in world sim, lab or azure. `hear` gets each history line as it happens.

    `confirmation` says what a remedy may touch in world azure; nothing when left out.
    `meet` gets the simulated world before the run begins, never a real one: keep it, and after the run ask it for
    `replicated()` (bytes scanned and transferred, RPO) and, if you told it to `watch_load()`, for `utilisation()`.

    `broken_off` gets the result of what was done when an error ends the run, before that error is raised.

    Raises `failback.reprotect.Unreachable` when an endpoint of the world cannot be reached, `Interrupted` on Ctrl-C.
    """
    chosen = scenario if seed is None else replace(scenario, seed=seed)
    judge = Judge(chosen, LABELS[world], world, _versions(chosen, world))
    history = History(_both(judge.hear, hear))
    drill = Drill(chosen.estate, chosen.plan, _SLOTS_FREE_AFTER[chosen.site.slots_held_until])
    asked = operator or ScriptedOperator(chosen.operator)
    begun: list[Driver] = []
    try:
        with calm_memory(), EndedWhole(_worlds()[world](chosen, history, asked, settings)) as found:
            ports = _confirmed(found, world, confirmation or Confirmation())
            if meet is not None and ports.world is not None:
                meet(ports.world)
            history.note(0.0, "RunBegan", {"scenario": chosen.name, "seed": chosen.seed})
            subjects = (*chosen.estate.recovery_plans, *chosen.estate.virtual_machines)
            begun.append(Driver(drill, subjects, ports, history))
            begun[0].run()
            history.note(begun[0].now_s, "RunEnded", {"scenario": chosen.name})
            return judge.result(drill, begun[0].now_s)
    except KeyboardInterrupt:
        if begun:
            raise Interrupted(judge.result(drill, begun[0].now_s, interrupted=True)) from None
        raise
    except Exception:
        if begun and broken_off is not None:
            broken_off(judge.result(drill, begun[0].now_s, interrupted=True))
        raise


def _confirmed(ports: Ports, world: str, confirmation: Confirmation) -> Ports:
    """Where things are real, nothing is touched that nobody has named."""
    if world not in CONFIRMED:
        return ports
    return replace(ports, remedies=ConfirmedRemedies(ports.remedies, confirmation))


def _both(first: Callable[[Line], None], second: Callable[[Line], None] | None) -> Callable[[Line], None]:
    if second is None:
        return first

    def hear(line: Line) -> None:
        first(line)
        second(line)

    return hear


def _versions(scenario: Scenario, world: str) -> dict[str, str]:
    """What made the numbers; where they are modelled, also whence the model has its own."""
    versions = {name: installed(name) for name in VERSIONS}
    return versions if world == "azure" else {**versions, "numbers": calibration_words(scenario)}


def _worlds() -> dict[str, Callable[..., Any]]:
    from .worlds import azure, lab, sim

    return {"sim": sim, "lab": lab, "azure": azure}


@contextmanager
def history_file(folder: Path | None, *, at_once: bool = True) -> Iterator[Callable[[Line], None] | None]:
    """A sink that writes each line to `folder`/history.jsonl as it happens.

    `at_once`: no line waits in memory, as a run needs that touches something real; a simulation can be played again.
    """
    if folder is None:
        yield None
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "history.jsonl").open("w", encoding="utf-8", newline="\n") as file:

        def write(line: Line) -> None:
            file.write(redacted(line.as_json()) + "\n")
            if at_once:
                file.flush()

        yield write
