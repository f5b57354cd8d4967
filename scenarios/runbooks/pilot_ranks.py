"""How important machines are for a pilot: by the tier of their application, not by their own alone."""

from collections.abc import Mapping

from failback.scenarios.files.applications import tier_number
from failback.scenarios.files.schema import Scenario


def ranks_of(scenario: Scenario) -> Mapping[str, float]:
    """Machine -> the number of the most important tier of its application, or of its own where it has none.

    The web server of an important application has often a tier of its own, and stops the application all the same.
    """
    own = {name: tier_number(vm.tier) for name, vm in scenario.estate.virtual_machines.items()}
    ranks = dict(own)
    for one in scenario.applications:
        members = [name for name in one.machines if name in own]
        first = min((tier_number(one.tier), *(own[name] for name in members)))
        ranks |= {name: min(first, ranks[name]) for name in members}
    return ranks


def tier_words(scenario: Scenario) -> Mapping[str, str]:
    """Machine -> its tier in words, with that of its application where this one is more important."""
    vms, ranks = scenario.estate.virtual_machines, ranks_of(scenario)
    of = {name: one.name for one in scenario.applications for name in one.machines}
    own = {name: f"tier {vm.tier}" if vm.tier else "" for name, vm in vms.items()}
    more = {
        name: f"application {of[name]}: tier {rank:g}"
        for name, rank in ranks.items()
        if rank < tier_number(vms[name].tier)
    }
    return {name: ", ".join(filter(None, (own[name], more.get(name)))) for name in vms}
