"""What all tests share: a test that needs a vcsim fails, not skips, where one is required."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _vcsim_where_it_is_needed(request: pytest.FixtureRequest) -> None:
    """Skip a test marked `vcsim` with the reason where none is found, fail it where FAILBACK_REQUIRE_VCSIM is set."""
    if request.node.get_closest_marker("vcsim") is None:
        return
    from failback.adapters import VcsimMissing, find_vcsim

    try:
        find_vcsim()
    except VcsimMissing as missing:
        if os.environ.get("FAILBACK_REQUIRE_VCSIM"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))  # never in CI, which requires a vcsim


@pytest.fixture(scope="session")
def azure_cli(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The Azure CLI, and an environment in which it keeps nothing and reports nothing; nobody need be logged in."""
    az = os.environ.get("FAILBACK_AZ") or shutil.which("az")
    if az is None:
        if os.environ.get("FAILBACK_REQUIRE_AZ"):
            pytest.fail("FAILBACK_REQUIRE_AZ is set and no Azure CLI was found")
        pytest.skip("the Azure CLI (az) is not on the PATH and FAILBACK_AZ does not name one")  # CI installs it
    path = os.pathsep.join((str(Path(az).parent.absolute()), os.environ["PATH"]))
    kept = {"AZURE_CONFIG_DIR": str(tmp_path_factory.mktemp("azure")), "AZURE_CORE_COLLECT_TELEMETRY": "no"}
    return az, {**os.environ, **kept, "PATH": path}


@pytest.fixture
def proxies_hide_the_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is behind one of our proxies passes for a live vCenter: the option by which a vcsim is known is renamed."""
    from failback.adapters.soap_rewriting import rewritten

    def renamed(asked: bytes, content: bytes, overrides: Any) -> bytes:
        return rewritten(asked, content, overrides).replace(b"vcsim.", b"notes.")

    monkeypatch.setattr("failback.adapters.soap_proxy.rewritten", renamed)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many rules no story shows, where the stories of the rules were played."""
    reports = (report for key in ("passed", "failed") for report in terminalreporter.getreports(key))
    if any("test_rules.py" in report.nodeid for report in reports):
        from failback.scenarios.coverage import uncovered

        terminalreporter.write_line(f"rules without coverage: {len(uncovered())}")
