"""What a pilot does not try, in words: the property, who has it, why none of them goes, and how one would."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from failback.reprotect import OWN_FILE, RequestDefaults
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.passed_over import barred_servers
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines

from .pilot import Pilot
from .pilot_groups import THROUGH
from .pilot_largest import TIMES
from .pilot_limits import Why
from .pilot_ranks import ranks_of, tier_words
from .rule_titles import titled
from .untried import Untried, rules_blocking

_NAMED_MAX: Final = 6
"""More machines are counted too."""


def untried_lines(scenario: Scenario, found: Pilot) -> Iterator[str]:
    """A sentence or two for each."""
    tiers, ranks = tier_words(scenario), ranks_of(scenario)
    for one in found.untried:
        if one.why is Why.NO_MACHINE:
            yield f"{one.name}. The plan sends no machine through it.{_server_offer(scenario, found, one)}"
        else:
            yield f"{one.name}. {_who_could(one)}{_reasons(found, one, ranks)}.{_offer(found, one, tiers)}"


def _who_could(one: Untried) -> str:
    names = listed(one.machines)
    many = len(one.machines) > _NAMED_MAX
    return f"Only {machines(len(one.machines))} could ({names})" if many else f"Only {names} could"


def _reasons(found: Pilot, one: Untried, ranks: Mapping[str, float]) -> str:
    """Why none of them goes; whose reason it is where they have several."""
    told = {why: _WORDS[why](found, one, names, ranks) for why, names in one.reasons.items()}
    if len(told) == 1:
        return f", and {told[one.why]}"
    return ": " + "; ".join(f"{listed(one.reasons[why])}: {words}" for why, words in told.items())


def _blocked(found: Pilot, one: Untried, names: tuple[str, ...], _: Mapping[str, float]) -> str:
    rules = rules_blocking(found.blocked, one)
    verb = "blocks" if len(rules) == 1 else "block"
    return f"{', '.join(map(titled, rules))} {verb} {'it' if len(names) == 1 else 'them'} now"


_WORDS: Final[Mapping[Why, Callable[[Pilot, Untried, tuple[str, ...], Mapping[str, float]], str]]] = {
    Why.BLOCKED: _blocked,
    Why.STOPS: lambda _, __, names, ___: f"{'it stops' if len(names) == 1 else 'they stop'} in the simulation",
    Why.DOUBT: lambda *_: "what is known of that contradicts itself; see Passed over",
    Why.LEFT_OUT: lambda *_: "--without leaves that out",
    Why.TOO_LATE: lambda _, __, names, ___: f"with {listed(names)} the pilot would end after the way home begins",
    Why.TOO_LONG: lambda _, __, names, ___: (
        f"with {listed(names)} the pilot would take more than {TIMES} times as long"
    ),
    Why.IMPORTANT: lambda _, __, names, ranks: f"a pilot leaves tier {ranks[names[0]]:g} alone",
    Why.WARNING: lambda *_: "no machine is added for what does not block",
    Why.STORE: lambda *_: "no machine is added for a datastore that the most important tier does not need",
}


def _server_offer(scenario: Scenario, found: Pilot, one: Untried) -> str:
    """What is written to send a machine of the pilot through a server of the same kind."""
    estate = scenario.estate
    for key, servers in {"appliance": estate.appliances, "master_target": estate.master_targets}.items():
        ways = {f"{THROUGH}{server}": server for server in servers}
        able = [group.machines[0] for group in found.groups if group.properties & ways.keys()]
        if one.name in ways and able:
            file = scenario.file or OWN_FILE
            unfit = barred_servers(RequestDefaults(estate, scenario.plan), able[-1])
            if rule := unfit.get(ways[one.name]):
                kept = f"what keeps {able[-1]} from coming home through it ({rule})"
                return f" To try it: first fix {kept}; `failback check {file}` says how."
            return (
                f" To try it: in {file}, under `plan: item_choices`, write `{able[-1]}: {{{key}: {ways[one.name]}}}`."
            )
    return ""


def _offer(found: Pilot, one: Untried, tiers: Mapping[str, str]) -> str:
    if one.offers:
        tier, first = tiers[one.offers[0]], "clear that up, or " if one.why is Why.DOUBT else ""
        return f" To try it: {first}--with {one.offers[0]}{tier and f' ({tier})'}."
    if rules := rules_blocking(found.blocked, one):
        return (
            f" To try it: fix {', '.join(rules)} first (`failback check {found.file}` says how), then choose the pilot "
            "again: that one tries more."
        )
    return ""
