"""`failback explain`: every code of the vendor's pages and every rule, with meaning, remedy, source and how sure."""

import sys

import pytest

from failback.reprotect import CODES, READINGS, REQUIREMENTS, Reading, Requirement, known_failure, sources_of
from failback.scenarios.checks.explained import all_names, explained
from failback.scenarios.cli.entry import run

from .own_codes_in_sources import codes_in_sources

PUBLISHED = (
    "95226",
    "8061",
    "8038",
    "78052",
    "78093",
    "78174",
    "78253",
    "78028",
    "78188",
    "78144",
    "161011",
    "28031",
    "806",
    "2147221164",
    "2147943458",
    "2147754756",
    "97118",
)


@pytest.mark.parametrize("code", [*PUBLISHED, *CODES])
def test_a_code_says_what_it_means_what_helps_and_how_sure_that_is(code: str) -> None:
    known, text = CODES[code], "\n".join(explained(code))
    assert all(known)
    for part in (code, known.meaning, known.causes, known.action, known.source, known.sure):
        assert part in text
    assert known.sure.startswith(("documented", "recorded"))


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_a_rule_is_explained_by_its_id_and_by_its_code(row: Requirement) -> None:
    for name in (row.id, row.id.lower(), row.code):
        text = "\n".join(explained(name))
        assert f"Rule {row.id}: {row.title}" in text
        assert row.remedy in text
        assert known_failure(row.code) is not None


def test_a_code_that_a_rule_is_reported_by_tells_both() -> None:
    text = "\n".join(explained("95226"))
    assert "Code 95226" in text
    assert "Rule N04" in text


@pytest.mark.parametrize("code", sorted({*codes_in_sources(), "FB-FULL"}))
def test_every_code_that_our_own_messages_show_is_explained(code: str) -> None:
    assert explained(code) != ()
    assert explained(code)[0].split()[1].rstrip(":").casefold() in {
        code.casefold(),
        code.removeprefix("FB-").casefold(),
    }


def test_all_that_is_known_can_be_listed() -> None:
    names = {line.split()[0] for line in all_names()}
    assert {row.id for row in REQUIREMENTS} | CODES.keys() <= names


@pytest.mark.parametrize(
    ("name", "code"), [("95305", 2), ("", 2), ("\x1b[31m", 2), ("95226", 0), ("r04", 0), ("fb-a01", 0)]
)
def test_what_nobody_knows_is_told_in_one_paragraph(
    name: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["failback", "explain", name])
    assert run() == code
    told = capsys.readouterr()
    assert (told.out == "") == (code == 2)
    assert ("failback does not know" in told.err) == (code == 2)
    assert "\x1b" not in told.err


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.id)
def test_a_reading_is_explained_with_what_the_articles_say_and_its_choices(reading: Reading) -> None:
    text = "\n".join(explained(reading.id.lower()))
    for part in (reading.subject, reading.sides, *reading.choices, *reading.rules):
        assert part in text


@pytest.mark.parametrize("text", [*(row.source for row in REQUIREMENTS), *(known.source for known in CODES.values())])
def test_each_short_name_of_a_source_leads_to_a_page(text: str) -> None:
    for name, source in sources_of(text):
        assert source.read
        assert source.address.startswith("https://") or name == "not documented"


def test_no_rule_says_twice_how_certain_it_is() -> None:
    text = "\n".join("\n".join(explained(row.id)) for row in REQUIREMENTS)
    for word in ("documented", "recorded", "inferred"):
        assert f"{word}: {word}" not in text


def test_a_rule_with_steps_says_how_general_steps_are_read() -> None:
    for row in REQUIREMENTS:
        lines = explained(row.id)
        steps = [line for line in lines if line.startswith("  do ")]
        notes = [line for line in lines if line.startswith("  note ")]
        assert len(notes) == len(steps)
        assert all("words in capitals stand for names" in note for note in notes)
