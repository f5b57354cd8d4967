"""Who acts on a rule of a leg, as the check says for the machines at hand, else as the rule says; which owners."""

from collections.abc import Iterable, Mapping, Sequence

from failback.reprotect import PERSONS, Requirement
from failback.scenarios.checks.told import ToldCause


def person_words(rule: Requirement, told: Iterable[ToldCause], items: frozenset[str]) -> str:
    """The persons of the causes of this rule that concern one of these machines, each once."""
    mine = (each for each in told if each.cause.rule == rule.id and not items.isdisjoint(each.cause.items))
    return "; ".join(dict.fromkeys(each.person for each in mine)) or PERSONS.get(rule.who, rule.who)


def owners_words(owners: Mapping[str, str], names: Sequence[str]) -> str:
    """`the owner of application shop: Ann`, each once."""
    return "; ".join(dict.fromkeys(f"the {owners.get(name, f'owner of {name}')}" for name in names))
