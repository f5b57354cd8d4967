"""Steps with a value of the first machine say where those of the others stand: a machine that is gone shows none."""

from dataclasses import replace

from failback.reprotect import Plan, VirtualMachine
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import check_estate

UUIDS = ("4213aaaa-1111-4a00-9b00-00000000000a", "4213bbbb-2222-4b00-9c00-00000000000b")


def gone(*uuids: str) -> ToldCause:
    """What T08 says of machines that exist no more, with these UUIDs."""
    estate = load_scenario(resolve("alternate_location")).estate
    first = next(iter(estate.virtual_machines.values()))
    machines = [_gone(first, n, uuid) for n, uuid in enumerate(uuids)]
    report = check_estate(replace(estate, virtual_machines={vm.name: vm for vm in machines}), Plan())
    return next(told for told in told_causes(report) if told.cause.rule == "T08")


def _gone(vm: VirtualMachine, number: int, uuid: str) -> VirtualMachine:
    return replace(vm, name=f"app-{number}", bios_uuid=uuid, exists_on_premises=False, replication_group=None)


def test_where_the_old_uuid_of_each_other_machine_stands_is_said() -> None:
    told = gone(*UUIDS)
    texts = (*told.steps, told.proof.seen_by)
    of_the_first = [text for text in texts if UUIDS[0] in text]
    assert len(told.cause.items) == len(UUIDS)
    assert of_the_first
    assert all("(in SCENARIO.yaml, the old UUID of each: `bios_uuid`)" in text for text in (texts[-1], told.steps[-1]))


def test_one_machine_alone_has_no_others() -> None:
    told = gone(UUIDS[0])
    assert not any("of each" in text for text in (*told.steps, told.proof.seen_by))


def addresses_set(**hosts: tuple[str, bool]) -> list[ToldCause]:
    """What A07 says of machines on these hosts, and whether each still exists on site."""
    estate = load_scenario(resolve("one_modernised_vm")).estate
    first, box = next(iter(estate.virtual_machines.values())), next(iter(estate.appliances.values()))
    machines = [
        replace(first, name=name, host=host, exists_on_premises=exists, static_ip=True)
        for name, (host, exists) in hosts.items()
    ]
    parts = {name: replace(estate.hosts[box.host], name=name) for name in (box.host, "esx-8", "esx-9")}
    whole = replace(estate, virtual_machines={vm.name: vm for vm in machines}, hosts=parts, appliances={box.name: box})
    return [told for told in told_causes(check_estate(whole, Plan())) if told.cause.rule == "A07"]


def test_a_port_group_is_looked_for_on_the_host_where_the_machine_comes_home() -> None:
    old, new = addresses_set(web_1=("esx-9", True), web_2=("esx-8", True), web_3=("esx-9", False))
    assert "-VMHost esx-9 " in " ".join(old.steps)
    assert "the host of each: `host`" in old.steps[-1], "web_2 is on another host"
    box = next(iter(load_scenario(resolve("one_modernised_vm")).estate.appliances.values()))
    assert f"-VMHost {box.host} " in " ".join(new.steps), "web_3 is made anew through the appliance"
    assert "esx-9" not in " ".join(new.steps)


def test_machines_on_one_host_need_no_word_of_where_the_host_of_each_stands() -> None:
    (one,) = addresses_set(web_1=("esx-9", True), web_2=("esx-9", True))
    assert "the host of each" not in " ".join(one.steps)
