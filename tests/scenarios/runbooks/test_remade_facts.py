"""What a leg of the plan makes anew is not met by what the check saw before: its rule has a box after that leg."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any, Final

import pytest

from failback.reprotect import (
    LEGS,
    NOTICES,
    REMADE,
    REQUIREMENTS,
    UNKNOWN,
    ItemSeen,
    Line,
    Operation,
    Phase,
    VirtualMachine,
    facts_read,
    facts_remade,
    seen_after,
    stands_at,
)
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.player import play
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.leg_rules import LegRules, leg_rules
from failback.scenarios.runbooks.remaining import remaining
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.watching.record import Record
from failback.scenarios.watching.so_far import as_seen
from failback.simulator.site import Site

AGENT: Final = {"first_drill": "R23", "first_drill_modernised": "A06"}
HOME, OUT = Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE


def legs_of(found: Runbook, leg: Operation) -> list[tuple[str, LegRules]]:
    pairs = zip(found.sections, leg_rules(found), strict=True)
    return [(section.wave, rules) for section, rules in pairs if section.operation is leg and section.happening]


def ids(rules: LegRules) -> set[str]:
    return {box.rule.id for box in (*rules.boxes, *rules.after)}


@pytest.mark.parametrize(("story", "rule"), AGENT.items())
def test_the_agent_is_looked_at_after_the_boot_on_site(story: str, rule: str) -> None:
    found = runbook(load_scenario(resolve(story)), 1)
    sections = [section for section in found.sections if section.operation is OUT]
    assert sections
    assert not [section.wave for section in sections if rule in {row.id for row in section.met}]
    for _, rules in legs_of(found, OUT):
        (box,) = (box for box in rules.boxes if box.rule.id == rule)
        assert "Agent status has a heartbeat from the last 15 minutes, and from after the last boot" in box.look
    for file, text in texts(found).items():
        if file != "steps.csv":
            leg = text[text.rindex(": Reprotect to Azure") :]
            assert "wait up to 15 minutes after that boot" in leg, file


@pytest.mark.parametrize(("story", "rule"), AGENT.items())
def test_what_is_looked_up_before_the_return_says_nothing_of_the_later_boot(story: str, rule: str) -> None:
    scenario = load_scenario(resolve(story))
    machines = {name: replace(vm, agent_registered=UNKNOWN) for name, vm in scenario.estate.virtual_machines.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)), 1)
    assert all(rule in rules.before for _, rules in legs_of(found, HOME))
    assert all(rule not in rules.before and rule in ids(rules) for _, rules in legs_of(found, OUT))


@pytest.mark.parametrize(("story", "rule"), AGENT.items())
def test_what_was_seen_before_the_failover_says_nothing_of_azure(story: str, rule: str) -> None:
    scenario = load_scenario(resolve(story))
    known = replace(scenario, phases_given=frozenset(scenario.estate.virtual_machines))
    for given, looked in ((scenario, False), (known, True)):
        found = runbook(given, 1)
        for _, rules in legs_of(found, HOME):
            assert ({rule, "R16", "R18", "78093"} <= ids(rules)) == looked
            assert (rule in ids(rules)) == looked


class Changes:
    """Which fact of a machine the simulated site changed during which leg."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.leg: dict[str, Operation] = {}
        self.found: set[tuple[Operation, str]] = set()
        changes, kept = self, Site._replace

        def spy(site: Site, name: str, facts: Mapping[str, Any]) -> None:
            before = site.estate.virtual_machines.get(name)
            kept(site, name, facts)
            if before is not None and name in changes.leg:
                after = site.estate.virtual_machines[name]
                changes.found |= {(changes.leg[name], key) for key in different(before, after)}

        monkeypatch.setattr(Site, "_replace", spy)

    def on_line(self, line: Line) -> None:
        if line.name in ("StartOperation", "StartPlanOperation"):
            for item in line.data.get("items") or (line.item,):
                self.leg[str(item)] = Operation(line.data["operation"])


def different(before: Any, after: Any, path: str = "") -> set[str]:
    found = set[str]()
    for each in fields(before):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if is_dataclass(old):
            found |= different(old, new, f"{path}{each.name}.")
        elif old != new:
            found.add(f"{path}{each.name}")
    return found


def gone(scenario: Scenario) -> Scenario:
    machines = {
        name: replace(vm, exists_on_premises=False, registered_in_vcenter=UNKNOWN, pending_question=UNKNOWN)
        for name, vm in scenario.estate.virtual_machines.items()
    }
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))


BY_PLACE: Final = {"host", "datastore", "disks", "exists_on_premises", "powered_on"}
"""Where a machine stands and its disks are: a rule reads them to find another part; whether it is on is R33's."""


