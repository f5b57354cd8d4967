"""Each wait for an endpoint ends, and an endpoint that is throttled or broken is asked again later each time."""

import os
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event
from typing import Any, Final

import pytest
import responses

from failback.adapters import (
    AzureSettings,
    ConsentClient,
    ControlPlaneClock,
    EstateClient,
    Patience,
    PatientVault,
    RemedyClient,
    ReplyLost,
    SiteRecoveryVault,
    VsphereSession,
    VsphereSettings,
    open_proxy,
)
from failback.adapters.application_checks import Outcome, check, check_all
from failback.adapters.site_recovery_client import RequestUnclear, SiteRecoveryClient, item_path
from failback.adapters.soap_rewriting import rewritten
from failback.reprotect import Unreachable
from failback.scenarios.run.lab_client import clock_of
from failback.scenarios.watching.changes import tell

SOON_S: Final = 0.2
ITEM: Final = item_path("/x/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i")
SETTINGS: Final = AzureSettings("a0", "g", "v", base_url="https://127.0.0.1:9", token="t", reads_per_s=1e6)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes each connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sleeps, and nobody asks first whether it is a simulator."""
    monkeypatch.setattr("azure.core.pipeline.policies.RetryPolicy.sleep", lambda *_: None)
    monkeypatch.setattr("failback.adapters.liveness.Guard.refuse_live", lambda *_: None)


ASKS: Final[tuple[Callable[[AzureSettings], Any], ...]] = (
    lambda settings: SiteRecoveryClient(settings).items(),
    lambda settings: SiteRecoveryClient(settings).item(ITEM),
    lambda settings: EstateClient(settings, retries=1).below_vault("replicationFabrics"),
    lambda settings: ConsentClient(settings).now(),
)


@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_read_of_a_vault_that_takes_the_connection_and_says_nothing_ends(
    scheme: str, ask: Callable[[AzureSettings], Any], silent: int
) -> None:
    with pytest.raises(Unreachable, match=r"(?i)timed out"):
        ask(impatient(f"{scheme}://127.0.0.1:{silent}"))


def impatient(base_url: str) -> AzureSettings:
    return replace(SETTINGS, base_url=base_url, connect_timeout_s=SOON_S, read_timeout_s=SOON_S)


@pytest.mark.usefixtures("unasked")
def test_a_request_to_such_a_vault_ends_and_is_unclear(silent: int) -> None:
    settings = impatient(f"http://127.0.0.1:{silent}")
    assert isinstance(SiteRecoveryClient(settings).ask_item(ITEM, "reprotect", {}), RequestUnclear)
    with pytest.raises(ReplyLost):
        RemedyClient(settings).post("a refresh", "/x", "2025-08-01")


@pytest.mark.usefixtures("unasked")
def test_a_mock_that_says_nothing_lets_no_time_pass_for_ever(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("failback.adapters.clock.PATIENCE", (SOON_S, SOON_S))
    with pytest.raises(Unreachable, match=r"(?i)timed out"):
        ControlPlaneClock(f"http://127.0.0.1:{silent}").wait(1.0)


def test_a_vcenter_that_takes_the_connection_and_says_nothing_is_unreachable(silent: int) -> None:
    settings = VsphereSettings("127.0.0.1", "u", "p", silent, verify=False, connect_timeout_s=SOON_S)
    with pytest.raises(Unreachable, match=r"(?i)timed out"), VsphereSession(settings) as session:
        session.read("looking", lambda content: content)


@pytest.mark.vcsim
def test_a_vcenter_that_falls_silent_after_the_login_is_unreachable(
    session: VsphereSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    silences = list[bool]()

    def late(*given: Any) -> Any:
        if silences:
            time.sleep(10 * SOON_S)
        return rewritten(*given)

    monkeypatch.setattr("failback.adapters.soap_proxy.rewritten", late)
    with open_proxy(session.settings) as proxy:
        settings = replace(proxy.settings, read_timeout_s=2 * SOON_S)
        with VsphereSession(settings) as through:
            assert through.read("asking for the time", lambda content: content.about.name)
            silences.append(True)
            with pytest.raises(Unreachable, match=r"(?i)timed out"):
                through.read("asking for the time", lambda content: content.viewManager.viewList)
            silences.clear()


def test_a_page_of_an_application_that_never_comes_is_no_failure_of_the_application(
    silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("failback.adapters.application_checks.PATIENCE_S", SOON_S)
    assert check("http", f"http://127.0.0.1:{silent}/")[0] is Outcome.UNREACHABLE


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a server that takes no connection more: those that wait there already are all that it holds."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            waits = stack.enter_context(socket.socket())
            waits.setblocking(False)
            waits.connect_ex(server.getsockname())
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
def test_a_port_that_takes_no_connection_is_not_reachable(deaf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("failback.adapters.application_checks.PATIENCE_S", SOON_S)
    assert check("tcp", deaf) == (Outcome.UNREACHABLE, "timed out")


@pytest.mark.parametrize(("kind", "target"), [("dns", "shop"), ("tcp", "shop:443"), ("http", "http://shop/")])
def test_a_name_that_nobody_resolves_keeps_no_check_waiting(
    kind: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved = Event()

    def hangs(*_: Any, **__: Any) -> Any:
        resolved.wait(60)
        raise socket.gaierror(socket.EAI_NONAME, "it came after all")

    monkeypatch.setattr("failback.adapters.application_checks.PATIENCE_S", SOON_S)
    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    assert check_all([(kind, target)]) == [(Outcome.UNREACHABLE, f"no answer within {2 * SOON_S:g} s")]
    resolved.set()


def test_the_clock_of_a_mock_that_says_nothing_is_not_waited_for(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("failback.scenarios.run.lab_client.CLOCK_TIMEOUT_S", SOON_S)
    with pytest.raises(Unreachable, match=r"does not report its time.*timed out"):
        clock_of(replace(SETTINGS, base_url=f"http://127.0.0.1:{silent}"))


def test_a_program_of_on_change_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("failback.scenarios.watching.changes.PATIENCE_S", 5 * SOON_S)
    hangs = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    told = tell((sys.executable, "-S", "-c", hangs, str(tmp_path / "pid")), ["app-01 is home"] * 10_000)
    assert "timed out after" in told
    if (tmp_path / "pid").exists():  # it was quick enough to begin
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text("ascii")), 0)


# Throttled, or broken


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_vault_that_is_throttled_or_broken_is_asked_again_after_waits_that_grow_with_chance(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    now_s, slept, said = [0.0], list[float](), list[str]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now_s[0] += seconds

    def get(_: Any) -> tuple[int, dict[str, str], str]:
        away = 0 < now_s[0] < 300 or (said and now_s[0] == 0)
        return (status, {}, "{}") if away else (200, {}, '{"value": []}')

    vault = SiteRecoveryVault(SETTINGS)
    patience = Patience(900, said.append, sleep=sleep, now=lambda: now_s[0], chance=Random(1))
    patient = PatientVault(vault, patience)
    with responses.RequestsMock() as service:
        service.add_callback("GET", re.compile(".*"), get, content_type="application/json")
        assert patient.items() == ()
        said.append("it is away from now on")
        assert patient.items() == ()
    longest = [min(60.0, 2.0**n) for n in range(len(slept))]
    assert all(most / 2 <= wait_s <= most for wait_s, most in zip(slept, longest, strict=True)), slept
    assert (max(slept) > 30, len(set(slept))) == (True, len(slept))
    assert ("Trying again" in said[1], "It answers again" in said[2]) == (True, True)
