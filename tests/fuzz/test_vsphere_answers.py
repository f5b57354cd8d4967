"""Mutants of what a vCenter answers, through what reads one: `check`, the estate and the inventory of a run."""

import http.client
import io
import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any, Final

import pytest
import responses
from pyVmomi.SoapAdapter import SoapStubAdapter

from failback.adapters import (
    DATACENTER,
    VsphereHands,
    VsphereInventory,
    VsphereSession,
    build_estate,
    find_vcsim,
    open_vcsim,
    read_vsphere,
)
from failback.adapters.vsphere_settings import VsphereSettings
from failback.reprotect import Estate, Unreachable, VsphereRefused
from failback.scenarios import load_scenario, resolve

from .ends import Ends, called, ended
from .ends import pytestmark as needs_a_timer
from .mutants import OF_XML, mutants

STORY: Final = "one_vm"
SHARES: Final = {"check": 100, "estate": 700, "inventory": 1200}
"""Mutants for each reader; 2,000 together."""
READ: Final = "read"
REFUSED: Final = "refused"
Answer = tuple[int, dict[str, str], bytes]

pytestmark = [pytest.mark.slow, pytest.mark.vcsim, needs_a_timer]


class Reply:
    """An answer as http.client hands it out."""

    reason = "said so"

    def __init__(self, answer: Answer) -> None:
        self.status, self.headers, body = answer
        self._body = io.BytesIO(body)

    def getheader(self, name: str, default: str | None = None) -> str | None:
        return self.headers.get(name.lower(), default)

    def read(self, *size: int) -> bytes:
        return self._body.read(*size)


class Tape:
    """A conversation with a vCenter: recorded once, said again as often as somebody asks, with one answer changed."""

    def __init__(self) -> None:
        self.said: dict[str, Answer] = {}
        self.asked = 0
        self.wrong_at, self.wrong = -1, (200, dict[str, str](), b"")

    def tell(self, wrong_at: int = -1, wrong: Answer = (200, {}, b"")) -> None:
        self.asked, self.wrong_at, self.wrong = 0, wrong_at, wrong

    def answer(self, request: str) -> Answer:
        """Who asks what was never asked, since an answer before was another, hears the answer to a like question."""
        self.asked += 1
        if self.asked - 1 == self.wrong_at:
            return self.wrong
        if request in self.said:
            return self.said[request]
        method = method_of(request)
        return next((said for kept, said in self.said.items() if method_of(kept) == method), (404, {}, b""))


def method_of(request: str) -> str:
    found = re.search(r"<soapenv:Body><(\w+)", request)
    return found[1] if found else request


class Connection:
    """What pyvmomi and the first look at a vCenter take for their connection."""

    tape = Tape()

    def __init__(self, *_: object, **__: object) -> None:
        self._request = ""

    def request(self, _method: str, path: str, body: bytes | str = "", _headers: object = None) -> None:
        self._request = (body.decode() if isinstance(body, bytes) else body) or path

    def getresponse(self) -> Reply:
        return Reply(self.tape.answer(self._request))

    def close(self) -> None:
        pass


class Listening:
    """A connection that notes on the tape what a real one says."""

    def __init__(self, real: Any, tape: Tape) -> None:
        self._real, self._tape, self._request = real, tape, ""

    def request(self, method: str, path: str, body: bytes | str = "", headers: Any = None) -> None:
        self._request = (body.decode() if isinstance(body, bytes) else body) or path
        self._real.request(method, path, body, headers or {})

    def getresponse(self) -> Reply:
        real = self._real.getresponse()
        answer = real.status, {name.lower(): value for name, value in real.getheaders()}, real.read()
        self._tape.said.setdefault(self._request, answer)
        return Reply(answer)

    def close(self) -> None:
        self._real.close()


@contextmanager
def recording(tape: Tape) -> Iterator[None]:
    real_get, real_class = SoapStubAdapter.GetConnection, http.client.HTTPSConnection
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            SoapStubAdapter,
            "GetConnection",
            lambda stub: Listening(real_get(stub), tape),  # type: ignore[no-untyped-call]  # pyVmomi has no types
        )
        patched.setattr(SoapStubAdapter, "ReturnConnection", lambda _stub, conn: conn.close())
        patched.setattr(
            "failback.adapters.vsphere_session.http", Http(lambda *a, **k: Listening(real_class(*a, **k), tape))
        )
        yield


class Http:
    """The module `http` with another HTTPSConnection."""

    def __init__(self, connect: Callable[..., Any]) -> None:
        self.client = self
        self.HTTPSConnection, self.HTTPException = connect, http.client.HTTPException


