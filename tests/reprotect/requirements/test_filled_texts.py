"""Steps and proofs name real objects, and no name becomes part of a command."""

import pytest

from failback.reprotect import (
    PERSONS,
    STEPS,
    Appliance,
    Architecture,
    Choices,
    Disk,
    Estate,
    Link,
    OsFamily,
    VirtualMachine,
    cases_of,
    filled,
    filled_for_all,
    person_of,
    steps_for_all,
    with_helpers,
)
from failback.reprotect.requirements.cases import SEEN
from failback.reprotect.requirements.predicates_a_modernised import appliance_is_large_enough
from failback.reprotect.requirements.predicates_mnp_servers import room
from failback.reprotect.requirements.verdict import Broken

TEXT = "vault > {machine}: `Get-VM {machine}` prints {nothing}"


def test_names_are_put_in() -> None:
    assert filled(TEXT, {"machine": "web-01"}) == "vault > web-01: `Get-VM web-01` prints {nothing}"


def test_where_nobody_knows_the_name_the_kind_stands_there() -> None:
    assert filled(TEXT) == "vault > the machine: `Get-VM MACHINE` prints {nothing}"


@pytest.mark.parametrize("name", ["x; rm -rf /", "x' | Remove-VM", "$(reboot)", "two words", "a`b", "naïve"])
def test_a_name_that_could_be_a_command_stays_out_of_the_command(name: str) -> None:
    assert filled("`Get-VM {machine}`", {"machine": name}) == "`Get-VM MACHINE`"


def test_a_text_for_several_says_how_many_more_there_are() -> None:
    names = {"machine": "a", "object": "box", "appliance": "box"}
    assert (
        filled_for_all("start {machine}", names, machines="abcd", objects=["box"]) == "start a; do the same for b, c, d"
    )
    assert (
        filled_for_all("start {object}", names, machines="abcd", objects=["box", "b2"])
        == "start box; do the same for b2"
    )
    assert filled_for_all("start {appliance}", names, machines="abcd", objects=["box"]) == "start box"


EITHER = "on {machine} [[windows?`dir`¦`ls`]]"


@pytest.mark.parametrize(("windows", "told"), [(True, "on a `dir`"), (False, "on a `ls`")])
def test_a_text_says_only_the_case_that_holds(windows: bool, told: str) -> None:
    assert filled(EITHER, {"machine": "a"}, {"windows": windows}) == told


def test_where_nobody_knows_the_case_both_stand_there_with_their_conditions() -> None:
    assert filled(EITHER, {"machine": "a"}) == "on a `dir` (Windows) or `ls` (Linux)"
    nested = "[[gone?restore it on [[windows?C:¦/]]¦]]"
    assert filled(nested, {}, {"windows": False, "gone": True}) == "restore it on /"
    assert filled(nested, {}, {"windows": False, "gone": False}) == ""


def test_a_case_within_another_one_is_in_brackets_so_that_each_otherwise_has_its_if() -> None:
    nested = "[[busy?wait¦[[planned?take it out of the plan, and tell its owner about that¦leave it]]; then rest]]"
    told = filled(nested)
    within = "[if it is in a recovery plan: take it out of the plan, and tell its owner about that; if it is in none: "
    assert told == f"if other machines are on their way home: wait; otherwise: {within}leave it]; then rest"
    assert filled(nested, {}, {"busy": False}).startswith("if it is in a recovery plan: ")


def test_a_case_that_goes_on_with_the_sentence_has_its_conditions_behind_the_stop() -> None:
    told = filled("look there[[raw?; if it is gone, this stays listed and counts¦; or, if it is gone, look elsewhere]]")
    assert told == (
        "look there; with raw device mappings: if it is gone, this stays listed and counts; "
        "otherwise: or, if it is gone, look elsewhere"
    )


def test_a_step_that_no_case_asks_for_is_left_out_and_the_last_one_names_the_others() -> None:
    steps = ("[[gone?restore {machine}¦]]", "[[gone?¦start {machine}]]")
    told = steps_for_all(steps, {"machine": "a"}, machines=["a", "b"], objects=["a"], cases={"gone": False})
    assert told == ("start a; do the same for b",)


