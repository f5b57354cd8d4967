"""`failback.play(out=)` writes a run's folder as the command line does, and refuses what that refuses."""

import re
from pathlib import Path

import pytest

import failback
from failback.scenarios.cli.playing import Played, play_and_publish


def _files(folder: Path) -> dict[str, bytes]:
    """All but the identity, which the page names: which run it was, and when."""
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.name not in ("run.json", ".gitignore")}
    found["report.html"] = re.sub(rb"tested on .*? as run <b>\w+</b>", b"", found["report.html"])
    return found


def test_the_folder_holds_what_the_command_writes(tmp_path: Path) -> None:
    failback.play("one_vm", seed=7, out=tmp_path / "python")
    assert play_and_publish(Played("one_vm", "sim", 7, tmp_path / "command")) == 0
    assert _files(tmp_path / "python") == _files(tmp_path / "command")
    five = {"history.jsonl", "result.json", "report.html", "junit.xml", "scenario.json"}
    assert five == set(_files(tmp_path / "python"))


def test_a_callers_function_gets_each_line_that_the_history_holds(tmp_path: Path) -> None:
    lines: list[object] = []
    failback.play("one_vm", on_line=lines.append, out=str(tmp_path / "run"))
    assert len(lines) == len((tmp_path / "run" / "history.jsonl").read_text(encoding="utf-8").splitlines())


def test_a_file_that_failback_did_not_write_is_refused_in_the_words_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").write_text("mine\n", encoding="utf-8")
    with pytest.raises(failback.BadInput) as refused:
        failback.play("one_vm", out=tmp_path)
    with pytest.raises(failback.BadInput) as told:
        play_and_publish(Played("one_vm", "sim", None, tmp_path))
    assert str(refused.value) == str(told.value).replace("--out", "out")
    assert (tmp_path / "history.jsonl").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("out", [7, "", "a\0b"])
def test_an_out_that_is_no_path_is_bad_input(out: object) -> None:
    with pytest.raises(failback.BadInput, match="expected a path, or None"):
        failback.play("one_vm", out=out)  # type: ignore[arg-type]
