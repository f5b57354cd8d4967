"""A night that somebody else runs, in virtual time: the drill goes on, and at set seconds somebody looks at its vault.

The vault is the mock in this process, reached by the adapters, so each look is made of real requests.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from failback.adapters import AzureSettings, VaultLook, WatchedVault
from failback.adapters.watched_vault import ALL
from failback.reprotect import AskOperator, History, Line, OperatorAnswered, VmFacts
from failback.scenarios import Scenario, play
from failback.scenarios.outcomes.people import Team
from failback.scenarios.run.worlds import spec_of
from failback.scenarios.watching.clock import NightClock
from failback.scenarios.watching.planned import planned_way
from failback.scenarios.watching.record import Record
from failback.scenarios.watching.recorder import Recorder
from failback.scenarios.watching.standing import Watched
from failback.scenarios.watching.watch import Watch
from failback.simulator import World
from failback.simulator.arm import ArmMock, mock

SETTINGS = AzureSettings("s", "g", "v", credential="token", token="t", reads_per_s=1e6)


def settings_of(arm: ArmMock) -> AzureSettings:
    return replace(SETTINGS, subscription=arm.subscription, resource_group=arm.resource_group, vault=arm.vault_name)


class Looking:
    """Answers like the people of the scenario, and calls `look` every so many seconds."""

    def __init__(self, scenario: Scenario, every_s: float, look: Callable[[float], None]) -> None:
        self._team, self._every_s, self._look, self._next_s = Team(scenario), every_s, look, 0.0

    def ask(self, question: AskOperator, now_s: float) -> None:
        self._team.ask(question, now_s)

    @property
    def next_s(self) -> float:
        return min(self._next_s, self._team.next_s)

    def answers(self, now_s: float) -> Sequence[OperatorAnswered]:
        if now_s >= self._next_s:
            self._next_s = now_s + self._every_s
            self._look(now_s)
        return self._team.answers(now_s)


class Vault:
    """What a watch looks through, and how many requests each look took. `before`: what happens before each arrives."""

    def __init__(self, arm: ArmMock, names: Sequence[str], plans: Sequence[str] = ()) -> None:
        self.arm, self.vault = arm, WatchedVault(settings_of(arm), names, plans)
        self.asked: list[list[str]] = []
        self.broken: Exception | None = None
        self.before: Callable[[str], None] = lambda _: None
        self.site: dict[str, VmFacts] | None = None
        handle = arm.handle

        def heard(method: str, url: str, headers: Any, body: bytes) -> Any:
            self.asked[-1].append(f"{method} {url.split('?')[0].rsplit('/vaults/', 1)[-1]}")
            self.before(url)
            return handle(method, url, headers, body)

        arm.handle = heard  # type: ignore[method-assign]

    def look(self, reads_max: int = ALL) -> VaultLook:
        self.asked.append([])
        if self.broken is not None:
            raise self.broken
        return self.vault.look(reads_max)

    def look_on_site(self, names: Any) -> tuple[dict[str, VmFacts] | None, str]:
        return self.site, ""


def watch_over(
    scenario: Scenario, vault: Vault, zero: datetime, sink: Callable[[Line], None] | None = None, **how: Any
) -> Watch:
    """A watch of this vault whose night begins at `zero`; nobody sleeps."""
    record = Record(tuple(scenario.estate.virtual_machines))
    recorder = Recorder(record, History(sink, exact=True), zero)
    watched = Watched(scenario, "lab", planned_way(scenario, zero), {})
    return Watch(
        vault, recorder, watched, NightClock(zero, 0.0), 60.0, **{"sleep": lambda _: None, "predicts": False, **how}
    )


def watched_drill(scenario: Scenario, every_s: float, look: Callable[[ArmMock, float], None]) -> Any:
    """Play the scenario; `look` is called with the mock over its world. Returns the result of the drill."""
    found: list[ArmMock] = []

    def on_world(world: World) -> None:
        found.append(ArmMock(world, epoch=scenario.starts_at, clock="step"))

    with mock_of_all(found):
        return play(scenario, operator=Looking(scenario, every_s, lambda s: look(found[0], s)), on_world=on_world)


class mock_of_all:
    """The in-process door for a mock that is made later."""

    def __init__(self, found: list[ArmMock]) -> None:
        self._found = found

    def handle(self, *request: Any) -> Any:
        return self._found[0].handle(*request)

    def __enter__(self) -> None:
        self._door = mock(self)  # type: ignore[arg-type]  # it is asked for nothing but `handle`
        self._door.__enter__()

    def __exit__(self, *ended: Any) -> None:
        self._door.__exit__(*ended)


def still(scenario: Scenario) -> ArmMock:
    """A mock whose time stands still."""
    return ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock="step")


__all__ = ["Vault", "still", "watch_over", "watched_drill"]
