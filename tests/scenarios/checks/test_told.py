"""What a cause tells: the object with its own kind, the value seen and wanted, the proof, the key, and how sure."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from failback.reprotect import PROOFS, UNKNOWN, Estate, Plan
from failback.scenarios import load_scenario, resolve
from failback.scenarios.checks.as_json import json_text, report_json
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.page import print_report
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.loader import library
from failback.scenarios.judging.check import Report, Status, check_estate
from failback.scenarios.judging.judged import Answer, judged_of
from failback.simulator import reachable

RULES = sorted(name for name, path in library().items() if path.parent.name == "rules")


def many(count: int, **facts: Any) -> Estate:
    """So many machines of the modernised architecture on one appliance, which has these facts."""
    estate = load_scenario(resolve("one_modernised_vm")).estate
    (vm,) = estate.virtual_machines.values()
    machines = {f"vm-{n:03}": replace(vm, name=f"vm-{n:03}") for n in range(count)}
    box = replace(next(iter(estate.appliances.values())), **facts)
    made = replace(estate, virtual_machines=machines, appliances={box.name: box})
    return replace(made, reachable=reachable(made))


def told(estate: Estate, rule: str, status: Status = Status.BLOCKS) -> ToldCause:
    found = told_causes(check_estate(estate, Plan()))
    return next(each for each in found if (each.cause.rule, each.cause.status) == (rule, status.value))


def shown(report: Report, **how: Any) -> str:
    page = io.StringIO()
    print_report(report, Console(file=page, width=120), **how)
    return page.getvalue()


def as_json(report: Report) -> Any:
    return json.loads(json_text(report_json(report, scenario="s", world="sim", notes=(), unknown_blocks=False)))


def test_a_dead_appliance_is_named_with_its_kind_its_value_and_the_proof_of_its_repair() -> None:
    estate = many(269, healthy=False)
    each, (box,) = told(estate, "A01"), estate.appliances
    assert (each.cause.kind, each.cause.objects, len(each.cause.items)) == ("appliance", (box,), 269)
    assert [(fact.name, fact.key, fact.value) for fact in each.facts] == [(box, "healthy", False)]
    page = shown(check_estate(estate, Plan()))
    assert page.count("the appliance is not healthy or not connected") == 1
    for text in (f"appliance {box}", "healthy: false", "269: vm-000 to vm-268", "server administrator", "documented"):
        assert text in page


def test_an_unknown_fact_names_the_key_that_answers_it_and_the_place_to_look() -> None:
    each = told(many(3, fqdn=UNKNOWN), "A15", Status.UNKNOWN)
    assert each.keys == ("appliances: fqdn",)
    assert each.hows
    page = shown(check_estate(many(3, fqdn=UNKNOWN), Plan()))
    assert "appliances: fqdn" in page


def test_where_nobody_knows_whether_the_machine_is_there_that_is_the_key() -> None:
    estate = many(2)
    machines = {n: replace(vm, exists_on_premises=UNKNOWN) for n, vm in estate.virtual_machines.items()}
    found = told_causes(check_estate(replace(estate, virtual_machines=machines), Plan()))
    keys = {key for each in found if each.cause.status == "unknown" for key in each.keys}
    assert "virtual_machines: exists_on_premises" in keys


@pytest.mark.parametrize("name", RULES)
def test_each_cause_of_the_library_gives_object_person_act_and_proof(name: str) -> None:
    report = run_check(CheckRequest(name)).report
    seen = [(each.id, each.status) for told in told_causes(report) for each in told.cause.observed]
    assert len(set(seen)) == len(seen)
    for each in told_causes(report):
        assert all((*each.cause.objects, each.cause.kind, each.requirement.who, each.requirement.remedy))
        assert all((each.proof.wanted, each.proof.seen_by, each.sure, each.points))
        if each.cause.status == "unknown":
            open_for_others = each.hows == ("find what is unknown of them",)
            assert each.keys or open_for_others or each.sure == ("open",), each.cause.rule


def test_a_key_that_is_named_is_a_fact_of_the_estate_that_nobody_knows() -> None:
    report = run_check(CheckRequest("first_drill")).report
    for each in told_causes(report):
        for fact in each.facts if each.cause.status == "unknown" else ():
            part: Any = getattr(report.estate, fact.section)[fact.name]
            for step in fact.key.split("."):
                part = part[int(step)] if step.isdigit() else getattr(part, step)
            assert part is UNKNOWN


# JSON


def test_json_says_each_text_once_for_each_cause() -> None:
    data = as_json(check_estate(many(269, healthy=False), Plan()))
    text = json.dumps(data)
    assert text.count(PROOFS["A01"].wanted) == 1
    assert sum(row["rule"] == "A01" for row in data["findings"]) == 269
    assert all({"id", "item", "rule", "status", "cause"} <= row.keys() for row in data["findings"])
    assert {row["cause"] for row in data["findings"]} == set(range(len(data["causes"])))
    assert all(data["causes"][row["cause"]]["rule"] == row["rule"] for row in data["findings"])
    ids = [row["id"] for row in data["findings"]]
    assert len(set(ids)) == len(ids)


def test_a_finding_costs_a_short_line_however_many_there_are() -> None:
    """5,000 machines have some 160,000 findings, and all of it has less than 20 MB."""
    report = check_estate(many(400, healthy=UNKNOWN, fqdn=UNKNOWN, cores=UNKNOWN), Plan())
    text = json_text(report_json(report, scenario="s", world="sim", notes=(), unknown_blocks=False))
    findings = sum(len(item.findings) for item in report.items)
    assert findings > 400 * 10
    assert len(text) / findings < 150


# What was judged


def test_what_was_judged_is_told_for_each_rule_and_machine() -> None:
    judged = judged_of(check_estate(many(5, healthy=False), Plan()))
    assert judged.by_rule()["A01"] == {"met": 0, "warned": 0, "broken": 5, "unknown": 0, "not_applicable": 0}
    assert "R04" not in judged.by_rule(), "a classic rule is not asked of modernised machines"
    assert judged.counts()[Answer.MET] > 0
    data = as_json(check_estate(many(5, healthy=False), Plan()))["judged"]
    place = data["rules"].index("A01")
    assert {data["letters"][letters[place]] for letters in data["machines"].values()} == {"broken"}


def test_every_finding_has_its_letter_and_every_other_rule_that_was_asked_is_met() -> None:
    report = run_check(CheckRequest("first_drill")).report
    judged = judged_of(report)
    for item in report.items:
        letters = judged.machines[item.item]
        not_met = {finding.rule for finding in item.findings if finding.status is not Status.ADVICE}
        assert letters.count("u") + letters.count("b") >= len(not_met)
        assert len(letters.replace("-", "")) == len(item.rules)


def test_a_green_answer_shows_what_it_covers() -> None:
    report = check_estate(many(2), Plan())
    green = replace(
        report, items=tuple(replace(i, findings=()) for i in report.items), unsure=frozenset(), later=frozenset()
    )
    lines = shown(green).splitlines()
    assert lines[0] == "ready"
    assert lines[1].startswith("Rules: ")
    assert " 0 unknown" in " ".join(lines[1:3]), "the line is wrapped"


# Lists


def test_a_long_list_is_counted_and_shown_whole_for_its_rule() -> None:
    odd = many(300, healthy=False)
    machines = {f"{n * 7919 % 1000:03}-x{n * 31}": vm for n, vm in enumerate(odd.virtual_machines.values())}
    named = {name: replace(vm, name=name) for name, vm in machines.items()}
    report = check_estate(replace(odd, virtual_machines=named), Plan())
    short, whole = shown(report), shown(report, rules=("A01",))
    assert "machines all 300 (named at the end)" in " ".join(short.split())
    assert " more (--json shows all)" in " ".join(short.split())
    assert " more" not in whole.partition("Where the machines return to")[0]
    assert all(name in " ".join(whole.split()) for name in named)


def test_a_finding_of_some_machines_names_them_and_one_of_all_counts_them() -> None:
    estate = many(8)
    vms = {name: replace(vm, snapshots=("before",)) for name, vm in estate.virtual_machines.items()}
    first, *rest = vms
    seven = replace(estate, virtual_machines=vms | {first: estate.virtual_machines[first]})
    assert rest[0] in shown(check_estate(seven, Plan())).partition("Where the machines")[0]
    eight = " ".join(shown(check_estate(replace(estate, virtual_machines=vms), Plan())).split())
    assert "object all 8 virtual machines (named at the end)" in eight


def test_a_server_with_another_name_in_the_vault_is_told_with_both() -> None:
    estate = many(3, healthy=False, vault_name="asr-box")
    each, (box,) = told(estate, "A01"), estate.appliances
    assert each.called == (f"the vault calls {box} asr-box",)
    assert f"the vault calls {box} asr-box" in shown(check_estate(estate, Plan()))
    assert told(many(3, healthy=False), "A01").called == ()
