"""The two simulated worlds: each gives a driver its ports and takes everything down that it started."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from failback.reprotect import History
from failback.reprotect.driver import Operator, Ports
from failback.scenarios.files.schema import Scenario
from failback.simulator import Fault, World, WorldClock, WorldRemedies, WorldSpec, WorldVault

from .added_disks import with_added_disks
from .lab_client import MOCK, lab_outside, lab_ports
from .shared_uuids import shared_by_file
from .vcsim_overrides import VcsimOverrides, of_concern, overrides_of

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, VsphereSession, VsphereSettings
    from failback.simulator.arm import ArmMock, Served


OnWorld: TypeAlias = Callable[[World], None]
"""Gets the world before the run begins."""


class FaultRecorder:
    """Writes each fault that fires into the history."""

    def __init__(self, history: History) -> None:
        self._history = history

    def __call__(self, fault: Fault, now_s: float) -> None:
        """One fault fired."""
        data = {"kind": fault.kind, "object": fault.object, "facts": fault.facts}
        self._history.add(now_s, "fault", "FaultFired", None, data)


def spec_of(scenario: Scenario) -> WorldSpec:
    """What the simulator needs of a scenario."""
    week_s = week_seconds(scenario.starts_at)
    made = scenario.estate, scenario.durations, scenario.site, scenario.faults, scenario.seed
    return WorldSpec(*made, week_s, scenario.plan)


def week_seconds(instant: datetime) -> float:
    """Seconds since Monday 00:00 on the clock that the instant was written with."""
    day = timedelta(days=instant.weekday(), hours=instant.hour, minutes=instant.minute, seconds=instant.second)
    return day.total_seconds()


@contextmanager
def sim(scenario: Scenario, history: History, operator: Operator, on_world: OnWorld) -> Iterator[Ports]:
    """All in memory."""
    world = World(spec_of(scenario), record=FaultRecorder(history))
    clock = WorldClock(world, scenario.poll_s)
    on_world(world)
    shared = partial(shared_by_file, scenario.estate)
    yield Ports(clock, WorldVault(world), world.vsphere, operator, WorldRemedies(world), shared)


@contextmanager
def lab(scenario: Scenario, history: History, operator: Operator, on_world: OnWorld) -> Iterator[Ports]:
    """The real Azure SDK over TLS to the ASR mock, real pyvmomi to a real vcsim; the control API moves time.

    Where FAILBACK_MOCK names a mock that runs already, that one, and the vcsim on which it acts.
    """
    if MOCK in os.environ:
        with lab_outside(scenario, operator) as ports:
            yield ports
        return
    from failback.simulator.arm import serve

    with lab_site(scenario, record=FaultRecorder(history)) as site, serve(site.mock) as served:
        on_world(site.world)
        with lab_ports(lab_settings(site.mock, served), site.session, operator, scenario) as ports:
            yield ports


class LabSite(NamedTuple):
    """A mock whose site acts on a vcsim."""

    world: World
    mock: "ArmMock"
    session: "VsphereSession"


@contextmanager
def lab_site(scenario: Scenario, clock: str = "step", **options: Any) -> Iterator[LabSite]:
    """A vcsim with the scenario's estate, and a mock over a world that acts on it. `record` gets its faults."""
    from failback.adapters import DATACENTER, VsphereHands, find_vcsim, open_vcsim
    from failback.simulator.arm import ArmMock

    recorded = {name: options.pop(name) for name in ("record",) if name in options}
    source = find_vcsim()
    runs_already = source.url is not None
    with (
        open_vcsim(source, DATACENTER) as vsphere,
        site_in_vcsim(scenario, vsphere, keep_added_disks=runs_already) as session,
        overrides_of(scenario, session) as overrides,
    ):
        estate = with_added_disks(scenario.estate, session) if runs_already else scenario.estate
        world = World(spec_of(replace(scenario, estate=estate)), hands=VsphereHands(overrides.session), **recorded)
        world.site.on_change(partial(_say_changes, world, overrides))
        mock = ArmMock(world, epoch=scenario.starts_at, clock=clock, **options)
        yield LabSite(world, mock, overrides.session)


def _say_changes(world: World, overrides: VcsimOverrides, changed: str) -> None:
    """What the vcsim cannot hold has changed in the world: from its next answer on, vCenter says so too."""
    if of_concern(world.site.estate, changed):
        overrides.say(world.site.estate)


@contextmanager
def site_in_vcsim(
    scenario: Scenario, vsphere: "VsphereSettings", *, keep_added_disks: bool = False
) -> Iterator["VsphereSession"]:
    """A session on a vcsim that has the scenario's estate, as a drill begins it. Raises `ReadOnly` for no simulator."""
    from failback.adapters import VsphereSession, build_estate, reset_estate

    with VsphereSession(vsphere) as session:
        session.guard.refuse_live(f"the estate of {scenario.name}")
        build_estate(session, scenario.estate)
        reset_estate(session, scenario.estate, keep_added_disks=keep_added_disks)
        yield session


def lab_settings(mock: "ArmMock", served: "Served") -> "AzureSettings":
    """How the adapters reach a mock that is served here."""
    from failback.adapters import AzureSettings

    return AzureSettings(
        mock.subscription,
        mock.resource_group,
        mock.vault_name,
        served.base_url,
        credential="token",
        token="lab",
        ca_file=_text(served.ca_file),
    )


def _text(path: object) -> str | None:
    return None if path is None else str(path)
