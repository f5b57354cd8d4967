"""From the shape of a file to the frozen values that everything else takes."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any, Final

from failback.reprotect import Estate, ReplicationGroup, Unknown, VirtualMachine
from failback.scenarios.files.applications import Application
from failback.scenarios.files.calibration_file import calibrated
from failback.scenarios.files.schema import SECTIONS, EstateFile, EstateSources, Homecoming, Scenario
from failback.scenarios.files.time_zones import in_zone

from .checking import ValidFile
from .document import Document, Place
from .library import load_default_durations

_FILES: Final = ("file", "estate_file", "estate_files")
_IMPORTED: Final = ("left_out", "in_doubt", "mismatches", "vaults")
_LOADED: Final = ("estate", "durations", "calibration", "phases_given", *_IMPORTED, *_FILES)
"""Fields of a scenario that its file has in another form."""


def scenario_of(checked: ValidFile) -> Scenario:
    """The scenario, with its durations and its calibration."""
    file = checked.file
    durations = MappingProxyType({**load_default_durations(), **file.durations})
    same = {f.name: getattr(file, f.name) for f in fields(Scenario) if f.name not in _LOADED}
    same["starts_at"] = in_zone(file.starts_at, file.time_zone)
    estate = _with_promises(_with_tiers(estate_of(checked), file.applications), file.homecoming)
    sources = checked.estate.sources or EstateSources()
    scenario = Scenario(
        **same,
        estate=estate,
        durations=durations,
        estate_files=sources.files,
        left_out=sources.machines_left_out,
        in_doubt=sources.machines_in_doubt,
        mismatches=sources.mismatches,
        vaults=sources.vaults,
        phases_given=checked.phases_given,
    )
    return scenario if checked.calibration is None else calibrated(scenario, checked.calibration)


def _with_tiers(estate: Estate, applications: Iterable[Application]) -> Estate:
    """Machines to which the estate gives no tier have that of their application."""
    tiers = {name: one.tier_of(name) for one in applications for name in one.machines}
    machines = estate.virtual_machines
    named = {name: replace(machines[name], tier=tier) for name, tier in tiers.items() if not machines[name].tier}
    return replace(estate, virtual_machines={**machines, **named}) if named else estate


def _with_promises(estate: Estate, homecoming: Homecoming) -> Estate:
    """Machines of which nobody says within how many hours they must be home have the shortest target of their tier.

    A machine is home only when its data is, so what was promised of the one holds for the other [inferred].
    """
    promised = [target for target in homecoming.targets if target.home_within_s is not None]
    found = {
        vm.name: replace(vm, return_within_h=min(own) / 3600)
        for vm in (estate.virtual_machines.values() if promised else ())
        if isinstance(vm.return_within_h, Unknown)
        and (own := [one.home_within_s or 0.0 for one in promised if one.tier in ("", vm.tier)])
    }
    return replace(estate, virtual_machines={**estate.virtual_machines, **found}) if found else estate


def estate_of(checked: ValidFile) -> Estate:
    """The estate, parts by name."""
    parts: dict[str, Any] = {
        section: {part.name: part for part in getattr(checked.estate, section)} for section in SECTIONS
    }
    parts["virtual_machines"] = {name: _named_disks(vm) for name, vm in parts["virtual_machines"].items()}
    _join_groups(parts)
    file = checked.estate
    return Estate(
        **parts, link=file.link, recovery_plans_known=file.recovery_plans_known, servers_known=file.servers_known
    )


def parts_in_place(document: Document, estate: EstateFile) -> Iterator[tuple[tuple[str, str], Place]]:
    """Where each part of the estate stands."""
    for section in SECTIONS:
        for index, part in enumerate(getattr(estate, section)):
            yield (section, part.name), document.where(("estate", section, index))


def _named_disks(vm: VirtualMachine) -> VirtualMachine:
    disks = tuple(disk if disk.name else replace(disk, name=f"Disk{n}") for n, disk in enumerate(vm.disks))
    return replace(vm, disks=disks)


def _join_groups(parts: dict[str, Any]) -> None:
    """Groups from both ways of writing them; afterwards machines and groups say the same."""
    machines, listed = parts["virtual_machines"], parts["replication_groups"]
    own = {item: group.name for group in listed.values() for item in group.items}
    own |= {vm.name: vm.replication_group for vm in machines.values() if vm.replication_group}
    groups: dict[str, list[str]] = {name: [] for name in listed}
    for name in machines:
        if name in own:
            groups.setdefault(own[name], []).append(name)
            machines[name] = replace(machines[name], replication_group=own[name])
    parts["replication_groups"] = {name: ReplicationGroup(name, tuple(items)) for name, items in groups.items()}
