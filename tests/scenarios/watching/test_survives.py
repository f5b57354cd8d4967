"""A night is long: the connection goes, the sign-in ends, the lid is closed, and the subscription's reads are few."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from gc import collect
from select import select
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any
from weakref import ref

import pytest
from azure.core.credentials import AccessToken
from azure.identity import CredentialUnavailableError

from failback.adapters import AzureSettings, VaultLook, WatchedVault, site_recovery_client
from failback.reprotect import Architecture, ItemSeen, Line, Phase
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.watching.clock import NightClock
from failback.scenarios.watching.planned import planned_way
from failback.scenarios.watching.record import CLOCK, PREDICTED, Record
from failback.scenarios.watching.standing import State
from failback.scenarios.watching.watch import reads_max
from failback.simulator.arm import ArmMock, Response, mock, serve

from .watched_night import Vault, still, watch_over

STORY = "one_modernised_vm"
PER_HOUR = 12_000
"""Reads that Azure Resource Manager documented for a subscription before 2024; more are allowed since."""


class Through:
    """What a watch looks through: an adapter as it is, and no vCenter."""

    def __init__(self, settings: AzureSettings, names: tuple[str, ...]) -> None:
        self._vault = WatchedVault(settings, names)

    def look(self, reads_max: int) -> VaultLook:
        return self._vault.look(reads_max)

    def look_on_site(self, _: Any) -> tuple[None, str]:
        return None, ""


def one() -> tuple[Scenario, ArmMock, tuple[str, ...]]:
    scenario = load_scenario(resolve(STORY))
    return scenario, still(scenario), tuple(scenario.estate.virtual_machines)


def watched(scenario: Scenario, looks: Any) -> Any:
    look = looks.look(100)
    watch = watch_over(scenario, looks, look.at)
    watch.begin(look)
    return watch


# The connection


class Relay(ThreadingTCPServer):
    """The network between a watch and its vault, which somebody may cut."""

    daemon_threads = True

    def __init__(self, base_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Relayed)
        host, _, port = base_url.rpartition("//")[2].partition(":")
        self.target, self.is_cut, self.carried = (host, int(port)), False, list[socket.socket]()

    def cut(self) -> None:
        self.is_cut = True
        for each in self.carried:
            with suppress(OSError):  # it may be over already
                each.shutdown(socket.SHUT_RDWR)
        self.carried.clear()


class _Relayed(BaseRequestHandler):
    server: Relay

    def handle(self) -> None:
        if self.server.is_cut:
            return
        with socket.create_connection(self.server.target) as vault, suppress(OSError):
            self.server.carried += [vault, self.request]
            ways = {vault: self.request, self.request: vault}
            while not self.server.is_cut:
                for ready in select(list(ways), [], [], 0.05)[0]:
                    if not (data := ready.recv(65536)):
                        return
                    ways[ready].sendall(data)


def test_a_connection_that_is_lost_and_comes_back_goes_on_with_the_night() -> None:
    scenario, arm, names = one()
    with serve(arm, tls=False) as served, Relay(served.base_url) as relay:
        Thread(target=relay.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        address = f"http://127.0.0.1:{relay.server_address[1]}"
        at = arm.subscription, arm.resource_group, arm.vault_name, address
        watch = watched(scenario, Through(AzureSettings(*at, credential="token", token="t", reads_per_s=1e6), names))
        assert watch.look() == ()
        relay.cut()
        (told,) = watch.look()
        assert watch.look() == (), "it is told once"
        relay.is_cut = False
        assert watch.look() == ("the vault can be seen again",)
        relay.shutdown()
    assert told.startswith("the vault cannot be seen: ")


# The sign-in


class SignIn:
    """What `az login` keeps: a token that is about to end, then none, then a new one."""

    def __init__(self) -> None:
        self.token: str | None = "old"

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        if self.token is None:
            raise CredentialUnavailableError("Please run 'az login' to set up an account")
        return AccessToken(self.token, int(time.time()) + 60)

    @contextmanager
    def checked_by(self, arm: ArmMock) -> Iterator[set[str]]:
        """The mock takes these tokens."""
        handle, taken = arm.handle, {"old", "new"}

        def checks(method: str, url: str, headers: Any, body: bytes) -> Response:
            given = {key.lower(): value for key, value in dict(headers).items()}.get("authorization", "")
            if given.removeprefix("Bearer ") not in taken:
                return Response(401, (), b'{"error": {"code": "ExpiredAuthenticationToken", "message": "ended"}}')
            return handle(method, url, headers, body)

        arm.handle = checks  # type: ignore[method-assign]
        with mock(arm):
            yield taken


def test_a_sign_in_that_ends_and_is_renewed_goes_on_with_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, arm, names = one()
    sign_in = SignIn()
    monkeypatch.setattr(site_recovery_client, "credential_of", lambda _: sign_in)
    settings = AzureSettings(arm.subscription, arm.resource_group, arm.vault_name, reads_per_s=1e6)
    with sign_in.checked_by(arm) as taken:
        watch = watched(scenario, Through(settings, names))
        taken.discard("old")
        (ended,) = watch.look()
        sign_in.token = None
        (gone,) = watch.look()
        sign_in.token = "new"
        assert watch.look() == ("the vault can be seen again",)
    assert all(told.startswith("the vault cannot be seen: ") and "\n" not in told for told in (ended, gone))
    assert "az login" in gone


# The lid


@pytest.mark.parametrize("counts", [True, False], ids=["the clock counts the sleep", "it stands meanwhile"])
def test_a_lid_that_was_closed_for_nine_hours_is_told_and_what_happened_is_seen(counts: bool) -> None:
    scenario, arm, names = one()
    with mock(arm):
        watch = watched(scenario, Vault(arm, names))
    zero, wall = watch.recorder.zero, [0.0]
    watch.clock = NightClock(zero, 0.0, wall=lambda: wall[0])
    watch.predicts = True

    def seen(second: float, phase: Phase) -> Any:
        item = ItemSeen(names[0], Architecture.MODERNISED, phase, True)
        return watch._take(VaultLook(zero + timedelta(seconds=second), {names[0]: item}))

    seen(60.0, Phase.RESYNCING_TO_ON_PREMISES)
    assert watch.standing().ahead is not None
    wall[0] = 9 * 3600.0 if counts else 60.0
    told = seen(60.0 + 9 * 3600, Phase.FAILBACK_COMMITTED)
    assert any("failback committed" in line for line in told)
    clocks = [line for line in watch.recorder.record.told if line.kind == CLOCK]
    assert bool(clocks) is not counts, "what passed here too, nobody need be told"
    stands = watch.standing()
    assert stands.ahead is None, "nothing is ahead, and what was predicted before is over"
    assert (stands.rows[0].state, stands.at) == (State.HOME, zero + timedelta(seconds=60 + 9 * 3600))


# The budget of reads


@pytest.mark.slow
def test_an_hour_of_a_thousand_resyncs_takes_less_than_half_of_the_reads_of_the_subscription() -> None:
    scenario = load_scenario(resolve(STORY))
    vm = next(iter(scenario.estate.virtual_machines.values()))
    names = [f"vm-{n:04}" for n in range(1000)]
    there = {name: replace(vm, name=name, at=Phase.RESYNCING_TO_ON_PREMISES) for name in names}
    scenario = replace(scenario, estate=replace(scenario.estate, virtual_machines=there))
    arm = still(scenario)
    with mock(arm):
        vault = Vault(arm, tuple(names))
        for _ in range(4):
            vault.look(reads_max(60.0))
    counts = [len(asked) for asked in vault.asked]
    assert min(counts) > reads_max(60.0), "the lists, and as many single reads as it may make"
    assert 60 * max(counts) == 3660 < PER_HOUR / 2


# Nothing new


def test_a_night_in_which_nothing_changes_goes_on_by_the_clock_of_its_vault() -> None:
    scenario, arm, names = one()
    with mock(arm):
        watch = watched(scenario, Vault(arm, names))
    zero, watch.predicts, wall = watch.recorder.zero, True, [0.0]
    watch.clock = NightClock(zero, 0.0, wall=lambda: wall[0])
    watch.watched = replace(watch.watched, plan=planned_way(scenario, zero + timedelta(hours=6)))
    item = ItemSeen(names[0], Architecture.MODERNISED, Phase.FAILOVER_COMMITTED, True)
    states, foretold = [], []
    for minute in range(0, 60 * 12, 60):
        wall[0] = minute * 60.0
        watch._take(VaultLook(zero + timedelta(minutes=minute), {names[0]: item}))
        stands = watch.standing()
        assert stands.at == zero + timedelta(minutes=minute), "the page says when somebody looked"
        states.append(stands.rows[0].state)
        foretold.append(stands.ahead.at == stands.at)
    assert (states[0], states[-1]) == (State.WAITING, State.DUE), "nobody has done what the plan says"
    assert all(foretold), "the prediction is made anew"


class Weighty(dict[str, Any]):
    """What can be asked whether anybody keeps it."""


def test_of_a_prediction_that_is_written_down_nothing_stays_in_memory() -> None:
    record = Record(("app-01",))
    said = Weighty(at="2026-06-03T18:00:00+00:00")
    kept = ref(said)
    record.hear(Line(1, 0.0, "note", PREDICTED, None, said))
    del said
    collect()
    assert kept() is None
