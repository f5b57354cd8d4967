"""What only a rough client sends, byte for byte over the wire: each is answered cleanly, and the server lives on."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from failback.simulator.arm import ArmMock, Served, serve

from .conftest import Caller, world_of

# ruff: noqa: E501  (a row of a table is one line)

VAULT = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v"
HOST = b"Host: 127.0.0.1\r\n"
LIST = f"{VAULT}/replicationProtectedItems?api-version=2025-08-01".encode()


def get(path: bytes, headers: bytes = HOST, version: bytes = b"HTTP/1.1") -> bytes:
    return b"GET " + path + b" " + version + b"\r\n" + headers + b"Connection: close\r\n\r\n"


def post(headers: bytes, body: bytes = b"") -> bytes:
    return b"POST " + LIST + b" HTTP/1.1\r\n" + HOST + headers + b"Connection: close\r\n\r\n" + body


ROUGH: dict[str, tuple[bytes, set[int]]] = {
    "a good request": (get(LIST), {200}),
    "http 1.0 without a host": (get(LIST, b"", b"HTTP/1.0"), {200}),
    "no host": (get(LIST, b""), {200}),
    "another host": (get(LIST, b"Host: management.azure.com\r\n"), {400}),
    "a host of somebody else": (get(LIST, b"Host: evil.example:8443\r\n"), {400}),
    "a host that is none": (get(LIST, b"Host: [::1:::]:x\r\n"), {400}),
    "an enormous header": (get(LIST, HOST + b"X-Big: " + b"x" * 300_000 + b"\r\n"), {400, 413, 431}),
    "ten thousand headers": (get(LIST, HOST + b"".join(b"X-%d: y\r\n" % n for n in range(10_000))), {200, 400, 413, 431}),
    "a header of odd bytes": (get(LIST, HOST + b"X-Odd: \xff\xfe\x01\r\n"), {200, 400}),
    "a header without a colon": (get(LIST, HOST + b"nothing here\r\n"), {400}),
    "an odd client request id": (get(LIST, HOST + b"x-ms-client-request-id: \xe4\xf6\t<script>\r\n"), {200, 400}),
    "a length that is no number": (post(b"Content-Length: many\r\n"), {400}),
    "a negative length": (post(b"Content-Length: -5\r\n"), {400}),
    "an unknown transfer coding": (post(b"Transfer-Encoding: moon\r\n"), {400, 501}),
    "a broken chunk": (post(b"Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n"), {400}),
    "up and out": (get(b"/../../../etc/passwd"), {400, 404}),
    "up and out, escaped": (get(b"/failback/%2e%2e/%2e%2e/etc/passwd"), {400, 404}),
    "up and out, below the vault": (get(LIST.partition(b"?")[0] + b"/..%2f..%2f..%2fetc%2fpasswd?api-version=2025-08-01"), {404}),
    "a nul": (get(b"/subscriptions/%00?api-version=2025-08-01"), {400, 404}),
    "an absolute address of elsewhere": (get(b"http://evil.example" + LIST), {400}),
    "an asterisk": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", {200, 400, 404, 405}),
    "a path of a hundred thousand letters": (get(b"/" + b"x" * 100_000), {400, 404, 413, 414}),
    "no http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    "an unknown version": (get(LIST, version=b"HTTP/9.9"), {400, 505}),
    "an unknown verb": (b"BREW " + LIST + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", {405}),
}  # fmt: skip


CALLER = Caller(ArmMock(world_of(), clock="step"))


@pytest.fixture
def door(call: Any) -> Iterator[Served]:
    with serve(call.arm, tls=False) as served:
        yield served


@pytest.fixture(scope="module")
def one_door() -> Iterator[Served]:
    """The same for all that is rough, so that each meets what the one before left behind."""
    with serve(CALLER.arm, tls=False) as served:
        yield served


def sent(door: Served, raw: bytes) -> tuple[int, bytes]:
    """The status and the body that these bytes are answered with."""
    head, _, body = answered(door, raw).partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


def answered(door: Served, raw: bytes) -> bytes:
    with socket.create_connection((door.host, door.port), timeout=10) as line:
        line.sendall(raw)
        answer = b""
        while piece := _received(line):
            answer += piece
    return answer


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("rough", ROUGH)
def test_it_is_answered_cleanly_and_changes_nothing(rough: str, one_door: Served) -> None:
    raw, statuses = ROUGH[rough]
    before = CALLER.control("GET", "state").body
    status, body = sent(one_door, raw)
    assert status in statuses, body
    assert b"Traceback" not in body
    assert b"root:" not in body
    assert CALLER.control("GET", "state").body == before
    assert sent(one_door, get(LIST))[0] == 200


@pytest.mark.parametrize("rough", ["another host", "up and out", "an unknown verb", "a nul"])
def test_what_reaches_the_mock_is_refused_in_arms_words(rough: str, one_door: Served) -> None:
    _, body = sent(one_door, ROUGH[rough][0])
    assert set(json.loads(body)["error"]) >= {"code", "message"}


def test_a_client_that_hangs_up_in_the_middle_harms_nobody(one_door: Served) -> None:
    for raw in (b"GET /sub", post(b"Content-Length: 1000\r\n", b"half")):
        with socket.create_connection((one_door.host, one_door.port), timeout=10) as line:
            line.sendall(raw)
    assert sent(one_door, get(LIST))[0] == 200


def test_plain_http_to_a_tls_door_and_a_broken_handshake_harm_nobody(call: Any) -> None:
    with serve(call.arm) as door:
        assert b" 200 " not in answered(door, get(LIST))
        with socket.create_connection((door.host, door.port), timeout=10) as line:
            line.sendall(b"\x16\x03\x01 nonsense")
        with pytest.raises(ssl.SSLError), socket.create_connection((door.host, door.port), timeout=10) as line:
            ssl.create_default_context().wrap_socket(line, server_hostname="localhost")
        address = f"{door.base_url}/failback/clock"
        assert requests.get(address, verify=str(door.ca_file), timeout=10).ok


def test_a_door_that_is_open_to_more_than_this_machine_takes_any_host(call: Any) -> None:
    with serve(call.arm, host="0.0.0.0", tls=False) as door:
        local = Served(door.base_url, "127.0.0.1", door.port, None)
        assert sent(local, get(LIST, b"Host: mock.lab.example\r\n"))[0] == 200


@pytest.mark.parametrize("status", [418, 450, 499, 599])
def test_any_status_between_400_and_599_can_be_asked_for(status: int, door: Served, call: Any) -> None:
    call.arm.fault(kind="status", status=status)
    assert sent(door, get(LIST))[0] == status


CROWD = 24


def test_of_conflicting_requests_at_one_instant_one_is_taken(door: Served, call: Any, failover_body: Any) -> None:
    url = f"{door.base_url}{call.item_path('sql0')}/unplannedFailover?api-version=2025-08-01"
    gate, answers = threading.Barrier(CROWD), list[requests.Response]()

    def request() -> None:
        gate.wait()
        answers.append(requests.post(url, json=failover_body, timeout=30))

    threads = [threading.Thread(target=request) for _ in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [202] + [409] * (CROWD - 1)
    assert {a.json()["error"]["code"] for a in answers if a.status_code == 409} == {"OperationInProgress"}
    assert len(call.arm.world.vault.jobs) == 1
