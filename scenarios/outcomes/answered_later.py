"""Facts that nobody can know yet, since a leg that lies ahead makes them: no answer asks for them before it.

What somebody has said of them stays. A rule whose fact is taken as the leg makes it is not called met: where it can
stop a step, the runbook lists it before that step.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from failback.reprotect import Estate, Operation, Unknown, VirtualMachine
from failback.scenarios.text.plain_words import LEG_WORDS

_OF_THE_AZURE_MACHINE: Final[Mapping[str, tuple[str, bool]]] = {
    "exists": ("R18", True),
    "moved": ("R17", False),
    "running": ("78093", True),
}
"""Fact of a machine in Azure -> the rule that asks for it, and what the failover makes of it.

Others that a coming leg makes, such as recovery points on site, stay unknown: they may stop a machine after it.
"""


@dataclass(frozen=True, slots=True)
class AnsweredLater:
    """The estate as the legs ahead make it, and the rules that can be answered only after each leg."""

    estate: Estate
    rules: Mapping[Operation, tuple[str, ...]]

    @property
    def all_rules(self) -> frozenset[str]:
        """These rules of all legs."""
        return frozenset(rule for rules in self.rules.values() for rule in rules)

    def words(self) -> Iterator[str]:
        """A sentence for each leg."""
        for leg, rules in self.rules.items():
            asked = "is" if len(rules) == 1 else "are"
            yield (
                f"{', '.join(rules)} {asked} not asked yet: nobody can know before the {LEG_WORDS[leg].name.lower()}. "
                "Import and check again after it."
            )


def answered_later(estate: Estate, waiting: Collection[str]) -> AnsweredLater:
    """`waiting`: machines whose failover lies ahead and is taken for granted."""
    found: dict[Operation, dict[str, None]] = {}
    machines = {name: _settled(vm, name in waiting, found) for name, vm in estate.virtual_machines.items()}
    rules = {leg: tuple(names) for leg, names in found.items()}
    return AnsweredLater(replace(estate, virtual_machines=machines) if rules else estate, rules)


def _settled(vm: VirtualMachine, waits: bool, found: dict[Operation, dict[str, None]]) -> VirtualMachine:
    if waits and (azure := _unknown(vm.azure, _OF_THE_AZURE_MACHINE)):
        _note(found, Operation.FAILOVER, (_OF_THE_AZURE_MACHINE[name][0] for name in azure))
        vm = replace(vm, azure=replace(vm.azure, **azure))
    return vm


def _unknown(thing: object, made: Mapping[str, tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, (_, value) in made.items() if isinstance(getattr(thing, name), Unknown)}


def _note(found: dict[Operation, dict[str, None]], leg: Operation, rules: Iterable[str]) -> None:
    found.setdefault(leg, {}).update(dict.fromkeys(rules))