@pytest.mark.parametrize("away", [False, True])
@pytest.mark.parametrize("story", ["one_vm", "one_modernised_vm"])
def test_each_fact_that_the_simulated_site_changes_on_the_way_is_in_the_table(
    story: str, away: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each rule that reads it before a later leg: no such rule can be met by what was seen before."""
    scenario = load_scenario(resolve(story))
    scenario = gone(scenario) if away else scenario
    changes = Changes(monkeypatch)
    play(scenario, on_line=changes.on_line)
    assert {(Operation.FAILBACK, "agent_registered"), (Operation.FAILOVER, "azure.running")} <= changes.found
    assert not {
        (rule, leg.value, fact)
        for rule, read in read_by_rule(scenario).items()
        for leg, fact in changes.found
        if fact in read - BY_PLACE and is_asked_after(rule, leg) and not is_remade(rule, leg)
    }


ROWS: Final = {row.id: row for row in REQUIREMENTS}


def is_asked_after(rule: str, leg: Operation) -> bool:
    return any(p.stage not in NOTICES and LEGS.index(p.operation) > LEGS.index(leg) for p in ROWS[rule].where)


def is_remade(rule: str, leg: Operation) -> bool:
    """By this leg or an earlier one: an agent that boots with a leg may register in the next."""
    return any(rule in row.rules and LEGS.index(row.leg) <= LEGS.index(leg) for row in REMADE)


def read_by_rule(scenario: Scenario) -> Mapping[str, set[str]]:
    (item,) = scenario.estate.virtual_machines
    choices = scenario.plan.choices
    return {
        row.id: {
            fact.key
            for fact in facts_read(row.predicate, scenario.estate, item, choices)
            if fact.section == "virtual_machines"
        }
        for row in REQUIREMENTS
        if not row.of_target
    }


def test_what_can_be_known_only_after_the_reprotect_begins_with_it_and_is_asked_after_it() -> None:
    by_reprotect = {rule for row in REMADE if row.leg is HOME and not row.new_alone for rule in row.rules}
    of_machines = {rule for row in REMADE if row.leg is HOME and row.fact for rule in row.rules}
    later = {row.id for row in REQUIREMENTS if row.after_reprotect}
    assert later <= by_reprotect
    asked_only_after = {
        row.id
        for row in REQUIREMENTS
        if row.id in of_machines
        and all(LEGS.index(p.operation) + seen_after(row, p.operation) > LEGS.index(HOME) for p in row.where)
    }
    assert asked_only_after - later == {"B08"}, "that is known of a machine that exists"


def test_each_row_names_a_fact_of_a_machine() -> None:
    own = {each.name for each in fields(VirtualMachine)}
    vm = next(iter(load_scenario(resolve("one_vm")).estate.virtual_machines.values()))
    replica = {f"azure.{each.name}" for each in fields(vm.azure)}
    assert {row.fact for row in REMADE if row.fact} <= own | replica
    assert {rule for row in REMADE for rule in row.rules} <= ROWS.keys()


def left_at(phase: Phase, **facts: Any) -> Scenario:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (vm,) = scenario.estate.virtual_machines.values()
    later = replace(scenario.estate, virtual_machines={vm.name: replace(stands_at(vm, phase), **facts)})
    return remaining(scenario, later, "later.yaml", scenario.starts_at + timedelta(hours=1))


@pytest.mark.parametrize(("seen", "met"), [(True, True), (False, False), (UNKNOWN, False)])
def test_a_later_estate_says_whether_the_agent_has_registered_since_the_boot(seen: Any, met: bool) -> None:
    """Not the plan's estate, which was seen before the boot; and where nobody has looked since, it is not met."""
    found = runbook(left_at(Phase.FAILED_BACK, agent_registered=seen), 1)
    (section,) = (section for section in found.sections if section.operation is OUT)
    ((_, rules),) = legs_of(found, OUT)
    assert ("A06" in {row.id for row in section.met}) == met
    assert ("A06" in {*rules.before, *ids(rules)}) != met


def test_where_the_boot_lies_ahead_of_a_later_estate_there_is_a_box() -> None:
    found = runbook(left_at(Phase.REPLICATING_TO_ON_PREMISES, agent_registered=True, recovery_points=1), 1)
    ((_, rules),) = legs_of(found, OUT)
    ((_, back),) = legs_of(found, Operation.FAILBACK)
    assert "A06" in ids(rules)
    assert "F02" not in ids(back), "it has been seen since the reprotect"
    resyncs = runbook(left_at(Phase.RESYNCING_TO_ON_PREMISES, agent_registered=True, recovery_points=1), 1)
    ((_, back),) = legs_of(resyncs, Operation.FAILBACK)
    assert "F02" in ids(back), "its resync has not ended"


def test_only_what_a_leg_between_makes_is_taken_from_a_later_estate() -> None:
    assert set(facts_remade(Phase.REPLICATING_TO_ON_PREMISES, Phase.FAILED_BACK)) == {"agent_registered"}
    assert not set(facts_remade(Phase.FAILED_BACK, Phase.FAILBACK_COMMITTED))
    found = left_at(Phase.FAILED_BACK, agent_registered=UNKNOWN, static_ip=True)
    (vm,) = found.estate.virtual_machines.values()
    assert (vm.agent_registered, vm.static_ip) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize("registered", [True, False, None])
def test_a_watch_has_seen_of_what_is_new_the_agent_alone(registered: bool | None) -> None:
    (vm,) = load_scenario(resolve("one_modernised_vm")).estate.virtual_machines.values()
    before = replace(stands_at(vm, Phase.FAILOVER_COMMITTED), agent_registered=True, recovery_points=3)
    record = Record((vm.name,))
    assert as_seen(before, record) == before, "nobody has seen it"
    record.machines[vm.name].seen = ItemSeen(vm.name, vm.architecture, Phase.FAILED_BACK, registered, (), None)
    now = as_seen(before, record)
    assert now.at is Phase.FAILED_BACK
    assert now.agent_registered is (UNKNOWN if registered is None else registered)
    assert now.recovery_points is UNKNOWN
