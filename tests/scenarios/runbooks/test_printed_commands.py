"""Every command that runbook, pilot and check print can be typed as it stands: the command line takes it."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.exceptions import TyperException
from typer.main import get_command
from typer.testing import CliRunner

from failback.reprotect import UNKNOWN
from failback.scenarios.cli.commands import app
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import DoubtBecause, InDoubt, Mismatch, MismatchKind
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import runbook

FILE = "home.yaml"
COMMAND = re.compile(r"`(failback\b[^`]*)`|<code>(failback\b[^<]*)</code>")
NAMED = {"failback calibrate", "failback import", "failback watch"}
"""Named in a sentence as what does something: the scenario's file is nothing that they take alone."""


def commands_in(text: str) -> set[str]:
    """As people read them: without the escapes of Markdown and the breaks of a terminal's lines."""
    plain = " ".join(re.sub(r"\\([^\w\s])", r"\1", text).split())
    return {hit[1] or hit[2] for hit in COMMAND.finditer(plain)}


def refused(lines: set[str]) -> Iterator[str]:
    line: Any = get_command(app)
    for words in map(shlex.split, lines - NAMED):
        try:
            line.commands[words[1]].make_context(words[1], words[2:])
        except TyperException as wrong:
            yield f"{shlex.join(words)}: {wrong!r}"


def story(folder: Path) -> Path:
    """One with what blocks a machine, what nobody knows, and a server that nobody can use."""
    file = folder / FILE
    story: dict[str, Any] = yaml.safe_load(resolve("first_drill_modernised").read_text(encoding="utf-8"))
    machines = story["estate"]["virtual_machines"]
    machines[0] |= {"target": "hyper-v", "tier": "gold"}
    for machine in machines[1:4]:
        machine |= {"snapshots": "unknown", "static_ip": "unknown", "bios_uuid": "unknown"}
    story["estate"]["appliances"][0] |= {"authenticating_proxy": "unknown", "closed_ports": "unknown"}
    file.write_text(yaml.safe_dump(story), encoding="utf-8")
    return file


def printed(command: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(app, command)
    assert done.exit_code in (0, 1, 3), done.output
    files = [path.read_text(encoding="utf-8") for path in sorted((folder / "out").rglob("*.*"))]
    return "\n".join(files if command[0] == "check" else (done.output, *files))  # its table breaks commands


@pytest.mark.parametrize("command", ["check", "runbook", "pilot"])
def test_a_printed_command_is_one_that_the_command_line_takes(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story(tmp_path)
    (tmp_path / "out").mkdir()
    out = ["--html", "out/check.html"] if command == "check" else ["--out", "out/made", "--runs", "1"]
    lines = commands_in(printed([command, FILE, *out], tmp_path, monkeypatch))
    assert any(FILE in line for line in lines)
    assert not list(refused(lines))


def test_a_command_in_a_question_about_firmware_names_the_file() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (name,) = scenario.estate.virtual_machines
    what = "firmware differs (G07)"
    mismatch = Mismatch(what, (f"{name} (vault: bios, vCenter: efi)",), MismatchKind.DIFFERS, (name,))
    machines = {name: replace(vm, snapshots=UNKNOWN) for name, vm in scenario.estate.virtual_machines.items()}
    estate = replace(scenario.estate, virtual_machines=machines)
    doubt = InDoubt(DoubtBecause.DIFFERS, (name,))
    asked = replace(scenario, estate=estate, mismatches=(mismatch,), in_doubt=(doubt,))
    for text in texts(runbook(asked, 1, FILE)).values():
        lines = commands_in(text)
        assert f"failback check {FILE} --rule G07" in lines
        assert not list(refused(lines))
