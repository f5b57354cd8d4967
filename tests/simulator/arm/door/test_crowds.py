"""Clients that say nothing, or half of something, or do not listen: everybody else is served nonetheless."""

import gc
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import requests
from cheroot.makefile import StreamReader, StreamWriter

from failback.simulator.arm import ArmMock, Limits, Served, serve

CROWD = 200
HEAD = b"POST /failback/reset HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
HALF = {
    "nothing": b"",
    "half a request line": b"GET /failb",
    "half headers": HEAD,
    "half a body": HEAD + b'Content-Length: 1000\r\n\r\n{"a": ',
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
    "a body that it waits to be asked for": HEAD + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
}
HALF_A_HANDSHAKE = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40
Wrap = Callable[[socket.socket], socket.socket]


def as_it_is(line: socket.socket) -> socket.socket:
    return line


def served_with_tls(door: Served) -> Wrap:
    context = ssl.create_default_context(cafile=str(door.ca_file))
    return lambda line: context.wrap_socket(line, server_hostname="localhost")


@contextmanager
def crowd(door: Served, message: bytes, wrap: Wrap = as_it_is, size: int = CROWD) -> Iterator[list[socket.socket]]:
    """So many clients that have said so much, and stay."""
    with ExitStack() as stack:
        lines = []
        for _ in range(size):
            line = stack.enter_context(wrap(socket.create_connection((door.host, door.port), timeout=30)))
            line.sendall(message)
            lines.append(line)
        yield lines


def is_served(door: Served) -> bool:
    verify = str(door.ca_file) if door.ca_file else True
    return requests.get(f"{door.base_url}/failback/clock", verify=verify, timeout=20).ok


def ended(line: socket.socket) -> bool:
    """Whether the server has closed this connection, by now or soon."""
    try:
        while line.recv(4096):
            pass
    except (ConnectionError, ssl.SSLError):
        return True
    return True


@pytest.mark.parametrize("half", HALF)
def test_two_hundred_that_say_half_of_something_lock_nobody_out(half: str, arm: ArmMock) -> None:
    with serve(arm, tls=False) as door, crowd(door, HALF[half]):
        assert is_served(door)
        assert is_served(door)


@pytest.mark.parametrize("message", [b"", HALF_A_HANDSHAKE])
def test_two_hundred_that_do_not_finish_their_handshake_lock_nobody_out(message: bytes, arm: ArmMock) -> None:
    with serve(arm) as door, crowd(door, message):
        assert is_served(door)


@pytest.mark.parametrize("half", ["nothing", "half a body"])
def test_two_hundred_lock_nobody_out_behind_tls(half: str, arm: ArmMock) -> None:
    with serve(arm) as door, crowd(door, HALF[half], served_with_tls(door)):
        assert is_served(door)


def test_clients_that_do_not_listen_lock_nobody_out(arm: ArmMock) -> None:
    with serve(arm, tls=False) as door:
        url = f"{door.base_url}/failback/clock/jump"
        for _ in range(3):  # what /failback/inputs lists afterwards is larger than any buffer between the two
            body, headers = b'{"to_s": 0}' + b" " * 4_000_000, {"Content-Type": "application/json"}
            assert requests.post(url, data=body, headers=headers, timeout=20).ok
        with crowd(door, b"GET /failback/inputs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", size=12):
            assert is_served(door)


def test_a_request_that_comes_in_drops_is_ended(arm: ArmMock) -> None:
    with serve(arm, tls=False, limits=Limits(request_s=0.5)) as door, crowd(door, HEAD, size=1) as [line]:
        stopped = threading.Event()
        dripping = threading.Thread(target=drip, args=(line, stopped))
        dripping.start()
        assert ended(line)
        stopped.set()
        dripping.join()
        assert is_served(door)


def drip(line: socket.socket, stopped: threading.Event) -> None:
    while not stopped.wait(0.05):
        try:
            line.sendall(b"X-Drop: y\r\n")
        except OSError:
            return


def test_a_request_that_is_cut_short_changes_nothing(call: Any) -> None:
    call.arm.world.catch_up(70.0)
    with serve(call.arm, tls=False, limits=Limits(request_s=0.5)) as door:
        with crowd(door, HEAD + b"Content-Length: 1000\r\n\r\n", size=1) as [line]:
            line.shutdown(socket.SHUT_WR)
            assert b" 400 " in line.recv(4096)
        assert is_served(door)
    assert call.arm.world.env.now == 70.0


def test_of_too_many_the_one_that_has_said_nothing_longest_is_closed(arm: ArmMock) -> None:
    with (
        serve(arm, tls=False, limits=Limits(connections=20)) as door,
        crowd(door, b"", size=20) as first,
        crowd(door, HEAD, size=20),
    ):
        assert all(ended(line) for line in first)
        assert is_served(door)


def test_the_server_ends_although_some_have_said_half_of_something(arm: ArmMock) -> None:
    before = set(threading.enumerate())
    with ExitStack() as clients:
        with serve(arm, tls=False) as door:
            clients.enter_context(crowd(door, HEAD, size=20))
            assert is_served(door)
        assert set(threading.enumerate()) <= before


BREAK_OFFS = [
    b"",
    b"GET /failb",
    HEAD,
    HEAD + b"Content-Length: 1000\r\n\r\n{",
    HALF_A_HANDSHAKE,
    b"\x16\x03\x01 nonsense",
]


@pytest.mark.parametrize("tls", [True, False])
def test_a_client_that_breaks_off_leaves_nothing_open(tls: bool, arm: ArmMock) -> None:
    gc.collect()
    gc.disable()
    try:
        before = {id(end) for end in ends()}
        with serve(arm, tls=tls) as door:
            for text in BREAK_OFFS:
                break_off(door, text)
            assert is_served(door)
        left = [end for end in ends() if id(end) not in before]
        assert not [end for end in left if not is_closed(end)]
    finally:
        gc.enable()


def break_off(door: Served, message: bytes) -> None:
    """Say it and vanish, so that what is answered meets nobody."""
    with socket.create_connection((door.host, door.port), timeout=20) as line:
        line.sendall(message)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def ends() -> list[Any]:
    """Of all connections: their sockets, and the files on them."""
    return [each for each in gc.get_objects() if isinstance(each, socket.socket | StreamReader | StreamWriter)]


def is_closed(end: Any) -> bool:
    return end.fileno() == -1 if isinstance(end, socket.socket) else bool(end.closed)


def test_a_client_of_plain_http_hears_that_it_is_one(arm: ArmMock) -> None:
    with serve(arm) as door, crowd(door, b"GET / HTTP/1.1\r\n\r\n", size=1) as [line]:
        assert b"This mock speaks https" in line.recv(4096)
