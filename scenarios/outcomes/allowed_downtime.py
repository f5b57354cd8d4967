"""How long a machine may be down by the recovery targets."""

from failback.reprotect import VirtualMachine
from failback.scenarios.files.schema import Scenario


def allowed_s(scenario: Scenario, vm: VirtualMachine) -> float | None:
    """The shortest downtime that the recovery targets give this machine, in seconds; None where nobody told one."""
    targets = (target for target in scenario.homecoming.targets if target.tier in ("", vm.tier))
    return min((target.downtime_s for target in targets if target.downtime_s is not None), default=None)
