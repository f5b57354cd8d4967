"""The zip for machines without a network, made, unpacked and installed with the network cut off."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
TIMEOUT_S = 300
CUT_OFF = ("unshare", "--net")
"""A Linux network namespace without a network; root may make one."""

pytestmark = pytest.mark.slow


def bundled(platform: str, folder: Path) -> zipfile.ZipFile:
    python = ".".join(map(str, sys.version_info[:2]))
    script = [sys.executable, str(TOP / "tools" / "bundle.py"), "--platform", platform, "--python", python]
    done = subprocess.run(
        [*script, "--out", str(folder)], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(done.stdout.strip())


def cut_off(*command: str, folder: Path) -> str:
    done = subprocess.run(
        [*CUT_OFF, *command], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def can_cut_off() -> bool:
    return bool(shutil.which(CUT_OFF[0])) and subprocess.run([*CUT_OFF, "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_cut_off(), reason="this computer lets nobody make a network namespace")
def test_a_bundle_installs_and_plays_where_there_is_no_network(tmp_path: Path) -> None:
    with bundled("linux_x86_64", tmp_path) as archive:
        archive.extractall(tmp_path)
    cut_off(sys.executable, "-m", "venv", "failback-env", folder=tmp_path)
    install = ("-m", "pip", "install", "--no-index", "--find-links", "wheels", "--require-hashes")
    cut_off("failback-env/bin/python", *install, "-r", "requirements.txt", folder=tmp_path)
    assert "All 12 machines are home" in cut_off("failback-env/bin/failback", "demo", folder=tmp_path)
    assert "failback-env/bin/python -m pip install --no-index" in (tmp_path / "INSTALL.txt").read_text()


@pytest.mark.parametrize(
    ("platform", "of_others", "own"),
    [("win_amd64", ("linux", "macosx"), {"tzdata"}), ("macosx_arm64", ("linux", "win_amd64"), set())],
)
def test_a_bundle_for_another_system_holds_its_wheels_and_what_only_it_needs(
    platform: str, of_others: tuple[str, ...], own: set[str], tmp_path: Path
) -> None:
    with bundled(platform, tmp_path) as archive:
        wheels = {Path(name).name for name in archive.namelist() if name.endswith(".whl")}
        bill = json.loads(archive.read("sbom.json"))
        requirements = archive.read("requirements.txt").decode().splitlines()
    assert not {name for name in wheels if any(word in name for word in of_others)}
    assert {*own, "failback"} <= {name.partition("-")[0] for name in wheels}
    assert any(platform.partition("_")[0] in name for name in wheels), "some libraries are compiled"
    assert len(requirements) == len(wheels) == len(bill["components"]) + 1
    assert {line.partition("sha256:")[2] for line in requirements} == {
        part["hashes"][0]["content"] for part in (*bill["components"], bill["metadata"]["component"])
    }
