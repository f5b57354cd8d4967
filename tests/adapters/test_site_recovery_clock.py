"""The clocks of lab and azure, and that the front door imports nothing."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from math import inf

import pytest
import requests
import responses

from failback.adapters import ControlPlaneClock, ReadOnly, WallClock
from failback.reprotect import Unreachable

URL = "http://127.0.0.1:7001/failback/clock/wait"


@pytest.fixture
def plane() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        mock.get(URL, status=405, headers={"x-failback-mock": "asr"})
        yield mock


def test_the_control_plane_lets_time_pass(plane: responses.RequestsMock) -> None:
    plane.post(URL, json={"now_s": 61.5, "changed": ["web-01", "plan-1"]})
    clock = ControlPlaneClock("http://127.0.0.1:7001/", poll_s=30.0)
    assert clock.now() == 0.0
    assert clock.wait(120.0) == (61.5, frozenset({"web-01", "plan-1"}))
    assert clock.now() == 61.5
    assert json.loads(plane.calls[1].request.body or "") == {"until_s": 120.0, "poll_s": 30.0}


def test_no_deadline_is_null(plane: responses.RequestsMock) -> None:
    plane.post(URL, json={"now_s": 1.0, "changed": None})
    assert ControlPlaneClock("http://127.0.0.1:7001").wait(inf) == (1.0, None)
    assert json.loads(plane.calls[1].request.body or "")["until_s"] is None


@pytest.mark.parametrize("broken", [requests.ConnectionError("refused"), None])
def test_a_silent_control_plane_is_unreachable(plane: responses.RequestsMock, broken: Exception | None) -> None:
    plane.post(URL, **({"body": broken} if broken else {"status": 500}))
    with pytest.raises(Unreachable, match="control API"):
        ControlPlaneClock("http://127.0.0.1:7001").wait(1.0)


def test_a_control_plane_whose_certificates_are_gone_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="control API"):
        ControlPlaneClock("https://127.0.0.1:7001", "gone.pem").wait(1.0)


def test_a_control_plane_that_does_not_say_what_it_is_is_not_moved() -> None:
    with responses.RequestsMock() as mock:
        mock.get(URL, status=404)
        with pytest.raises(ReadOnly, match="a step of the clock"):
            ControlPlaneClock("http://127.0.0.1:7001").wait(1.0)
    with pytest.raises(ReadOnly, match="not on this computer"):
        ControlPlaneClock("https://management.azure.com").wait(1.0)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    naps: list[float] = []
    monkeypatch.setattr("failback.adapters.clock.passed_s", lambda: 100.0 + sum(naps))
    monkeypatch.setattr(time, "sleep", naps.append)
    return naps


def test_the_wall_clock_sleeps_until_the_next_look(slept: list[float]) -> None:
    clock = WallClock(poll_s=30.0)
    assert clock.wait(inf) == (30.0, None)
    assert clock.wait(40.0) == (40.0, None)
    assert clock.wait(1.0) == (40.0, None)
    assert slept == [30.0, 10.0, 0.0]


def test_the_wall_clock_keeps_the_vaults_pace(slept: list[float]) -> None:
    assert WallClock(poll_s=30.0, pace=lambda: 7.0).wait(inf) == (7.0, None)


def test_the_wall_clock_runs_by_its_factor(slept: list[float]) -> None:
    now_s, changed = WallClock(factor=2000.0, poll_s=0.05).wait(20.0)
    assert now_s == pytest.approx(20.0)
    assert changed is None
    assert slept == [pytest.approx(0.01)]


@pytest.mark.parametrize(("platform", "clock"), [("linux", "CLOCK_BOOTTIME"), ("darwin", "CLOCK_MONOTONIC")])
def test_the_wall_clock_goes_on_while_the_computer_sleeps(
    platform: str, clock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept_s = [0.0]
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(time, clock, "goes on", raising=False)
    monkeypatch.setattr(time, "clock_gettime", lambda which: {"goes on": 50.0 + slept_s[0]}[which], raising=False)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    clock_of_the_run = WallClock(now_s=7.0)
    slept_s[0] = 28_800.0
    assert clock_of_the_run.now() == 28_807.0


def modules_after(statement: str) -> set[str]:
    """Top-level modules that a new interpreter holds after this statement."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_front_door_imports_nothing_large() -> None:
    assert not {"azure", "pyVmomi", "pydantic", "requests", "yaml"} & modules_after("import failback.adapters")


def test_translation_and_settings_need_no_sdk() -> None:
    names = "item_from_sdk, item_request, AzureSettings, load_settings, WallClock"
    assert not {"azure", "pyVmomi", "requests"} & modules_after(f"from failback.adapters import {names}")


def test_every_name_at_the_front_door_leads_somewhere() -> None:
    door = import_module("failback.adapters")
    assert dir(door) == sorted(door.__all__)
    assert all(getattr(door, name) is not None for name in door.__all__)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = import_module("failback.adapters").nothing_here
