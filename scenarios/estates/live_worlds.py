"""Where a live import reads: a vault and a vCenter that the settings name, or a mock and a vcsim with a scenario."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from failback.adapters.importing.records import Reading
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.run.lab_client import settings_outside
from failback.scenarios.run.vcsim_overrides import overrides_of

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, Settings, VsphereSession

Tell = Callable[[str], None]
Now = Callable[[], datetime]


def read_azure(settings: "Settings", tell: Tell, *, resources: bool = False) -> Iterator[Reading]:
    """A vault, and a vCenter where the settings name one. Reads only. Raises `Unreachable` and `VsphereRefused`.

    `resources`: also what is in the resource groups of its machines.
    """
    from failback.adapters import VsphereSession

    if settings.vsphere is None:
        yield from _read(settings.azure, None, _utc_now, tell, resources=resources)
        yield Reading(notes=["The settings name no vCenter, so facts about vSphere are only what files tell."])
        return
    with VsphereSession(settings.vsphere) as session:
        yield from _read(settings.azure, session, _utc_now, tell, resources=resources)


def read_lab(name: str, tell: Tell) -> Iterator[Reading]:
    """A scenario's estate in a vcsim and behind the mock, read back. Raises `BadInput` and `Unreachable`."""
    from failback.adapters import DATACENTER, VsphereHands, find_vcsim, open_vcsim
    from failback.scenarios.run.worlds import lab_settings, site_in_vcsim, spec_of
    from failback.simulator import World
    from failback.simulator.arm import ArmMock, serve

    scenario = load_scenario(resolve(name))
    with open_vcsim(find_vcsim(), DATACENTER) as vsphere, site_in_vcsim(scenario, vsphere) as session:
        world = World(spec_of(scenario), hands=VsphereHands(session))
        mock = ArmMock(world, epoch=scenario.starts_at, clock="step")
        with serve(mock) as served, overrides_of(scenario, session) as voice:
            yield from _read(lab_settings(mock, served), voice.session, lambda: scenario.starts_at, tell)


def read_lab_outside(tell: Tell) -> Iterator[Reading]:
    """A mock that runs on this computer, and the vcsim on which it acts, if the environment names one.

    What is in the resource groups of its machines is read, too. Raises `Unreachable`, `ReadOnly`, `VsphereRefused`.
    """
    from failback.adapters import DATACENTER, EstateClient, VsphereSession, find_vcsim, open_vcsim

    azure = settings_outside()
    with closing(EstateClient(azure)) as client:
        client.guard.refuse_live("a reading in world lab")
    if "://" not in os.environ.get("FAILBACK_VCSIM", ""):
        yield from _read(azure, None, _utc_now, tell, resources=True)
        return
    with open_vcsim(find_vcsim(), DATACENTER) as vsphere, VsphereSession(vsphere) as session:
        session.guard.refuse_live("a reading in world lab")
        yield from _read(azure, session, _utc_now, tell, resources=True)


def _read(
    azure: "AzureSettings", session: "VsphereSession | None", now: Now, tell: Tell, *, resources: bool = False
) -> Iterator[Reading]:
    from failback.adapters import EstateClient
    from failback.adapters.importing.live_vault import read_live_vault
    from failback.adapters.importing.live_vsphere import read_live_vsphere

    with closing(EstateClient(azure)) as client:
        vault = read_live_vault(client, azure, now, tell, resources=resources)
    yield vault
    if session is not None:
        tell(f"vCenter {session.settings.address}: machines, hosts and datastores, in pages.")
        yield read_live_vsphere(session, now, vault.parts)


def _utc_now() -> datetime:
    return datetime.now(UTC)
