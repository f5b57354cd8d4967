"""Which of several servers of a kind serves a machine."""

from .facts import known
from .servers import ConfigurationServer
from .whole import Estate


def configuration_server(estate: Estate, item: str) -> ConfigurationServer | None:
    """The configuration server that protects the machine; where no fact tells which of several, the first.

    Inferred where the machine does not name it: a server protects the machines of the vCenters that it has discovered.
    """
    servers, vm = estate.configuration_servers, estate.virtual_machines[item]
    if known(vm.configuration_server) and vm.configuration_server is not None:
        return servers.get(vm.configuration_server)
    if len(servers) > 1 and known(vm.vcenter) and vm.vcenter is not None:
        knowing = [s for s in servers.values() if known(s.vcenters) and vm.vcenter in (s.vcenters or ())]
        if len(knowing) == 1:
            return knowing[0]
    return next(iter(servers.values()), None)
