"""Replication groups: of one kind, and a machine in one of them."""

from collections.abc import Iterator, Mapping

from failback.reprotect import Architecture, VirtualMachine
from failback.scenarios.files.schema import EstateFile
from failback.scenarios.files.yaml_source import KeyPath

from .subject import LintFinding, Subject


def a_group_is_mixed(subject: Subject) -> Iterator[LintFinding]:
    """A replication group is of one OS family (R06); of modernised machines nobody knows it, so it is no mistake."""
    yield from _mixed(subject.estate, "os", " (R06)", Architecture.CLASSIC)


def a_group_has_two_architectures(subject: Subject) -> Iterator[LintFinding]:
    """A replication group comes home by one server, hence is of one architecture."""
    yield from _mixed(subject.estate, "architecture", "")


def _mixed(estate: EstateFile, kind: str, rule: str, only: Architecture | None = None) -> Iterator[LintFinding]:
    for group, members in _groups(estate).items():
        if only is not None and all(vm.architecture is not only for _, vm in members):
            continue
        first = members[0][1]
        odd = next(((p, vm) for p, vm in members if getattr(vm, kind) is not getattr(first, kind)), None)
        if odd is not None:
            path, vm = odd
            mix = f"{getattr(first, kind).value} (`{first.name}`) and {getattr(vm, kind).value} (`{vm.name}`)"
            yield path, f"the replication group `{group}` mixes {mix}; a group has one {kind}{rule}, split it"


def a_machine_is_in_two_groups(subject: Subject) -> Iterator[LintFinding]:
    """A machine is in one replication group at most."""
    own = {vm.name: vm.replication_group for vm in subject.estate.virtual_machines if vm.replication_group}
    for index, group in enumerate(subject.estate.replication_groups):
        for number, name in enumerate(group.items):
            other = own.setdefault(name, group.name)
            if other != group.name:
                message = f"`{name}` is already in the replication group `{other}`; a machine is in one at most"
                yield ("estate", "replication_groups", index, "items", number), message


def _groups(estate: EstateFile) -> Mapping[str, list[tuple[KeyPath, VirtualMachine]]]:
    by_name = {vm.name: vm for vm in estate.virtual_machines}
    groups: dict[str, list[tuple[KeyPath, VirtualMachine]]] = {}
    for index, vm in enumerate(estate.virtual_machines):
        if vm.replication_group:
            path: KeyPath = ("estate", "virtual_machines", index, "replication_group")
            groups.setdefault(vm.replication_group, []).append((path, vm))
    for index, group in enumerate(estate.replication_groups):
        for number, name in enumerate(group.items):
            member = by_name.get(name)
            if member is not None and member.replication_group != group.name:
                path = ("estate", "replication_groups", index, "items", number)
                groups.setdefault(group.name, []).append((path, member))
    return groups
