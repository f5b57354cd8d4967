"""Facts about places that contradict each other: hosts, the datastores that they mount, and what stands on both."""

from collections.abc import Iterator

from failback.scenarios.files.yaml_source import KeyPath

from .subject import IN_VSPHERE, LintFinding, Subject


def a_host_does_not_mount_that(subject: Subject) -> Iterator[LintFinding]:
    """A virtual machine on site is on datastores that its host mounts. A host that lists none says nothing of them."""
    mounted = {host.name: frozenset(host.mounted) for host in subject.estate.hosts if host.mounted}
    known = frozenset(subject.names("datastores"))
    for path, name, host, store in _places(subject):
        if host in mounted and store in known and store not in mounted[host]:
            message = f"`{name}` is on host `{host}`, which does not mount its datastore `{store}`"
            yield path, f"{message}; add it under datastores of the host, or correct where `{name}` is"


def a_datastore_is_read_only_and_not_mounted(subject: Subject) -> Iterator[LintFinding]:
    """What a host may only read it mounts."""
    for index, host in enumerate(subject.estate.hosts):
        for number, store in enumerate(host.only_reads):
            if store not in host.mounted:
                path = ("estate", "hosts", index, "read_only_datastores", number)
                yield path, f"host `{host.name}` does not mount `{store}`; add it under datastores of the host as well"


def a_datastore_has_more_free_than_it_holds(subject: Subject) -> Iterator[LintFinding]:
    """What is free is a part of the capacity."""
    for index, store in enumerate(subject.estate.datastores):
        free = store.free_gib
        if isinstance(free, int | float) and free > store.capacity_gib:
            message = f"`{store.name}` has {store.capacity_gib:g} GiB, of which {free:g} are free"
            yield ("estate", "datastores", index, "free_gib"), f"{message}; correct `capacity_gib` or `free_gib`"


def _places(subject: Subject) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Where each virtual machine on site is, disk by disk where a disk says so: path, name, host, datastore."""
    for section in IN_VSPHERE:
        for index, part in enumerate(getattr(subject.estate, section)):
            path = ("estate", section, index)
            if getattr(part, "exists_on_premises", True) is True:
                yield (*path, "datastore"), part.name, part.host, part.datastore
                for number, disk in enumerate(getattr(part, "disks", ())):
                    yield (*path, "disks", number, "datastore"), part.name, part.host, disk.datastore
