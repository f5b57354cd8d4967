"""A machine is judged by its own servers: where one of two is at fault, only the machine that it serves is blocked."""

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from failback.reprotect import Line, Standing
from failback.scenarios import load_scenario
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.run.player import play

from .drawn_servers import another
from .known_estates import machine, servers

FAULTY, HEALTHY = "m1", "m2"
OF_THE_CONFIGURATION_SERVER: Final[dict[str, dict[str, Any]]] = {
    "R02": {"connected": False},
    "R09": {"vcenter_connected": False},
    "R10": {"privileges": ["Datastore.*"]},
    "R30": {"failback_policy": False},
    "T05": {"rebuilt": True},
    "T11": {"address_changed": True},
    "N03": {"authenticating_proxy": True},
}
LACKING: Final = [{"name": "vc", "privileges": ["Datastore.*"]}]


def two_of_each(**first: Any) -> dict[str, Any]:
    """Two configuration servers with a machine, a process server and a master target each; `first` is of the first."""
    estate = servers("classic")
    for section in ("configuration_servers", "process_servers", "master_targets"):
        estate[section].append(another(section, estate[section][0], 2))
    estate["configuration_servers"][0].update(first)
    estate["master_targets"][1]["vcenter"] = "vc2"
    ours = machine(FAULTY, "classic")
    theirs = machine(HEALTHY, "classic", configuration_server="cs2", vcenter="vc2")
    named = {FAULTY: {"master_target": "mt", "process_server": "ps"}}
    named[HEALTHY] = {"master_target": "mt2", "process_server": "ps2"}
    return scenario(estate, [ours, theirs], named)


def two_vcenters(**first: Any) -> dict[str, Any]:
    """One configuration server with two vCenters, one machine in each."""
    drawn = two_of_each(vcenters=["vc", "vc2"], **first)
    del drawn["estate"]["configuration_servers"][1]
    drawn["estate"]["virtual_machines"][1]["configuration_server"] = "cs"
    return drawn


def scenario(estate: dict[str, Any], vms: list[dict[str, Any]], named: dict[str, Any]) -> dict[str, Any]:
    plans = [{"name": f"p-{vm['name']}", "groups": [[vm["name"]]]} for vm in vms]
    whole = {"link": {"bandwidth_mbit_per_s": 500}, "recovery_plans": plans, **estate, "virtual_machines": vms}
    return {"name": "own-servers", "estate": whole, "plan": {"item_choices": named}}


CASES: Final = {
    **{rule: (two_of_each(**facts), rule) for rule, facts in OF_THE_CONFIGURATION_SERVER.items()},
    "one vcenter": (two_vcenters(lost_vcenters=["vc"]), "R09"),
    "one account": (two_vcenters(vcenter_accounts=LACKING), "R10"),
}


def ends(drawn: dict[str, Any], where: Path, world: str) -> dict[str, str]:
    (where / "own.yaml").write_text(yaml.safe_dump(drawn), encoding="utf-8")
    return {item.name: item.stopped_by for item in play(load_scenario(where / "own.yaml"), world=world).items}


def standings(drawn: dict[str, Any], where: Path, world: str = "sim") -> dict[str, tuple[Standing, tuple[str, ...]]]:
    (where / "own.yaml").write_text(yaml.safe_dump(drawn), encoding="utf-8")
    report = run_check(CheckRequest(str(where / "own.yaml"), world)).report
    return {name: (outlook.standing, outlook.because) for name, outlook in report.outlooks.items()}


@pytest.mark.parametrize("case", list(CASES))
def test_a_fault_of_one_of_two_blocks_only_the_machine_that_it_serves(tmp_path: Path, case: str) -> None:
    drawn, rule = CASES[case]
    ready = Standing.READY, ()
    assert standings(drawn, tmp_path) == {FAULTY: (Standing.BLOCKED, (rule,)), HEALTHY: ready}
    assert ends(drawn, tmp_path, "sim") == {FAULTY: rule, HEALTHY: ""}


def own_accounts() -> dict[str, Any]:
    """Each configuration server keeps an account of its own."""
    drawn = two_of_each(accounts=["ours"])
    drawn["estate"]["configuration_servers"][1]["accounts"] = ["theirs"]
    return drawn


def test_a_machine_asks_with_an_account_that_its_own_configuration_server_keeps(tmp_path: Path) -> None:
    assert set(ends(own_accounts(), tmp_path, "sim").values()) == {""}
    drawn = own_accounts()
    drawn["plan"]["choices"] = {"account": "theirs"}
    assert ends(drawn, tmp_path, "sim") == {FAULTY: "F08", HEALTHY: ""}


def test_the_agent_of_a_machine_waits_for_its_own_configuration_server(tmp_path: Path) -> None:
    drawn, lines = two_of_each(connected=False), list[Line]()
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(drawn), encoding="utf-8")
    play(load_scenario(tmp_path / "own.yaml"), on_line=lines.append)
    in_azure = [line for line in lines if line.name == "ItemSeen" and line.data["phase"] == "failover_committed"]
    assert {line.item for line in in_azure if line.data["agent_registered"]} == {HEALTHY}


@pytest.mark.vcsim
@pytest.mark.parametrize("case", ["R02", "one vcenter", "own accounts"])
def test_a_mock_tells_the_servers_of_two_configuration_servers_apart(tmp_path: Path, case: str) -> None:
    drawn = own_accounts() if case == "own accounts" else CASES[case][0]
    assert ends(drawn, tmp_path, "lab") == ends(drawn, tmp_path, "sim")
    assert standings(drawn, tmp_path, "lab") == standings(drawn, tmp_path)
