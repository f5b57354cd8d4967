"""The answer to a pseudonymised copy is read back with the map, and nothing else of it changes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from failback.scenarios.cli import run
from failback.scenarios.estates.redact_command import RedactRequest, run_redact
from failback.scenarios.estates.translated_back import translated_back
from failback.scenarios.files.loader import load_scenario, resolve


@pytest.fixture
def failback(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command line."""

    def command(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["failback", *words])
        return run()

    return command


NAMES = {"p01-machine": "web-01", "p1-x": "never", "p02-dns-name": "web-01.example", "p03-account": "svc"}


def test_a_name_stands_where_its_pseudonym_stood() -> None:
    said = "P01-machine (p02-dns-name): p01-machine's disk; p03-account-windows, xp01-machine, p01-machinery."
    told = translated_back(said, NAMES)
    assert told.text == "web-01 (web-01.example): web-01's disk; svc-windows, xp01-machine, p01-machinery."
    assert told.unknown == ("p01-machinery",)


def test_a_pseudonym_of_another_copy_is_left_and_said() -> None:
    told = translated_back("Move p99-machine to p01-machine.", NAMES)
    assert told.text == "Move p99-machine to web-01."
    assert "p99-machine. Is it the map of this copy?" in told.warning


def test_the_command_prints_the_answer_with_the_names_of_the_estate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], failback: Callable[..., int]
) -> None:
    copy, map_file, answer = tmp_path / "sent" / "copy.yaml", tmp_path / "map.json", tmp_path / "answer.txt"
    copy.parent.mkdir()
    run_redact(RedactRequest("first_drill", copy, map_file))
    answer.write_text(f"\ufeffLook at:\n{copy.read_text('utf-8')}", "utf-8")
    assert failback("redact", str(answer), "--back", "--map", str(map_file)) == 0
    printed = capsys.readouterr()
    names = load_scenario(resolve("first_drill")).estate.virtual_machines
    assert printed.out.startswith("Look at:\n")
    assert all(name in printed.out for name in names)
    assert "-machine" not in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--back",), "--back needs --map"),
        (("--back", "--map", "MAP", "--out", "x.txt"), "--back prints"),
        (("--back", "--map", "ANSWER"), "it is not a map"),
        (("--back", "--map", "MISSING"), "the map cannot be read"),
    ],
)
def test_bad_input_is_one_paragraph(
    options: tuple[str, ...],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    failback: Callable[..., int],
) -> None:
    files = {"MAP": tmp_path / "map.json", "ANSWER": tmp_path / "a.txt", "MISSING": tmp_path / "none.json"}
    files["MAP"].write_text(json.dumps({"failback_pseudonyms": {"web-01": "p01-machine"}}), "utf-8")
    files["ANSWER"].write_text("p01-machine", "utf-8")
    given = [str(files.get(option, option)) for option in options]
    assert failback("redact", str(files["ANSWER"]), *given) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_what_is_no_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], failback: Callable[..., int]
) -> None:
    answer, map_file = tmp_path / "answer.docx", tmp_path / "map.json"
    answer.write_bytes(b"PK\x03\x04\xff\xfe\xfd")
    map_file.write_text(json.dumps({"failback_pseudonyms": {}}), "utf-8")
    assert failback("redact", str(answer), "--back", "--map", str(map_file)) == 2
    assert "save it as plain text" in " ".join(capsys.readouterr().err.split())
