"""What a run was given besides its estate, in words: plan, model, answers, expectation, and the risks that it takes."""

from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from typing import Any, Final

from failback.reprotect import Plan
from failback.scenarios.files.schema import Expectation, Scenario, Stopped
from failback.scenarios.run.evidence import InputEvidence
from failback.scenarios.run.labels import calibration_words
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import CHECKER_WORDS, counted, h_min, phase_words
from failback.simulator import SiteParameters

from .rule_words import named, unmet

_NAMED_MAX: Final = 6
NO_GATE: Final = "no gate"
NO_RISK: Final = "none: neither the plan nor the expectation takes one"


def inputs_of(scenario: Scenario) -> tuple[InputEvidence, ...]:
    """Each input with its value, whether or not it has one: what was not given is told, too."""
    rows = {
        "expected ending": "; ".join(_expected(scenario)),
        "risks that the scenario takes": "; ".join(_risks(scenario)) or NO_RISK,
        "plan": ", ".join(_plan(scenario.plan)),
        "durations": _durations(scenario),
        "model of the site": _site(scenario.site),
        "answers at gates": _answers(scenario),
        "planned faults": counted(len(scenario.faults), "fault") if scenario.faults else "none",
        "targets": counted(len(scenario.homecoming.targets), "target") if scenario.homecoming.targets else "none",
    }
    return tuple(InputEvidence(what, words) for what, words in rows.items())


def _expected(scenario: Scenario) -> Iterator[str]:
    """What “as its scenario expects” means in this run."""
    expect = scenario.expect
    rest = expect.all or scenario.plan.goals[-1]
    apart = {**expect.items, **dict.fromkeys(expect.stopped_by, Stopped.STOPPED)}
    those = "each machine" if not apart else "each other machine"
    if len(apart) < len(scenario.estate.virtual_machines):
        yield f"{those} {_ending(rest)}"
    groups: dict[str, list[str]] = {}
    for name, ending in apart.items():
        by = f", {unmet(expect.stopped_by[name])}" if name in expect.stopped_by else ""
        groups.setdefault(f"{_ending(ending)}{by}", []).append(name)
    yield from (f"{listed(names, _NAMED_MAX)} {words}" for words, names in groups.items())
    if expect.findings:
        yield f"findings of {', '.join(map(named, expect.findings))}"


def _ending(ending: Enum) -> str:
    return "stops" if ending is Stopped.STOPPED else phase_words(str(ending.value))


def _risks(scenario: Scenario) -> Iterator[str]:
    """What the scenario permits although it may do harm, or expects although it should not be."""
    plan = scenario.plan
    chosen = {name: plan.item_choices.get(name, plan.choices) for name in scenario.estate.virtual_machines}
    if running := [name for name, choices in chosen.items() if choices.shut_down_source is False]:
        yield f"machines that are not shut down before a move, so that data may be lost: {listed(running, _NAMED_MAX)}"
    if not plan.wait_for_agent:
        yield "a reprotect is requested before the agent is registered (wait_for_agent: false)"
    if applied := [rule for rule, policy in plan.remedies.items() if policy.value == "apply"]:
        yield f"failback applies remedies without asking: {', '.join(map(named, applied))}"
    yield from _expected_harm(scenario.expect)


def _expected_harm(expect: Expectation) -> Iterator[str]:
    broken = [CHECKER_WORDS.get(name, name).rstrip(".") for name in expect.violations]
    if broken:
        yield f"expected to be broken: {'; '.join(broken)}"
    stops = [name for name, ending in expect.items.items() if ending is Stopped.STOPPED]
    stops = list(dict.fromkeys((*stops, *expect.stopped_by)))
    if expect.all is Stopped.STOPPED or stops:
        who = "each machine" if expect.all is Stopped.STOPPED else listed(stops, _NAMED_MAX)
        yield f"expected to stop on the way: {who}"


def _plan(plan: Plan) -> Iterator[str]:
    yield counted(len(plan.waves), "wave") if plan.waves else "one wave of all machines"
    yield f"gates: {', '.join(gate.name for gate in plan.gates)}" if plan.gates else NO_GATE
    yield counted(len(plan.freezes), "freeze window") if plan.freezes else "no freeze window"
    yield f"if a machine fails: {plan.on_failure.value.replace('_', ' ')}"
    yield f"stopped at its limit, {h_min(plan.give_up_after_s)} after it began"
    yield f"at most {counted(plan.attempts_max, 'attempt')}, {h_min(plan.retry_delay_s)} apart"


def _durations(scenario: Scenario) -> str:
    """Scenarios have all durations; what a file overrides is told by the numbers' own label."""
    return f"{calibration_words(scenario)}; seed {scenario.seed}"


def _site(site: SiteParameters) -> str:
    """Each number that the model was given, with those that differ from the packaged ones marked."""
    packaged = SiteParameters()
    return ", ".join(
        f"{field.name} {_value(getattr(site, field.name))}{_mark(site, packaged, field.name)}" for field in fields(site)
    )


def _mark(site: SiteParameters, packaged: SiteParameters, name: str) -> str:
    return "" if getattr(site, name) == getattr(packaged, name) else " (set by the scenario)"


def _value(value: Any) -> str:
    plain = value.value if isinstance(value, Enum) else value
    return f"{plain:g}" if isinstance(plain, float) else str(plain)


def _answers(scenario: Scenario) -> str:
    if not scenario.operator:
        return "none in the scenario"
    return f"in the scenario: {', '.join(dict.fromkeys(answer.gate for answer in scenario.operator))}"
