"""Heartbeats on the wire: of servers, agents, appliances and connections."""

from datetime import datetime
from typing import Any

import pytest

PERIOD_S = 60.0


def seconds(arm: Any, date: str) -> float:
    """Virtual seconds of a date on the wire."""
    age = datetime.fromisoformat(f"{date[:26]}+00:00") - arm.context.epoch
    return float(age.total_seconds())


def details(call: Any) -> Any:
    fabrics = call.get("replicationFabrics")["value"]
    return next(f["properties"]["customDetails"] for f in fabrics if "masterTargetServers" in str(f))


def server(call: Any, name: str) -> Any:
    both = (*details(call)["processServers"], *details(call)["masterTargetServers"])
    return next(s for s in both if name in (s.get("friendlyName"), s.get("name")))


def dates(call: Any) -> dict[str, str]:
    """Every kind of heart, with the date that one read shows."""
    fabric = details(call)
    box = call.get("replicationAppliances")["value"][0]["properties"]["providerSpecificDetails"]["appliances"][0]
    providers = call.get("replicationRecoveryServicesProviders")["value"]
    return {
        "configuration server": fabric["lastHeartbeat"],
        "process server": fabric["processServers"][0]["lastHeartbeat"],
        "master target": fabric["masterTargetServers"][0]["lastHeartbeat"],
        "appliance": box["processServer"]["lastHeartbeatUtc"],
        "provider": providers[0]["properties"]["lastHeartBeat"],
        "vcenter": call.get("replicationvCenters")["value"][0]["properties"]["lastHeartbeat"],
        "classic agent": call.item("sql0")["providerSpecificDetails"]["lastHeartbeat"],
        "modernised agent": call.item("web0")["providerSpecificDetails"]["mobilityAgentDetails"]["lastHeartbeatUtc"],
    }


@pytest.mark.parametrize("at_s", [0.0, 1000.0, 86_400.5])
def test_all_that_is_up_was_heard_within_a_period_and_not_at_one_instant(call: Any, at_s: float) -> None:
    call.arm.world.catch_up(at_s)
    ages_s = {heart: at_s - seconds(call.arm, date) for heart, date in dates(call).items()}
    assert all(-1e-3 < age_s < PERIOD_S for age_s in ages_s.values()), ages_s
    assert len(set(ages_s.values())) == len(ages_s)


@pytest.mark.parametrize(("kind", "name", "code"), [("process", "ps-site", "806"), ("master", "mt-win", "78022")])
def test_a_server_that_goes_down_is_missed_when_it_was_not_heard_for_a_quarter_of_an_hour(
    call: Any, kind: str, name: str, code: str
) -> None:
    word = {"process": "process_server_down", "master": "master_target_down"}[kind]
    call.arm.world.catch_up(1000.0)
    last = server(call, name)["lastHeartbeat"]
    call.arm.fault(kind=word, object=name)
    seen = []
    for at_s in (1000.0, 1000.0 + 900.0 - PERIOD_S, 1900.0, 9999.0):
        call.arm.world.catch_up(at_s)
        shown = server(call, name)
        assert shown["lastHeartbeat"] == last
        seen.append([error["errorCode"] for error in shown["healthErrors"]])
        assert shown.get("health", "none") in ("none", "Critical" if seen[-1] else "Normal")
    assert seen == [[], [], [code], [code]]


def test_the_error_of_a_silent_server_dates_from_its_fifteenth_minute(call: Any) -> None:
    call.arm.fault(kind="process_server_down", object="ps-site")
    call.arm.world.catch_up(5000.0)
    shown = server(call, "ps-site")
    (error,) = shown["healthErrors"]
    since_s = seconds(call.arm, error["creationTimeUtc"]) - seconds(call.arm, shown["lastHeartbeat"])
    assert since_s == pytest.approx(900.0)
    assert error["errorLevel"] == "Critical"


def test_a_server_that_comes_back_is_heard_at_once(call: Any) -> None:
    call.arm.fault(kind="process_server_down", object="ps-site")
    call.arm.world.catch_up(5000.0)
    call.arm.fault(kind="process_server_up", object="ps-site")
    shown = server(call, "ps-site")
    assert (seconds(call.arm, shown["lastHeartbeat"]), shown["healthErrors"], shown["health"]) == (5000.0, [], "Normal")


def test_a_restored_mock_heard_the_same(call: Any) -> None:
    call.arm.world.catch_up(700.0)
    call.arm.fault(kind="process_server_down", object="ps-site")
    call.arm.world.catch_up(800.0)
    call.control("POST", "snapshots", {"name": "silent"})
    before = dates(call), server(call, "ps-site")
    call.control("POST", "reset")
    call.control("POST", "restore", {"name": "silent"})
    assert (dates(call), server(call, "ps-site")) == before


def test_a_late_reader_in_mode_poll_comes_to_see_the_registration_that_only_a_heartbeat_shows(
    make_call: Any, failover_body: Any
) -> None:
    call = make_call(clock="poll", lag_s=20.0)
    path = call.item_path("sql0")
    call("POST", f"{path}/unplannedFailover", failover_body)
    while not call.arm.world.is_over:
        call.arm.world.jump()
    looks = [call("GET", path).body["properties"] for _ in range(2)]
    heard = [look["providerSpecificDetails"]["lastHeartbeat"] for look in looks]
    assert heard[0] < looks[1]["lastSuccessfulFailoverTime"] <= heard[1]
