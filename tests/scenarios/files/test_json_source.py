"""A JSON file is read as JSON, and its mistakes have their lines."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failback.scenarios.files.loader import library, load_scenario
from failback.scenarios.files.yaml_source import DEPTH_MAX, BadInput, Mistake, Source, read_source

EMOJI = "\U0001f600"


def read(folder: Path, text: str) -> Source:
    path = folder / "file.json"
    path.write_text(text, encoding="utf-8", newline="")
    return read_source(path)


def refusal(folder: Path, text: str) -> Mistake:
    with pytest.raises(BadInput) as refused:
        read(folder, text)
    (mistake,) = refused.value.mistakes
    return mistake


def test_an_emoji_as_two_escapes_is_one_character(tmp_path: Path) -> None:
    assert read(tmp_path, r'{"name": "\ud83d\ude00", "\ud83d\ude00": 1}').data == {"name": EMOJI, EMOJI: 1}


def test_a_story_with_an_escaped_emoji_is_played(tmp_path: Path) -> None:
    estate = {
        "link": {"bandwidth_mbit_per_s": 100},
        "appliances": [{"name": "box"}],
        "virtual_machines": [{"name": f"web-{EMOJI}", "os": "linux", "disks": [{"size_gib": 1}]}],
    }
    text = json.dumps({"name": f"glad {EMOJI}", "estate": estate})
    assert "\\ud83d" in text
    read(tmp_path, text)
    assert list(load_scenario(tmp_path / "file.json").estate.virtual_machines) == [f"web-{EMOJI}"]


def test_a_value_has_the_line_and_column_of_its_key(tmp_path: Path) -> None:
    source = read(tmp_path, '{\n\t"name": "a\\nb",\n  "list": [\n    {"x": 1},\r\n    {"y": -2.5e1}\n  ]\n}\n')
    assert source.data == {"name": "a\nb", "list": [{"x": 1}, {"y": -25.0}]}
    assert (source.marks["name",], source.marks["list", 1], source.marks["list", 1, "y"]) == ((2, 2), (5, 5), (5, 6))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"a": 1,\n "b": }', 2, "expected a value"),
        ('{"a": 1\n "b": 2}', 2, "expected a comma or }"),
        ("{\n a: 1}", 2, "double quotes"),
        ('{"a"\n 1}', 2, "expected a colon"),
        ("[1,\n 2", 2, "expected a comma or ]"),
        ("[1]\n\n[2]", 3, "there is text after"),
        ('{"a":\n "\\ud83d"}', 2, "one half of an escaped character"),
        ('{"a":\n "x\ty"}', 2, "control character"),
        ('{"a":\n "x', 2, "unterminated string"),
        ('{"a":\n NaN}', 2, "expected a value"),
        ('{"a":\n 012}', 2, "expected a value"),
        ("# no\n{}", 1, "expected a value"),
        ("[" * 100_000, 1, f"deeper than {DEPTH_MAX}"),
        ('{"a": 1,\n "a": 2}', 2, "key `a` twice"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    if "twice" in words:
        (mistake,) = read(tmp_path, text).mistakes
    else:
        mistake = refusal(tmp_path, text)
    assert mistake.line == line
    assert words in mistake.message


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    assert "the file is empty" in refusal(tmp_path, " \n").message


def test_a_number_of_400_digits_is_no_traceback(tmp_path: Path) -> None:
    assert read(tmp_path, f'{{"a": {"9" * 5000}}}').data == {"a": "9" * 5000}


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-15)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return type(one) is type(other) and bool(one == other)


@given(tree=st.dictionaries(st.text(), TREES, min_size=1, max_size=4), ascii_only=st.booleans())
def test_any_json_is_read_as_the_standard_library_reads_it(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, Any], ascii_only: bool
) -> None:
    text = json.dumps(tree, ensure_ascii=ascii_only, indent=1).replace("\0", "")
    assert equal(json.loads(text), read(tmp_path_factory.getbasetemp(), text).data)


def test_a_story_of_the_library_is_the_same_in_json(tmp_path: Path) -> None:
    path = library()["first_drill"]
    text = json.dumps(read_source(path).data)
    read(tmp_path, text)
    assert load_scenario(tmp_path / "file.json") == load_scenario(path)
