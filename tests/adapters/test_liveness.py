"""What counts as live: everything that is not on this computer, and everything here that does not say what it is."""

from collections.abc import Callable

import pytest

from failback.adapters import Endpoint, Guard, ReadOnly, is_loopback

HERE = Endpoint("vault", "https://127.0.0.1:1", "127.0.0.1")
AWAY = Endpoint("vCenter", "vcenter.example:443", "vcenter.example")
TUNNEL = Endpoint("vault", "https://127.0.0.1:1", "127.0.0.1", tunnel=True)


def never() -> bool:
    raise AssertionError("it was asked")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_this_machine_is_known_by_its_addresses(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "10.0.0.1", "127.0.0.1.example", "localhost.example"])
def test_every_other_name_is_elsewhere(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["127.0.0.1", "fe80::1%2"], []])
def test_localhost_is_elsewhere_where_a_hosts_file_says_so(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(None, None, 0, "", (address, 0)) for address in addresses]
    monkeypatch.setattr("failback.adapters.liveness.getaddrinfo", lambda *_: rows)
    assert not is_loopback("localhost")
    assert is_loopback("127.0.0.1")


@pytest.mark.parametrize(
    ("endpoint", "look", "why"),
    [
        (HERE, lambda: True, ""),
        (HERE, lambda: False, "does not identify itself"),
        (AWAY, never, "not on this computer"),
        (TUNNEL, never, "tunnel"),
    ],
    ids=["simulator", "silent", "elsewhere", "tunnel"],
)
def test_only_a_simulator_on_this_machine_is_not_live(endpoint: Endpoint, look: Callable[[], bool], why: str) -> None:
    found = Guard(endpoint, look).why_live()
    assert (why in found) if why else not found


def test_a_live_endpoint_is_named_with_the_reason_and_what_was_not_sent() -> None:
    with pytest.raises(
        ReadOnly, match=r"Not sent: failback of web-01\. The vCenter at vcenter\.example:443 is live"
    ) as no:
        Guard(AWAY, never).refuse_live("failback of web-01")
    assert "never run it against a live vault" in str(no.value)


def test_an_endpoint_is_asked_once_and_again_in_another_session() -> None:
    asked: list[bool] = []

    def look() -> bool:
        asked.append(True)
        return True

    guard = Guard(HERE, look)
    for _ in range(3):
        guard.refuse_live("a change")
    assert len(asked) == 1
    guard.forget()
    guard.refuse_live("a change")
    assert len(asked) == 2


def test_the_latest_answer_counts() -> None:
    guard = Guard(HERE, never)
    guard.note_answer(True)
    guard.refuse_live("a change")
    guard.note_answer(False)
    with pytest.raises(ReadOnly):
        guard.refuse_live("a change")


@pytest.mark.parametrize("live", range(3))
def test_of_endpoints_that_stand_together_each_refuses_where_one_is_live(live: int) -> None:
    guards = [Guard(AWAY if number == live else HERE, lambda: True) for number in range(3)]
    guards[0].stand_beside(guards[1])
    guards[0].stand_beside(guards[2])
    for guard in guards:
        with pytest.raises(ReadOnly, match=r"vcenter\.example"):
            guard.refuse_live("a change")
