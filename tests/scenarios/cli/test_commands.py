"""What every command of the line has in common: its help, the words for wrong usage, completion."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from failback.scenarios.cli import run
from failback.scenarios.cli.commands import COMMANDS, Command, app
from failback.scenarios.cli.options import library_names
from failback.scenarios.cli.renamed_options import RENAMED, with_present_names

EVERY = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


@EVERY
def test_the_help_of_a_command_has_an_example_and_the_exit_codes(command: Command) -> None:
    printed = " ".join(CliRunner().invoke(app, [command.name, "--help"]).output.split())
    assert f"Example: {' '.join(command.example.split())}" in printed
    assert f"Exit codes: {command.ends}." in printed
    own, of_all = command.ends.split(". For all commands: ")
    assert set(re.findall(r"(?:^|; )(\d) ", own)) <= set("0123")
    assert own.startswith("0 ")
    assert of_all == "2 bad input, or an output that cannot be written; 4 interrupted; 5 an unexpected error"


@pytest.mark.parametrize("command", ["demo", "calibrate"])
def test_an_option_that_was_renamed_works_under_its_old_name_with_a_note(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    help_text = CliRunner().invoke(app, [command, "--help"]).output
    for old, new in RENAMED[command].items():
        assert with_present_names([command, old, "x", f"{old}=y"]) == [command, new, "x", f"{new}=y"]
        assert f"{old} is now called {new}" in capsys.readouterr().err
        assert new in help_text


def test_an_option_of_another_command_keeps_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert with_present_names(["mock", "--estate", "x.yaml"]) == ["mock", "--estate", "x.yaml"]
    assert capsys.readouterr().err == ""


@EVERY
def test_the_help_shows_no_types_of_python_and_nothing_behind_a_switch(command: Command) -> None:
    printed = CliRunner().invoke(app, [command.name, "--help"]).output
    assert "--help" in printed
    assert not re.findall(r"<(?:bool|str|int|float|list|Path|%).*?>", printed)


@EVERY
def test_the_example_of_a_command_is_one_of_its_calls(command: Command) -> None:
    program, name, *rest = shlex.split(command.example)
    assert (program, name) == ("failback", command.name)
    options = [word for word in rest if word.startswith("--")]
    printed = CliRunner().invoke(app, [command.name, "--help"]).output
    assert all(option in printed for option in options)


@pytest.mark.parametrize("wrong", [["mock", "--prot", "1"], ["predict", "one_vm"], ["check"], ["run", "a", "b"]])
def test_wrong_usage_names_the_commands_own_help(
    wrong: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["failback", *wrong])
    assert run() == 2
    assert f"See `failback {wrong[0]} --help`." in capsys.readouterr().err


def test_a_command_that_is_none_points_to_the_help_of_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["failback", "chekc"])
    assert run() == 2
    assert "See `failback --help`." in capsys.readouterr().err


def test_the_library_is_listed_with_one_line_each_and_the_rules_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from failback.scenarios.files.loader import library

    monkeypatch.setattr("sys.argv", ["failback", "list"])
    assert run() == 0
    drills, _, end = capsys.readouterr().out.partition("\n\n")
    assert "first_drill_modernised " in drills
    monkeypatch.setattr("sys.argv", ["failback", "list", "--rules"])
    assert run() == 0
    rules = capsys.readouterr().out.splitlines()
    assert len(drills.splitlines()) + len(rules) == len(library())
    assert end.startswith(f"Another {len(rules)} scenarios are each for a single rule")
    assert all(len(line.split(maxsplit=1)) == 2 for line in (*drills.splitlines(), *rules))


def test_a_shell_completes_the_names_of_the_library() -> None:
    assert "first_drill_modernised" in library_names("first_d")
    assert library_names("no such") == []


def test_a_page_of_the_documentation_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["failback", "docs", "what-the-simulation-does-not-know"])
    assert run() == 0
    assert capsys.readouterr().out.startswith("# ")


def test_a_page_that_is_none_is_bad_input_that_lists_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["failback", "docs", "rulse"])
    assert run() == 2
    assert "rules" in capsys.readouterr().err


def test_the_schema_is_printed_as_it_is_published(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from failback.scenarios.documentation import page

    monkeypatch.setattr("sys.argv", ["failback", "schema"])
    assert run() == 0
    assert capsys.readouterr().out == (page("rules").parent / "scenario.schema.json").read_text(encoding="utf-8")
