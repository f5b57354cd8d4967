"""How a driver reaches a lab: through the adapters, whoever has put it up."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from failback.reprotect import Unreachable, identities, items_in_the_vault, names_in_requests
from failback.reprotect.driver import Operator, Ports
from failback.scenarios.files.schema import Scenario
from failback.scenarios.usage_error import UsageError

from .world_azure import remedies_of

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, VsphereSession

MOCK: Final = "FAILBACK_MOCK"
"""The address of a mock that runs on this computer and outlives the run; its clock is `step`."""
MOCK_CA_FILE: Final = "FAILBACK_MOCK_CA_FILE"
"""The file with its certificate authority."""
CLOCK_TIMEOUT_S: Final = 10.0
"""Seconds for a connection to its clock, and for its answer."""


@contextmanager
def lab_ports(
    settings: "AzureSettings", session: "VsphereSession", operator: Operator, scenario: Scenario
) -> Iterator[Ports]:
    """The vault and its clock behind these settings, and the vcsim behind this session."""
    from failback.adapters import ControlPlaneClock, RemedyClient, SiteRecoveryVault, VsphereInventory

    estate = scenario.estate
    servers, items = names_in_requests(estate), items_in_the_vault(estate)
    with (
        closing(SiteRecoveryVault(settings, servers=servers, machines=items)) as vault,
        closing(RemedyClient(settings)) as client,
        closing(ControlPlaneClock(settings.endpoint, settings.ca_file, scenario.poll_s)) as clock,
    ):
        inventory, remedies = VsphereInventory(session, identities(estate)), remedies_of(client, session, estate)
        yield Ports(clock, vault, inventory, operator, remedies, inventory.shared_uuids)


@contextmanager
def lab_outside(scenario: Scenario, operator: Operator) -> Iterator[Ports]:
    """A mock and a vcsim that run already: nothing in them is made or put back. Raises `Unreachable`, `ReadOnly`."""
    from failback.adapters import DATACENTER, VsphereSession, find_vcsim, open_vcsim

    settings = settings_outside()
    with open_vcsim(find_vcsim(), DATACENTER) as vsphere, VsphereSession(vsphere) as session:
        session.guard.refuse_live(f"the legs of {scenario.name}")
        with lab_ports(settings, session, operator, scenario) as ports:
            yield ports


def settings_outside() -> "AzureSettings":
    """The settings of the mock that the environment names. Nothing is asked of an address on another computer.

    Raises `KeyError` where it names none, `UsageError` for what cannot be one, and `ReadOnly`.
    """
    from failback.adapters import AzureSettings, Guard

    address, ca_file = os.environ[MOCK], os.environ.get(MOCK_CA_FILE)
    try:
        found = AzureSettings("lab", "lab", "lab", address, credential="token", token="lab", ca_file=ca_file)
    except ValueError as bad:
        raise UsageError(f"{MOCK} does not name a mock: {bad} `failback mock` prints the address of one.") from bad
    _check_ca_file(ca_file)
    Guard(found.where, lambda: True).refuse_live(f"anything to the mock that {MOCK} names")
    return found


def _check_ca_file(name: str | None) -> None:
    import ssl

    try:
        ssl.create_default_context(cafile=name)
    except (OSError, ValueError) as bad:
        text = "which has no certificate in PEM form. Name the file that `failback mock --ca-file` has written"
        raise UsageError(f"{MOCK_CA_FILE} is {name}, {text}.") from bad


def clock_of(azure: "AzureSettings") -> str:
    """The mode of the mock's clock, such as `real:60`. Raises `Unreachable`."""
    import requests

    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(
                f"{azure.endpoint}/failback/clock", verify=azure.ca_file or True, timeout=CLOCK_TIMEOUT_S
            )
            return str(answer.json()["mode"])
    except (OSError, ValueError, KeyError, TypeError) as broken:  # OSError: all that requests raises, and lost files
        raise Unreachable(f"The mock at {azure.endpoint} does not report its time: {broken}.") from broken
