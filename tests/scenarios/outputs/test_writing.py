"""Every output of every command: whole or not at all, and never in the place of what failback did not write."""

import errno
import gc
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from failback.scenarios.calibrations.synthetic import synthetic_vault
from failback.scenarios.cli.entry import run
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.outputs import lock, writing
from failback.scenarios.outputs.folders import ensure_writable
from failback.scenarios.outputs.kinds import KINDS
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.writing import write_text, written_whole
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import serve

from .read_only import possible, read_only

STRANGER: Final = "name: my-scenario\nestate: {}\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="named pipes and modes are POSIX's")


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    vault = synthetic_vault(load_scenario(resolve("one_vm")), seed=3)
    folder = vault.write_drills(tmp_path_factory.mktemp("drills"), [1])[0]
    _write_estate_and_list(folder)
    return folder


@pytest.fixture(scope="module", autouse=True)
def lab() -> Iterator[None]:
    """A mock that runs on this computer, for the command that watches one."""
    with (
        serve(mock_of(load_scenario(resolve("one_vm")), "real:1"), tls=False) as served,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setenv("FAILBACK_MOCK", served.base_url)
        patched.delenv("FAILBACK_VCSIM", raising=False)
        yield


Command = Callable[[Path, Path], tuple[str, ...]]
WATCH: Final = ("watch", "one_vm", "--world", "lab", "--once")
PREDICT: Final = (
    "predict",
    "one_vm",
    "--start",
    "2026-06-05 18:00",
    "--by",
    "2026-06-08 06:00",
    "--runs",
    "1",
    "--out",
)


def importing(out: Path, drill: Path) -> tuple[str, ...]:
    """An import of a list with one machine, which lies beside the drill."""
    machines = drill.with_name("machines.csv")
    machines.write_text("machine,os,disks gib\napp,Ubuntu,40\n", encoding="utf-8")
    return ("import", str(machines), "--bandwidth", "9", "--architecture", "classic", "--out", str(out / "estate.yaml"))


def _write_estate_and_list(folder: Path) -> None:
    servers = "hosts: [{name: h, datastores: [d]}]\nappliances: [{name: b, host: h, datastore: d}]"
    vm = "virtual_machines: [{name: a, os: linux, host: h, datastore: d, disks: [{size_gib: 1}]}]"
    link = "link: {bandwidth_mbit_per_s: 9}\ndatastores: [{name: d}]"
    (folder / "new.yaml").write_text(f"{link}\n{servers}\n{vm}\n", encoding="utf-8")
    (folder / "new.csv").write_text("machine,application\na,shop\n", encoding="utf-8")


def _new(out: Path, drill: Path) -> tuple[str, ...]:
    return (
        "new",
        "n",
        "--from",
        f"{drill / 'new.yaml'}",
        "--machines",
        f"{drill / 'new.csv'}",
        "--out",
        f"{out / 'n.yaml'}",
    )


EXAMPLE: Final = Path(__file__).parents[3] / "scenarios" / "data" / "recipe.yaml"


def _redact(out: Path, drill: Path) -> tuple[str, ...]:
    """The copy itself goes elsewhere: the tests look at each file of the folder."""
    return ("redact", "one_vm", "--out", str(drill.parent / "redacted-copy.yaml"), "--map", str(out / "m.json"))


def _scripts(out: Path, drill: Path) -> tuple[str, ...]:
    return ("runbook", "one_modernised_vm", "--runs", "1", "--script", "az", "--out", str(out))


def _aftercare(drill: Path) -> tuple[str, ...]:
    """Of a machine that has never left the site: nothing is open."""
    return ("aftercare", str(drill / "new.yaml"), "--after", str(drill / "new.yaml"))


def _shrink(out: Path, drill: Path) -> tuple[str, ...]:
    """Of a story in which somebody breaks a rule; its seed can be left out."""
    case = {"failback_case": 1, "scenario": "someone_powers_on_the_vm", "checker": "never_power_on_target", "seed": 1}
    (drill / "case.json").write_text(json.dumps(case), encoding="utf-8")
    return ("shrink", str(drill / "case.json"), "--out", str(out / "small.json"))


OUTPUTS: Final[dict[str, tuple[str, Command]]] = {
    "history": ("history.jsonl", lambda out, _: ("run", "one_vm", "--out", str(out))),
    "result": ("result.json", lambda out, _: ("run", "one_vm", "--out", str(out))),
    "junit": ("junit.xml", lambda out, _: ("run", "one_vm", "--out", str(out))),
    "report": ("report.html", lambda out, _: ("demo", "--out", str(out))),
    "run": ("run.json", lambda out, _: ("demo", "--out", str(out))),
    "case": ("small.json", _shrink),
    "resolved scenario": ("scenario.json", lambda out, _: ("run", "one_vm", "--out", str(out))),
    "answer page": ("answer.html", lambda out, _: (*PREDICT, str(out))),
    "answer text": ("answer.md", lambda out, _: (*PREDICT, str(out))),
    "answer": ("answer.json", lambda out, _: (*PREDICT, str(out))),
    "comparison page": ("compare.html", lambda out, d: ("report", "--compare", str(d), str(d), "--out", str(out))),
    "comparison text": ("compare.md", lambda out, d: ("report", "--compare", str(d), str(d), "--out", str(out))),
    "comparison": ("compare.json", lambda out, d: ("report", "--compare", str(d), str(d), "--out", str(out))),
    "check page": ("c.html", lambda out, _: ("check", "one_vm", "--html", str(out / "c.html"))),
    "check as JUnit": ("c.xml", lambda out, _: ("check", "one_vm", "--junit", str(out / "c.xml"))),
    "tasks": ("t.csv", lambda out, _: ("check", "one_vm", "--tasks", str(out / "t.csv"))),
    "new scenario": ("n.yaml", _new),
    "runbook page": ("runbook.html", lambda out, _: ("runbook", "one_vm", "--runs", "1", "--out", str(out))),
    "runbook text": ("runbook.md", lambda out, _: ("runbook", "one_vm", "--runs", "1", "--out", str(out))),
    "runbook steps": ("steps.csv", lambda out, _: ("runbook", "one_vm", "--runs", "1", "--out", str(out))),
    "runbook workbook": (
        "runbook.xlsx",
        lambda out, _: ("runbook", "one_vm", "--runs", "1", "--xlsx", "--out", str(out)),
    ),
    "wave script": ("wave-1.sh", _scripts),
    "wave list": ("wave-1.csv", _scripts),
    "calibration": (
        "c.yaml",
        lambda out, d: ("calibrate", str(d), "--min-measurements", "1", "--out", str(out / "c.yaml")),
    ),
    "open facts": ("open.yaml", lambda out, _: ("check", "one_vm", "--fill", str(out / "open.yaml"))),
    "findings": ("f.sarif", lambda out, _: ("check", "one_vm", "--sarif", str(out / "f.sarif"))),
    "estate": ("estate.yaml", importing),
    "pseudonymised copy": ("r.yaml", lambda out, _: ("redact", "one_vm", "--out", str(out / "r.yaml"))),
    "map of pseudonyms": ("m.json", _redact),
    "synthetic estate": ("g.yaml", lambda out, _: ("generate", str(EXAMPLE), "--out", str(out / "g.yaml"))),
    "watch page": ("watch.html", lambda out, _: (*WATCH, "--out", str(out))),
    "watch text": ("watch.md", lambda out, d: (*WATCH, "--out", str(d.parent / "night"), "--publish", str(out))),
    "watch": ("watch.json", lambda out, d: (*WATCH, "--out", str(d.parent / "night"), "--publish", str(out))),
    "aftercare page": ("aftercare.html", lambda out, d: (*_aftercare(d), "--out", str(out))),
    "aftercare text": ("aftercare.md", lambda out, d: (*_aftercare(d), "--out", str(out))),
    "aftercare tasks": ("tasks.csv", lambda out, d: (*_aftercare(d), "--out", str(out))),
    "aftercare workbook": ("aftercare.xlsx", lambda out, d: (*_aftercare(d), "--xlsx", "--out", str(out))),
    "aftercare": ("aftercare.json", lambda out, d: (*_aftercare(d), "--out", str(out))),
    "rows": (
        "r.csv",
        lambda out, _: ("whatif", "one_vm", "--runs", "1", "--workers", "1", "--out", str(out / "r.csv")),
    ),
    "kept runs": (
        "r.parquet",
        lambda out, _: ("whatif", "one_vm", "--runs", "1", "--workers", "1", "--out", str(out / "r.parquet")),
    ),
}
"""Kind -> the file, and a command that writes it."""


def ended(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *words])
    return run()


