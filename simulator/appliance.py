"""The modernised replication appliance: one box, several parts, each with a health of its own (A01).

The names of the parts are those of the architecture article; which of them a leg needs is not documented, so that one
sick part makes the whole unfit.
"""

from typing import Final

from failback.reprotect import Appliance, AppliancePart

PARTS: Final = ("proxy", "discovery", "reprotection_agent", "process_server", "recovery_services_agent", "provider")
"""Parts of an appliance, in the order in which data from Azure passes them, then those that talk to the service."""


def parts_of(box: Appliance) -> tuple[AppliancePart, ...]:
    """All parts: those that the estate speaks of as it says, the others as the whole."""
    by_name = {part.name: part for part in box.parts}
    return tuple(by_name.get(name) or AppliancePart(name, box.healthy) for name in PARTS)
