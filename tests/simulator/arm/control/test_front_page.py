"""The page for people: it shows what there is, its buttons work, and a real browser draws it."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from failback.reprotect import UNSAFE
from failback.simulator.arm import serve

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def page(call: Any, query: str = "") -> str:
    answer = call.arm.handle("GET", f"/{query}", {}, b"")
    assert answer.status == 200
    return str(answer.body.decode())


def press(call: Any, **form: str) -> Any:
    from urllib.parse import urlencode

    return call.arm.handle("POST", "/", {}, urlencode(form).encode())


def test_items_jobs_tasks_and_time_are_on_it(call: Any, failover_body: Any) -> None:
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    text = page(call)
    for word in (
        "sql0",
        "web1",
        "failing over",
        "Running jobs (1)",
        "Shut down the virtual machine",
        "Timeline",
        "Fri 05 Jun",
    ):
        assert word in text


def test_its_buttons_step_the_clock(call: Any, failover_body: Any) -> None:
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    for do, now_s in (("step", 30.0), ("minute", 90.0), ("hour", 3690.0)):
        answer = press(call, do=do)
        assert (answer.status, dict(answer.headers)["Location"], call.arm.world.env.now) == (303, "/", now_s)
    assert press(call, do="fly").status == 400


def test_its_form_lets_things_happen_and_says_why_a_job_failed(call: Any, failover_body: Any) -> None:
    assert press(call, do="fault", kind="job_fails", object="sql0", task="Start failover").status == 303
    assert press(call, do="fault", kind="snapshot_appears", object="mt-win").status == 303
    assert press(call, do="fault", kind="link_cut", object="").status == 303
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    call.arm.world.catch_up(1000.0)
    assert "A fault rule of the mock made this task fail." in page(call)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"kind": "snapshot_appears", "object": "nobody"}, "There is no &#x27;nobody&#x27; in this estate."),
        ({"kind": "job_fails", "task": "Start failovers"}, "did you mean &#x27;Start failover&#x27;?"),
        ({"kind": "moon"}, "This page has no such kind of fault"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_page(form: dict[str, str], message: str, call: Any) -> None:
    answer = press(call, do="fault", **form)
    assert (answer.status, answer.headers[0][1]) == (400, "text/html; charset=utf-8")
    banner = answer.body.decode().partition("<p class=banner role=alert>")[2].partition("</p>")[0]
    assert message in banner
    assert "class=banner" not in page(call)


def test_armed_faults_are_shown_and_taken_away(call: Any, failover_body: Any) -> None:
    assert "Fault rules (0)" in page(call)
    press(call, do="fault", kind="job_fails", object="sql0", task="Start failover")
    assert "job fails at Start failover" in page(call)
    press(call, do="disarm", id="r1")
    assert "Fault rules (0)" in page(call)
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    call.arm.world.catch_up(1000.0)
    assert call.arm.world.vault.items["sql0"].phase.value == "failed_over"


def test_it_begins_again(call: Any, failover_body: Any) -> None:
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    press(call, do="hour")
    assert press(call, do="reset").status == 303
    assert "Ended jobs (0)" in page(call)
    assert call.arm.world.env.now == 0.0


def test_it_reads_without_javascript_or_anything_from_elsewhere(call: Any) -> None:
    text = page(call)
    assert "<script" not in text
    assert not re.findall(r"(?:src|href)=['\"]?(?:https?:)?//", text)


def test_names_are_escaped(call: Any) -> None:
    press(call, do="fault", kind="job_fails", object="<script>alert(1)</script>")
    assert "<script" not in page(call)


def test_many_items_come_in_pages(make_call: Any, make_world: Any, make_estate: Any) -> None:
    call = make_call(make_world(make_estate(classic=0, modernised=450)))
    assert page(call).count("<td>modernised</td>") == 200
    assert page(call, "?first=400").count("<td>modernised</td>") == 50
    assert page(call, "?first=x")


@pytest.fixture
def browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and os.environ.get("FAILBACK_REQUIRE_CHROMIUM"):
        pytest.fail("FAILBACK_REQUIRE_CHROMIUM is set and no Chromium was found")
    return found or pytest.skip("no Chromium found")


def draw(browser: str, folder: Path, *arguments: str) -> str:
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder}",
        "--window-size=1300,2000",
    ]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.chromium
def test_a_browser_draws_it_without_a_complaint(call: Any, failover_body: Any, browser: str, tmp_path: Path) -> None:
    call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    call.arm.world.catch_up(70.0)
    with serve(call.arm, tls=False) as served:
        drawn = draw(browser, tmp_path / "profile", "--dump-dom", f"{served.base_url}/")
        shot = tmp_path / "page.png"
        draw(browser, tmp_path / "profile", f"--screenshot={shot}", f"{served.base_url}/")
        assert requests.post(f"{served.base_url}/", data={"do": "step"}, timeout=5).history[0].status_code == 303
    assert re.search(r"<b id=.{36,40}>Failover</b></td><td>sql0</td>", drawn)
    assert re.search(r'<li class="in_progress" title="in progress">Synchronizing the latest changes</li>', drawn)
    assert shot.stat().st_size > 10_000


UNFIT = "\x1b]0;owned\x07\x9b31m\u202etxt.exe\u2028\x00<b>"
"""A terminal's escapes, C1, a turned direction, a line separator and NUL."""


def test_no_control_character_of_a_name_or_a_message_is_on_it(
    make_call: Any, make_world: Any, make_estate: Any, failover_body: Any
) -> None:
    estate = make_estate(classic=0, modernised=1)
    [vm] = estate.virtual_machines.values()
    named = replace(vm, name=f"vm{UNFIT}")
    call = make_call(make_world(replace(estate, virtual_machines={named.name: named}, recovery_plans={})))
    call.arm.fault(kind="job_fails", operation="unplanned_failover", message=f"no {UNFIT}")
    press(call, do="fault", kind="status", object=f"armed{UNFIT}")
    call("POST", f"asked{UNFIT}", failover_body)
    call.control("POST", f"asked{UNFIT}", {"x": UNFIT})
    [item] = call.get("replicationProtectedItems")["value"]
    call("POST", item["id"] + "/unplannedFailover", failover_body)
    call.arm.world.catch_up(1000.0)
    refused = press(call, do="fault", kind="snapshot_appears", object=f"nobody{UNFIT}").body.decode()
    for text, words in ((page(call), ("vm", "armed")), (refused, ("nobody",))):
        assert UNSAFE.search(text) is None
        assert all(f"{word}\ufffd]0;owned\ufffd" in text for word in words)
        assert "<b>'" not in text
    assert UNSAFE.search(call.arm.handle("GET", "/failback/", {}, b"").body.decode()) is None
