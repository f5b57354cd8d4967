"""A plan that a run would refuse, told like any other cause: the part at fault, who changes what, the proof."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from failback.reprotect import (
    AZURE,
    MET,
    Applies,
    Architectures,
    CheckPoint,
    Holds,
    ObjectKind,
    Operation,
    PlanMistake,
    Proof,
    Requirement,
    Stage,
)

from .causes import Cause, Observed

PLAN: Final = "PLAN"
"""Stands where a rule's id stands."""
_VAULT: Final = "Azure portal > Recovery Services vault > Recovery Plans (Site Recovery)"
PROOF: Final = Proof("a plan that can be run", "`failback check SCENARIO.yaml` shows no finding PLAN any more")
_LIMIT, _OURS = "documented limits of recovery plans", "no page: a run with this plan could not end"
_APPLIES: Final = Applies(Holds.YES, "inferred")
_ROW: Final = Requirement(
    PLAN,
    "a plan that can be run",
    Architectures(_APPLIES, _APPLIES),
    (CheckPoint(Operation.FAILOVER, Stage.SELECTION),),
    lambda *_: MET,
    "FB-PLAN",
    kind_of_object=ObjectKind.RECOVERY_PLAN,
    who=AZURE,
    remedy="",
    source=_OURS,
)


def plan_steps(cause: Cause, row: Requirement) -> tuple[str, ...]:
    """In the file, and in the vault where its limits are at fault: it knows nothing of waves."""
    steps = (f"in SCENARIO.yaml: {row.remedy}",)
    if row.source != _LIMIT:
        return steps
    plan = cause.objects[0]
    return (
        *steps,
        f"only if the vault has {plan} too: {_VAULT} > {plan} > Customize: take out the machines that step 1 moves to "
        f"another plan > Save; then {_VAULT} > + Recovery plan: that name and those machines > Create",
    )


def _named(thing: str) -> tuple[str, str]:
    """Its kind, in words, and its name: a recovery plan, a replication group, or a part of the plan itself."""
    for kind in (ObjectKind.RECOVERY_PLAN.value, ObjectKind.REPLICATION_GROUP.value):
        if thing.startswith(f"{kind} "):
            return kind, thing.removeprefix(f"{kind} ")
    return "plan", thing


def plan_causes(refused: Sequence[PlanMistake]) -> Iterator[tuple[Cause, Requirement, str]]:
    """Each with its row, and how sure it is."""
    for mistake in refused:
        kind, name = _named(mistake.object)
        seen = Observed(PLAN, "blocks", kind, name, name, mistake.sentence)
        row = replace(_ROW, remedy=mistake.act, source=_LIMIT if mistake.documented else _OURS)
        sure = "documented" if mistake.documented else "inferred"
        yield Cause(f"{PLAN}:{name}", PLAN, "blocks", kind, {mistake.sentence: (seen,)}), row, sure
