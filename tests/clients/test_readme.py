"""What docs/mock-scripts.md and docs/mock.md tell a reader to save and run, saved and run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import failback
from failback.scenarios.servers.showcase import showcase
from failback.simulator import ENABLE, JOBS
from failback.simulator.arm import serve

TOP = Path(__file__).parents[2]
TIMEOUT_S = 120


def block(page: str, language: str, beginning: str) -> str:
    """The code block of this language that contains these words."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (TOP / page).read_text(encoding="utf-8"), re.DOTALL)
    (found,) = (text for text in blocks if beginning in text)
    return str(found)


def output_of(command: list[str], folder: Path, **more: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    done = subprocess.run(
        command, cwd=folder, env={**clean, "PATH": path, **more}, capture_output=True, text=True, timeout=TIMEOUT_S
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_pages_pytest_file_passes_and_warns_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_reprotect.py").write_text(
        block("docs/mock-scripts.md", "python", "failback_mock"), encoding="utf-8"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", "-W", "error", "-q"]
    assert "2 passed" in output_of(command, tmp_path)


@pytest.mark.node
def test_the_pages_node_script_reprotects_and_says_why_one_failed(node_folder: Path, tmp_path: Path) -> None:
    with serve(showcase(), ca_file=tmp_path / "ca.pem") as door:
        text = block("docs/mock-scripts.md", "js", "SiteRecoveryManagementClient")
        assert "https://127.0.0.1:8443" in text
        script = node_folder / "reprotect.mjs"
        script.write_text(text.replace("https://127.0.0.1:8443", door.base_url), encoding="utf-8")
        output = output_of(["node", script.name], node_folder, NODE_EXTRA_CA_CERTS=str(door.ca_file))
    assert output.splitlines()[0] == "reprotected: InitialReplicationInProgress"
    assert "failed at: Reprotecting virtual machine\nbecause: 95226 " in output


def test_the_six_legs_of_the_page_are_gone(tmp_path: Path) -> None:
    assert shutil.which("failback", path=str(Path(sys.executable).parent))
    (tmp_path / "legs.py").write_text(block("docs/mock.md", "python", "wait_until"), encoding="utf-8")
    output = output_of([sys.executable, "legs.py"], tmp_path)
    assert [line.split()[0] for line in output.splitlines()] == [
        "unplanned_failover",
        "failover_commit",
        "reprotect",
        "planned_failover",
        "failover_commit",
        "reprotect",
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl found")
def test_the_curl_calls_of_the_page_let_things_go_wrong(tmp_path: Path) -> None:
    page = (TOP / "docs" / "mock.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in page.splitlines() if line.startswith("    inject")]
    (name,) = re.findall(r"`failback mock (\w+) --no-tls --port 8080`", page)
    with failback.mock(name, tls=False) as served:
        text = "\n".join(lines).replace("http://127.0.0.1:8080", served.base_url)
        output = output_of(["bash", "-c", text], tmp_path)
    assert "error" not in output
    assert output.count('"now_s"') == len(lines) - 1  # the first line defines the function
    machines = set(failback.load_scenario(name).estate.virtual_machines)
    assert set(re.findall(r'"job_fails", "object": "([^"]+)"', "\n".join(lines))) <= machines


def test_the_page_names_every_task() -> None:
    page = (TOP / "docs" / "mock.md").read_text(encoding="utf-8")
    section = " ".join(page.partition("## The tasks of a job")[2].partition("##")[0].split())
    names = {task.friendly_name for kind in (*JOBS.values(), ENABLE) for task in kind.tasks}
    assert not [name for name in names if name not in section]
