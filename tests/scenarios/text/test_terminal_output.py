"""Nothing that failback prints acts on a terminal, whoever wrote it."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from failback.reprotect import UNSAFE
from failback.scenarios.cli import entry, run
from failback.scenarios.cli.commands import app
from failback.scenarios.cli.terminal_output import CleanStream, clean_streams
from failback.scenarios.text.terminal_console import CleanConsole, console

EVIL = "\x1b]0;owned\x07\x1b[8m\x9b31m\u202edlrow\u2066\r"
"""A title for the window, hidden text, a sequence of one character, text from right to left, back to the start."""
SHOWN = "]0;owned"


def ran(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["failback", *words])
    return run()


def is_clean(capsys: pytest.CaptureFixture[str], *, tells: bool = True) -> str:
    captured = capsys.readouterr()
    whole: str = captured.out + captured.err
    assert UNSAFE.search(whole) is None, ascii(whole)
    assert not tells or SHOWN in whole
    return whole


def story(folder: Path, **changes: Any) -> str:
    """A small story whose free texts are hostile; its names may not be."""
    vm = {"name": "web-01", "os": "linux", "disks": [{"size_gib": 10}]}
    estate = {
        "link": {"bandwidth_mbit_per_s": 1000},
        "appliances": [{"name": "box"}],
        "virtual_machines": [vm],
    }
    fault = {"kind": "fail_job", "object": "web-01", "operation": "failback", "message": f"said{EVIL}", "times": 9}
    whole = {"name": "small", "title": f"title {EVIL}", "estate": estate, "faults": [fault], **changes}
    (folder / "small.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    return str(folder / "small.yaml")


def test_a_run_and_its_report_are_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(monkeypatch, "run", story(tmp_path), "--out", str(tmp_path / "run"))
    is_clean(capsys)
    ran(monkeypatch, "report", str(tmp_path / "run"))
    is_clean(capsys, tells=False)


def test_a_comparison_of_the_results_of_others_is_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(monkeypatch, "run", story(tmp_path), "--out", str(tmp_path / "run"))
    for name in ("history.jsonl", "result.json"):
        path = tmp_path / "run" / name
        path.write_text(path.read_text(encoding="utf-8").replace("web-01", json.dumps(EVIL)[1:-1]), encoding="utf-8")
    capsys.readouterr()
    ran(monkeypatch, "report", "--compare", *2 * [str(tmp_path / "run")], "--out", str(tmp_path / "compared"))
    is_clean(capsys)
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "compared").iterdir()}
    assert {name for name, text in pages.items() if UNSAFE.search(text)} == set()


@pytest.mark.parametrize(
    "words",
    [
        ("run", f"no{EVIL}.yaml"),
        ("check", f"no{EVIL}.yaml"),
        ("lint", f"no{EVIL}.yaml"),
        ("predict", f"no{EVIL}.yaml", "--start", "Fri 18:00", "--by", "Mon 06:00"),
        ("predict", "one_vm", "--start", EVIL, "--by", "Mon 06:00"),
        ("whatif", "one_vm", "--vary", f"x{EVIL}=1"),
        ("whatif", f"no{EVIL}.yaml"),
        ("calibrate", f"no{EVIL}"),
        ("report", f"no{EVIL}"),
        ("mock", f"no{EVIL}.yaml"),
        ("mock", "--clock", EVIL),
        ("vcsim", f"no{EVIL}.yaml"),
        ("run", "one_vm", "--world", EVIL),
        (EVIL,),
        ("run", f"--{EVIL}"),
    ],
    ids=lambda words: " ".join(words)[:12].split("\x1b")[0],
)
def test_what_a_person_pastes_comes_back_clean(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, *words) in (2, 3)
    is_clean(capsys)


def test_a_new_command_cannot_forget_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def careless() -> int:
        print(EVIL)  # noqa: T201
        print(EVIL, file=sys.stderr)  # noqa: T201
        sys.stdout.write(EVIL)
        sys.stderr.writelines([EVIL])
        typer.echo(EVIL)
        typer.secho(EVIL, err=True)
        return 0

    registered = list(app.registered_commands)
    app.command("careless")(careless)
    entry.built_commands.cache_clear()
    try:
        assert ran(monkeypatch, "careless") == 0
    finally:
        app.registered_commands[:] = registered
        entry.built_commands.cache_clear()
    assert is_clean(capsys).count(SHOWN) == 6


def test_json_that_is_printed_stays_the_same_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = {f"key{EVIL}": [EVIL, '\x7f\x85\u2028 \\ " ü \U0001f600']}
    with clean_streams():
        print(json.dumps(found, ensure_ascii=False))  # noqa: T201
    assert json.loads(is_clean(capsys)) == found


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_clean_on_any_stream_and_console(text: str) -> None:
    plain, rich = io.StringIO(), io.StringIO()
    CleanStream(plain).write(text)
    CleanConsole(file=rich, markup=False, width=4000).print(text)
    assert [UNSAFE.search(page.getvalue()) for page in (plain, rich)] == [None, None]


def on_a_terminal(make: Callable[..., Console]) -> str:
    stream = io.StringIO()
    make(file=stream, force_terminal=True, color_system="truecolor", highlight=False).print(
        f"[bold]{EVIL}", style="red"
    )
    return stream.getvalue()


def test_colours_of_our_own_reach_the_terminal_and_brackets_in_names_are_no_markup() -> None:
    shown = on_a_terminal(console)
    assert shown.startswith("\x1b[31m[bold]\\u001b]0;")
    assert UNSAFE.search(shown.replace("\x1b[31m", "").replace("\x1b[0m", "")) is None


def test_streams_are_given_back(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr
    with clean_streams(), clean_streams():
        assert isinstance(sys.stdout, CleanStream)
        assert not isinstance(sys.stdout.rich_proxied_file, CleanStream)
    assert (sys.stdout, sys.stderr) == before
