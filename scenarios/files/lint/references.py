"""Names that a file uses, each of a part of the right kind."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from failback.reprotect import Architecture, Choices
from failback.scenarios.files.schema import EstateFile, ScenarioFile
from failback.scenarios.files.yaml_source import KeyPath
from failback.simulator import LINK, FaultKind

from .applications import tiers_of
from .subject import (
    COUNT,
    IN_VSPHERE,
    PARTS,
    VMS,
    LintFinding,
    Reference,
    Subject,
    all_choices,
    listed,
    nearest,
    plan_instances,
)

_THROUGH: Final = {Architecture.CLASSIC: "master_targets", Architecture.MODERNISED: "appliances"}
"""What has the disks of a machine that returns, by architecture."""


def a_name_refers_to_nothing(subject: Subject) -> Iterator[LintFinding]:
    """Every name that a file uses is the name of a part of the right kind."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    for path, name, sections in _references(subject):
        if sections not in known:
            known[sections] = frozenset(subject.names(*sections))
        there = known[sections]
        if name and name not in there and not _unclear(subject, name, sections, there):
            yield path, f"`{name}` names nothing in {listed(sections)}{nearest(name, there)}"


def _unclear(subject: Subject, name: str, sections: tuple[str, ...], there: frozenset[str]) -> bool:
    """Whether a refused part may be the one that this name means."""
    uncounted = COUNT in subject.refused_sections and "virtual_machines" in sections
    emptied = not there and bool(subject.refused_sections.intersection(sections))
    return uncounted or emptied or name in subject.refused_names


def _references(subject: Subject) -> Iterator[Reference]:
    yield from _estate_references(subject.estate)
    yield from _plan_references(subject.file)
    yield from _story_references(subject.file)


def _estate_references(estate: EstateFile) -> Iterator[Reference]:
    for section in IN_VSPHERE:
        for index, part in enumerate(getattr(estate, section)):
            yield ("estate", section, index, "host"), part.host, ("hosts",)
            yield ("estate", section, index, "datastore"), part.datastore, ("datastores",)
    for index, vm in enumerate(estate.virtual_machines):
        through = vm.returns_through, (_THROUGH[vm.architecture],)
        yield ("estate", "virtual_machines", index, "returns_through"), *through
        yield ("estate", "virtual_machines", index, "process_server"), vm.process_server, ("process_servers",)
        for number, disk in enumerate(vm.disks):
            yield ("estate", "virtual_machines", index, "disks", number, "datastore"), disk.datastore, ("datastores",)
    for index, host in enumerate(estate.hosts):
        yield from _each(("estate", "hosts", index, "datastores"), host.mounted, ("datastores",))
    for index, group in enumerate(estate.replication_groups):
        yield from _each(("estate", "replication_groups", index, "items"), group.items, VMS)
    for path, name in plan_instances(estate):
        yield path, name, VMS


def _plan_references(file: ScenarioFile) -> Iterator[Reference]:
    plan = file.plan
    yield from _each(("plan", "recovery_plans"), plan.recovery_plans, ("recovery_plans",))
    for index, wave in enumerate(plan.waves):
        yield from _each(("plan", "waves", index, "items"), wave.items, VMS)
    for index, entry in enumerate(plan.together):
        for number, names in enumerate(entry.order):
            yield from _each(("plan", "together", index, "order", number), names, VMS)
    for index, gate in enumerate(plan.gates):
        yield from _each(("plan", "gates", index, "items"), gate.items, VMS)
    yield from _choice_references(("plan", "choices"), plan.choices)
    for item, choices in plan.item_choices.items():
        yield ("plan", "item_choices", item), item, VMS
        yield from _choice_references(("plan", "item_choices", item), choices)


def _choice_references(path: KeyPath, choices: Choices) -> Iterator[Reference]:
    for key in ("master_target", "process_server", "appliance", "datastore"):
        yield (*path, key), getattr(choices, key) or "", (f"{key}s",)


def _story_references(file: ScenarioFile) -> Iterator[Reference]:
    for index, answer in enumerate(file.operator):
        yield from _each(("operator", index, "items"), answer.items, VMS)
    for index, fault in enumerate(file.faults):
        if (fault.kind, fault.object) != (FaultKind.CHANGE_FACTS, LINK):
            yield ("faults", index, "object"), fault.object, _WHERE_A_FAULT_ACTS.get(fault.kind, IN_VSPHERE)
        if fault.when is not None:
            yield ("faults", index, "when", "item"), fault.when.item, VMS
    for index, application in enumerate(file.applications):
        yield from _each(("applications", index, "machines"), application.machines, VMS)
    for key in ("items", "stopped_by"):
        for item in getattr(file.expect, key):
            yield ("expect", key, item), item, VMS


def _each(path: KeyPath, names: Iterable[str], sections: tuple[str, ...]) -> Iterator[Reference]:
    return (((*path, index), name, sections) for index, name in enumerate(names))


_WHERE_A_FAULT_ACTS: Final[Mapping[FaultKind, tuple[str, ...]]] = {
    FaultKind.CHANGE_FACTS: PARTS,
    FaultKind.FAIL_JOB: VMS,
    FaultKind.CANCEL_JOB: VMS,
}


def a_retention_drive_is_nowhere(subject: Subject) -> Iterator[LintFinding]:
    """A chosen retention drive is one of the chosen master target, or of any where none is chosen (R29)."""
    if "master_targets" in subject.refused_sections:
        return
    for path, choices in all_choices(subject.file):
        drive = choices.retention_drive
        targets = [t for t in subject.estate.master_targets if choices.master_target in (None, t.name)]
        offered = {d.name for target in targets for d in target.retention_drives}
        if drive and drive not in offered and (targets or choices.master_target is None):
            yield (*path, "retention_drive"), f"no master target offers the drive `{drive}`{nearest(drive, offered)}"


def an_account_is_nowhere(subject: Subject) -> Iterator[LintFinding]:
    """A chosen run-as account is kept by a configuration server."""
    if "configuration_servers" in subject.refused_sections:
        return
    kept = {account for server in subject.estate.configuration_servers for account in server.accounts}
    for path, choices in all_choices(subject.file):
        account = choices.account
        if account and account not in kept:
            yield (*path, "account"), f"no configuration server keeps the account `{account}`{nearest(account, kept)}"


def a_tier_is_nowhere(subject: Subject) -> Iterator[LintFinding]:
    """A promise, a manual step or a lever is for a tier that a machine has."""
    if "virtual_machines" in subject.refused_sections:
        return
    tiers = {vm.tier for vm in subject.estate.virtual_machines} | tiers_of(subject.file.applications)
    home = subject.file.homecoming
    promised = [(("targets", n, "tier"), target.tier) for n, target in enumerate(home.targets) if target.tier]
    worked = [
        (("manual_steps", n, "tiers", m), t)
        for n, step in enumerate(home.manual_steps)
        for m, t in enumerate(step.tiers)
    ]
    left = [
        (("levers", n, "leaves_tiers", m), t)
        for n, lever in enumerate(home.levers)
        for m, t in enumerate(lever.leaves_tiers)
    ]
    for path, tier in (*promised, *worked, *left):
        if tier not in tiers:
            yield ("homecoming", *path), f"no machine is of tier `{tier}`{nearest(tier, filter(None, tiers))}"
