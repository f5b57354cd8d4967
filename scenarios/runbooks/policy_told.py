"""Which replication policy a dialog asks for, as far as the vault has told it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from failback.reprotect import Architecture, Estate, Operation

from .leg_guide import LegGuide
from .planned_requests import PlannedRequest
from .runbook import Runbook, Section

POLICY: Final = "policy"
"""The field of the dialog, beside those that requests have."""
_FACTS: Final[Mapping[Operation, str]] = {
    Operation.REPROTECT_TO_ON_PREMISES: "failback_policy",
    Operation.REPROTECT_TO_AZURE: "policy",
}
"""The fact of a machine that names the policy of this leg."""


def policy_told(estate: Estate, request: PlannedRequest) -> str:
    """The name, where it is one for all machines of the request; empty where nobody told it (R30)."""
    fact = _FACTS.get(request.operation)
    names = {getattr(estate.virtual_machines[item], fact).name for item in request.items} if fact else set()
    return names.pop() if len(names) == 1 else ""


def guides_of(found: Runbook, section: Section) -> Mapping[Architecture, LegGuide]:
    """The guides of a section; what to do about a policy that nobody told stands only where one is not told."""
    return {kind: replace(guide, policy=_open(found, section, kind, guide)) for kind, guide in section.guides.items()}


def _open(found: Runbook, section: Section, kind: Architecture, guide: LegGuide) -> str:
    estate = found.scenario.estate
    asked = [r for r in section.requests if estate.virtual_machines[r.items[0]].architecture is kind]
    return guide.policy if not all(policy_told(estate, request) for request in asked) else ""
