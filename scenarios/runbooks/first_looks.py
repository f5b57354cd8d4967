"""What is looked at just before the first step: whether the servers that carry the data are well on that day.

The check may have found them well a week before.
"""

from collections.abc import Iterator
from dataclasses import replace

from failback.reprotect import PERSONS, REQUIREMENTS, Holds, Operation, Requirement, applies, who_sees

from .box_looks import look_words
from .leg_rules import RuleBox
from .runbook import Runbook, Section


def first_looks(found: Runbook) -> Iterator[RuleBox]:
    """A box for each rule about a server of this plan that has to be up all the time."""
    for rule in (row for row in REQUIREMENTS if row.retry and _is_of_a_server(row)):
        if section := _asked(found, rule):
            look = look_words(found, section, rule)
            yield RuleBox(rule, who_sees(look, PERSONS.get(rule.who, rule.who)), look)


def _is_of_a_server(rule: Requirement) -> bool:
    """Whether it is looked at before each leg: a server is asked for at the reprotects, and at the failback."""
    return {Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE} <= {p.operation for p in rule.where} or (
        rule.carries is rule.predicate
    )


def _asked(found: Runbook, rule: Requirement) -> Section | None:
    """All requests of the plan whose machines have such a server, as one section."""
    machines = found.scenario.estate.virtual_machines
    mine = [
        request
        for request in found.requests
        if any(applies(rule, machines[item].architecture).answer is not Holds.NO for item in request.items)
    ]
    return replace(found.sections[0], requests=tuple(mine)) if mine else None
