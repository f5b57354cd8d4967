"""`failback mock` as a person and as a script meets it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest
import requests

from failback.scenarios.mock_server import load_by_name
from failback.scenarios.mock_snippets import announcement

FACTS = {
    "base_url": "https://127.0.0.1:1",
    "subscription": "s",
    "resource_group": "g",
    "vault": "v",
    "clock": "poll",
    "pid": 1,
}
RUN = "from failback.scenarios.cli import run; import sys; sys.exit(run())"


@contextmanager
def running(*arguments: str) -> Iterator[tuple[IO[str], IO[str]]]:
    command = [sys.executable, "-c", RUN, "mock", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process.stdout, process.stderr
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        process.stdout.close()
        process.stderr.close()


def test_a_script_reads_one_line_and_finds_the_showcase() -> None:
    with running("--json") as (out, _):
        facts = json.loads(out.readline())
        said = requests.get(f"{facts['base_url']}/failback/state", verify=facts["ca_file"], timeout=10).json()
    assert len(said["items"]) > 30
    assert set(facts) == {"base_url", "subscription", "resource_group", "vault", "ca_file", "clock", "pid"}


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_more_than_this_machine_is_warned_of(host: str, warned: bool) -> None:
    with running("one_modernised_vm", "--json", "--host", host) as (out, err):
        assert json.loads(out.readline())["base_url"]
        if warned:
            assert "not on this machine alone" in err.readline()


@pytest.mark.parametrize("ca_file", ["folder/ca.pem", None])
def test_a_person_gets_snippets_for_every_client_and_both_shells(ca_file: str | None) -> None:
    text = announcement({**FACTS, "ca_file": ca_file})
    for word in (
        "SiteRecoveryManagementClient",
        "npm install",
        "az rest",
        "bash:",
        "PowerShell:",
        "/failback/clock",
        "Ctrl-C",
    ):
        assert word in text
    assert ("NODE_EXTRA_CA_CERTS" in text) is (ca_file is not None)
    assert not re.search(r"\{\w+\}", text)


def test_the_python_snippet_is_python() -> None:
    lines = announcement({**FACTS, "ca_file": os.devnull}).split("anywhere:\n")[1].split("  where")[0]
    compile("\n".join(line.strip() for line in lines.splitlines()), "snippet", "exec")


def test_the_control_plane_loads_scenarios_of_the_library_and_no_files() -> None:
    spec, _ = load_by_name("one_modernised_vm")
    assert len(spec.estate.virtual_machines) == 1
    for name in ("/etc/passwd", "../one_vm", "nothing"):
        with pytest.raises(ValueError, match="in the library"):
            load_by_name(name)
