"""How a command ends when something outside is wrong: the documented exit code and one paragraph, never a traceback."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from failback.adapters.liveness import MOCK_HEADER
from failback.scenarios.cli import run

Start = Callable[..., "subprocess.Popen[str]"]
Failback = Callable[..., tuple[int, str]]
VAULT = {
    "FAILBACK_AZURE_SUBSCRIPTION": "c183865e-6077-46f2-a3b1-deb0f4f4650a",
    "FAILBACK_AZURE_RESOURCE_GROUP": "dr-rg",
    "FAILBACK_AZURE_VAULT": "dr-vault",
    "FAILBACK_AZURE_BASE_URL": "http://127.0.0.1:9",
}
COMMANDS = (("check", "one_vm"), ("run", "one_vm"), ("calibrate",))


@pytest.fixture
def failback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Failback:
    """Run a command in this process, in an empty folder; gives its code and its standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.sleep", lambda _: None)  # the SDK waits between two tries
    for name, value in VAULT.items():
        monkeypatch.setenv(name, value)

    def ran(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["failback", *arguments])
        return run(), capsys.readouterr().err

    return ran


# What is wrong before anything is asked


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("ca_file", "why"), [("nowhere.pem", "No such file"), ("empty.pem", "no certificate")])
def test_a_ca_file_that_is_none_is_bad_input(
    ca_file: str, why: str, command: tuple[str, ...], failback: Failback, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("empty.pem").write_text("nothing", encoding="utf-8")
    monkeypatch.setenv("FAILBACK_AZURE_CA_FILE", ca_file)
    code, output = failback(*command, "--world", "azure")
    assert (code, output.count("\n")) == (2, 1)
    assert f"ca_file is {ca_file}" in output
    assert why in output


@pytest.mark.parametrize("section", ["1: {2: 3}", "azure: {1: 2}", "azure: [1]", "azure: 1", "[[[[", "{" * 5000])
def test_odd_settings_are_bad_input(section: str, failback: Failback) -> None:
    Path("settings.yaml").write_text(section, encoding="utf-8")
    code, output = failback("check", "one_vm", "--world", "azure", "--settings", "settings.yaml")
    assert (code, "settings.yaml" in output) == (2, True)


def test_a_file_that_cannot_be_written_is_named(failback: Failback) -> None:
    Path("file").touch()
    code, output = failback("check", "one_vm", "--sarif", "file/x")
    assert (code, output.count("\n"), "file/x" in output) == (2, 1, True)


# What answers


def answering(
    status: int, body: bytes, kind: str = "application/json", header: str = MOCK_HEADER
) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header(header, "yes")  # nothing runs against a live vault
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Answering


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


ODD = {
    "a proxy's page": b"<html><body>Please log in</body></html>",
    "half a document": b'{"value": [{"id": "/subscr',
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"7",
    "a value that is no list": b'{"value": 5}',
    "a list of numbers": b'{"value": [5]}',
    "an item without an id": b'{"value": [{"properties": {}}]}',
    "an item of odd types": b'{"value": [{"id": 7, "name": [], "properties": "x"}]}',
    "an id that is no path": b'{"value": [{"id": "x", "name": "y", "properties": {"providerSpecificDetails": []}}]}',
    "an item of VMware without a path": b'{"value": [{"id": "x", "name": "y", "properties": {"friendlyName": "vm-01",'
    b' "providerSpecificDetails": {"instanceType": "InMageAzureV2"}}}]}',
    "deep": b"[" * 5000 + b"]" * 5000,
    "no text": b"\xff\xfe\x00",
}


UNREADABLE = ("a proxy's page", "half a document", "nothing", "a number", "deep", "no text")


@pytest.mark.parametrize("command", [("check", "one_vm"), ("calibrate",)])
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer_of_a_vault_is_no_traceback(
    odd: str, command: tuple[str, ...], failback: Failback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(answering(200, ODD[odd])) as address:
        monkeypatch.setenv("FAILBACK_AZURE_BASE_URL", address)
        code, output = failback(*command, "--world", "azure")
    assert code in (0, 2, 3), output  # what is odd may still read as a vault that has nothing: 2 says so to calibrate
    assert "Traceback" not in output


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("odd", UNREADABLE)
def test_an_answer_that_cannot_be_read_is_an_endpoint_that_cannot_be_reached(
    odd: str, command: tuple[str, ...], failback: Failback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(answering(200, ODD[odd])) as address:
        monkeypatch.setenv("FAILBACK_AZURE_BASE_URL", address)
        code, output = failback(*command, "--world", "azure")
    assert (code, output.count("\n")) == (3, 1), output
    assert address in output


@pytest.mark.parametrize("command", COMMANDS)
def test_so_is_one_that_cannot_be_read_and_does_not_say_either_that_it_is_a_simulator(
    command: tuple[str, ...], failback: Failback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(answering(200, ODD["a proxy's page"], header="x-of-a-proxy")) as address:
        monkeypatch.setenv("FAILBACK_AZURE_BASE_URL", address)
        code, output = failback(*command, "--world", "azure")
    assert (code, output.count("\n")) == (3, 1)
    assert address in output


@pytest.mark.parametrize("command", COMMANDS)
def test_a_vault_that_is_not_there_is_a_wrong_setting(
    command: tuple[str, ...], failback: Failback, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({"error": {"code": "ResourceNotFound", "message": "The vault was not found."}}).encode()
    with served(answering(404, body)) as address:
        monkeypatch.setenv("FAILBACK_AZURE_BASE_URL", address)
        code, output = failback(*command, "--world", "azure")
    assert code == 2
    assert "There is no vault dr-vault in resource group dr-rg" in output
    assert output.splitlines()[-1].endswith("Correct vault, resource_group or subscription in the settings.")


# Who reads what is printed


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
@pytest.mark.parametrize(
    "arguments", [("run", "one_vm"), ("run", "one_vm", "--json"), ("check", "one_vm"), ("--help",)]
)
def test_a_reader_that_has_gone_leaves_the_exit_code_as_it_is(arguments: tuple[str, ...], start: Start) -> None:
    process = start(*arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert (process.wait(timeout=60), process.stderr.read()) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
def test_output_that_cannot_be_written_is_said_once() -> None:
    entry = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", entry, "run", "one_vm", "--json"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "No space left on device" in done.stderr


# An endpoint that dies


@pytest.mark.slow
def test_a_mock_that_dies_leaves_a_result_and_exit_code_3(start: Start, tmp_path: Path) -> None:
    mock = start("mock", "one_vm", "--json", "--no-tls", "--clock", "real:20")
    assert mock.stdout is not None
    served = json.loads(mock.stdout.readline())
    names = {f"FAILBACK_AZURE_{name.upper()}": served[name] for name in ("subscription", "resource_group", "vault")}
    env = {**names, "FAILBACK_AZURE_BASE_URL": served["base_url"], "FAILBACK_CLOCK_POLL_S": "0.2"}
    env["FAILBACK_CLOCK_PATIENCE_S"] = "0"  # nothing will answer again
    process = start("run", "one_vm", "--world", "azure", "--out", str(tmp_path / "out"), env=env)
    history, deadline_s = tmp_path / "out" / "history.jsonl", time.monotonic() + 60
    while not (history.exists() and history.read_text("utf-8").count("\n") > 3):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    mock.kill()
    output = process.communicate(timeout=120)[1]
    assert (process.returncode, output.count("\n")) == (3, 2), output  # how to continue, and what happened
    assert "failback resume" in output
    assert re.search(r"could not be read|could not be reached", output)
    assert (tmp_path / "out" / "report.html").exists()
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["verdict"] == "interrupted"
