"""What an approval covers: the same, less, or later."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from failback.adapters import AzureSettings, Settings, VsphereSettings
from failback.reprotect import Estate, Gate, Operation, Phase, RecoveryPlan, RemedyPolicy, Together, Wave
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.consent.approval import place_id
from failback.scenarios.consent.covering import differences
from failback.scenarios.consent.legs import ORDER, opened, until_closed
from failback.scenarios.consent.subject import subject_of
from failback.scenarios.files.schema import OperatorAnswer

WAVES: Final = (Wave("one", ("web-01", "web-02"), closes_s=900.0), Wave("two", ("sql-01",), 3600.0))
GATES: Final = (Gate("go", Operation.FAILBACK, items=("web-02",)), Gate("all", Operation.COMMIT_FAILBACK))
ANSWERS: Final = (OperatorAnswer("go", items=("web-02",)), OperatorAnswer("all"))


def base() -> Scenario:
    first = load_scenario(resolve("first_drill_modernised"))
    plan = replace(first.plan, waves=WAVES, gates=GATES, recovery_plans=())
    return replace(with_machines(first, "web-01", "web-02", "sql-01"), plan=plan, operator=ANSWERS)


def with_machines(scenario: Scenario, *names: str) -> Scenario:
    machines = {name: scenario.estate.virtual_machines[name] for name in names}
    return with_estate(scenario, virtual_machines=machines)


def with_estate(scenario: Scenario, **changed: object) -> Scenario:
    return replace(scenario, estate=replace(scenario.estate, **changed))  # type: ignore[arg-type]


def with_plan(scenario: Scenario, **changed: object) -> Scenario:
    return replace(scenario, plan=replace(scenario.plan, **changed))  # type: ignore[arg-type]


def taken_out(scenario: Scenario) -> Scenario:
    fewer = with_plan(with_machines(scenario, "web-01", "sql-01"), gates=GATES[1:])
    waves = (replace(WAVES[0], items=("web-01",)), WAVES[1])
    return replace(with_plan(fewer, waves=waves), operator=ANSWERS[1:])


def a_whole_wave_taken_out(scenario: Scenario) -> Scenario:
    return with_plan(with_machines(scenario, "web-01", "web-02"), waves=WAVES[:1])


def with_datastore(scenario: Scenario, called: str | None) -> Scenario:
    """Of the datastores, the first has this name in vSphere."""
    stores = scenario.estate.datastores
    name = next(iter(stores))
    return with_estate(scenario, datastores={**stores, name: replace(stores[name], vsphere_name=called)})


COVERED: Final[dict[str, Callable[[Scenario], Scenario]]] = {
    "the same": lambda s: s,
    "a machine less": taken_out,
    "a wave less": a_whole_wave_taken_out,
    "a later wave": lambda s: with_plan(s, waves=(WAVES[0], WAVES[1].later(7200))),
    "fewer goals": lambda s: until_closed(s, ORDER[:1]),
    "other facts": lambda s: with_estate(s, link=replace(s.estate.link, bandwidth_mbit_per_s=7)),
    "another seed": lambda s: replace(s, seed=99),
}
NOT_COVERED: Final[dict[str, tuple[Callable[[Scenario], Scenario], str]]] = {
    "another value": (lambda s: with_plan(s, attempts_max=9), "another value of attempts_max"),
    "a remedy that is applied": (lambda s: with_plan(s, remedies={"R04": RemedyPolicy.APPLY}), "value of remedies"),
    "an earlier wave": (lambda s: with_plan(s, waves=(WAVES[0], WAVES[1].later(-60))), "other waves"),
    "a window that closes later": (
        lambda s: with_plan(s, waves=(replace(WAVES[0], closes_s=999.0), WAVES[1])),
        "waves",
    ),
    "waves in another order": (lambda s: with_plan(s, waves=WAVES[::-1]), "other waves"),
    "a machine in another wave": (lambda s: with_plan(s, waves=(WAVES[0],)), "other waves"),
    "a gate less": (lambda s: with_plan(s, gates=GATES[:1]), "another value of gates"),
    "another answer": (lambda s: replace(s, operator=()), "other answers"),
    "another goal": (lambda s: with_plan(s, goals=(Phase.FAILED_BACK,)), "other goals"),
    "another appliance": (lambda s: with_estate(s, appliances={}), "other appliances"),
    "another datastore of the same name": (lambda s: with_datastore(s, "another"), "other datastore names"),
}


@pytest.mark.parametrize("what", COVERED)
def test_no_new_approval_is_needed_for(what: str) -> None:
    assert differences(subject_of(base()), subject_of(COVERED[what](base()))) == ()


@pytest.mark.parametrize("what", NOT_COVERED)
def test_a_new_approval_is_needed_for(what: str) -> None:
    change, words = NOT_COVERED[what]
    [found] = differences(subject_of(base()), subject_of(change(base())))
    assert words in found


def test_a_machine_more_is_not_covered() -> None:
    assert "machine web-02 was not in it" in differences(subject_of(taken_out(base())), subject_of(base()))


def test_a_machine_of_the_same_name_with_another_id_is_not_covered() -> None:
    machines = dict(base().estate.virtual_machines)
    other = machines | {"web-01": replace(machines["web-01"], instance_uuid="another")}
    changed = with_estate(base(), virtual_machines=other)
    assert differences(subject_of(base()), subject_of(changed)) == ("machine web-01 had another id",)


def test_a_datastore_that_has_its_own_name_again_is_another() -> None:
    changed = with_datastore(base(), None)
    assert differences(subject_of(with_datastore(base(), "another")), subject_of(changed)) == (
        "it had other datastore names",
    )


def test_servers_that_change_their_places_are_others_though_the_vault_has_the_same() -> None:
    box = next(iter(base().estate.appliances.values()))

    def called(first: str, second: str) -> Scenario:
        boxes = {name: replace(box, name=name, vault_name=out) for name, out in (("a", first), ("b", second))}
        return with_estate(base(), appliances=boxes)

    assert differences(subject_of(called("x", "y")), subject_of(called("x", "y"))) == ()
    assert differences(subject_of(called("x", "y")), subject_of(called("y", "x"))) == ("it had other vault names",)


def test_an_approval_for_one_datacenter_is_none_for_another_of_the_same_vcenter() -> None:
    vault = AzureSettings("s", "g", "v", token="t", credential="token")
    places = {
        place_id(Settings(vault, VsphereSettings("vc.example", "u", "p", within=within)))
        for within in (None, "Rome", "Rome/vm/Prod")
    }
    assert len(places | {place_id(Settings(vault))}) == 4


def test_a_machine_is_not_taken_out_of_a_recovery_plan_which_the_vault_runs_whole() -> None:
    plans: Estate = replace(base().estate, recovery_plans={"p": RecoveryPlan("p", (("web-02",), ("web-01",)))})
    whole = with_plan(replace(base(), estate=plans), recovery_plans=("p",))
    assert any("recovery plan" in each for each in differences(subject_of(whole), subject_of(taken_out(whole))))


def test_legs_are_opened_from_the_first_and_the_commit_last() -> None:
    names = [leg.value for leg in ORDER]
    assert names[-1] == "commit_failback"
    assert all(opened(names[:count]) == ORDER[:count] for count in range(5))
    assert isinstance(opened(names[1:]), str)
    assert isinstance(opened(["failover"]), str)


@pytest.mark.parametrize(
    ("count", "last"),
    [(1, "replicating_to_on_premises"), (2, "failed_back"), (3, "failed_back"), (4, "replicating_to_azure")],
)
def test_the_goals_of_a_run_end_before_the_first_leg_that_is_closed(count: int, last: str) -> None:
    assert until_closed(base(), ORDER[:count]).plan.goals[-1].value == last


def test_machines_taken_out_of_those_that_fail_back_together_are_covered_and_another_order_is_not() -> None:
    def together(scenario: Scenario, *order: tuple[str, ...]) -> Scenario:
        return with_plan(scenario, together=(Together("shop", order),))

    approved = subject_of(together(base(), ("web-01",), ("web-02",)))
    assert not differences(approved, subject_of(together(taken_out(base()), ("web-01",))))
    turned = subject_of(together(base(), ("web-02",), ("web-01",)))
    assert differences(approved, turned) == ("its plan had another value of together",)
    assert differences(subject_of(base()), approved) == ("its plan had another value of together",)


def test_what_was_approved_before_machines_could_fail_back_together_stays_so() -> None:
    assert "together" not in subject_of(base()).plan
