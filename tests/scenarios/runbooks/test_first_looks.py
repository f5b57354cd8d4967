"""Just before the first step: the facts are read again, and the servers that carry the data are well on that day."""

from dataclasses import replace
from typing import Final

import pytest

from failback.reprotect import AZURE, UNKNOWN, Adapter
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.first_looks import first_looks
from failback.scenarios.runbooks.leg_rules import leg_rules
from failback.scenarios.runbooks.runbook import runbook

BOTH: Final = "both_architectures_side_by_side"


@pytest.mark.parametrize(
    ("story", "rules"),
    [
        ("one_modernised_vm", ["A01"]),
        ("one_vm", ["R02", "806", "78022"]),
        (BOTH, ["R02", "806", "78022", "A01"]),
    ],
)
def test_the_servers_of_the_plan_are_looked_at_before_its_first_step(story: str, rules: list[str]) -> None:
    found = runbook(load_scenario(resolve(story)), 1, "home.yaml")
    boxes = {box.rule.id: box for box in first_looks(found)}
    assert sorted(boxes) == sorted(rules)
    files = texts(found)
    for name, head in (("runbook.md", "## "), ("runbook.html", "<h2>")):
        page = files[name]
        at = page.index(f"{head}Just before the first step")
        assert at < page.index(": Reprotect to on-premises", at)
        part = page[at : page.index(head, at + 5)]
        assert "failback check home.yaml" in part
        assert "An import replaces the estate file" in part
        for box in boxes.values():
            assert box.rule.title in part
            assert "heartbeat from the last 15 minutes" in box.look
    estate = found.scenario.estate
    servers = {*estate.appliances, *estate.configuration_servers, *estate.process_servers, *estate.master_targets}
    assert all(any(server in box.look for server in servers) for box in boxes.values())


@pytest.mark.parametrize("story", ["first_drill_modernised", "first_drill"])
def test_what_is_seen_in_the_portal_is_looked_at_by_somebody_who_can_sign_in_there(story: str) -> None:
    found = runbook(load_scenario(resolve(story)), 1)
    legs = [box for rules in leg_rules(found) for box in (*rules.boxes, *rules.after)]
    boxes = [box for box in (*first_looks(found), *legs) if box.look.startswith("Azure portal")]
    assert boxes
    assert not [box.rule.id for box in boxes if AZURE not in box.who]


def test_the_ttl_that_was_lowered_is_put_back_after_the_return() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    adapter = Adapter(network="prod", addresses=("10.0.0.4",))
    for static in (True, False):
        machines = {
            name: replace(vm, static_ip=static, adapters=(adapter,))
            for name, vm in scenario.estate.virtual_machines.items()
        }
        found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)), 1)
        for name, box in (("runbook.md", "- [ ] **A07**"), ("runbook.html", "&#9744; <b>A07</b>")):
            after = texts(found)[name].rpartition("After the return")[2]
            assert ("sets the TTL of each DNS record" in after) == static
            assert (box in after) == static
            assert "failback aftercare" in after


def test_a_machine_in_azure_looks_for_the_appliance_by_its_full_name() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (box,) = scenario.estate.appliances.values()
    named = replace(box, fqdn=f"{box.name}.site.example", closed_ports=UNKNOWN)
    found = runbook(replace(scenario, estate=replace(scenario.estate, appliances={box.name: named})), 1, "home.yaml")
    page = texts(found)["runbook.html"]
    assert f"{box.name}.site.example" in page
    assert f"Test-NetConnection {box.name} " not in page
    assert f"/dev/tcp/{box.name}/" not in page
