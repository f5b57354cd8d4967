"""What is said of each group of machines of a pilot: for the page, the terminal and JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from failback.reprotect import Operation
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed

from .home_places import home_places
from .pilot import Pilot
from .pilot_back_out import back_out
from .pilot_cover import PilotGroup
from .pilot_limits import Why
from .pilot_options import OtherChoice
from .pilot_times import down_s, last_end, takes_words
from .planned_requests import PlannedRequest
from .untried import rules_blocking


@dataclass(frozen=True, slots=True)
class PilotRow:
    """Machines of a pilot that come home together: what they try first, what it takes, where to, how one backs out."""

    machines: tuple[str, ...]
    size_gib: float
    tier: str
    proves: tuple[str, ...]
    takes: str
    places: tuple[str, ...]
    back_out: tuple[str, ...]
    fix_first: tuple[str, ...] = ()
    """What is known to be wrong with its datastore."""
    clear_up: tuple[str, ...] = ()
    """Questions that are open about other machines of its applications, or of those on which these depend."""

    @property
    def beside(self) -> tuple[str, ...]:
        """What has to be known of its place, with what is to be done first."""
        return (*self.places, *self.fix_first, *self.clear_up)


def pilot_rows(scenario: Scenario, found: Pilot, requests: Sequence[PlannedRequest] = ()) -> tuple[PilotRow, ...]:
    """One for each group. `requests` are those of the pilot's plan; without them nothing is said of times."""
    vms, places = scenario.estate.virtual_machines, home_places(scenario)
    return tuple(
        PilotRow(
            group.machines,
            group.size_gib,
            listed(tuple(dict.fromkeys(vms[name].tier for name in group.machines if vms[name].tier))),
            found.proves[group.machines],
            takes_words(requests, group.machines),
            tuple(dict.fromkeys(places[name] for name in group.machines)),
            tuple(back_out(vms[group.machines[0]].architecture, requests, group.machines)),
            tuple(dict.fromkeys(one for name in group.machines for one in found.store_faults.get(name, ()))),
            tuple(_clear_up(found, group)),
        )
        for group in found.groups
    )


def _clear_up(found: Pilot, group: PilotGroup) -> Iterator[str]:
    for one in found.doubts:
        if names := tuple(name for name in one.machines if name in group.waits_for):
            yield f"clear up first, for its application: {listed(names)}: {one.why}"


def ways_back(scenario: Scenario, found: Pilot) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """How one backs out, once for all groups alike: a heading, and a sentence for each point of the way.

    Without times, since each group says itself what it takes.
    """
    vms, ways = scenario.estate.virtual_machines, dict[tuple[str, ...], list[str]]()
    for group in found.groups:
        sentences = tuple(back_out(vms[group.machines[0]].architecture, (), ()))
        ways.setdefault(sentences, []).extend(group.machines)
    whose = (f" ({listed(names)})" if len(ways) > 1 else "" for names in ways.values())
    return tuple((f"How to back out{names}", sentences) for names, sentences in zip(whose, ways, strict=True))


def as_json(scenario: Scenario, found: Pilot, requests: Sequence[PlannedRequest] = ()) -> dict[str, Any]:
    """The pilot as plain data."""
    return {
        "scenario": scenario.name,
        "machines": list(found.machines),
        "groups": [_group(row, requests) for row in pilot_rows(scenario, found, requests)],
        "not_covered": {
            one.name: list(one.machines) for one in found.untried if one.why not in (Why.WARNING, Why.STORE)
        },
        "not_tried": [
            {"what": one.name, "machines": list(one.machines), "why": one.why.value, "with": list(one.offers)}
            | {"rules": list(rules_blocking(found.blocked, one))}
            for one in found.untried
        ],
        "passed_over": [
            {"machine": stop.item, "leg": stop.operation.value, "rule": stop.rule, "why": stop.message}
            for stop in found.passed_over
        ],
        "blocked": {name: list(rules) for name, rules in found.blocked.items()},
        "not_chosen": [asdict(one) | {"why": one.why.value} for one in found.not_chosen],
        "in_doubt": [{"machines": list(one.machines), "why": one.why} for one in found.doubts],
        "longer": found.longer
        and {
            "left_out_for_time": list(found.longer.slow),
            "machines": list(found.longer.machines),
            "tries_besides": list(found.longer.tries),
            "ends_s": found.longer.ends_s,
            "late_by_s": found.longer.late_by_s,
        },
        "shorter": _other(found.shorter),
        "less_at_stake": _other(found.less_at_stake.other if found.less_at_stake else None),
    }


def _other(choice: OtherChoice | None) -> dict[str, list[str]] | None:
    if choice is None:
        return None
    return {
        "without": list(choice.without),
        "machines": list(choice.machines),
        "does_not_try": list(choice.loses),
    }


def _group(row: PilotRow, requests: Sequence[PlannedRequest]) -> dict[str, Any]:
    ends = {
        "home_s": last_end(requests, row.machines, Operation.COMMIT_FAILBACK),
        "protected_again_s": last_end(requests, row.machines, Operation.REPROTECT_TO_AZURE),
    }
    return {
        "machines": list(row.machines),
        "proves": list(row.proves),
        "size_gib": row.size_gib,
        "tier": row.tier,
        "down_s": down_s(requests, row.machines),
        **{key: time and time.middle_s for key, time in ends.items()},
        "comes_home_to": list(row.places),
        "fix_first": list(row.fix_first),
        "clear_up": list(row.clear_up),
        "back_out": " ".join(row.back_out),
    }
