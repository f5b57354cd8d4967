"""The second screen of the README, run as it stands on generated files."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write

ROOT = Path(__file__).parents[3]


def commands() -> list[list[str]]:
    section = (
        (ROOT / "README.md").read_text(encoding="utf-8").partition("### With your own estate")[2].partition("\n## ")[0]
    )
    return [shlex.split(line)[1:] for line in re.findall(r"^    (failback .*)$", section, re.MULTILINE)]


def done(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "failback", *command]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


def test_from_an_rvtools_file_and_two_answers_of_the_vault_to_findings_and_a_runbook(tmp_path: Path) -> None:
    vms = [Vm(name, f"vm-{n}", os="Ubuntu Linux (64-bit)") for n, name in enumerate(["pg-01", "web-01"])]
    target = Vm("mt-linux", "vm-9", os="Ubuntu Linux (64-bit)", snapshots=("nightly",))
    write(Site(vms=(*vms, target)), tmp_path, Dress(xlsx=True)).rename(tmp_path / "RVTools_export_all.xlsx")
    paths = {path.stem: path for path in vault_export.write(tmp_path, vault_export.mock_of("first_drill"), full=False)}
    paths["replicationProtectedItems"].rename(tmp_path / "items.json")
    paths["replicationFabrics"].rename(tmp_path / "fabrics.json")
    said = [done(each, tmp_path) for each in commands()]
    assert [each.returncode for each in said] == [0, 1, 0], [each.stderr for each in said]
    assert "in no vCenter that was read" in said[0].stdout
    assert "R04" in said[1].stdout
    assert "pg-01" in (tmp_path / "runbook" / "runbook.html").read_text("utf-8")