def test_where_several_steps_are_for_each_machine_the_last_one_says_which() -> None:
    names = {"machine": "a", "appliance": "box"}
    steps = ("stop {machine}", "wait for {appliance}", "start {machine}")
    assert steps_for_all(steps, names, machines=["a", "b"], objects=["a"], first=2) == (
        "stop a",
        "wait for box",
        "start a",
        "do steps 2 and 4 for b too",
    )


def test_a_step_with_what_each_machine_has_of_its_own_is_for_each() -> None:
    steps = ("ask {owner}", "find {uuid}", "start {machine}", "wait")
    told = steps_for_all(steps, {"machine": "a"}, machines=["a", "b"], objects=["a"])
    assert told[-1] == "do steps 1, 2 and 3 for b too"


def test_the_owner_is_named_where_an_application_names_one_and_the_object_decides_who_can_act() -> None:
    owners = {"a": "owner of application shop: Ada"}
    kind = "virtual machine"
    assert person_of("application owner", kind, ["a"], owners) == "owner of application shop: Ada"
    assert person_of("application owner", kind, ["a", "b"], owners).endswith("; owner of the application on b")
    assert person_of("server administrator", "host", ["a"], {}).startswith("VMware administrator (")
    assert person_of("server administrator", "link", ["a"], {}).startswith("network team (")


@pytest.mark.parametrize("case", SEEN)
def test_what_only_the_predicate_sees_comes_with_its_finding_and_not_from_its_words(case: str) -> None:
    estate = Estate({"a": VirtualMachine("a", OsFamily.LINUX, (Disk(1),))}, Link(100))
    assert cases_of(estate, "a", Choices(), "box")[case] is False
    assert cases_of(estate, "a", Choices(), "box", (case,))[case] is True


@pytest.mark.parametrize(("others", "busy"), [(0, False), (7, True), (10, True), (120, True)])
def test_a_server_is_busy_where_others_disks_are_on_their_way_through_it(others: int, busy: bool) -> None:
    estate = Estate(
        {"a": VirtualMachine("a", OsFamily.LINUX, (Disk(1),) * 61, architecture=Architecture.MODERNISED)},
        Link(100),
        appliances={"box": Appliance("box", "esx", "gold", local_disks=2)},
        disks_in_flight={"box": others},
    )
    verdict = room(estate, "a", estate.appliances["box"])
    assert isinstance(verdict, Broken)
    assert ("busy" in verdict.blockers[0].holds) is busy


def test_the_first_to_act_is_named_first_and_nobody_who_has_no_step() -> None:
    site = PERSONS["server administrator"]
    azure = PERSONS["Azure administrator"]
    portal = "Azure portal > there"
    assert with_helpers(site, ["sign in", "look"]) == site
    assert (
        with_helpers(site, [portal, "sign in", "look"]) == f"{azure} for step 1; server administrator for steps 2 and 3"
    )
    assert with_helpers(site, [portal, portal, "do steps 1 and 2 for b too"]) == azure
    assert with_helpers(azure, [portal]) == azure
    owner = "owner of the application on web-01"
    told = with_helpers(owner, ["tell the owner of web-01 that it moves", "stop what writes"])
    assert told == f"{azure} for step 1; {owner} for step 2", "an owner is told by somebody else"


def test_no_step_speaks_of_the_disk_of_a_disk() -> None:
    told = " ".join(
        filled(step, {"disk_sizes": name}) for steps in STEPS.values() for step in steps for name in ("", "x")
    )
    assert "the disk of the disk" not in told
    assert "the disk of x" not in told


@pytest.mark.parametrize(("memory_gib", "disk_gib"), [(8, 700), (16, 620)])
def test_what_was_found_of_a_server_and_what_is_to_be_set_have_one_unit(memory_gib: float, disk_gib: float) -> None:
    box = Appliance("box", "esx", "gold", cores=8, memory_gib=memory_gib, disk_gib=disk_gib)
    vm = VirtualMachine("a", OsFamily.LINUX, (Disk(1),), architecture=Architecture.MODERNISED)
    verdict = appliance_is_large_enough(
        Estate({"a": vm}, Link(100), appliances={"box": box}), "a", Choices(appliance="box")
    )
    assert isinstance(verdict, Broken)
    assert [" in GB: " in blocker.sentence for blocker in verdict.blockers] == [True]
