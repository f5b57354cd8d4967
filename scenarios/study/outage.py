"""A mishap on the way home: a part of the site goes down when some of the way is done, and comes back later."""

from dataclasses import replace
from math import inf

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import answer
from failback.scenarios.outcomes.way_home import way_home
from failback.simulator import Fault, FaultKind

from .variants import refused


def with_outage(scenario: Scenario, part: str, at_share: float, out_for_min: float | None = None) -> Scenario:
    """The scenario in which `part` stops to answer when `at_share` (0 to 1) of the undisturbed way home is over.

    It is back after `out_for_min` minutes; None: it does not come back.
    """
    if part not in _servers(scenario):
        raise refused(f"there is no server `{part}` that can go down; there are {', '.join(_servers(scenario))}")
    if out_for_min is not None and not 0 < out_for_min < inf:
        raise refused(f"the outage lasts {out_for_min} minutes; expected a finite number above 0, or None")
    if not 0 <= at_share <= 1:
        raise refused(f"the outage begins at {at_share} of the way; expected a share from 0 to 1")
    down_s = at_share * _home_s(scenario)
    faults = [Fault(FaultKind.CHANGE_FACTS, part, at_s=down_s, facts={"up": False})]
    if out_for_min is not None:
        faults.append(Fault(FaultKind.CHANGE_FACTS, part, at_s=down_s + 60 * out_for_min, facts={"up": True}))
    return replace(scenario, faults=(*scenario.faults, *faults))


def _servers(scenario: Scenario) -> list[str]:
    estate = scenario.estate
    parts = (estate.configuration_servers, estate.process_servers, estate.master_targets)
    return [name for servers in parts for name in servers]


def _home_s(scenario: Scenario) -> float:
    home_s = answer(way_home(scenario), scenario.seed).home_s
    if home_s is None:
        raise refused(
            "the outage begins at a share of the way home without an outage, but not all machines come home even then"
        )
    return home_s
