"""Applications of which a pilot brings only some machines home: they are in parts until all of them come home."""

from collections.abc import Mapping, Sequence

from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed


def in_parts(scenario: Scenario, chosen: Sequence[str]) -> Mapping[str, str]:
    """Each of them by name, with what is said of it and what its owner must confirm."""
    found = {}
    for one in scenario.applications:
        early = [name for name in one.machines if name in chosen]
        rest = [name for name in one.machines if name not in chosen]
        if early and rest:
            come = "comes" if len(early) == 1 else "come"
            found[one.name] = (
                f"Of {one.name}, only {listed(early)} {come} home early, and not {listed(rest)}. From the pilot until "
                "the main return, it is in parts, on site and in Azure. Its owner must confirm before the pilot that "
                "it works like that, across the link."
            )
    return found
