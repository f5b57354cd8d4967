"""Some reads at a time: answers in their order, a client for each thread, and nobody waits for what is over."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from queue import Empty, SimpleQueue
from threading import Barrier, Event, Lock, Semaphore, Thread
from typing import Any

import pytest
from azure.core.credentials import AccessToken

from failback.adapters import AzureSettings, EstateClient, Pace
from failback.adapters.at_once import at_once
from failback.adapters.estate_client import AT_ONCE
from failback.adapters.pace import BACK_PER_S, UNTOLD_S
from failback.adapters.sign_in import GOOD_FOR_S, SharedSignIn
from failback.reprotect import Unreachable
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import lab_settings, spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve
from failback.simulator.arm.state.request_limits import READS

ITEMS = "replicationProtectedItems"


def test_answers_have_the_order_of_what_was_asked() -> None:
    def read(_: str, number: int) -> int:
        time.sleep(0.01 * (number % 3))
        return -number

    assert at_once(read, range(30), "abcd") == [-number for number in range(30)]


def test_several_are_under_way_and_no_client_serves_two() -> None:
    together, busy, lock = Barrier(4), set[str](), Lock()

    def read(client: str, number: int) -> str:
        with lock:
            assert client not in busy
            busy.add(client)
        together.wait(10)
        with lock:
            busy.remove(client)
        return client

    assert set(at_once(read, range(4), "abcd")) == set("abcd")


def test_nothing_is_nothing() -> None:
    assert at_once(lambda *_: 1, list[int](), "ab") == []


def test_a_failure_waits_for_none_of_the_others_and_ends_them() -> None:
    never, begun = Event(), list[int]()

    def read(_: str, number: int) -> int:
        begun.append(number)
        if number == 0:
            never.wait(30)
        if number == 1:
            raise Unreachable("gone")
        time.sleep(0.001)
        return number

    began_s = time.monotonic()
    with pytest.raises(Unreachable, match="gone"):
        at_once(read, range(10_000), "ab")
    assert time.monotonic() - began_s < 10
    never.set()
    assert len(begun) < 1000


def outcome(call: Callable[[], object]) -> object:
    """What it gives or raises, if it ends."""
    came = SimpleQueue[object]()

    def run() -> None:
        try:
            came.put(call())
        except BaseException as raised:
            came.put(raised)

    Thread(target=run, daemon=True).start()
    return came.get(timeout=10)


@pytest.mark.parametrize("failure", [Empty, SystemExit])
def test_whatever_a_read_raises_ends_the_wait_for_it(failure: type[BaseException]) -> None:
    def read(*_: object) -> None:
        raise failure

    assert isinstance(outcome(lambda: at_once(read, range(3), "ab")), failure)


@pytest.fixture
def ctrl_c_wakes_nobody() -> Iterator[None]:
    """As on Windows: the signal comes, and the main thread goes on waiting for its lock."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    signal.signal(signal.SIGINT, handler)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no signal can be sent to one thread")
@pytest.mark.usefixtures("ctrl_c_wakes_nobody")
def test_ctrl_c_ends_a_wait_that_no_signal_wakes() -> None:
    never = Event()

    def read(_: str, number: int) -> None:
        if number == 0:
            time.sleep(0.1)  # so that the main thread waits
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        never.wait(20)

    began_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        at_once(read, range(2), "ab")
    assert time.monotonic() - began_s < 10
    never.set()


class Programs:
    """A credential that starts a program for each token."""

    def __init__(self, good_for_s: float) -> None:
        self.started, self._good_for_s = 0, good_for_s

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        self.started += 1
        return AccessToken(f"token {self.started}", int(time.time() + self._good_for_s))


def test_clients_that_work_together_sign_in_once() -> None:
    programs = Programs(3600)
    shared = SharedSignIn(programs)
    tokens = at_once(lambda client, _: client.get_token("scope").token, range(20), [shared] * 8)
    assert (set(tokens), programs.started) == ({"token 1"}, 1)
    assert shared.get_token("another").token == "token 2"


