"""The command line as a user or a script meets it: exit codes, files, one paragraph for bad input."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from failback.scenarios.cli import run
from failback.scenarios.outputs.folders import ensure_writable

ENTRY = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"


def failback(*arguments: str, cwd: Path | None = None, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", before + ENTRY, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
        check=False,
    )


def test_version_prints_and_imports_no_sdk() -> None:
    spy = (
        "import atexit, sys; sdks = {'azure', 'pyVmomi', 'typer'};"
        "atexit.register(lambda: print([m for m in sys.modules if m.split('.')[0] in sdks]));"
    )
    done = failback("--version", before=spy)
    assert done.stdout.split() == ["failback", "0.1.0", "[]"]


def test_the_demo_ends_well_and_writes_its_four_files_and_which_run_that_was(tmp_path: Path) -> None:
    done = failback("demo", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    four = {"history.jsonl", "result.json", "report.html", "junit.xml"}
    assert {p.name for p in tmp_path.iterdir()} == four | {"run.json", "scenario.json"}
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert (result["label"], result["verdict"], len(result["items"])) == ("simulation", "as_expected", 12)


@pytest.mark.parametrize("architecture", ["modernised", "classic"])
def test_both_architectures_come_home(architecture: str, tmp_path: Path) -> None:
    done = failback("demo", "--architecture", architecture, "--out", str(tmp_path))
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert done.returncode == 0
    assert {d["architecture"] for d in result["item_details"]} == {architecture}
    assert set(result["items"].values()) == {"replicating_to_azure"}


def test_a_run_as_json_prints_the_result_and_nothing_else() -> None:
    done = failback("run", "one_vm", "--json")
    assert json.loads(done.stdout)["scenario"] == "one_vm"


def test_every_history_line_has_the_stable_keys(tmp_path: Path) -> None:
    failback("run", "one_vm", "--out", str(tmp_path))
    lines = [json.loads(text) for text in (tmp_path / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(line.keys() == {"n", "t_s", "kind", "name", "item", "data"} for line in lines)
    assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))


def test_a_drill_that_ends_otherwise_exits_1(tmp_path: Path) -> None:
    story = Path(__file__).parents[3] / "scenarios" / "library" / "master_target_snapshot.yaml"
    text = story.read_text(encoding="utf-8")
    (tmp_path / "story.yaml").write_text(text[: text.index("expect:")], encoding="utf-8")
    done = failback("run", "story.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "R04" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run", "no_such_scenario"), "no_such_scenario"),
        (("run", "one_vm", "--world", "mars"), "mars"),
        (("run",), "scenario"),
        (("demo", "--architecture", "gothic"), "gothic"),
        (("nonsense",), "nonsense"),
        (("run", "one_vm", "--ask"), "terminal"),
        (("run", "one_vm", "--world", "azure"), "subscription"),
    ],
)
def test_bad_usage_exits_2_with_a_paragraph(arguments: tuple[str, ...], word: str) -> None:
    done = failback(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_lint_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(
        "name: bad\nestate:\n  link: {bandwidth_mbit_per_s: 0}\n  virtual_machines: []\n", encoding="utf-8"
    )
    done = failback("lint", "bad.yaml", "one_vm", cwd=tmp_path)
    assert done.returncode == 2
    assert "bad.yaml:3" in done.stderr


def test_nothing_is_written_for_bad_input(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("", encoding="utf-8")
    done = failback("run", "bad.yaml", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_crlf_and_backslashes_are_accepted(tmp_path: Path) -> None:
    library = Path(__file__).parents[3] / "scenarios" / "library"
    text = (library / "one_vm.yaml").read_bytes().replace(b"\n", b"\r\n")
    (tmp_path / "one.yaml").write_bytes(text)
    assert failback("run", "one.yaml", cwd=tmp_path).returncode == 0


def test_demo_run_and_mock_need_no_posix_module(tmp_path: Path) -> None:
    block = "import sys; sys.modules.update(dict.fromkeys(('fcntl', 'pwd', 'resource', 'grp', 'termios')));"
    imports = "import failback.scenarios.cli, failback.scenarios.servers.mock_server, failback.scenarios.run.player;"
    done = failback("demo", "--out", str(tmp_path), before=block + imports)
    assert done.returncode == 0, done.stderr


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The command, which is ended whatever a test finds: leaving a `Popen` waits for it."""
    command = [sys.executable, "-c", ENTRY, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT to one process is POSIX's")
def test_the_mock_says_where_it_is_and_ends_on_ctrl_c() -> None:
    with running("mock", "one_vm", "--json") as process:
        assert process.stdout is not None
        data = json.loads(process.stdout.readline())
        assert data.keys() >= {"base_url", "subscription", "resource_group", "vault", "ca_file", "clock", "pid"}
        assert data["base_url"].startswith("https://127.0.0.1:")
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 0


@pytest.mark.vcsim
@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT to one process is POSIX's")
def test_ctrl_c_in_the_lab_exits_4_and_leaves_no_child(tmp_path: Path) -> None:
    with running("run", "first_drill", "--world", "lab", "--out", str(tmp_path)) as process:
        history = tmp_path / "history.jsonl"
        deadline = time.monotonic() + 60
        while not (history.exists() and history.stat().st_size > 2000) and time.monotonic() < deadline:
            time.sleep(0.02)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 4
    assert children
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["verdict"] == "interrupted"


@pytest.mark.parametrize(
    "command",
    [
        ("run", "one_vm"),
        ("demo",),
        ("predict", "one_vm", "--start", "Fri 18:00", "--by", "Mon 06:00"),
        ("report", "--compare", "one_vm", "one_vm"),
    ],
)
def test_a_folder_that_is_a_file_is_refused_before_anything_is_played(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a note", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["failback", *command, "--out", str(taken)])
    assert run() == 2
    captured = capsys.readouterr()
    assert captured.err == f"{taken}: nothing can be written there (it is a file); give another folder with --out\n"
    assert captured.out == ""
    assert taken.read_text("utf-8") == "a note"


def test_a_folder_that_can_be_written_is_made_and_holds_nothing_but_a_word_to_git(tmp_path: Path) -> None:
    assert [path.name for path in ensure_writable(tmp_path / "new" / "folder").iterdir()] == [".gitignore"]
