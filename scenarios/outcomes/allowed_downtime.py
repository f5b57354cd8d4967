"""How long a machine may be down by the recovery targets."""

from failback.reprotect import VirtualMachine
from failback.scenarios.files.schema import Scenario


def allowed_s(scenario: Scenario, vm: VirtualMachine) -> float | None:
    """How long this machine may be down, in seconds; None where nobody told it.

    The shortest of its applications' own; else of the recovery targets.
    """
    own = [one.downtime_s for one in scenario.applications if vm.name in one.machines and one.downtime_s is not None]
    if own:
        return min(own)
    targets = (target for target in scenario.homecoming.targets if target.tier in ("", vm.tier))
    return min((target.downtime_s for target in targets if target.downtime_s is not None), default=None)
