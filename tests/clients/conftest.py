"""Clients that are not ours, against the mock as a server: what they need, and what is said where it is missing."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from failback.scenarios import load_scenario, resolve
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import ArmMock, Served, serve

HERE = Path(__file__).parent
INSTALL_TIMEOUT_S = 300


def absent(what: str, required_by: str) -> NoReturn:
    """Skip, or fail where the environment says that it has to be there."""
    if os.environ.get(required_by):
        pytest.fail(f"{required_by} is set: {what}")
    pytest.skip(what)  # never in CI, which sets `required_by`


@pytest.fixture
def one_vm() -> ArmMock:
    """The mock of one modernised machine, in clock mode poll."""
    return mock_of(load_scenario(resolve("one_modernised_vm")), "poll")


@pytest.fixture
def served(one_vm: ArmMock) -> Iterator[Served]:
    with serve(one_vm) as door:
        yield door


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the npm client installed. Its versions are exact; FAILBACK_NODE_FOLDER keeps it between runs."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        absent("Node.js and npm are not installed", "FAILBACK_REQUIRE_NODE")
    kept = os.environ.get("FAILBACK_NODE_FOLDER")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("node")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "six_legs.mjs"):
        shutil.copy(HERE / name, folder)
    if not (folder / "node_modules").exists():
        _install(str(npm), folder)
    return folder


def _install(npm: str, folder: Path) -> None:
    command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False)
    if done.returncode != 0:
        absent(f"npm could not install the client: {done.stderr[-300:]}", "FAILBACK_REQUIRE_NODE")


@pytest.fixture
def run_node(node_folder: Path, served: Served, one_vm: ArmMock) -> Callable[[str], str]:
    """Run a script of the folder against the mock; what it printed."""

    def run(script: str) -> str:
        names = (served.base_url, one_vm.subscription, one_vm.resource_group, one_vm.vault_name)
        trusted = {**os.environ, "NODE_EXTRA_CA_CERTS": str(served.ca_file)}
        command = ["node", script, *names]
        done = subprocess.run(
            command, cwd=node_folder, env=trusted, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
