"""How a driver reaches a lab: through the adapters, whoever has put it up."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from failback.reprotect.driver import Operator, Ports
from failback.scenarios.files.schema import Scenario

from .world_azure import remedies_of

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, VsphereSession

MOCK: Final = "FAILBACK_MOCK"
"""The address of a mock that runs on this machine and outlives the run; its clock is `step`."""
MOCK_CA_FILE: Final = "FAILBACK_MOCK_CA_FILE"
"""The file with its certificate authority."""


@contextmanager
def lab_ports(
    settings: "AzureSettings", session: "VsphereSession", operator: Operator, poll_s: float
) -> Iterator[Ports]:
    """The vault and its clock behind these settings, and the vcsim behind this session."""
    from failback.adapters import ControlPlaneClock, RemedyClient, SiteRecoveryVault, VsphereInventory

    with (
        closing(SiteRecoveryVault(settings)) as vault,
        closing(RemedyClient(settings)) as client,
        closing(ControlPlaneClock(settings.endpoint, settings.ca_file, poll_s)) as clock,
    ):
        yield Ports(clock, vault, VsphereInventory(session), operator, remedies_of(client, session))


@contextmanager
def lab_outside(scenario: Scenario, operator: Operator) -> Iterator[Ports]:
    """A mock and a vcsim that run already: nothing in them is made or put back. Raises `Unreachable`, `ReadOnly`."""
    from failback.adapters import DATACENTER, AzureSettings, VsphereSession, find_vcsim, open_vcsim

    address, ca_file = os.environ[MOCK], os.environ.get(MOCK_CA_FILE)
    settings = AzureSettings("lab", "lab", "lab", address, credential="token", token="lab", ca_file=ca_file)
    with open_vcsim(find_vcsim(), DATACENTER) as vsphere, VsphereSession(vsphere) as session:
        session.guard.refuse_live(f"the legs of {scenario.name}")
        with lab_ports(settings, session, operator, scenario.poll_s) as ports:
            yield ports
