"""Where a check takes its facts from: the file (sim), a mock and a vcsim that hold it (lab), or a vault and a vCenter.

The estate's file is always there; what is read from outside is laid over it. A stock vcsim and the mock also show much
that nobody decided (memory, licences, agent versions): in lab only those facts count that the lab was given from the
estate, or that a person may have changed in it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from failback.reprotect import Estate, Phase, known

from .schema import Scenario

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, Reading, Settings, VsphereSession

Sources = Mapping[str, Mapping[str, tuple[str, ...]]]

# Section, and the facts of it that a lab holds.
LAB_HOLDS: Final[Mapping[str, tuple[str, ...]]] = {
    "virtual_machines": (
        "agent_registered",
        "architecture",
        "azure",
        "datastore",
        "exists_on_premises",
        "host",
        "os",
        "powered_on",
        "replication_group",
        "snapshots",
    ),
    "configuration_servers": ("accounts", "connected", "up", "vcenter_connected", "version"),
    "process_servers": ("up", "version"),
    "master_targets": ("datastore", "host", "local_disks", "os", "snapshots", "up", "version"),
    "appliances": ("datastore", "healthy", "host"),
    "hosts": ("datastores",),
}
_HELD: Final = frozenset((section, fact) for section, facts in LAB_HOLDS.items() for fact in facts)


@dataclass(frozen=True, slots=True)
class Seen:
    """An estate as a world shows it. `sources`: the facts that were read, by source and section."""

    estate: Estate
    phases: Mapping[str, Phase] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sources: Sources = field(default_factory=dict)


def sim(scenario: Scenario, _: "Settings | None") -> Seen:
    """The file is the world."""
    return Seen(scenario.estate)


def lab(scenario: Scenario, _: "Settings | None") -> Seen:
    """The estate in a vcsim and behind the mock, read back through the adapters."""
    from failback.adapters import DATACENTER, PROXIED, VsphereHands, find_vcsim, needs_proxy, open_vcsim
    from failback.simulator import World
    from failback.simulator.arm import ArmMock, serve

    from .worlds import lab_settings, site_in_vcsim, spec_of

    with open_vcsim(find_vcsim(), DATACENTER) as vsphere, site_in_vcsim(scenario, vsphere) as session:
        world = World(spec_of(scenario), hands=VsphereHands(session))
        mock = ArmMock(world, epoch=scenario.starts_at, clock="step")
        with serve(mock) as served, _as_the_estate_says(scenario.estate, session) as seen:
            reading = _read(scenario, lab_settings(mock, served), seen, lambda: scenario.starts_at)
    return _laid(scenario.estate, reading.only(_HELD | PROXIED if needs_proxy(scenario.estate) else _HELD))


@contextmanager
def _as_the_estate_says(estate: Estate, session: "VsphereSession") -> Iterator["VsphereSession"]:
    """The same vcsim, through a proxy where the estate says what it cannot hold."""
    from failback.adapters import VsphereSession, needs_proxy, open_proxy, overrides_for

    if not needs_proxy(estate):
        yield session
        return
    with open_proxy(session.settings) as proxy:
        proxy.push(overrides_for(session, estate))
        account = replace(proxy.settings, site_recovery_account=_stored(estate))
        with VsphereSession(account) as through:
            yield through


def _stored(estate: Estate) -> str | None:
    """The stored account, where the estate says what it may do."""
    told = any(known(server.privileges) for server in estate.configuration_servers.values())
    return "stored-account" if told else None


def azure(scenario: Scenario, settings: "Settings | None") -> Seen:
    """A live vault, and a vCenter where the settings name one. Reads only."""
    from failback.adapters import VsphereSession

    assert settings is not None
    if settings.vsphere is None:
        without = "No vCenter is named in the settings: what the file says of it stands."
        return _laid(scenario.estate, _read(scenario, settings.azure, None, None), without)
    with VsphereSession(settings.vsphere) as session:
        return _laid(scenario.estate, _read(scenario, settings.azure, session, None))


WORLDS: Final[Mapping[str, Callable[[Scenario, "Settings | None"], Seen]]] = {"sim": sim, "lab": lab, "azure": azure}


def _read(
    scenario: Scenario, azure: "AzureSettings", session: "VsphereSession | None", now: Callable[[], Any] | None
) -> "Reading":
    """The vault first: what the vCenter itself says of a machine wins over what the vault heard of it."""
    from failback.adapters import EstateClient, joined, read_vault, read_vsphere

    with closing(EstateClient(azure)) as client:
        vault = read_vault(client, scenario.estate, now)
    if session is None:
        return vault
    return joined((vault, read_vsphere(session, scenario.estate, session.settings.site_recovery_account)))


def _laid(estate: Estate, reading: "Reading", *notes: str) -> Seen:
    from failback.adapters import laid_over

    sources = reading.sources()
    told = ", ".join(f"{sum(map(len, parts.values()))} kinds of fact from {name}" for name, parts in sources.items())
    said = f"Read: {told or 'nothing'}. Everything else is as the file says."
    return Seen(laid_over(estate, reading), reading.phases, (said, *notes, *reading.notes), sources)
