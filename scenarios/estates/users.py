"""Which machines use the parts of an estate that machines share: what was rehearsed of them hangs on these parts."""

from collections.abc import Iterator, Mapping

from failback.reprotect import Choices, Estate, Operation, Plan, RequestDefaults, VirtualMachine, configuration_server

LINK = ("link", "link")
Part = tuple[str, str]
"""Section and name."""


def users_of(estate: Estate, plan: Plan) -> Mapping[Part, tuple[str, ...]]:
    """Part -> the machines that run on it, come home through it, or go with it, as they are asked for in this plan."""
    defaults = RequestDefaults(estate, plan)
    found: dict[Part, dict[str, None]] = {}
    for vm in estate.virtual_machines.values():
        for part in (LINK, *_parts(estate, vm, defaults.choose(vm.name, Operation.REPROTECT_TO_ON_PREMISES))):
            found.setdefault(part, {})[vm.name] = None
    return {(section, name): tuple(names) for (section, name), names in found.items() if name}


def _parts(estate: Estate, vm: VirtualMachine, choices: Choices) -> Iterator[Part]:
    yield "hosts", vm.host
    yield from (("datastores", name) for name in (*vm.datastores, choices.datastore or ""))
    yield from _servers(estate, vm, choices)
    yield "replication_groups", vm.replication_group or ""
    for plan in estate.recovery_plans.values():
        if any(vm.name in group for group in plan.groups):
            yield "recovery_plans", plan.name


def _servers(estate: Estate, vm: VirtualMachine, choices: Choices) -> Iterator[Part]:
    """The servers of its way home, and what those run on."""
    yield "process_servers", choices.process_server or vm.process_server
    keeper = configuration_server(estate, vm.name)
    yield "configuration_servers", keeper.name if keeper else ""
    for section, name in (("master_targets", choices.master_target), ("appliances", choices.appliance)):
        yield section, name or ""
        server = getattr(estate, section).get(name)
        if server is not None:
            yield "hosts", server.host
            yield "datastores", server.datastore
