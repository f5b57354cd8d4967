"""Each finding that blocks gives the object, the person, the act with its steps, and the proof, by their real names."""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from failback.reprotect import Estate, Link, OsFamily, Plan, RecoveryPlan, VirtualMachine, Wave, plan_mistakes
from failback.scenarios.checks.as_json import cause_json
from failback.scenarios.checks.finding_lines import lines_of
from failback.scenarios.checks.finding_words import found_words
from failback.scenarios.checks.told import ToldCause, told_causes

from .breaks import BREAKS
from .broken_estates import NAMES, broken_estate, checked
from .known_estates import machine, servers

CASES: Final = [(architecture, rule) for architecture, breaks in BREAKS.items() for rule in breaks]
NOT_BY_ONE_FILE: Final = {"R11": "needs two disks of one machine", "T10": "needs a machine of the host's list"}
OF_NO_SECTION: Final = frozenset({"link", "odd"})
"""The link has no name of its own; a replication group stands at its machines alone."""
NAMELESS: Final = re.compile(
    r"\b(NAME(?!,SIZE)|MACHINE|OBJECT|APPLIANCE|the object at fault|the appliance >|the machine >)\b"
)


def told_of(rule: str, drawn: dict[str, Any], where: Path, readings: tuple[str, ...] = ()) -> list[ToldCause]:
    found = told_causes(checked(drawn, where, readings))
    return [each for each in found if (each.cause.rule, each.cause.status) == (rule, "blocks")]


@pytest.mark.parametrize(("architecture", "rule"), CASES, ids=str)
def test_a_finding_that_blocks_gives_object_person_act_and_proof(tmp_path: Path, architecture: str, rule: str) -> None:
    what = BREAKS[architecture][rule]
    found = told_of(rule, broken_estate(what, architecture), tmp_path, what.readings)
    assert found or rule in NOT_BY_ONE_FILE
    for each in found:
        lines = dict(lines_of(each, whole=True))
        assert all(lines[label] for label in ("object", "found", "wanted", "who", "do", "proof", "why"))
        text = f"{lines['do']} {lines['proof']}"
        assert not NAMELESS.search(text), text
        names = {*each.cause.objects, *NAMES, "esx", "box", "evening", "cs", "ps", "mt", "gold", "odd"}
        assert any(name in text for name in names) or each.cause.kind == "link", text


@pytest.mark.parametrize(("architecture", "rule"), CASES, ids=str)
def test_the_values_shown_are_those_at_fault(tmp_path: Path, architecture: str, rule: str) -> None:
    what = BREAKS[architecture][rule]
    for each in told_of(rule, broken_estate(what, architecture), tmp_path, what.readings):
        assert "(healthy: true)" not in found_words(each)
        assert all(fact.key != "exists_on_premises" for fact in each.facts[1:])


@pytest.mark.parametrize(("architecture", "rule"), CASES, ids=str)
def test_each_finding_of_any_rule_names_an_object_of_the_estate(tmp_path: Path, architecture: str, rule: str) -> None:
    """Advice and unknown facts among them: each of these estates has a dozen."""
    what = BREAKS[architecture][rule]
    drawn = broken_estate(what, architecture)
    parts = (part["name"] for section in drawn["estate"].values() if isinstance(section, list) for part in section)
    named = {*parts, *OF_NO_SECTION}
    for each in told_causes(checked(drawn, tmp_path, what.readings)):
        assert each.cause.objects
        assert {name.rpartition(" of ")[2] for name in each.cause.objects} <= named, each.cause
        assert each.steps
        assert each.cause.status == "unknown" or all(each.cause.sentences)


def test_an_unknown_that_hangs_on_others_does_not_say_that_no_page_answers_it(tmp_path: Path) -> None:
    found = told_causes(checked(broken_estate(BREAKS["modernised"]["F02"], "modernised"), tmp_path))
    (each,) = [each for each in found if (each.cause.rule, each.cause.status) == ("F02", "unknown")]
    assert dict(lines_of(each, whole=True))["key"] == "none of its own: it hangs on other machines"


def test_what_is_wanted_of_several_machines_names_none_of_them(tmp_path: Path) -> None:
    drawn = broken_estate(BREAKS["classic"]["P02"], "classic")
    (each,) = told_of("P02", drawn, tmp_path)
    assert len(each.cause.items) > 1
    assert each.proof.wanted == "the same Azure network as each machine"


def test_a_sick_part_of_an_appliance_is_shown_and_not_that_the_whole_is_healthy(tmp_path: Path) -> None:
    box = {"healthy": True, "parts": [{"name": "proxy server", "healthy": False}]}
    parts = servers("modernised")
    parts["appliances"][0].update(box)
    estate = {**parts, "link": {"bandwidth_mbit_per_s": 500}}
    drawn = {"name": "s", "estate": {**estate, "virtual_machines": [machine("a", "modernised")]}}
    (each,) = told_of("A01", drawn, tmp_path)
    assert [(fact.key, fact.value) for fact in each.facts] == [("parts.0.healthy", False)]