def test_every_kind_of_output_is_tried_here() -> None:
    """But instructions: they need a run in the folder (tests/scenarios/reports/test_telling.py)."""
    assert OUTPUTS.keys() == KINDS.keys() - {"instructions", "check proof", "approval"}  # these need a run or a vault


@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_file_of_somebody_else_is_never_replaced(
    kind: str, drill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, command = OUTPUTS[kind]
    (tmp_path / name).write_text(STRANGER, encoding="utf-8")
    assert ended(monkeypatch, command(tmp_path, drill)) == 2
    captured = capsys.readouterr()
    assert f"{tmp_path / name}: the file there is not" in captured.err
    assert captured.err.count("\n") == 1
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {name: STRANGER}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_what_the_same_command_wrote_is_replaced(
    kind: str, drill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, command = OUTPUTS[kind]
    assert ended(monkeypatch, command(tmp_path, drill)) == 0
    before = (tmp_path / name).stat().st_ino
    assert KINDS[kind].is_ours(tmp_path / name)
    assert ended(monkeypatch, command(tmp_path, drill)) == 0
    assert (tmp_path / name).stat().st_ino != before
    assert not list(tmp_path.glob(".*"))


@posix
@pytest.mark.parametrize("way", ["a folder", "a named pipe", "a symbolic link"])
@pytest.mark.parametrize("kind", OUTPUTS)
def test_what_is_no_file_is_not_replaced_nor_waited_for(
    kind: str,
    way: str,
    drill: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, command = OUTPUTS[kind]
    target = tmp_path / name
    {"a folder": target.mkdir, "a named pipe": lambda: os.mkfifo(target)}.get(
        way, lambda: target.symlink_to(tmp_path / "elsewhere")
    )()
    before = target.lstat()
    assert ended(monkeypatch, command(tmp_path, drill)) == 2
    assert f"{target}: there is {way} of this name, which is not replaced" in capsys.readouterr().err
    assert (target.lstat().st_ino, target.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_folder_that_is_not_there_is_made_for_its_owner_alone(
    kind: str, drill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, command = OUTPUTS[kind]
    folder = tmp_path / "deeper" / "out"
    assert ended(monkeypatch, command(folder, drill)) in (0, 1)
    assert (folder / name).is_file()
    if os.name == "posix":
        assert {stat.S_IMODE(made.stat().st_mode) for made in (folder, folder.parent)} == {0o700}


# A folder that can only be read


@possible
@pytest.mark.parametrize("earlier", [False, True], ids=["empty", "with an earlier output"])
@pytest.mark.parametrize("kind", OUTPUTS)
def test_in_a_folder_that_can_only_be_read_nothing_is_lost_and_the_paragraph_names_it(
    kind: str,
    earlier: bool,
    drill: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, command = OUTPUTS[kind]
    out = tmp_path / "out"
    out.mkdir()
    if earlier:
        assert ended(monkeypatch, command(out, drill)) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    capsys.readouterr()
    with read_only(out):
        with pytest.raises(PermissionError):
            (out / "tried").touch()
        assert ended(monkeypatch, command(out, drill)) == 2
    said = capsys.readouterr().err
    assert "Permission denied" in said
    assert str(out) in said
    assert "Traceback" not in said
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


# A disk that is full


@posix
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # openpyxl's half-written sheet
@pytest.mark.parametrize("kind", OUTPUTS)
def test_on_a_full_disk_every_command_says_so_and_loses_nothing(
    kind: str, drill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import resource

    name, command = OUTPUTS[kind]
    words = command(tmp_path, drill)  # also writes what the command reads, while there is room
    assert ended(monkeypatch, words) == 0
    before = (tmp_path / name).read_bytes()
    capsys.readouterr()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
    try:
        assert ended(monkeypatch, words) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    gc.collect()  # here, and not in the middle of a later test
    said = capsys.readouterr().err
    assert "File too large" in said
    assert "Traceback" not in said
    assert (tmp_path / name).read_bytes() == before


# The same, at each step


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def full_at(step: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        match step:
            case "open":
                patched.setattr(os, "open", full)
            case "fsync":
                patched.setattr(os, "fsync", full)
            case "rename":
                patched.setattr(Path, "replace", full)
        yield


def half_written(file: Path) -> None:
    with written_whole(file, "answer text") as beside:
        beside.write_text("half of it", encoding="utf-8")
        full()


@pytest.mark.parametrize("step", ["open", "write", "fsync", "rename"])
def test_on_a_full_disk_the_old_file_stays_as_it_was(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, old = tmp_path / "answer.md", "<!-- failback predict -->\n\nold\n"
    file.write_text(old, encoding="utf-8")
    with full_at(step, monkeypatch), pytest.raises(CannotWrite, match="No space left"):
        half_written(file) if step == "write" else write_text(file, "new", "answer text")
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {"answer.md": old}


def test_what_comes_in_the_way_while_it_is_written_stays(tmp_path: Path) -> None:
    file = tmp_path / "answer.md"

    def late() -> None:
        with written_whole(file, "answer text"):
            file.write_text(STRANGER, encoding="utf-8")

    with pytest.raises(CannotWrite):
        late()
    assert file.read_text("utf-8") == STRANGER


@posix
@pytest.mark.parametrize("kind", OUTPUTS)
def test_what_is_said_to_be_written_has_reached_the_disk(
    kind: str, drill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, command = OUTPUTS[kind]
    real, reached = os.fsync, set[int]()

    def noted(handle: int) -> None:
        reached.add(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    assert ended(monkeypatch, command(tmp_path, drill)) == 0
    assert {(tmp_path / name).stat().st_ino, tmp_path.stat().st_ino} <= reached


# Whom it is for


@posix
def test_outputs_are_their_owners_and_folders_that_we_make_are_left_alone_by_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "new" / "out"
    assert ended(monkeypatch, ("run", "one_vm", "--out", str(out))) == 0
    assert [stat.S_IMODE(path.stat().st_mode) for path in (out.parent, out)] == [0o700, 0o700]
    assert {stat.S_IMODE((out / name).stat().st_mode) for name in ("history.jsonl", "result.json")} == {0o600}
    assert (out / ".gitignore").read_text("utf-8") == "*\n"


@posix
def test_whom_the_owner_has_let_in_stays_let_in(tmp_path: Path) -> None:
    file = tmp_path / "answer.md"
    write_text(file, "<!-- failback predict -->\n", "answer text")
    file.chmod(0o644)
    write_text(file, "<!-- failback predict -->\nnew\n", "answer text")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_folder_that_was_there_keeps_its_mode_and_gets_no_gitignore(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mode
    ensure_writable(tmp_path)
    assert tmp_path.stat().st_mode == before
    assert not list(tmp_path.iterdir())


# The lock


def test_a_lock_holds_out_the_second_and_leaves_nothing(tmp_path: Path) -> None:
    with lock.locked(tmp_path), pytest.raises(lock.Busy), lock.locked(tmp_path):
        pass
    with lock.locked(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_file_that_only_has_the_name_of_a_lock_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / lock.LOCK).write_text("mine", encoding="utf-8")
    with lock.locked(tmp_path):
        pass
    assert (tmp_path / lock.LOCK).read_text("utf-8") == "mine"


def test_half_a_character_does_not_end_in_an_error(tmp_path: Path) -> None:
    write_text(tmp_path / "answer.md", "\ud800", "answer text")
    assert (tmp_path / "answer.md").read_text("utf-8") == "?"
    assert writing.UNFINISHED not in str(list(tmp_path.iterdir()))
