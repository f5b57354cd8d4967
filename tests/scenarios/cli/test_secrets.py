"""Canaries: secrets in the environment, in settings and in answers, which no command ever shows or writes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from failback.adapters import find_vcsim, start_vcsim
from failback.adapters.liveness import MOCK_HEADER
from failback.scenarios.cli import run

TOKEN, PASSWORD, LOGIN = "CANARY-token-7f3a", "CANARY'pass\"word&7f3a", "CANARY-login-7f3a"
KEPT = ("input.yaml", "input.toml")
"""Files of ours that have canaries to begin with."""
CANARY = re.compile("CANARY", re.IGNORECASE)
PREDICT = ("predict", "one_vm", "--start", "Fri 18:00", "--by", "Mon 06:00", "--runs", "2", "--out", "answer")
AZURE = ("--world", "azure")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with canaries wherever a person has secrets, and a vault at a port that is closed."""
    for name, value in {
        "FAILBACK_AZURE_SUBSCRIPTION": "c183865e-6077-46f2-a3b1-deb0f4f4650a",
        "FAILBACK_AZURE_RESOURCE_GROUP": "dr-rg",
        "FAILBACK_AZURE_VAULT": "dr-vault",
        "FAILBACK_AZURE_BASE_URL": "http://127.0.0.1:9",
        "FAILBACK_AZURE_TOKEN": TOKEN,
        "FAILBACK_VSPHERE_HOST": "127.0.0.1",
        "FAILBACK_VSPHERE_PORT": "9",
        "FAILBACK_VSPHERE_USER": "drill",
        "FAILBACK_VSPHERE_PASSWORD": PASSWORD,
        "FAILBACK_VCSIM": f"https://user:{LOGIN}@127.0.0.1:9/sdk",
        "AZURE_CLIENT_SECRET": "CANARY-client-secret",
        "HTTPS_PROXY": "http://me:CANARY-proxy-7f3a@127.0.0.1:9",
        "NO_PROXY": "*",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def failback(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run a command in this process; gives its code and all that it said, after looking for canaries everywhere."""

    def ran(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["failback", *arguments])
        code = run()
        captured = capsys.readouterr()
        text = captured.out + captured.err
        assert not CANARY.search(text), text
        assert "Traceback" not in text
        assert leaks(here) == []
        return code, text

    return ran


def leaks(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in KEPT)
    return [str(path) for path in files if CANARY.search(path.read_bytes().decode("utf-8", "replace"))]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("run", "one_vm", "--out", "out"), 0),
        (("run", "one_vm", "--world", "lab", "--out", "out"), 3),
        (("run", "one_vm", "--out", "out", *AZURE), 3),
        (("demo", "--out", "out"), 0),
        (("demo", "--world", "lab", "--out", "out"), 3),
        (("check", "one_vm", "--sarif", "found.sarif"), 0),
        (("check", "one_vm", "--world", "lab", "--json"), 3),
        (("check", "one_vm", "--sarif", "found.sarif", *AZURE), 3),
        (("calibrate", *AZURE), 3),
        (("calibrate", "nothing"), 2),
        (("lint", "one_vm"), 0),
        (("whatif", "one_vm", "--runs", "2", "--workers", "1"), 0),
        (PREDICT, 0),
        (("report", "nowhere"), 2),
        (("report", "--compare", "one_vm", "nowhere"), 2),
        (("vcsim", "--where"), 0),
        (("vcsim", "one_vm"), 3),
        (("mock", "nowhere"), 2),
        (("nonsense",), 2),
    ],
)
def test_no_command_in_any_world_shows_or_writes_a_secret(
    arguments: tuple[str, ...], code: int, failback: Callable[..., tuple[int, str]]
) -> None:
    assert failback(*arguments)[0] == code


def test_a_secret_that_an_older_run_has_kept_gets_into_no_report_of_it(
    failback: Callable[..., tuple[int, str]], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert failback("run", "one_vm", "--out", "run")[0] == 0
    result = here / "run" / "result.json"
    result.write_text(result.read_text("utf-8").replace('"one_vm"', f'"sent Bearer {TOKEN}"'), encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "KEPT", ("result.json",))
    assert failback("report", "run")[0] == 0
    assert failback("report", "run", "--json")[0] == 0
    assert "sent Bearer (hidden)" in (here / "run" / "junit.xml").read_text("utf-8")
    assert failback("report", "--compare", "one_vm", "run", "--runs", "20")[0] == 0


@pytest.mark.parametrize("command", [("check", "one_vm"), ("run", "one_vm", "--out", "out"), ("calibrate",)])
@pytest.mark.parametrize("token", [f"{TOKEN}\n", f"{TOKEN}\nmore", f"{TOKEN}\x00", f"{TOKEN}\u20ac"])
def test_a_token_with_a_line_end_is_trimmed_or_refused(
    token: str, command: tuple[str, ...], failback: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "\0" in token:
        monkeypatch.setattr(os, "environ", {**os.environ, "FAILBACK_AZURE_TOKEN": token})
    else:
        monkeypatch.setenv("FAILBACK_AZURE_TOKEN", token)
    code, output = failback(*command, *AZURE)
    assert (code, "Set FAILBACK_AZURE_TOKEN again" in output) == ((3, False) if token.strip() == TOKEN else (2, True))


@pytest.mark.parametrize(
    "line",
    [
        "password: @CANARY",
        "password: !CANARY x",
        "password: *CANARY",
        "password: 'CANARY",
        "password: CANARY: x",
        "password: CANARY",
        "password: [CANARY",
        "user: %CANARY\n  - x",
    ],
)
@pytest.mark.parametrize("suffix", [".yaml", ".toml"])
def test_no_line_of_a_settings_file_is_quoted(
    line: str, suffix: str, failback: Callable[..., tuple[int, str]], here: Path
) -> None:
    file = here / f"input{suffix}"
    text = f"vsphere:\n  {line}\n" if suffix == ".yaml" else f"[vsphere]\n{line.replace(': ', ' = ', 1)}\n"
    file.write_text(text, encoding="utf-8")
    code, output = failback("check", "one_vm", *AZURE, "--settings", str(file))
    assert (code, f"input{suffix}" in output) == (2, True)


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("user:CANARY9@127.0.0.1:9/sdk", 3),
        ("https://user:CANARY/9@127.0.0.1:9/sdk", 2),
        ("https://user:more@127.0.0.1:CANARY9/sdk", 2),
        ("https://user:CANARY9@127.0.0.1:99999/sdk", 2),
        ("http://user:CANARY9@127.0.0.1:9/sdk", 2),
        ("https://user:CANARY9@", 2),
        ("https://user:CANARY9@[::1/sdk", 2),
    ],
)
@pytest.mark.parametrize("command", [("vcsim", "--where"), ("run", "one_vm", "--world", "lab")])
def test_a_malformed_address_of_a_vcsim_is_said_without_its_login(
    named: str,
    code: int,
    command: tuple[str, ...],
    failback: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAILBACK_VCSIM", named)
    output = failback(*command)
    assert output[0] == code
    assert "FAILBACK_VCSIM" in output[1]
    assert output[1].count("\n") == 1


@pytest.mark.parametrize("address", ["https://me:CANARY9@127.0.0.1", "https://CANARY9@vault.example", "me:CANARY9@x"])
def test_an_address_of_azure_with_a_login_is_refused_without_it(
    address: str, failback: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILBACK_AZURE_BASE_URL", address)
    code, output = failback("check", "one_vm", *AZURE)
    assert (code, "base_url has a user or a password" in output) == (2, True)


# An endpoint that repeats what it was sent


class Echo(BaseHTTPRequestHandler):
    """Says no, and quotes the token in its reason."""

    def do_GET(self) -> None:
        text = f"The request {self.headers['Authorization']} and {TOKEN} alone are not accepted."
        body = json.dumps({"error": {"code": "Forbidden", "message": text}}).encode()
        self.send_response(403)
        self.send_header(MOCK_HEADER, "yes")  # nothing runs against a live vault
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


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


@pytest.mark.parametrize("command", [("check", "one_vm"), ("run", "one_vm", "--out", "out"), ("calibrate",)])
def test_a_vault_that_quotes_the_token_is_quoted_without(
    command: tuple[str, ...], failback: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FAILBACK_VSPHERE_HOST")
    for name in ("PORT", "USER", "PASSWORD"):
        monkeypatch.delenv(f"FAILBACK_VSPHERE_{name}")
    with served(Echo) as address:
        monkeypatch.setenv("FAILBACK_AZURE_BASE_URL", address)
        code, output = failback(*command, *AZURE)
    assert (code, "are not accepted" in output) == (3, True), output
    assert ("Not sent: " in output) <= (command[0] == "run")  # a run begins on nothing that may be live


# A crash


CRASH = """
import logging, sys, threading, warnings
import failback.scenarios.files.loader as loader
def crash(*_):
    import os
    token, password = os.environ['FAILBACK_AZURE_TOKEN'], os.environ['FAILBACK_VSPHERE_PASSWORD']
    logging.getLogger('azure').warning('sent Authorization: Bearer %s', token)
    warnings.warn(f'warned of {password}')
    try:
        raise ValueError(f'header {token!r}')
    except ValueError as error:
        raise ZeroDivisionError(f'{password!r} and https://me:{token}@host') from error
loader.load_scenario = crash
"""


def test_an_error_that_nobody_foresaw_is_a_paragraph_and_a_file_without_secrets(
    here: Path, start: Start, clean_environment: dict[str, str]
) -> None:
    env = {"FAILBACK_AZURE_TOKEN": TOKEN, "FAILBACK_VSPHERE_PASSWORD": PASSWORD}
    process = start("run", f"https://me:{TOKEN}@host", before=CRASH, env=env, cwd=here)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (5, "")
    assert "Traceback" not in err
    assert not CANARY.search(err)
    assert "sent Authorization" in err
    [file] = Path(clean_environment["TMPDIR"]).iterdir()
    assert f"The details are in {file}" in err
    details = file.read_text("utf-8")
    assert not CANARY.search(details)
    assert [word for word in ("ZeroDivisionError", "header", "command: run", "Python") if word not in details] == []
    assert sys.platform == "win32" or file.stat().st_mode & 0o777 == 0o600


def test_a_crash_whose_details_cannot_be_written_says_so(start: Start, tmp_path: Path) -> None:
    gone = "import tempfile; tempfile.tempdir = '/nowhere/at/all';"
    env = {"FAILBACK_AZURE_TOKEN": TOKEN, "FAILBACK_VSPHERE_PASSWORD": PASSWORD}
    process = start("run", "one_vm", before=gone + CRASH, env=env, cwd=tmp_path)
    err = process.communicate(timeout=60)[1]
    assert (process.returncode, "The details could not be written" in err) == (5, True)


# A vcsim


@pytest.mark.vcsim
@pytest.mark.slow
@pytest.mark.parametrize("command", [("run", "--out", "out"), ("check",)])
def test_the_login_of_a_vcsim_is_not_shown_by_what_uses_it(
    command: tuple[str, ...], here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FAILBACK_VCSIM")
    binary = find_vcsim().binary
    assert binary is not None
    with start_vcsim(binary) as running:
        monkeypatch.setenv("FAILBACK_VCSIM", running.url)
        monkeypatch.setattr(sys, "argv", ["failback", command[0], "one_vm", *command[1:], "--world", "lab"])
        assert run() == 0
        password = running.settings().password
    captured = capsys.readouterr()
    written = [path.read_text("utf-8") for path in here.rglob("*") if path.is_file()]
    assert [text for text in (captured.out, captured.err, *written) if password in text] == []


@pytest.mark.vcsim
@pytest.mark.slow
def test_only_the_line_that_sets_it_has_the_login_of_a_vcsim_that_stays(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = start("vcsim", "one_vm", cwd=tmp_path, env={"FAILBACK_VCSIM": ""})
    assert process.stdout is not None
    first = process.stdout.readline()
    found = re.fullmatch(r"export FAILBACK_VCSIM=https://failback:(\w{32})@127\.0\.0\.1:\d+/sdk\n", first)
    assert found
    process.terminate()
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert found[1] not in out + err
