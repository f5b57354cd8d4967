"""`failback mock` as a person and as a script meets it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import certifi
import pytest
import requests

from failback.scenarios.cli import run
from failback.scenarios.servers.mock_server import load_by_name
from failback.scenarios.servers.mock_snippets import PATH, announcement

FACTS = {
    "base_url": "https://127.0.0.1:1",
    "subscription": "s",
    "resource_group": "g",
    "vault": "v",
    "clock": "poll",
    "pid": 1,
}
RUN = "from failback.scenarios.cli import run; import sys; sys.exit(run())"


PIDS: list[int] = []
"""Of the processes that `running` started."""


@contextmanager
def running(*arguments: str, before: str = "") -> Iterator[tuple[IO[str], IO[str]]]:
    command = [sys.executable, "-c", before + RUN, "mock", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    PIDS.append(process.pid)
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
        text = requests.get(f"{facts['base_url']}/failback/state", verify=facts["ca_file"], timeout=10).json()
    assert len(text["items"]) > 30
    assert set(facts) == {"base_url", "subscription", "resource_group", "vault", "ca_file", "clock", "pid"}


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_more_than_this_machine_is_warned_of(host: str, warned: bool) -> None:
    with running("one_modernised_vm", "--json", "--host", host) as (out, err):
        assert json.loads(out.readline())["base_url"]
        if warned:
            assert "not only on this computer" in err.readline()


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
    assert "None" not in text.splitlines()[0]
    assert not re.search(r"\{\w+\}", text)


def test_the_python_snippet_is_python() -> None:
    lines = (
        announcement({**FACTS, "ca_file": os.devnull}).split("recoveryservicessiterecovery):\n")[1].split("  where")[0]
    )
    compile("\n".join(line.strip() for line in lines.splitlines()), "snippet", "exec")


WRONG = {
    "clock": (["--clock", "fast"], "--clock: a clock is poll, step or real:FACTOR"),
    "consistency": (["--consistency", "weak"], "--consistency: consistency is strong or eventual:SECONDS"),
    "port": (["--port", "99999"], "a port is a number from 1 to 65535"),
    "two estates": (["one_vm", "--estate", "x.yaml"], "were given; use one"),
    "vault": (["--vault", "a/b"], "--vault is 'a/b'"),
    "no host": (["--host", ""], "--host is ''; it must be an address"),
    "odd host": (["--host", "a b"], "--host is 'a b'; it must be an address"),
    "long host": (["--host", "x" * 300], "it must be an address"),
    "no host for operations": (["--operations-host", ""], "--operations-host is ''; it must be an address"),
    "unknown host": (["one_vm", "--host", "nobody.invalid"], "cannot listen at nobody.invalid"),
    "certificate": (["--ca-file", __file__], "exists already and was not written by a mock"),
    "no certificate": (["--ca-file", "ca.pem", "--no-tls"], "--ca-file needs TLS"),
    "wait": (["--clock", "step", "--retry-after"], "--retry-after is for the clock poll"),
    "bundle": (["--ca-file", certifi.where()], "exists already and was not written by a mock"),
    "nowhere": (["one_vm", "--ca-file", "/nowhere/ca.pem"], "cannot be written to /nowhere/ca.pem"),
    "address": (["one_vm", "--host", "192.0.2.1"], "cannot listen at 192.0.2.1"),
    "everything at once": (["--clock", "x", "--port", "-1"], "--port is -1"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_the_command_cannot_do_is_said_in_one_line(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, text = WRONG[wrong]
    assert command(*arguments) == 2
    assert text in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command("one_vm", "--port", str(port)) == 2
    output = capsys.readouterr().err
    assert f"127.0.0.1 port {port}" in output
    assert "Use another --port, or leave it out" in output


def command(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["failback", "mock", *arguments])
        return run()


def test_reads_are_late_when_the_command_says_so() -> None:
    with running("one_modernised_vm", "--json", "--consistency", "eventual:45", "--clock", "step") as (out, _):
        facts = json.loads(out.readline())
        session = requests.Session()
        session.trust_env, session.verify = False, facts["ca_file"]
        vault = f"{facts['base_url']}{PATH.format(**facts).rpartition('/')[0]}"
        name, version = "replicationPolicies/mine", {"api-version": "2025-08-01"}
        body = {"properties": {"providerSpecificInput": {"instanceType": "InMageRcm"}}}
        session.put(f"{vault}/{name}", params=version, json=body, timeout=10)
        codes = [session.get(f"{vault}/{name}", params=version, timeout=10).status_code]
        session.post(f"{facts['base_url']}/failback/clock/step", json={"by_s": 45}, timeout=10)
        codes.append(session.get(f"{vault}/{name}", params=version, timeout=10).status_code)
    assert codes == [404, 200]


def test_two_mocks_at_once_are_two() -> None:
    with running("one_vm", "--json") as (first, _), running("one_modernised_vm", "--json") as (second, _):
        facts = [json.loads(out.readline()) for out in (first, second)]
        states = [
            requests.get(f"{f['base_url']}/failback/state", verify=f["ca_file"], timeout=10).json() for f in facts
        ]
    assert len({f["base_url"] for f in facts} | {f["ca_file"] for f in facts}) == 4
    assert states[0]["items"] != states[1]["items"]


def test_ctrl_c_ends_it_without_a_word_and_takes_its_files_along() -> None:
    with running("one_modernised_vm", "--json") as (out, err):
        ca_file = Path(json.loads(out.readline())["ca_file"])
        assert ca_file.exists()
        os.kill(PIDS[-1], signal.SIGINT)
        assert (err.read(), out.read()) == ("", "")
    assert not ca_file.exists()


def test_the_certificate_is_where_it_was_asked_for_while_the_mock_runs(tmp_path: Path) -> None:
    wanted = tmp_path / "ca.pem"
    with running("one_vm", "--json", "--ca-file", str(wanted)) as (out, _):
        facts = json.loads(out.readline())
        assert facts["ca_file"] == str(wanted)
        assert requests.get(f"{facts['base_url']}/failback/clock", verify=str(wanted), timeout=10).ok
    assert not wanted.exists()


HEARS = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL); "
"""The tests themselves may run under nohup, which a child would inherit."""


@pytest.mark.skipif(os.name == "nt", reason="ends by signal")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_every_end_that_it_sees_takes_its_files_along(name: str, temporary: Path, tmp_path: Path) -> None:
    wanted = tmp_path / "ca.pem"
    with running("one_vm", "--json", "--ca-file", str(wanted), before=HEARS) as (out, err):
        out.readline()
        assert left_in(temporary)
        os.kill(PIDS[-1], getattr(signal, name))
        assert (err.read(), out.read()) == ("", "")
    assert (left_in(temporary), wanted.exists()) == ([], False)


IGNORES = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); "


@pytest.mark.skipif(os.name == "nt", reason="ends by signal")
def test_a_closed_terminal_does_not_end_one_under_nohup() -> None:
    with running("one_vm", "--json", before=IGNORES) as (out, _):
        facts = json.loads(out.readline())
        os.kill(PIDS[-1], signal.SIGHUP)
        for _ in range(2):  # the second look comes after the signal
            assert requests.get(f"{facts['base_url']}/failback/clock", verify=facts["ca_file"], timeout=20).ok


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_a_killed_one_leaves_no_key_and_the_next_start_sweeps_the_rest(temporary: Path) -> None:
    with running("one_vm", "--json") as (out, _):
        out.readline()
        os.kill(PIDS[-1], signal.SIGKILL)
        out.read()
    killed = left_in(temporary)
    assert killed
    assert not [file for file in killed if file.is_file() and b"PRIVATE KEY" in file.read_bytes()]
    with running("one_vm", "--json") as (out, _):
        out.readline()
        assert not set(killed) & set(left_in(temporary))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the processes that the test starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TMP", "TEMP"):
        monkeypatch.setenv(name, str(folder))
    return folder


def left_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


FEW_FILES = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (64, r.getrlimit(r.RLIMIT_NOFILE)[1])); "


@pytest.mark.skipif(os.name == "nt", reason="limits the number of files")
def test_more_connections_than_the_process_may_have_files_lock_nobody_out() -> None:
    with running("one_vm", "--json", "--no-tls", before=FEW_FILES) as (out, _), ExitStack() as crowd:
        facts = json.loads(out.readline())
        address = urlsplit(facts["base_url"])
        for _ in range(200):
            line = crowd.enter_context(socket.create_connection((address.hostname, address.port), timeout=20))
            line.sendall(b"GET /")
        assert requests.get(f"{facts['base_url']}/failback/clock", timeout=20).ok


FULL = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (100, r.RLIM_INFINITY)); "


@pytest.mark.skipif(os.name == "nt", reason="limits the size of files")
@pytest.mark.parametrize(("more", "advice"), [(["--ca-file", "ca.pem"], "Give another --ca-file"), ([], "Set TMPDIR")])
def test_a_full_disk_is_said_to_be_one(more: list[str], advice: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL + RUN, "mock", "one_vm", *more]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 2
    assert "The mock's certificate cannot be written to" in done.stderr
    assert "File too large" in done.stderr
    assert advice in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_control_plane_loads_scenarios_of_the_library_and_no_files() -> None:
    spec, _ = load_by_name("one_modernised_vm")
    assert len(spec.estate.virtual_machines) == 1
    for name in ("/etc/passwd", "../one_vm", "nothing"):
        with pytest.raises(ValueError, match="in the library"):
            load_by_name(name)
