"""The scripts of a runbook send nothing in a freeze window; page and text say when it is."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

from failback.reprotect import Freeze
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.runbooks.page import html, markdown
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.scripts import ScriptKind, scripts

HOUR = 3600.0
AZ = """#!/bin/bash
case "$*" in
  *"method post"*) echo "$*" >>"$0.posts"; exit 1 ;;
  *nextLink*) printf '\\n/item-1\\n' ;;
  *) echo "InMageRcmFailback/CommitPendingStatesBegin None" ;;
esac
"""
"""Stands for the Azure CLI: an item that waits for its commit, and a vault that refuses whatever is sent."""


def frozen(name: str = "month-end", until_s: float = 3 * HOUR) -> Scenario:
    scenario = load_scenario(resolve("one_modernised_vm"))
    return replace(scenario, plan=replace(scenario.plan, freezes=(Freeze(name, HOUR, until_s),)))


@pytest.fixture(scope="module")
def found() -> Runbook:
    return runbook(frozen(), 1)


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("bash") is None, reason="needs a Bash")
@pytest.mark.parametrize(
    ("at_s", "is_sent"),
    [(HOUR - 1, True), (HOUR, False), (3 * HOUR - 1, False), (3 * HOUR, True)],
)
def test_the_shell_script_stops_before_it_sends_where_the_plan_is_frozen(
    at_s: float, is_sent: bool, found: Runbook, tmp_path: Path
) -> None:
    for file, text in scripts(found, ScriptKind.AZ).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    now = found.scenario.starts_at + timedelta(seconds=at_s)
    for name, text in {"az": AZ, "date": f"#!/bin/bash\necho {int(now.timestamp())}\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    own = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "VAULT": "/subscriptions/s/vaults/v", "PAUSE_S": "0"}
    command = ["bash", str(tmp_path / "wave-1.sh"), "commit"]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert (tmp_path / "az.posts").exists() == is_sent, done
    over = (found.scenario.starts_at + timedelta(hours=3)).isoformat(" ", "minutes")
    said = f"STOPPED: freeze window month-end lasts until {over}; nothing is sent before it ends\n"
    assert (done.stderr == said) != is_sent, done


def test_the_powershell_script_has_the_same_windows_and_asks_before_each_request(found: Runbook) -> None:
    text = scripts(found, ScriptKind.PS1)["wave-1.ps1"]
    begins = int(found.scenario.starts_at.timestamp())
    assert f"From = {begins + 3600}; Until = {begins + 3 * 3600}; Words = 'freeze window month-end lasts until" in text
    lines = [line.strip() for line in text.splitlines()]
    sends = [n for n, line in enumerate(lines) if line.startswith("Send-Request ")]
    assert [lines[n - 1] for n in sends] == ["Assert-NotFrozen"] * 2
    assert not Parser(Language(tree_sitter_powershell.language())).parse(text.encode()).root_node.has_error


def test_a_window_whose_name_a_shell_would_read_otherwise_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot stand in a script"):
        scripts(runbook(frozen("a\nEND"), 1), ScriptKind.AZ)


def test_page_and_text_say_when_the_plan_is_frozen(found: Runbook) -> None:
    for text in (html(found), markdown(found)):
        assert "Freeze window month-end: " in text
        assert "Request nothing; running jobs continue." in text
