"""What vault and vCenter call the objects of a cause that an import had to rename, so that they are found there."""

from collections.abc import Iterable, Iterator

from failback.reprotect import Estate, datastores_in_vsphere, names_in_the_vault


def other_names(estate: Estate, names: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each of these that has another name in the vault or in vCenter, each once."""
    servers = names_in_the_vault(estate)
    return tuple(dict.fromkeys(text for name in names for text in _called(estate, servers.get(name), name)))


def _called(estate: Estate, server: str | None, name: str) -> Iterator[str]:
    if server:
        yield f"the vault calls {name} {server}"
    if store := datastores_in_vsphere(estate).get(name):
        yield f"vCenter calls {name} {store}"
    vm = estate.virtual_machines.get(name)
    if vm is not None and vm.vsphere_name:
        yield f"vCenter calls {name} {vm.vsphere_name}" + (f" (id {vm.id})" if vm.id else "")
