"""What the vault's health says stands among the findings, and in the words of a machine that never came home."""

from dataclasses import replace

from failback.reprotect import Operation, Phase, Plan
from failback.scenarios import Result, load_scenario, play, resolve
from failback.simulator import Fault, FaultKind, Trigger


def on_a_full_datastore() -> Result:
    """280 GiB are written anew, something else fills the datastore meanwhile, and nobody makes room."""
    story = load_scenario(resolve("one_modernised_vm"))
    estate = story.estate
    gold = replace(estate.datastores["gold"], free_gib=500.0)
    deleted = Fault(FaultKind.DESTROY_VM, "app-01", when=Trigger("app-01", Phase.FAILED_OVER))
    resyncing = Trigger("app-01", Phase.RESYNCING_TO_ON_PREMISES)
    filled = Fault(FaultKind.CHANGE_FACTS, "gold", when=resyncing, after_s=60.0, facts={"free_gib": 0.0})
    plan = Plan(give_up_after_s=108_000.0)
    return play(replace(story, estate=replace(estate, datastores={"gold": gold}), faults=(deleted, filled), plan=plan))


def test_a_datastore_that_is_full_is_found_once_with_what_to_do() -> None:
    found = [finding for finding in on_a_full_datastore().findings if finding.rule == "B16"]
    remedy = "free up space on the datastore, or make the datastore larger; the replication then continues by itself"
    assert [finding.remedy for finding in found] == [remedy]
    assert found[0].at_s > 0
    assert found[0].object == "gold"
    assert found[0].message.endswith("its health shows FB-B16: datastore not full")


def test_who_is_given_up_on_is_told_with_what_its_health_shows() -> None:
    result = on_a_full_datastore()
    assert [item.message for item in result.items] == [
        "not home 30 h after the run began; its health shows FB-B16: datastore not full"
    ]
    assert [leg.end_s for leg in result.legs if leg.leg is Operation.REPROTECT_TO_ON_PREMISES] == [None]
