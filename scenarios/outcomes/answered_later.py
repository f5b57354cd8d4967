"""Facts that nobody can know yet, since the failover that lies ahead makes them: no answer asks for them before it.

What somebody has said of them stays. A rule whose fact is taken as the failover makes it is not called met: where it
can stop a step, the runbook lists it before that step.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from failback.reprotect import Estate, Unknown, VirtualMachine

_MADE_BY_THE_FAILOVER: Final[Mapping[str, tuple[str, bool]]] = {
    "exists": ("R18", True),
    "moved": ("R17", False),
    "running": ("78093", True),
}
"""Fact of a machine in Azure -> the rule that asks for it, and what the failover makes of it.

Others that a coming leg makes, such as recovery points on site, stay unknown: they may stop a machine after it.
"""


@dataclass(frozen=True, slots=True)
class AnsweredLater:
    """The estate as the failover makes it, and the rules that can be answered only after it."""

    estate: Estate
    rules: tuple[str, ...]

    def words(self) -> Iterator[str]:
        """One sentence, where there is such a rule."""
        if self.rules:
            asked = "is" if len(self.rules) == 1 else "are"
            yield (
                f"{', '.join(self.rules)} {asked} not asked yet: nobody can know before the failover. "
                "Import and check again after it."
            )


def answered_later(estate: Estate, waiting: Collection[str]) -> AnsweredLater:
    """`waiting`: machines whose failover lies ahead and is taken for granted."""
    machines = estate.virtual_machines
    unknown = {name: found for name in waiting if (found := _unknown(machines[name]))}
    made = {name: _made(machines[name], found) for name, found in unknown.items()}
    rules = dict.fromkeys(_MADE_BY_THE_FAILOVER[fact][0] for name in machines for fact in unknown.get(name, ()))
    return AnsweredLater(replace(estate, virtual_machines={**machines, **made}) if made else estate, tuple(rules))


def _unknown(vm: VirtualMachine) -> tuple[str, ...]:
    return tuple(fact for fact in _MADE_BY_THE_FAILOVER if isinstance(getattr(vm.azure, fact), Unknown))


def _made(vm: VirtualMachine, facts: Collection[str]) -> VirtualMachine:
    known: dict[str, Any] = {fact: _MADE_BY_THE_FAILOVER[fact][1] for fact in facts}
    return replace(vm, azure=replace(vm.azure, **known))
