"""What a pilot does not try, in words: the property, who has it, why none of them goes, and how one would."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from failback.reprotect import OWN_FILE, RequestDefaults
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.passed_over import barred_servers
from failback.scenarios.text.name_lists import listed

from .pilot import Pilot
from .pilot_groups import THROUGH
from .pilot_largest import TIMES
from .pilot_limits import Why
from .pilot_ranks import ranks_of, tier_words
from .untried import Untried


def untried_lines(scenario: Scenario, found: Pilot) -> Iterator[str]:
    """A sentence or two for each."""
    tiers, ranks = tier_words(scenario), ranks_of(scenario)
    for one in found.untried:
        offer = _server_offer(scenario, found, one) if one.why is Why.NO_MACHINE else _offer(one, tiers)
        yield f"{one.name}. {_WORDS[one.why](one, ranks)}{offer}"


def _only(one: Untried) -> str:
    return f"Only {listed(one.machines)} could"


_IN_DOUBT: Final = "what is known of that contradicts itself"
_WORDS: Final[Mapping[Why, Callable[[Untried, Mapping[str, float]], str]]] = {
    Why.BLOCKED: lambda one, _: f"{_only(one)}, and a rule blocks that now; `failback check` says what to do.",
    Why.STOPS: lambda one, _: (
        f"{_only(one)}, and {'it stops' if len(one.machines) == 1 else 'they stop'} in the simulation."
    ),
    Why.DOUBT: lambda one, _: f"{_only(one)}, and {_IN_DOUBT}; see Passed over.",
    Why.LEFT_OUT: lambda one, _: f"{_only(one)}, and --without leaves that out.",
    Why.TOO_LATE: lambda one, _: (
        f"{_only(one)}, and with {listed(one.offers)} the pilot would end after the way home begins."
    ),
    Why.TOO_LONG: lambda one, _: (
        f"{_only(one)}, and with {listed(one.offers)} the pilot would take more than {TIMES} times as long."
    ),
    Why.IMPORTANT: lambda one, ranks: f"{_only(one)}, and a pilot leaves tier {ranks[one.offers[0]]:g} alone.",
    Why.WARNING: lambda one, _: f"Only {listed(one.machines)} could; it does not block.",
    Why.NO_MACHINE: lambda *_: "The plan sends no machine through it.",
}


def _server_offer(scenario: Scenario, found: Pilot, one: Untried) -> str:
    """What is written to send a machine of the pilot through a server of the same kind."""
    estate = scenario.estate
    for key, servers in {"appliance": estate.appliances, "master_target": estate.master_targets}.items():
        ways = {f"{THROUGH}{server}": server for server in servers}
        able = [group.machines[0] for group in found.groups if group.properties & ways.keys()]
        if one.name in ways and able:
            barred = barred_servers(RequestDefaults(estate, scenario.plan), able[-1])
            if rule := barred.get(ways[one.name]):
                return f" To try it: first mend what bars {able[-1]} from it ({rule}); `failback check` says how."
            file = scenario.file or OWN_FILE
            return (
                f" To try it: in {file}, under `plan: item_choices`, write `{able[-1]}: {{{key}: {ways[one.name]}}}`."
            )
    return ""


def _offer(one: Untried, tiers: Mapping[str, str]) -> str:
    if not one.offers:
        return ""
    tier, first = tiers[one.offers[0]], "clear that up, or " if one.why is Why.DOUBT else ""
    return f" To try it: {first}--with {one.offers[0]}{tier and f' ({tier})'}."