def test_a_machine_without_a_point_is_one_cause_with_those_that_wait_for_it(tmp_path: Path) -> None:
    what = BREAKS["modernised"]["F02"]
    together = {**broken_estate(what, "modernised"), "plan": {"recovery_plans": ["evening"]}}
    (each,) = told_of("F02", together, tmp_path)
    assert each.cause.objects == ("web-01",)
    assert set(each.cause.items) == set(NAMES)
    assert "web-01" in " ".join(each.steps)


def test_a_sentence_that_names_several_machines_stays_one_sentence(tmp_path: Path) -> None:
    what = BREAKS["classic"]["R06"]
    (each,) = told_of("R06", broken_estate(what, "classic"), tmp_path)
    assert list(each.cause.sentences) == [
        "the replication group mixes operating system families: web-01 is windows, web-02 is linux"
    ]


def test_the_link_is_named_as_the_object_at_fault(tmp_path: Path) -> None:
    for architecture, rule in (("classic", "N01"), ("modernised", "N02")):
        (each,) = told_of(rule, broken_estate(BREAKS[architecture][rule], architecture), tmp_path)
        named = dict(lines_of(each, whole=True))["object"]
        assert each.cause.kind == "link"
        assert named.endswith(" between Azure network vnet and the site")
        assert [fact.section for fact in each.facts] == ["link"]


def test_a_plan_that_is_refused_is_told_like_any_other_finding(tmp_path: Path) -> None:
    drawn = broken_estate(BREAKS["modernised"]["F02"], "modernised")
    plan = {"waves": [{"name": "w", "items": ["web-01"]}], "recovery_plans": ["evening"]}
    (each,) = told_of("PLAN", {**drawn, "plan": plan}, tmp_path)
    lines = dict(lines_of(each, whole=True))
    assert lines["object"] == "recovery plan evening"
    assert lines["who"].startswith("Azure administrator")
    act = "under `plan: waves`, put web-01, web-02, db-01 into the latest of the waves that have one of them"
    assert re.match(rf"in \S+\.yaml: {act}", lines["do"])
    assert all(lines[label] for label in ("found", "wanted", "do", "proof", "why"))
    assert cause_json(each)["sure"] == ["inferred"]


def test_each_mistake_of_a_plan_names_its_part_and_what_to_change() -> None:
    machines = {name: VirtualMachine(name, OsFamily.LINUX, ()) for name in ("a", "b")}
    plans = {"both": RecoveryPlan("both", (("a",), ("b",))), "again": RecoveryPlan("again", (("a",),))}
    estate = Estate(machines, Link(100), recovery_plans=plans)
    waves = (Wave("one", ("a", "nobody")), Wave("two", ("b",)))
    found = plan_mistakes(estate, Plan(waves=waves, recovery_plans=("both", "again", "nowhere")))
    assert {mistake.object for mistake in found} == {
        "wave one",
        "recovery plan nowhere",
        "recovery plans",
        "recovery plan both",
    }
    assert all(mistake.act for mistake in found)


@pytest.mark.parametrize(("architecture", "rule", "server"), [("classic", "R24", "mt"), ("modernised", "A03", "box")])
def test_where_nobody_knows_a_place_its_key_is_the_answer(
    tmp_path: Path, architecture: str, rule: str, server: str
) -> None:
    """No file says on which host the server runs, or on which datastore the machine is."""
    for blank, words in (("server", f"{server}: the datastores that"), ("machine", "a: the datastores of its disks")):
        parts = servers(architecture)
        section = {"mt": "master_targets", "box": "appliances"}[server]
        parts[section][0] |= {"host": "", "datastore": ""} if blank == "server" else {}
        vm = machine("a", architecture) | ({"host": "", "datastore": ""} if blank == "machine" else {})
        drawn = {"name": "s", "estate": {**parts, "link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": [vm]}}
        found = [each for each in told_causes(checked(drawn, tmp_path)) if each.cause.rule == rule]
        (each,) = [each for each in found if each.cause.status == "unknown"]
        lines = dict(lines_of(each, whole=True))
        key = f"{section}: accessible_datastores" if blank == "server" else "virtual_machines: datastore"
        assert lines["key"] == key
        assert words in f"{each.cause.objects[0]}: {lines['unknown']}"


@pytest.mark.parametrize(("architecture", "rule", "server"), [("classic", "R24", "mt"), ("modernised", "A03", "box")])
def test_a_datastore_that_the_vault_does_not_list_for_a_server_of_an_unknown_host_blocks(
    tmp_path: Path, architecture: str, rule: str, server: str
) -> None:
    def found(*stores: str) -> list[ToldCause]:
        parts = servers(architecture)
        section = {"mt": "master_targets", "box": "appliances"}[server]
        parts[section][0] |= {"host": "", "datastore": "", "accessible_datastores": list(stores)}
        parts["datastores"].append({"name": "silver"})
        estate = {**parts, "link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": [machine("a", architecture)]}
        return [e for e in told_causes(checked({"name": "s", "estate": estate}, tmp_path)) if e.cause.rule == rule]

    assert found("gold") == []
    (each,) = found("silver")
    lines = dict(lines_of(each, whole=True))
    assert (each.cause.status, lines["object"]) == ("blocks", "datastore gold")
    assert lines["wanted"] == f"mounted read/write on the host of {server}"
