"""Every page that people read, in a real browser: WCAG AA, no request, a quiet console, no wider than a phone."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
import yaml

import failback
from failback.scenarios import load_scenario
from failback.scenarios.cli.main import main
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import serve

HERE: Final = Path(__file__).parent
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
PHONE: Final = 390
FRIDAY: Final = ("--today", "2026-06-01", "--by", "Mon 06:00")

PAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "report of a run": ("run", "SCENARIO", "--out", "OUT", ":report.html"),
    "report of a run that went wrong": ("run", "master_target_snapshot", "--out", "OUT", ":report.html"),
    "answer": ("predict", "SCENARIO", *FRIDAY, "--start", "Fri 18:00", "--runs", "4", "--out", "OUT", ":answer.html"),
    "answer with a cutover": (
        *("predict", "seed_ahead", *FRIDAY, "--cutover", "Fri 18:00", "--runs", "2", "--out", "OUT", ":answer.html"),
    ),
    "answer in Japanese": (
        *("predict", "SCENARIO", *FRIDAY, "--start", "Fri 18:00", "--runs", "2"),
        *("--lang", "ja", "--out", "OUT", ":answer.html"),
    ),
    "check": ("check", "SCENARIO", "--html", "OUT/check.html", ":check.html"),
    "check of a scenario with warnings": ("check", "first_drill", "--html", "OUT/check.html", ":check.html"),
    "watch": ("watch", "SCENARIO", "--world", "lab", "--once", "--out", "OUT/night", ":night/watch.html"),
    "comparison": ("report", "--compare", "one_vm", "RUN", "--out", "OUT", ":compare.html"),
    "runbook": ("runbook", "SCENARIO", "--runs", "1", "--out", "OUT", ":runbook.html"),
}
"""By page, the command that writes it, and its file."""


def absent(what: str, required_by: str) -> NoReturn:
    """Skip, or fail where the environment says that it has to be there."""
    if os.environ.get(required_by):
        pytest.fail(f"{required_by} is set: {what}")
    pytest.skip(what)  # never in CI, which sets `required_by`


@pytest.fixture(scope="module")
def browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or absent("no Chromium was found", "FAILBACK_REQUIRE_CHROMIUM")


@pytest.fixture(scope="module")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with axe installed, of the exact version in package.json."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        absent("Node.js and npm are not installed", "FAILBACK_REQUIRE_NODE")
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "look.mjs"):
        shutil.copy(HERE / name, folder)
    command = [str(npm), "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        absent(f"npm could not install axe: {done.stderr[-300:]}", "FAILBACK_REQUIRE_NODE")
    return folder


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drill with promises kept and broken, a fault, a gate, and names that no page may trip over."""
    path = tmp_path_factory.mktemp("estate") / "estate.yaml"
    path.write_text(yaml.safe_dump(_document(), sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def _document() -> dict[str, Any]:
    machine = {"architecture": "modernised", "host": "esx-01", "datastore": "gold", "disks": [{"size_gib": 60}]}
    names = {"web-01": "web", "\u696d\u52d9-01": "web", "x" * 70: "\u0639\u0645\u0644", "db <b>&amp;": "db"}
    machines = [{"name": name, "os": "linux", "tier": tier, **machine} for name, tier in names.items()]
    waves = [{"name": "first", "items": list(names)[:2]}, {"name": "second", "items": list(names)[2:]}]
    return {
        "name": "hard_to_show",
        "title": "Names that are hard to show, a promise that is broken, a gate and a fault",
        "estate": {
            "link": {"bandwidth_mbit_per_s": 200},
            "virtual_machines": machines,
            "hosts": [{"name": "esx-01", "datastores": ["gold"]}],
            "datastores": [{"name": "gold", "capacity_gib": 4096}],
            "appliances": [{"name": f"appliance-0{n}", "host": "esx-01", "datastore": "gold"} for n in (1, 2)],
        },
        "plan": {
            "waves": waves,
            "gates": [{"name": "verified", "before": "commit_failback", "question": "Does it work?"}],
        },
        "operator": [{"gate": "verified", "after_s": 600}],
        "faults": [{"kind": "fail_job", "object": "web-01", "operation": "failback"}],
        "homecoming": {"targets": [{"tier": "web", "downtime_s": 1}, {"tier": "db", "home_within_s": 9e6}]},
    }


def _written(page: str, scenario: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if "RUN" in PAGES[page]:
        failback.play("one_vm", out=out / "run")
    given = {"SCENARIO": str(scenario), "OUT": str(out), "RUN": str(out / "run")}
    *command, file = (_filled(part, given) for part in PAGES[page])
    monkeypatch.setattr(sys, "argv", ["failback", *command])
    with pytest.raises(SystemExit):
        main()
    written = out / file.removeprefix(":")
    assert written.is_file(), page
    return written


def _filled(part: str, given: Mapping[str, str]) -> str:
    for name, value in given.items():
        part = part.replace(name, value)
    return part


@pytest.fixture
def mock(scenario: Path) -> Iterator[None]:
    """A mock with the scenario's machines, for the watch."""
    with (
        serve(mock_of(load_scenario(scenario), "real:1"), tls=False) as served,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setenv("FAILBACK_MOCK", served.base_url)
        patched.delenv("FAILBACK_VCSIM", raising=False)
        yield


@pytest.mark.slow
@pytest.mark.chromium
@pytest.mark.node
@pytest.mark.usefixtures("mock")
def test_a_browser_finds_nothing_wrong_with_any_page(
    browser: str, node_folder: Path, scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {}
    for number, page in enumerate(PAGES):
        (tmp_path / str(number)).mkdir()
        files[page] = _written(page, scenario, tmp_path / str(number), monkeypatch)
    command = ["node", "look.mjs", browser, str(tmp_path / "profile"), *map(str, files.values())]
    done = subprocess.run(command, cwd=node_folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    for page, file in files.items():
        seen = found[str(file)]
        assert (page, seen) == (page, {"violations": [], "requests": [], "errors": [], "phone": PHONE})


@pytest.mark.slow
@pytest.mark.chromium
@pytest.mark.node
def test_the_browser_would_find_what_is_wrong(browser: str, node_folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        '<!DOCTYPE html><html><head><title>x</title></head><body><main><p style="color:#bbb">pale</p>'
        '<div style="width:900px">wide</div><img src="https://example.invalid/x.png">'
        "<script>console.error('no')</script></main></body></html>",
        encoding="utf-8",
    )
    command = ["node", "look.mjs", browser, str(tmp_path / "profile"), str(page)]
    done = subprocess.run(command, cwd=node_folder, capture_output=True, text=True, timeout=300, check=False)
    seen = json.loads(done.stdout)[str(page)]
    assert {rule for _, rule, *_ in seen["violations"]} >= {"color-contrast", "html-has-lang", "image-alt"}
    assert seen["requests"] == ["https://example.invalid/x.png"]
    assert "no" in seen["errors"]
    assert seen["phone"] > PHONE
