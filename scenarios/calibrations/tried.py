"""What the machines of earlier runs tried, as far as an estate knows them: a prediction names what none of them did."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from failback.reprotect import Choices, Estate, datastore_here, named_as_here
from failback.scenarios.checks.ways_tried import largest_gib, ways_tried, without_names
from failback.scenarios.files.calibration import Tried

from .measured import Measurements


def tried(measured: Measurements, estate: Estate) -> Tried | None:
    """What they tried; None where none of them is in the estate. A job does not say through which server it went."""
    home = [vm for name, vm in estate.virtual_machines.items() if name in measured.came_home]
    ways = {way for vm in home for way in ways_tried(estate, vm, _asked(estate, measured, vm.name))}
    if not home:
        return None
    return Tried(len(home), tuple(sorted(map(without_names, ways))), max(map(largest_gib, home)))


def _asked(estate: Estate, measured: Measurements, item: str) -> Choices:
    """Its choices by the names of the estate; a watch has those of the vault."""
    asked = measured.asked.get(item, Choices())
    named = {choice: getattr(asked, choice) for choice in _SECTIONS if getattr(asked, choice)}
    here: dict[str, Any] = {choice: named_as_here(estate, _SECTIONS[choice], name) for choice, name in named.items()}
    if asked.datastore:
        servers = (getattr(estate, _SECTIONS[choice]).get(name) for choice, name in here.items())
        hosts = tuple(str(host) for server in servers if (host := getattr(server, "host", None)))
        here["datastore"] = datastore_here(estate, asked.datastore, hosts)
    return replace(asked, **here)


_SECTIONS: Final[Mapping[str, str]] = {
    "master_target": "master_targets",
    "process_server": "process_servers",
    "appliance": "appliances",
}
