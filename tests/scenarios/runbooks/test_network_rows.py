"""The network team's table, filled from what the estate knows of addresses."""

from dataclasses import replace
from pathlib import Path

import openpyxl

from failback.reprotect import Adapter, VirtualMachine
from failback.scenarios.files.applications import Application, ApplicationCheck, CheckKind
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.network_rows import NETWORK_HEADS, TO_BE_FILLED_IN, network_rows, network_table
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook

ADAPTERS = (Adapter("00:50:56:00:00:01", "prod <b>", ("10.0.0.4", "10.0.0.5")), Adapter(network="backup"))


def scenario_of(vm: VirtualMachine, *applications: Application) -> Scenario:
    scenario = load_scenario(resolve("one_modernised_vm"))
    return replace(scenario, applications=applications, estate=replace(scenario.estate, virtual_machines={vm.name: vm}))


def machine(**facts: object) -> VirtualMachine:
    vm = load_scenario(resolve("one_modernised_vm")).estate.virtual_machines["app-01"]
    return replace(vm, azure=replace(vm.azure, addresses=("10.9.0.4",)), **facts)  # type: ignore[arg-type]


def test_each_adapter_has_a_row_with_what_is_known_of_it() -> None:
    check = ApplicationCheck(CheckKind.TCP, "app-01:443")
    served = Application("shop", ("app-01",), owner="Ann", checks=(check,))
    vm = machine(adapters=ADAPTERS, dns_name="app-01.site.example", static_ip=True, retains_ip=False)
    first, second = network_rows(scenario_of(vm, served))
    assert first == (
        "app-01",
        "static in the guest, another one in Azure",
        "10.9.0.4",
        "10.0.0.4, 10.0.0.5",
        "prod <b>",
        vm.host,
        "app-01.site.example = 10.0.0.4, 10.0.0.5",
        "administrator of app-01",
        "ipconfig on app-01 shows 10.0.0.4, 10.0.0.5; "
        "nslookup app-01.site.example shows 10.0.0.4, 10.0.0.5; TCP app-01:443",
    )
    assert (second.machine, second.port_group, second.at_home) == ("app-01", "backup", "")


def test_the_administrator_of_a_machine_sets_its_address_and_no_owner() -> None:
    assert [row.who for row in network_rows(scenario_of(machine(static_ip=False)))] == ["DHCP"]
    assert [row.who for row in network_rows(scenario_of(machine(static_ip=True)))] == ["administrator of app-01"]


def test_page_text_and_workbook_have_the_same_table(tmp_path: Path) -> None:
    found = runbook(scenario_of(machine(adapters=ADAPTERS, dns_name="app-01.site.example")), 1)
    files = texts(found)
    assert "prod &lt;b>" in files["runbook.html"].replace("&gt;", ">")
    for text in (files["runbook.html"], files["runbook.md"]):
        assert all(head in text for head in NETWORK_HEADS if head != "what is known")
        assert "No file tells: whether the address is static of all 1 machines." in text
        assert "10.0.0.4, 10.0.0.5" in text
        assert all(blank in text for blank in TO_BE_FILLED_IN), "what its steps ask for, and no file has"
        assert "the values of step 1 of" in text.replace("&#34;", '"')
        assert 'was before step 4 of "For the network team"' in text.replace("&#34;", '"').replace("&quot;", '"')
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "runbook.xlsx")["network"]
    shown = [tuple(cell.value or "" for cell in row[: len(NETWORK_HEADS)]) for row in sheet.iter_rows()]
    assert shown == [NETWORK_HEADS, *network_rows(found.scenario)]
    assert {cell.value for cell in sheet[1]} >= set(TO_BE_FILLED_IN)


def test_the_host_of_a_row_is_where_the_machine_comes_home() -> None:
    for exists in (True, False):
        scenario = scenario_of(machine(host="esx-9", exists_on_premises=exists))
        hosts = {box.host for box in scenario.estate.appliances.values()}
        (row,) = network_rows(scenario)
        assert (row.host == "esx-9", row.host in {f"{host} (inferred)" for host in hosts}) == (exists, not exists)


def test_a_check_that_names_another_machine_says_nothing_of_this_one() -> None:
    checks = (
        ApplicationCheck(CheckKind.TCP, "app-01:443"),
        ApplicationCheck(CheckKind.DNS, "APP-02.site.example"),
        ApplicationCheck(CheckKind.HTTP, "https://app-02:8443/health"),
        ApplicationCheck(CheckKind.HTTP, "https://shop.example/"),
    )
    first = machine(static_ip=False)
    second = replace(first, name="app-02", dns_name="app-02.site.example")
    scenario = scenario_of(first, Application("shop", ("app-01", "app-02"), checks=checks))
    both = replace(scenario.estate, virtual_machines={"app-01": first, "app-02": second})
    one, other = network_rows(replace(scenario, estate=both))
    assert one.verified == "TCP app-01:443; HTTP https://shop.example/"
    assert other.verified == (
        "nslookup app-02.site.example; DNS APP-02.site.example; HTTP https://app-02:8443/health; "
        "HTTP https://shop.example/"
    )


def test_a_page_has_no_column_that_is_blank_and_counts_what_no_file_tells() -> None:
    known_vm = machine(adapters=ADAPTERS)
    bare = replace(known_vm, name="app-02", adapters=(), azure=replace(known_vm.azure, addresses=()))
    scenario = scenario_of(known_vm)
    both = replace(scenario, estate=replace(scenario.estate, virtual_machines={"app-01": known_vm, "app-02": bare}))
    table = network_table(both)
    assert "DNS record after its Failback" not in table.heads
    assert all(any(row[n] for row in table.rows) for n in range(len(table.heads)))
    assert table.unknown == (
        "whether the address is static of all 2 machines; address in Azure of 1 of 2 machines; "
        "address at home of 1 of 2 machines; port group of 1 of 2 machines; DNS record of all 2 machines"
    )
    assert "address at home" in network_table(scenario_of(bare)).heads, "people write it in"


def test_a_machine_without_a_record_in_dns_has_no_empty_cell() -> None:
    named = machine(adapters=ADAPTERS, dns_name="app-01.site.example")
    other = replace(named, name="app-02", dns_name="")
    scenario = scenario_of(named)
    both = replace(scenario, estate=replace(scenario.estate, virtual_machines={"app-01": named, "app-02": other}))
    table = network_table(both)
    at = table.heads.index("DNS record after its Failback")
    told = {row[0]: row[at] for row in reversed(table.rows)}
    assert told["app-01"].startswith("app-01.site.example")
    assert told["app-02"] == "none told"
    assert "DNS record of 1 of 2 machines" in table.unknown


def test_a_record_in_dns_is_no_proof_that_somebody_set_the_address() -> None:
    for vm in (machine(static_ip=True, dns_name="app-01.site.example"), machine(static_ip=True)):
        (row,) = network_rows(scenario_of(vm))
        assert row.verified.startswith("ipconfig on app-01 shows ")
