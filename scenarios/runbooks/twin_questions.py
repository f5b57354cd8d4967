"""Machines with one BIOS UUID (R11): whether the data of each are its own is asked before its commit.

The commit deletes the copy in Azure, so it is too late afterwards. The later one may replicate home only after a yes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from failback.reprotect import Operation, same_bios_uuids
from failback.scenarios.files.applications import owners_of
from failback.scenarios.text.name_lists import listed

from .after_return import replicated_anew
from .leave_out import leave_out
from .runbook import Runbook

RULE: Final = "R11"


def commit_questions(found: Runbook) -> Mapping[str, str]:
    """Machine -> what is asked before its commit, where another has its BIOS UUID."""
    owners = owners_of(found.scenario.applications)
    return {
        item: _QUESTION.format(
            item=item,
            others=listed(others),
            who=f"the {owners.get(item, f'owner of {item}')}",
            leave=leave_out(found, item, Operation.COMMIT_FAILBACK),
        )
        for item, others in commit_twins(found).items()
    }


def commit_twins(found: Runbook) -> Mapping[str, Sequence[str]]:
    """Machine that is committed -> the others with its BIOS UUID."""
    machines = found.scenario.estate.virtual_machines
    commits = {item for one in found.requests if one.operation is Operation.COMMIT_FAILBACK for item in one.items}
    twins = same_bios_uuids(machines.values(), machines)
    return {item: others for item, others in twins.items() if item in commits}


def anew_questions(found: Runbook) -> Mapping[str, str]:
    """Machine -> what is asked before its reprotect to Azure, where its replication is begun anew after the return."""
    return {item: _ANEW.format(item=item, rule=task.rule) for item, task in replicated_anew(found).items()}


def twin_questions(found: Runbook) -> Mapping[str, str]:
    """Machine -> what is asked before its reprotect home, where a twin of it comes home before it."""
    return dict(_questions(found))


def _questions(found: Runbook) -> Iterator[tuple[str, str]]:
    homeward = [one for one in found.requests if one.operation is Operation.REPROTECT_TO_ON_PREMISES]
    order = [item for request in homeward for item in request.items]
    twins = same_bios_uuids(found.scenario.estate.virtual_machines.values(), order)
    for n, item in enumerate(order):
        if earlier := [name for name in order[:n] if name in twins.get(item, ())]:
            leave = leave_out(found, item, Operation.REPROTECT_TO_ON_PREMISES)
            yield item, _ANSWERED.format(item=item, earlier=listed(earlier), leave=leave)


_QUESTION: Final = (
    "R11: {item} has the BIOS UUID of {others}. Ask {who}: are its data its own? Without a yes, {leave}. The commit "
    "deletes its copy in Azure. After a no, ask Microsoft support whose data came home in it"
)
_ANSWERED: Final = (
    "R11: {item} has the BIOS UUID of {earlier}. Was it answered with yes, before the commit of {earlier}, whether "
    "its data are its own? Without a yes, {leave}"
)
_ANEW: Final = (
    "{rule}: after the return, the replication of {item} is disabled and enabled anew. Did step 1 of {rule} show one "
    "BIOS UUID for both machines? If yes, leave out this step"
)
