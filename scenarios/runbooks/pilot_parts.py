"""Applications of which a pilot brings only some machines home: they are in parts until all of them come home."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed

from .lonely_machines import needed_away
from .pilot import Pilot
from .pilot_limits import Why
from .rule_titles import titled


def in_parts(scenario: Scenario, found: Pilot) -> Mapping[str, str]:
    """Each of them by name, with what is said of it, what its owner must confirm, and what brings it home whole."""
    told = {}
    for one in scenario.applications:
        early = [name for name in one.machines if name in found.machines]
        rest = [name for name in one.machines if name not in found.machines]
        if early and rest:
            come = "comes" if len(early) == 1 else "come"
            told[one.name] = (
                f"Of {one.name}, only {listed(early)} {come} home early, and not {listed(rest)}. From the pilot until "
                "the main return, it is in parts, on site and in Azure. Its owner must confirm before the pilot that "
                f"it works like that, across the link. {_what_helps(found, rest)}"
            )
    return told


def left_in_azure(scenario: Scenario, machines: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Machine of the pilot -> those that it needs and that are not in it."""
    away = frozenset(scenario.estate.virtual_machines).difference(machines)
    return {name: gone for name, gone in needed_away(scenario, away).items() if gone and name in machines}


def _what_helps(found: Pilot, rest: Sequence[str]) -> str:
    first = tuple(_first(found, rest))
    options = f"`{' '.join(f'--with {name}' for name in rest)}`"
    return f"To bring it home whole in the pilot: {'; '.join((*first, f'then {options}' if first else options))}."


def _first(found: Pilot, rest: Sequence[str]) -> Iterator[str]:
    """What keeps these machines from being chosen by `--with`."""
    stops = {stop.item: (stop.rule,) for stop in found.passed_over}
    for name in rest:
        if rules := (*found.blocked.get(name, ()), *stops.get(name, ())):
            yield f"first fix {', '.join(map(titled, rules))} for {name}"
    asked = {name for one in found.not_chosen if one.why is Why.DOUBT for name in one.machines}
    if doubtful := [name for name in rest if name in asked]:
        yield f"first settle what is open about {listed(doubtful)} (see Passed over)"