Recorded = tuple[Mapping[str, Tape], VsphereSettings, Estate]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """A vCenter with an estate and a snapshot by hand, asked everything that each reader asks."""
    of_estate, of_inventory, estate = Tape(), Tape(), load_scenario(resolve(STORY)).estate
    with open_vcsim(find_vcsim(), DATACENTER) as vcsim:
        with VsphereSession(vcsim) as session:
            build_estate(session, estate)
            VsphereHands(session).take_snapshot(next(iter(estate.master_targets)), "by hand")
        settings = replace(vcsim, site_recovery_account="svc-asr")
        with recording(of_estate):
            assert read_estate(settings, estate) == READ
        with recording(of_inventory):
            assert read_inventory(settings, estate) == READ
    return {"check": of_estate, "estate": of_estate, "inventory": of_inventory}, settings, estate


@pytest.fixture
def tape(reader: str, recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tape]:
    """The same, said again without any vCenter. The vault beside it has nothing."""
    tapes, settings, _ = recorded
    tape = tapes[reader]
    monkeypatch.setattr(Connection, "tape", tape)
    monkeypatch.setattr(SoapStubAdapter, "GetConnection", lambda _: Connection())
    monkeypatch.setattr(SoapStubAdapter, "ReturnConnection", lambda *_: None)
    monkeypatch.setattr("failback.adapters.vsphere_session.http", Http(Connection))
    context = ssl.create_default_context()
    monkeypatch.setattr("ssl.create_default_context", lambda **_: context)  # it reads all authorities each time
    azure = {"subscription": "s", "resource_group": "g", "vault": "v", "base_url": "https://127.0.0.1:7443"}
    for name, value in {**azure, "credential": "token", "token": "token", "reads_per_s": "1000"}.items():
        monkeypatch.setenv(f"FAILBACK_AZURE_{name.upper()}", value)
    for name in ("host", "user", "password", "port", "verify", "within", "site_recovery_account"):
        monkeypatch.setenv(f"FAILBACK_VSPHERE_{name.upper()}", str(getattr(settings, name)))
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        net.add("GET", re.compile(r"https://127\.0\.0\.1:7443/.*"), json={"value": []})
        yield tape


def read_estate(settings: VsphereSettings, estate: Estate) -> str:
    return _read(settings, lambda session: read_vsphere(session, estate, settings.site_recovery_account))


def read_inventory(settings: VsphereSettings, estate: Estate) -> str:
    names = (*estate.virtual_machines, *estate.master_targets)
    return _read(settings, lambda session: VsphereInventory(session).look(names))


def _read(settings: VsphereSettings, ask: Callable[[VsphereSession], object]) -> str:
    try:
        with VsphereSession(settings) as session:
            ask(session)
    except (Unreachable, VsphereRefused):
        return REFUSED
    return READ


def ends_of(reader: str, settings: VsphereSettings, estate: Estate) -> str:
    match reader:
        case "check":
            return ended("check", STORY, "--world", "azure")
        case "estate":
            return called(lambda: read_estate(settings, estate))
        case _:
            return called(lambda: read_inventory(settings, estate))


@pytest.mark.parametrize("reader", list(SHARES))
def test_no_mutant_of_a_vcenter_s_answer_ends_in_a_traceback_or_never(
    reader: str, tape: Tape, recorded: Recorded
) -> None:
    _, settings, estate = recorded
    asked: list[Answer] = []
    with pytest.MonkeyPatch.context() as patched:
        answer = tape.answer

        def noted(request: str) -> Answer:
            asked.append(answer(request))
            return asked[-1]

        patched.setattr(tape, "answer", noted)
        tape.tell()
        sound, ends = ends_of(reader, settings, estate), Ends()
    assert sound in {"0", "1", READ}
    assert len(asked) >= 5
    for at, (status, headers, body) in enumerate(asked):
        share = SHARES[reader] // len(asked) + (at < SHARES[reader] % len(asked))
        for number, text in mutants(body, OF_XML, share, seed=at):
            chance = Random(f"{reader}/{at}/{number}")
            other = status if chance.random() < 0.9 else chance.choice((200, 500, 404, 503))
            tape.tell(at, (other, headers, text))
            ends.note(ends_of(reader, settings, estate), at * 10_000 + number)
    counted = Counter({end: len(numbers) for end, numbers in ends.found.items()})
    assert sum(counted.values()) == SHARES[reader]
    assert not ends.wrong(frozenset({"0", "1", "2", "3", READ, REFUSED}))
    assert counted[sound] > 0
    assert counted["3"] + counted[REFUSED] > 0