def test_a_token_that_is_about_to_expire_is_not_given_again() -> None:
    programs = Programs(GOOD_FOR_S - 10)
    shared = SharedSignIn(programs)
    assert [shared.get_token("scope").token for _ in range(2)] == ["token 1", "token 2"]


@contextmanager
def vault(**settings: Any) -> Iterator[tuple[ArmMock, AzureSettings, list[int]]]:
    """A mock with an item, its settings, and the status of each of its answers."""
    story, answers = load_scenario(resolve("one_modernised_vm")), list[int]()
    mock = ArmMock(World(spec_of(story)), epoch=story.starts_at, clock="step", **settings)
    handle = mock.handle

    def heard(method: str, url: str, headers: Any, body: bytes) -> Any:
        answer = handle(method, url, headers, body)
        answers.append(answer.status)
        return answer

    mock.handle = heard  # type: ignore[method-assign]  # the door calls it by its name
    with serve(mock) as served:
        yield mock, lab_settings(mock, served), answers


def test_single_reads_of_a_vault_are_under_way_together() -> None:
    together = Barrier(AT_ONCE)

    def read(client: EstateClient, arm_id: str) -> str:
        together.wait(10)
        return str(client.resource(arm_id)["id"])

    with vault() as (_, settings, _), closing(EstateClient(settings)) as client:
        (item,) = client.below_vault(ITEMS)
        assert client.at_once(read, [item["id"]] * AT_ONCE) == [item["id"]] * AT_ONCE
        assert client.server_time is not None


def test_after_a_failure_nothing_is_sent_that_waited_for_its_turn() -> None:
    now_s, over, asleep = [0.0], Event(), Semaphore(0)

    def sleep(seconds: float) -> None:
        asleep.release()
        over.wait(10)
        now_s[0] += seconds

    def read(client: EstateClient, arm_id: str) -> object:
        if arm_id:
            return client.resource(arm_id)
        assert all(asleep.acquire(timeout=10) for _ in range(AT_ONCE - 1))
        raise Unreachable("gone")

    with (
        vault() as (_, settings, answers),
        closing(EstateClient(settings, Pace(1.0, lambda: now_s[0], sleep))) as client,
    ):
        (item,) = client.below_vault(ITEMS)
        with pytest.raises(Unreachable, match="gone"):
            client.at_once(read, ["", *[item["id"]] * 20])
        over.set()
        for thread in threading.enumerate():
            if thread.name == "failback-read":
                thread.join(10)
    assert answers == [200]


FASTER = 40.0
"""How many seconds of the mock's wall are one of ours."""


def test_a_vault_that_limits_reads_is_read_at_its_limit_without_a_refusal() -> None:
    def wall() -> float:
        return time.monotonic() * FASTER

    pace, reads = Pace(wall=wall, sleep=lambda seconds: time.sleep(seconds / FASTER)), 1000
    with (
        vault(reads_limited=True, wall=wall) as (_, settings, answers),
        closing(EstateClient(settings, pace)) as client,
    ):
        (item,) = client.below_vault(ITEMS)
        began_s = wall()
        client.at_once(lambda each, arm_id: each.resource(arm_id), [item["id"]] * reads)
        took_s = wall() - began_s
    assert set(answers) == {200}
    assert (reads - READS.size) / BACK_PER_S < took_s


def test_a_refusal_is_heard_and_waited_for_though_the_sdk_asks_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    went_s = [0.0]
    pace = Pace(wall=lambda: went_s[-1], sleep=lambda seconds: went_s.append(went_s[-1] + seconds))
    with vault() as (mock, settings, answers), closing(EstateClient(settings, pace)) as client:
        (item,) = client.below_vault(ITEMS)
        mock.fault(kind="status", status=429, retry_after_s=17)
        client.resource(item["id"])
        client.resource(item["id"])
    assert answers == [200, 429, 200, 200]
    assert went_s == pytest.approx([0, 17, 17 + UNTOLD_S])
