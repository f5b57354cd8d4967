"""Where a watch looks: a vault and a vCenter that the settings name, or a mock and a vcsim on this computer."""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from failback.reprotect import Estate, Unreachable, VmFacts, VsphereRefused, identities, items_in_the_vault
from failback.scenarios.run.lab_client import MOCK, clock_of, settings_outside
from failback.scenarios.usage_error import UsageError

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, Settings, VaultLook, VsphereInventory, VsphereSettings, WatchedVault

WORLDS: Final = ("azure", "lab")
_NO_LAB: Final = (
    f"{MOCK} is not set: a watch in world lab looks at a mock that runs on this computer. Start one, for example with "
    "`failback mock my-scenario.yaml --clock real:60 --ca-file ca.pem`, and set the variable to its address."
)
_DOING: Final = "a watch in world lab"
_JUMPS: Final = (
    "The clock of the mock is {mode}, so looking at it would move its time, or nothing would. Start it with "
    "--clock real:60."
)


@dataclass(slots=True)
class Place:
    """An open way to look. `factor`: how much faster than the wall its time runs."""

    vault: "WatchedVault"
    inventory: "VsphereInventory | None"
    factor: float

    def look(self, reads_max: int) -> "VaultLook":
        """The vault now. Raises `Unreachable`, `NotUnderstood`."""
        return self.vault.look(reads_max)

    def look_on_site(self, names: Collection[str]) -> tuple[Mapping[str, VmFacts] | None, str]:
        """The machines on site, and why they could not be seen; None and nothing where no vCenter was named."""
        if self.inventory is None:
            return None, ""
        try:
            return self.inventory.look(names), ""
        except (Unreachable, VsphereRefused) as unseen:
            return None, str(unseen)

    def twins(self, names: Collection[str]) -> tuple[str, ...]:
        """A sentence for each BIOS UUID that one of these machines shares with another; none where nobody can see."""
        if self.inventory is None:
            return ()
        try:
            return self.inventory.twins(names)
        except (Unreachable, VsphereRefused):  # the look tells why
            return ()


@contextmanager
def place(world: str, estate: Estate, settings: "Settings | None", since: datetime | None) -> Iterator[Place]:
    """Open it. Raises `UsageError` for a lab that is not there."""
    from failback.adapters import VsphereInventory, VsphereSession, WatchedVault

    with ExitStack() as stack:
        if world == "lab":
            azure, factor = _lab()
            vsphere = _vcsim(stack)
        else:
            assert settings is not None
            azure, factor, vsphere = settings.azure, settings.clock_factor, settings.vsphere
        names, plans = tuple(estate.virtual_machines), tuple(estate.recovery_plans)
        watched = WatchedVault(azure, names, plans, since, machines=items_in_the_vault(estate))
        vault = stack.enter_context(closing(watched))
        session = None if vsphere is None else stack.enter_context(VsphereSession(vsphere))
        if world == "lab":
            vault.refuse_live(_DOING)
            if session is not None:
                session.guard.refuse_live(_DOING)
        yield Place(vault, None if session is None else VsphereInventory(session, identities(estate)), factor)


def _vcsim(stack: ExitStack) -> "VsphereSettings | None":
    """The vcsim on which the mock acts; none where nobody named the address of one."""
    from failback.adapters import DATACENTER, find_vcsim, open_vcsim

    if "://" not in os.environ.get("FAILBACK_VCSIM", ""):
        return None
    return stack.enter_context(open_vcsim(find_vcsim(), DATACENTER))


def _lab() -> tuple["AzureSettings", float]:
    if not os.environ.get(MOCK):
        raise UsageError(_NO_LAB)
    azure = settings_outside()
    return azure, _factor(azure)


def _factor(azure: "AzureSettings") -> float:
    """How fast the clock of the mock runs. Raises `UsageError` where looking would move it."""
    mode = clock_of(azure)
    if not mode.startswith("real"):
        raise UsageError(_JUMPS.format(mode=mode))
    return float(mode.partition(":")[2] or 1.0)
