"""Facts that hardly go together: each pair is asked about. What cannot be at all is a mistake, and found elsewhere."""

from collections.abc import Iterator
from typing import Any

from failback.reprotect import Unknown

from .subject import IN_VSPHERE, LintFinding, Subject, nearest, repeated


def a_part_is_in_another_vcenter_than_its_datastore(subject: Subject) -> Iterator[LintFinding]:
    """What vCenter has of a machine on site, it has of the machine's datastore as well."""
    of_store = {store.name: store.vcenter for store in subject.estate.datastores}
    for section, index, part in _on_site(subject):
        theirs = of_store.get(part.datastore)
        if _named(part.vcenter) and _named(theirs) and part.vcenter != theirs:
            message = f"`{part.name}` is in vCenter `{part.vcenter}`, its datastore `{part.datastore}` in `{theirs}`"
            yield ("estate", section, index, "vcenter"), f"{message}. Which of the two is right?"


def a_vcenter_has_nothing(subject: Subject) -> Iterator[LintFinding]:
    """A server is connected to a vCenter of which the estate has no machine and no datastore."""
    estate = subject.estate
    parts: tuple[Any, ...] = (*estate.datastores, *estate.virtual_machines)
    others = [part.vcenter for part in parts if _named(part.vcenter)]
    for section in ("appliances", "master_targets"):
        for index, server in enumerate(getattr(estate, section)):
            if others and _named(server.vcenter) and server.vcenter not in others:
                message = f"nothing else of the estate is in the vCenter of `{server.name}`, `{server.vcenter}`"
                near = nearest(str(server.vcenter), map(str, others))
                yield ("estate", section, index, "vcenter"), message + (near if "did you" in near else "; is it right?")


def a_mac_address_is_there_twice(subject: Subject) -> Iterator[LintFinding]:
    """Two adapters with one address are two copies of one machine, or a mistake of a table."""
    adapters = [
        (("estate", "virtual_machines", index, "adapters", number, "mac"), vm.name, adapter.mac.lower())
        for index, vm in enumerate(subject.estate.virtual_machines)
        for number, adapter in enumerate(vm.adapters)
        if adapter.mac
    ]
    for place, mac in repeated(mac for _, _, mac in adapters):
        first = next(name for _, name, other in adapters if other == mac)
        path, name, _ = adapters[place]
        yield path, f"`{name}` has the MAC address {mac}, which `{first}` has too. Is one a copy of the other?"


def a_machine_that_is_gone_has_facts_of_one_that_is_there(subject: Subject) -> Iterator[LintFinding]:
    """What is gone from the site has no snapshots there, and waits for no answer."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        if vm.exists_on_premises is False:
            has = {
                "snapshots": isinstance(vm.snapshots, tuple) and vm.snapshots != (),
                "pending_question": vm.pending_question is True,
            }
            for key in (key for key, given in has.items() if given):
                message = f"`{vm.name}` is gone from the site (`exists_on_premises` is false), and has `{key}`"
                yield ("estate", "virtual_machines", index, key), f"{message}. Which of the two is right?"


def a_deleted_machine_runs_in_azure(subject: Subject) -> Iterator[LintFinding]:
    """What does not exist in Azure does not run there."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        if vm.azure.exists is False and vm.azure.running is True:
            message = f"the machine of `{vm.name}` in Azure does not exist (`exists` is false), and runs"
            yield ("estate", "virtual_machines", index, "azure", "running"), f"{message}. Which of the two is right?"


def there_are_more_consistent_points_than_points(subject: Subject) -> Iterator[LintFinding]:
    """Application-consistent recovery points are some of the recovery points."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        some, every = vm.app_consistent_points, vm.recovery_points
        if isinstance(some, int) and isinstance(every, int) and some > every:
            message = f"`{vm.name}` has {every} recovery points, of which {some} are application-consistent"
            yield ("estate", "virtual_machines", index, "app_consistent_points"), f"{message}. Which number is right?"


def _on_site(subject: Subject) -> Iterator[tuple[str, int, Any]]:
    for section in IN_VSPHERE:
        for index, part in enumerate(getattr(subject.estate, section)):
            if getattr(part, "exists_on_premises", True) is True:
                yield section, index, part


def _named(vcenter: object) -> bool:
    return vcenter is not None and not isinstance(vcenter, Unknown)
