"""Where a check takes its facts from: the file (sim), a mock and a vcsim that hold it (lab), or a vault and a vCenter.

The estate's file is always there; what is read from outside is laid over it. A stock vcsim and the mock also show much
that nobody decided (licences, agent versions, the memory of a machine whose estate does not say it): in lab only those
facts count that the lab was given from the estate, or that a person may have changed in it.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from failback.reprotect import Estate, Phase, Unknown
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.added_disks import added
from failback.scenarios.run.vcsim_overrides import overrides_of

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, EstateReading, Settings, SourceFacts, VsphereSession

Sources = Mapping[str, Mapping[str, tuple[str, ...]]]

# Section, and the facts of it that a lab holds.
LAB_HOLDS: Final[Mapping[str, tuple[str, ...]]] = {
    "virtual_machines": (
        "agent_registered",
        "architecture",
        "azure",
        "bios_uuid",
        "configuration_server",
        "datastore",
        "disk_enable_uuid",
        "disks",
        "exists_on_premises",
        "firmware",
        "host",
        "instance_uuid",
        "memory_gib",
        "os",
        "powered_on",
        "replication_group",
        "snapshots",
    ),
    "configuration_servers": ("accounts", "connected", "lost_vcenters", "up", "vcenter_connected", "version"),
    "process_servers": ("up", "version"),
    "master_targets": (
        "bios_uuid",
        "cores",
        "datastore",
        "disk_enable_uuid",
        "host",
        "local_disks",
        "memory_gib",
        "os",
        "scsi_controllers",
        "snapshots",
        "up",
        "version",
    ),
    "appliances": ("cores", "datastore", "healthy", "host", "memory_gib"),
    "hosts": ("datastores",),
}
_HELD: Final = frozenset((section, fact) for section, facts in LAB_HOLDS.items() for fact in facts)


@dataclass(frozen=True, slots=True)
class ObservedEstate:
    """An estate as a world shows it. `sources`: the facts that were read, by source and section."""

    estate: Estate
    phases: Mapping[str, Phase] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sources: Sources = field(default_factory=dict)
    at: datetime | None = None
    """When it was at the vault that was read last."""


def sim(scenario: Scenario, _: "Settings | None") -> ObservedEstate:
    """The file is the world."""
    return ObservedEstate(scenario.estate)


def lab(scenario: Scenario, _settings: "Settings | None") -> ObservedEstate:
    """The estate in a vcsim and behind the mock, read back through the adapters."""
    from failback.adapters import DATACENTER, PROXIED, VsphereHands, find_vcsim, needs_proxy, open_vcsim
    from failback.scenarios.run.worlds import lab_settings, site_in_vcsim, spec_of
    from failback.simulator import World
    from failback.simulator.arm import ArmMock, serve

    with (
        open_vcsim(find_vcsim(), DATACENTER) as vsphere,
        site_in_vcsim(scenario, vsphere, keep_added_disks=True) as session,
    ):
        world = World(spec_of(scenario), hands=VsphereHands(session))
        mock = ArmMock(world, epoch=scenario.starts_at, clock="step")
        with serve(mock) as served, overrides_of(scenario, session) as voice:
            reading, _ = _read(scenario, lab_settings(mock, served), voice.session, lambda: scenario.starts_at)
    held = reading.only(_HELD | PROXIED if needs_proxy(scenario.estate) else _HELD)
    return _laid(scenario.estate, _only_known(scenario.estate, held))


def _only_known(estate: Estate, reading: "EstateReading") -> "EstateReading":
    """The same without the hardware that the estate leaves open and the vcsim made up."""
    return replace(reading, found=tuple(replace(each, facts=_known_facts(estate, each)) for each in reading.found))


def _known_facts(estate: Estate, found: "SourceFacts") -> dict[str, Any]:
    from failback.adapters import MADE

    part = getattr(estate, found.section).get(found.name)
    if part is None:
        return dict(found.facts)
    made = {fact for section, fact in MADE if section == found.section}
    facts = {k: v for k, v in found.facts.items() if k not in made or _is_known(getattr(part, k))}
    if "azure" in facts:  # a replica that the mock shows is there since a phase says so, and nobody has looked
        facts["azure"] = {k: v for k, v in facts["azure"].items() if _is_known(getattr(part.azure, k))}
    return facts | {"disks": tuple(added(facts["disks"], len(part.disks)))} if "disks" in facts else facts


def _is_known(fact: object) -> bool:
    return fact is not None and not isinstance(fact, Unknown)


def azure(scenario: Scenario, settings: "Settings | None") -> ObservedEstate:
    """A live vault, and a vCenter where the settings name one. Reads only."""
    from failback.adapters import VsphereSession

    assert settings is not None
    if settings.vsphere is None:
        without = "The settings name no vCenter, so the facts about vSphere come from the file."
        reading, at = _read(scenario, settings.azure, None, None)
        return replace(_laid(scenario.estate, reading, without), at=at)
    with VsphereSession(settings.vsphere) as session:
        reading, at = _read(scenario, settings.azure, session, None)
        return replace(_laid(scenario.estate, reading), at=at)


WORLDS: Final[Mapping[str, Callable[[Scenario, "Settings | None"], ObservedEstate]]] = {
    "sim": sim,
    "lab": lab,
    "azure": azure,
}


def _read(
    scenario: Scenario, azure: "AzureSettings", session: "VsphereSession | None", now: Callable[[], Any] | None
) -> "tuple[EstateReading, datetime | None]":
    """The vault first: what the vCenter itself says of a machine wins over what the vault heard of it."""
    from failback.adapters import EstateClient, joined, read_vault, read_vsphere

    with closing(EstateClient(azure)) as client:
        vault, at = read_vault(client, scenario.estate, now), client.server_time
    if session is None:
        return vault, at
    return joined((vault, read_vsphere(session, scenario.estate, session.settings.site_recovery_account))), at


def _laid(estate: Estate, reading: "EstateReading", *notes: str) -> ObservedEstate:
    from failback.adapters import disks_not_written, merged

    sources = reading.sources()
    counts = ", ".join(f"{sum(map(len, parts.values()))} kinds of fact from {name}" for name, parts in sources.items())
    note = f"Read: {counts or 'nothing'}. Everything else comes from the file."
    told = (note, *notes, *reading.notes, *disks_not_written(estate, reading))
    return ObservedEstate(merged(estate, reading), reading.phases, told, sources)
