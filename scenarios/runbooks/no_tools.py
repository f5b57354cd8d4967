"""Machines that are known to have no VMware Tools: what is different at their failback."""

from typing import Final

from failback.reprotect import Operation
from failback.scenarios.files.schema import Scenario

from .planned_requests import PlannedRequest

_NO_TOOLS: Final = (
    "it has no VMware Tools: vCenter shows no address of it, and Shut Down Guest OS does not work; use its web console"
)


def no_tools_words(scenario: Scenario, request: PlannedRequest) -> str:
    """One sentence; empty where all have them, where nobody knows, and at other legs."""
    machines = scenario.estate.virtual_machines
    without = [item for item in request.items if machines[item].tools is None]
    if request.operation is not Operation.FAILBACK or not without:
        return ""
    return _NO_TOOLS if len(request.items) == 1 else f"{', '.join(without)}: {_NO_TOOLS}"
