"""Sentences in more than one language: every sentence has all of them, and none lost or added a placeholder."""

import ast
import json
import pickle
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest
from jinja2.ext import extract_from_ast

from failback.scenarios.text.language import ENGLISH, LANGUAGES, said, speaking, table, translated, wording
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import date_words, machines
from failback.scenarios.text.spans import span_words, when_words

ROOT = Path(__file__).parents[3] / "scenarios"
OTHERS = sorted(LANGUAGES.keys() - {ENGLISH})
PLACES = {"said": 0, "message": 0, "wording": 0, "joined": 1}
"""By function, which of its arguments is a sentence."""


def literals(node: ast.expr) -> Iterator[str]:
    """The sentence, or both where it depends on something."""
    if isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def in_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLACES:
            yield from (text for sentence in node.args[PLACES[node.func.id] :][:1] for text in literals(sentence))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "map":
            is_marked = isinstance(node.args[0], ast.Name) and node.args[0].id == "message"
            yield from (text for item in getattr(node.args[1], "elts", ()) if is_marked for text in literals(item))


def in_template(path: Path) -> Iterator[str]:
    tree = templates().parse(path.read_text("utf-8"))
    for _, _, found in extract_from_ast(tree, gettext_functions=("said",), babel_style=False):
        yield from (text for text in (found if isinstance(found, tuple) else (found,)) if text)


def sentences() -> set[str]:
    code = {text for path in sorted(ROOT.rglob("*.py")) for text in in_code(path)}
    pages = (path for path in sorted((ROOT / "templates").iterdir()) if "said(" in path.read_text("utf-8"))
    return code | {text for path in pages for text in in_template(path)}


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_has_each_language_and_no_table_has_another_one(language: str) -> None:
    assert len(sentences()) > 200
    assert sorted(sentences() - table(language).keys()) == []
    assert sorted(table(language).keys() - sentences()) == []


DATE = {"year", "month", "day", "weekday", "time"}
"""What a date may say of itself; languages differ in what they leave out."""


def differ(text: str, other: str) -> bool:
    if "weekday" in placeholders(text):
        return set(placeholders(text)) - DATE != set(placeholders(other)) - DATE
    return placeholders(text) != placeholders(other)


@pytest.mark.parametrize("language", OTHERS)
def test_both_have_the_same_placeholders(language: str) -> None:
    assert [text for text, other in table(language).items() if differ(text, other)] == []


def test_microsofts_words_are_used() -> None:
    words = " ".join(table("ja").values())
    assert [word for word in ("再保護", "フェールバック", "切り替え", "コミット") if word not in words] == []


def test_dates_and_durations_are_written_as_in_japan() -> None:
    at = datetime(2026, 11, 27, 18, tzinfo=UTC)
    with speaking("ja"):
        assert when_words(at, at) == "11月27日(金) 18:00"
        assert when_words(at, datetime(2025, 1, 1, tzinfo=UTC)) == "2026年11月27日(金) 18:00"
        assert date_words(at) == "2026年11月27日(金) 18:00 (UTC)"
        assert [span_words(s) for s in (5, 300, 7200, 7500, 90000)] == [
            "5 秒",
            "5 分",
            "2 時間",
            "2 時間 5 分",
            "1 日 1 時間",
        ]
        assert machines(1) == "1 台"
    assert when_words(at, at) == "Fri 18:00"


def test_what_was_worded_before_is_said_in_the_language_of_the_page_even_from_another_process() -> None:
    words = wording("home within {limit} of the start", limit=wording("{n} h", n="24"))
    assert words == "home within 24 h of the start"
    assert f'"{words}"' == json.dumps(words)
    for copy in (words, deepcopy(words), pickle.loads(pickle.dumps(words))):
        with speaking("ja"):
            assert translated(copy) == "開始から 24 時間以内に復帰"
        assert translated(copy) == words
    assert translated("a name {with} braces") == "a name {with} braces"


def test_a_sentence_without_a_translation_is_never_mixed_in() -> None:
    with speaking("ja"), pytest.raises(KeyError):
        said("nobody has said this before")
