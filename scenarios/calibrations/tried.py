"""What the machines of earlier runs tried, as far as an estate knows them: a prediction names what none of them did."""

from failback.reprotect import Choices, Estate
from failback.scenarios.checks.ways_tried import largest_gib, ways_tried, without_names
from failback.scenarios.files.calibration import Tried

from .measured import Measurements


def tried(measured: Measurements, estate: Estate) -> Tried | None:
    """What they tried; None where none of them is in the estate. A job does not say through which server it went."""
    home = [vm for name, vm in estate.virtual_machines.items() if name in measured.came_home]
    ways = {way for vm in home for way in ways_tried(estate, vm, measured.asked.get(vm.name, Choices()))}
    if not home:
        return None
    return Tried(len(home), tuple(sorted(map(without_names, ways))), max(map(largest_gib, home)))
