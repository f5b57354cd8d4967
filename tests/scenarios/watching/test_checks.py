"""The checks of the applications: made against this computer, once vCenter too shows that the machines are on."""

import errno
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from failback.adapters import (
    VsphereHands,
    VsphereInventory,
    VsphereSession,
    application_checks,
    find_vcsim,
    start_vcsim,
)
from failback.adapters.application_checks import Outcome, check
from failback.adapters.vsphere_changes import Hardware, NewVm, create
from failback.adapters.vsphere_places import read_places
from failback.adapters.vsphere_tasks import wait_for
from failback.reprotect import Architecture, History, ItemSeen, Phase, VmSeen
from failback.scenarios import load_scenario, resolve
from failback.scenarios.cli.entry import run
from failback.scenarios.files.applications import Application, ApplicationCheck, CheckKind
from failback.scenarios.run.worlds import lab_site
from failback.scenarios.watching.checking import check_applications
from failback.scenarios.watching.record import CHECKED, Record
from failback.scenarios.watching.recorder import Recorder
from failback.simulator.arm import serve

STORY = "one_modernised_vm"
PASSED, FAILED, UNREACHABLE = Outcome


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/down" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def page() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def bound(*, listens: bool) -> Iterator[str]:
    """A port of this computer that says nothing; one that does not listen refuses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        if listens:
            one.listen()
        yield f"127.0.0.1:{one.getsockname()[1]}"


def test_what_answers_rightly_has_passed(page: str) -> None:
    assert check("tcp", page) == (PASSED, "the port accepts connections")
    assert check("http", f"http://{page}/") == (PASSED, "it answers with status 200")
    outcome, seen = check("dns", "localhost")
    assert (outcome, "it resolves to" in seen) == (PASSED, True)


def test_what_answers_wrongly_has_failed(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check("http", f"http://{page}/down") == (FAILED, "it answers with status 503")
    with bound(listens=False) as closed:
        assert check("tcp", closed)[0] is FAILED
        assert check("http", f"http://{closed}/")[0] is FAILED
    assert check("tcp", "no port")[0] is FAILED
    monkeypatch.setattr(socket, "getaddrinfo", _refuses(socket.gaierror(socket.EAI_NONAME, "Name not known")))
    assert check("dns", "shop.example.com") == (FAILED, "Name not known")


def test_what_nothing_answers_is_not_reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application_checks, "PATIENCE_S", 0.2)
    with bound(listens=True) as silent:
        assert check("http", f"http://{silent}/") == (UNREACHABLE, "no answer within 0.2 s")
    monkeypatch.setattr(socket, "getaddrinfo", _refuses(socket.gaierror(socket.EAI_AGAIN, "No name server")))
    assert check("dns", "shop.example.com")[0] is UNREACHABLE
    assert check("http", "http://shop.example.com/")[0] is UNREACHABLE
    monkeypatch.setattr(socket, "create_connection", _refuses(OSError(errno.EHOSTUNREACH, "No route to host")))
    assert check("tcp", "10.0.0.9:443")[0] is UNREACHABLE


def _refuses(broken: OSError) -> Any:
    def raise_(*_: Any, **__: Any) -> None:
        raise broken

    return raise_


# When they are made


class Shop:
    """One application of two machines; the watch has seen them in these phases."""

    def __init__(self, *phases: Phase) -> None:
        scenario = load_scenario(resolve(STORY))
        checks = (ApplicationCheck(CheckKind.TCP, "shop:443"), ApplicationCheck(CheckKind.DNS, "shop"))
        names = tuple(f"vm-{n}" for n in range(len(phases)))
        self.scenario = replace(
            scenario, applications=(Application("shop", names, owner="Ada", phone="12", checks=checks),)
        )
        self.lines: list[str] = []
        self.recorder = Recorder(
            Record(names), History(lambda line: self.lines.append(line.name), exact=True), scenario.starts_at
        )
        for name, phase in zip(names, phases, strict=True):
            self.recorder.write(0.0, ItemSeen(name, Architecture.MODERNISED, phase, True))

    def checked(self, t_s: float, outcome: Outcome = PASSED) -> list[str]:
        told = check_applications(self.scenario, self.recorder, t_s, lambda asked: [(outcome, "seen") for _ in asked])
        return list(told)


BACK = Phase.FAILED_BACK


def test_they_are_made_once_all_machines_are_back_and_on_by_vcenter_too() -> None:
    assert Shop(BACK, Phase.FAILING_BACK).checked(1.0) == []
    shop = Shop(BACK, BACK)
    shop.recorder.write(0.0, VmSeen("vm-0", False, 1))
    assert shop.checked(1.0) == [], "its machine is still off"
    shop.recorder.write(2.0, VmSeen("vm-0", True, 1))
    assert shop.checked(3.0) == ["shop: tcp shop:443: passed: seen", "shop: dns shop: passed: seen"]


def test_one_that_has_passed_is_made_again_after_ten_minutes_and_one_that_has_not_with_each_look() -> None:
    shop = Shop(BACK)
    shop.checked(0.0)
    assert (shop.checked(60.0), shop.lines.count(CHECKED)) == ([], 2)
    shop.checked(660.0)
    assert shop.lines.count(CHECKED) == 4
    assert len(shop.checked(1300.0, FAILED)) == 2
    assert shop.checked(1360.0, FAILED) == [], "nothing new"
    assert len(shop.checked(1420.0)) == 2


def test_its_owner_acts_where_it_answers_wrongly_and_the_network_where_nothing_answers() -> None:
    shop = Shop(BACK)
    assert shop.checked(0.0, FAILED)[0] == "shop: tcp shop:443: failed: seen. Who must act: Ada, 12"
    assert shop.checked(60.0, UNREACHABLE)[1] == "shop: dns shop: not reachable: seen. Who must act: network team"


# With a vCenter


def story_of(folder: Path, *checks: tuple[str, str]) -> Path:
    text = resolve(STORY).read_text("utf-8").replace("- name: app-01\n", "- name: app-01\n      at: failed_back\n", 1)
    rows = "".join(f"      - {{kind: {kind}, target: '{target}'}}\n" for kind, target in checks)
    file = folder / "story.yaml"
    file.write_text(
        f"{text}\napplications:\n  - name: shop\n    machines: [app-01]\n    owner: Ada\n    checks:\n{rows}"
    )
    return file


@pytest.mark.vcsim
def test_a_machine_that_is_powered_on_in_vcenter_is_seen_and_its_application_is_checked(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application_checks, "PATIENCE_S", 0.3)
    with ExitStack() as stack:
        silent = stack.enter_context(bound(listens=True))
        story = story_of(
            tmp_path,
            ("tcp", page),
            ("http", f"http://{page}/down"),
            ("http", f"http://{silent}/"),
            ("dns", "localhost"),
        )
        url = find_vcsim().url or stack.enter_context(start_vcsim(find_vcsim().binary or Path())).url
        monkeypatch.setenv("FAILBACK_VCSIM", url)
        site = stack.enter_context(lab_site(load_scenario(story), clock="real:1"))
        served = stack.enter_context(serve(site.mock))
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        monkeypatch.setenv("FAILBACK_MOCK_CA_FILE", str(served.ca_file))
        hands = VsphereHands(site.session)
        hands.power_off("app-01")
        copy_of(site.session, "app-01", "app-copy")
        code, off = looked(story, tmp_path, monkeypatch)
        hands.power_on("app-01")
        _, on = looked(story, tmp_path, monkeypatch)
    assert (code, off["checks"], off["machines"][0]["on_site"]) == (1, [], "off")
    assert (off["machines"][0]["state"], off["machines"][0]["who"]) == ("blocked", "VMware administrator")
    assert on["machines"][0]["on_site"] == "on"
    assert [(each["kind"], each["state"], each["who"]) for each in on["checks"]] == [
        ("tcp", "passed", ""),
        ("http", "failed", "Ada"),
        ("http", "not reachable", "network team"),
        ("dns", "passed", ""),
    ]
    shown = (tmp_path / "night" / "watch.html").read_text("utf-8")
    for words in ("Checks of the applications: 2 passed, 1 failed, 1 not reachable.", '<th scope="col">who must act'):
        assert words in shown
    assert shown.count("several machines with one BIOS UUID: app-01, app-copy.") == 1, "it is told once in a night"


def copy_of(session: VsphereSession, name: str, copy: str) -> None:
    """Somebody has put a copy with the same BIOS UUID beside it."""
    [original] = VsphereInventory(session).see([name]).values()
    uuid = session.read("looking", lambda _: str(original.ref.config.uuid))
    new = NewVm(copy, str(original.facts.host), "gold", (), Hardware(bios_uuid=uuid))
    wait_for(session, {"copying": create(session, read_places(session), new, "copying")})


def looked(story: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Any]:
    """One look: how it ends, and what it publishes."""
    out = ["--out", str(folder / "night"), "--publish", str(folder / "bridge"), "--no-predict"]
    monkeypatch.setattr(sys, "argv", ["failback", "watch", str(story), "--world", "lab", "--once", *out])
    code = run()
    return code, json.loads((folder / "bridge" / "watch.json").read_text("utf-8"))
