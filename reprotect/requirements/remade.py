"""Facts that a leg of the way makes anew: what was seen of them before that leg says nothing after it.

A check judges the facts of its day. A step that comes after such a leg needs a new look; a later estate has new facts.
What machines take from each other (disk slots, memory, room) is not here: a check counts it for the whole plan.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from failback.reprotect.estate import VirtualMachine
from failback.reprotect.item import LEGS, Operation, Phase
from failback.reprotect.phases import has_ended

from .row import Requirement, Stage


class Remade(NamedTuple):
    """The leg, the fact of the machine that it makes (empty: one of another part), and the rules that ask for it."""

    leg: Operation
    fact: str
    rules: tuple[str, ...]
    source: str
    new_alone: bool = False
    """Only where the machine is gone on site, and is made there again."""


_FAILOVER, _HOME, _BACK = Operation.FAILOVER, Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK
_BOOTS: Final = "documented: the agent registers again after each boot"
_MADE: Final = "documented: the failover makes the Azure virtual machine"
_IN_AZURE: Final = "inferred: it can happen only to a machine that runs in Azure"
_REPLICATES: Final = "documented: the replication home begins with the reprotect"

# fmt: off
REMADE: Final[tuple[Remade, ...]] = (
    Remade(_FAILOVER, "agent_registered",                   ("R23", "A06"), _BOOTS),
    Remade(_BACK,     "agent_registered",                   ("R23", "A06"), _BOOTS),
    Remade(_FAILOVER, "azure.exists",                       ("R18",),       _MADE),
    Remade(_FAILOVER, "azure.moved",                        ("R17",),       _MADE),
    Remade(_FAILOVER, "azure.running",                      ("78093",),     _MADE),
    Remade(_FAILOVER, "azure.created_by_hand",              ("G10",),       _MADE),
    Remade(_FAILOVER, "azure.stopped_services",             ("A25",),       _MADE),
    Remade(_FAILOVER, "azure.reaches_service_urls",         ("A05",),       _MADE),
    Remade(_FAILOVER, "azure.reaches_configuration_server", ("N04",),       _MADE),
    Remade(_FAILOVER, "migration_completed",                ("R16",),       _IN_AZURE),
    Remade(_FAILOVER, "protection_disabled",                ("R19",),       _IN_AZURE),
    Remade(_FAILOVER, "direction_shown",                    ("R26",),       "documented: the dialog shows it once the machine is failed over"),
    Remade(_FAILOVER, "pending_question",                   ("R32",),       "documented: it turns the machine on site off; that vSphere may ask then is inferred"),
    Remade(_HOME,     "pending_question",                   ("R32",),       "documented: its job turns the machine on site off; that vSphere may ask then is inferred"),
    Remade(_HOME,     "registered_in_vcenter",              ("B08",),       "documented: a machine that is gone is made again", new_alone=True),
    Remade(_HOME,     "",                                   ("B16",),       "inferred: what is sent home grows thin disks and snapshots"),
    Remade(_HOME,     "",                                   ("M06", "A09"), "documented: the disks are attached by the reprotect"),
    Remade(_HOME,     "replication_starts",                 ("R31",),       _REPLICATES),
    Remade(_HOME,     "replication_health",                 ("F01",),       _REPLICATES),
    Remade(_HOME,     "recovery_points",                    ("F02",),       _REPLICATES),
    Remade(_HOME,     "app_consistent_points",              ("F03", "A11"), _REPLICATES),
    Remade(_HOME,     "resync_required",                    ("B11",),       _REPLICATES),
    Remade(_HOME,     "backlog_mib",                        ("B05",),       _REPLICATES),
    Remade(_HOME,     "rpo_s",                              ("B10",),       _REPLICATES),
)
# fmt: on


def remade_before(rule: Requirement, vm: VirtualMachine, seen_in: Phase, leg: Operation) -> Operation | None:
    """The last leg before the rule is looked at in this one that makes its fact anew, after it was seen in a phase."""
    made = {
        row.leg for row in REMADE if rule.id in row.rules and _concerns(row, vm) and not has_ended(row.leg, seen_in)
    }
    before = [each for each in made if _is_before(each, rule, leg)]
    return max(before, key=LEGS.index, default=None)


def _concerns(row: Remade, vm: VirtualMachine) -> bool:
    return vm.exists_on_premises is not True if row.new_alone else True


def _is_before(made_by: Operation, rule: Requirement, leg: Operation) -> bool:
    """A leg is before itself for what is looked at only when its job has ended."""
    return LEGS.index(made_by) < LEGS.index(leg) + seen_after(rule, leg)


def seen_after(rule: Requirement, leg: Operation) -> bool:
    """Whether this leg meets it only while the data is copied, when its job has ended."""
    return all(point.stage is Stage.REPLICATION for point in rule.where if point.operation is leg)


def facts_remade(seen_in: Phase, now: Phase) -> Iterator[str]:
    """The facts of a machine that the legs between two phases have made anew."""
    legs = {leg for leg in LEGS if has_ended(leg, now) and not has_ended(leg, seen_in)}
    yield from dict.fromkeys(row.fact for row in REMADE if row.leg in legs and row.fact)
