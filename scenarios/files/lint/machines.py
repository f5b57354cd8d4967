"""Machines of the estate and the servers that they need."""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import (
    SEE_APPLIANCES,
    SEE_CLASSIC_SERVERS,
    Architecture,
    Operation,
    OsFamily,
    VirtualMachine,
    end_of,
    phase_row,
    phases_of,
    under_way,
)
from failback.scenarios.files.schema import EstateFile

from .subject import LintFinding, Subject

_NAMED_MAX: Final = 3
"""So many machines are named; the others are counted."""


def no_machine(subject: Subject) -> Iterator[LintFinding]:
    """An estate protects something."""
    if not subject.estate.virtual_machines and "virtual_machines" not in subject.refused_sections:
        yield ("estate", "virtual_machines"), "there is no virtual machine; expected at least one"


def a_machine_has_no_disk(subject: Subject) -> Iterator[LintFinding]:
    """A machine without a disk has nothing to bring home."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        if not vm.disks:
            message = f"`{vm.name}` has no disk; give it at least one with `size_gib`"
            yield ("estate", "virtual_machines", index, "disks"), message


def a_disk_is_larger_than_its_datastore(subject: Subject) -> Iterator[LintFinding]:
    """A disk fits on the datastore that holds it."""
    capacity_gib = {store.name: store.capacity_gib for store in subject.estate.datastores}
    for index, vm in enumerate(subject.estate.virtual_machines):
        room_gib = capacity_gib.get(vm.datastore)
        for number, disk in enumerate(vm.disks):
            if room_gib is not None and disk.size_gib > room_gib:
                message = (
                    f"the disk has {disk.size_gib:g} GiB and its datastore `{vm.datastore}` {room_gib:g}; make it fit"
                )
                yield ("estate", "virtual_machines", index, "disks", number, "size_gib"), message


def a_physical_server_is_a_machine_on_site(subject: Subject) -> Iterator[LintFinding]:
    """A physical server has no virtual machine on site before its first return (T07)."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        if vm.source == "physical" and vm.exists_on_premises is True:
            path = ("estate", "virtual_machines", index, "source")
            yield path, f"`{vm.name}` was physical and comes back as a new machine; add `exists_on_premises: false`"


def a_phase_is_not_of_the_architecture(subject: Subject) -> Iterator[LintFinding]:
    """A machine stands in a phase that its architecture has."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        if vm.at not in phases_of(vm.architecture):
            has = f"a {vm.architecture.value} machine is never in the phase `{vm.at.value}`"
            advice = f"if its failback is done and not committed, write `{end_of(Operation.FAILBACK).value}`"
            yield ("estate", "virtual_machines", index, "at"), f"{has}; {advice}"


def a_phase_says_nothing_to_that(subject: Subject) -> Iterator[LintFinding]:
    """What is said of a machine that returns, or resyncs, is said of one that does."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        row, at = phase_row(vm.at), ("estate", "virtual_machines", index)
        for fact in ("returns_through", "process_server"):
            if getattr(vm, fact) and not row.holds_slots:
                message = f"nothing of a machine in phase `{vm.at.value}` is on its way; leave it out, or correct `at`"
                yield (*at, fact), message
        if vm.resync_done_fraction and not row.resyncs:
            message = f"a machine in phase `{vm.at.value}` does not resync; leave it out, or correct `at`"
            yield (*at, "resync_done_fraction"), message
        if vm.job_running_s and not _has_job(vm):
            message = f"no job runs on a machine in phase `{vm.at.value}`; leave it out, or correct `at`"
            yield (*at, "job_running_s"), message


def _has_job(vm: VirtualMachine) -> bool:
    move = under_way(vm.architecture, vm.at)
    return move is not None and move.running is vm.at


def an_architecture_lacks_a_part(subject: Subject) -> Iterator[LintFinding]:
    """Classic needs three kinds of server, a master target per OS family (R01, M01); modernised an appliance (A01).

    One finding for each part, however many machines need it.
    """
    kinds: dict[tuple[Architecture, OsFamily], list[int]] = {}
    for index, vm in enumerate(subject.estate.virtual_machines):
        kinds.setdefault((vm.architecture, vm.os), []).append(index)
    needing: dict[tuple[str, str, Architecture], list[int]] = {}
    for (architecture, os), indices in kinds.items():
        for section, lacking in _lacking(subject.estate, architecture, os):
            if section not in subject.refused_sections:
                needing.setdefault((section, lacking, architecture), []).extend(indices)
    for (section, lacking, architecture), indices in needing.items():
        who = _who_needs(subject.estate, sorted(indices), architecture)
        advice = f"`failback import --collect sh` prints what reads it from the vault, or add one under {section}"
        if not subject.estate.servers_known:
            advice += f"; without that script, {_SEE[architecture]}"
        yield ("estate", "virtual_machines", min(indices)), f"{who} and the estate has no {lacking}; {advice}"


def _who_needs(estate: EstateFile, indices: list[int], architecture: Architecture) -> str:
    names = [estate.virtual_machines[index].name for index in indices]
    if len(names) == 1:
        return f"`{names[0]}` is {architecture.value}"
    more = f" and {len(names) - _NAMED_MAX} more" if len(names) > _NAMED_MAX else ""
    shown = f"{', '.join(names[:_NAMED_MAX])}{more}"
    return f"{len(names)} of {len(estate.virtual_machines)} machines are {architecture.value} ({shown})"


def _lacking(estate: EstateFile, architecture: Architecture, os: OsFamily) -> Iterator[tuple[str, str]]:
    return ((section, what) for section, what, there in _NEEDS[architecture](estate, os) if not there)


def _classic_needs(estate: EstateFile, os: OsFamily) -> tuple[tuple[str, str, bool], ...]:
    return (
        ("configuration_servers", "configuration server (R02)", bool(estate.configuration_servers)),
        ("process_servers", "process server (R01)", bool(estate.process_servers)),
        ("master_targets", f"{os.value} master target (M01)", any(t.os is os for t in estate.master_targets)),
    )


def _modernised_needs(estate: EstateFile, _: OsFamily) -> tuple[tuple[str, str, bool], ...]:
    return (("appliances", "replication appliance (A01)", bool(estate.appliances)),)


_SEE: Final = {Architecture.CLASSIC: SEE_CLASSIC_SERVERS, Architecture.MODERNISED: SEE_APPLIANCES}
"""How to learn of its servers, where no file lists them."""
_NEEDS: Final = {Architecture.CLASSIC: _classic_needs, Architecture.MODERNISED: _modernised_needs}
