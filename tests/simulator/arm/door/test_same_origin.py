"""A page of elsewhere cannot reach or steer the mock through its visitor's browser; programs and its own pages can."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

import pytest

from failback.simulator.arm import ArmMock, Served, serve
from tests.simulator.arm.conftest import VAULT, Caller, world_of

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OWN, ELSEWHERE = "http://{host}", "https://evil.example"
STEP, ITEMS = "/failback/clock/step", f"{VAULT}/replicationProtectedItems?api-version=2025-08-01"
LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


@dataclass(frozen=True)
class Case:
    status: int
    method: str = "POST"
    path: str = STEP
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"by_s": 1}'


CASES = {
    "a program that says JSON": Case(200, headers=JSON),
    "a program that says JSON and its letters": Case(200, headers={"content-type": "Application/JSON; charset=utf-8"}),
    "a program that says JSON of nothing": Case(200, headers=JSON, body=b""),
    "Node's fetch": Case(200, headers={**JSON, "Sec-Fetch-Mode": "cors"}),
    "a program that does not say JSON": Case(415),
    "a program that says nothing of nothing": Case(415, body=b""),
    "plain text": Case(415, headers={"Content-Type": "text/plain;charset=UTF-8"}),
    "a form": Case(415, headers=FORM),
    "what only looks like JSON": Case(415, headers={"Content-Type": "text/plain; application/json"}),
    "in other letters": Case(415, path="/FailBack/clock/step", headers={"Content-Type": "text/plain"}),
    "a DELETE of nothing": Case(200, "DELETE", "/failback/faults", body=b""),
    "a page of elsewhere, plain text": Case(403, headers={"Origin": ELSEWHERE, "Content-Type": "text/plain"}),
    "a page of elsewhere, JSON": Case(403, headers={"Origin": ELSEWHERE, **JSON}),
    "a page in a sandbox": Case(403, headers={"Origin": "null", **JSON}),
    "a page of another port": Case(
        403, headers={"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site", **JSON}
    ),
    "a page of elsewhere without Origin": Case(403, headers={"Sec-Fetch-Site": "cross-site", **JSON}),
    "an origin that is none": Case(403, headers={"Origin": "http://[::1", **JSON}),
    "the mock's own page": Case(200, headers={"Origin": OWN, "Sec-Fetch-Site": "same-origin", **JSON}),
    "the mock's own button": Case(303, path="/", headers={"Origin": OWN, **FORM}, body=b"do=step"),
    "a button of elsewhere": Case(403, path="/", headers={"Origin": ELSEWHERE, **FORM}, body=b"do=step"),
    "a write to the vault of elsewhere": Case(
        403, "PUT", f"{VAULT}/replicationPolicies/p?api-version=2025-08-01", {"Origin": ELSEWHERE}
    ),
    "a picture of elsewhere": Case(403, "GET", ITEMS, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    "a link of elsewhere to the page": Case(200, "GET", "/", LINK),
    "a link of elsewhere to the control API": Case(200, "GET", "/failback/", LINK, b""),
    "a link of elsewhere into the vault": Case(403, "GET", ITEMS, LINK),
    "a form of elsewhere that navigates": Case(403, path="/", headers={**LINK, **FORM}, body=b"do=step"),
    "an address that was typed": Case(200, "GET", "/", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}),
    "another name, which was made to point here": Case(
        400, headers={"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}", **JSON}
    ),
}
CALLER = Caller(ArmMock(world_of(), clock="step"))


@pytest.fixture(scope="module")
def door() -> Iterator[Served]:
    with serve(CALLER.arm, tls=False) as served:
        yield served


def status_of(door: Served, case: Case, host: str = "127.0.0.1") -> int:
    line = HTTPConnection(host, door.port, timeout=20)
    words = {"host": f"{host}:{door.port}", "port": door.port}
    line.request(case.method, case.path, case.body, {k: v.format(**words) for k, v in case.headers.items()})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


@pytest.mark.parametrize("name", CASES)
def test_it_is_answered_so_and_what_is_refused_changes_nothing(name: str, door: Served) -> None:
    case, before = CASES[name], CALLER.control("GET", "state").body
    assert status_of(door, case) == case.status
    if case.status >= 400:
        assert CALLER.control("GET", "state").body == before


REBINDING = {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}", **JSON}
OPEN: dict[str, tuple[Mapping[str, str], int]] = {
    "a program, by any name": ({"Host": "mock.lab.example", **JSON}, 200),
    "a browser, by its address": ({"Origin": OWN, **JSON}, 200),
    "a browser, by a name that points here": (REBINDING, 400),
    "a page of elsewhere": ({"Origin": ELSEWHERE, **JSON}, 403),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_mock_that_is_open_to_others_takes_browsers_by_its_address_only(name: str, call: Any) -> None:
    headers, status = OPEN[name]
    with serve(call.arm, host="0.0.0.0", tls=False) as door:
        assert status_of(door, Case(status, headers=headers)) == status
