"""What can be read as a file at all."""

from pathlib import Path

import pytest

from failback.scenarios.files.yaml_source import (
    ALIASES_MAX,
    DEPTH_MAX,
    NODES_MAX,
    SIZE_MAX_BYTES,
    BadInput,
    Mistake,
    path_text,
    read_source,
)


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(folder: Path, content: str | bytes) -> Mistake:
    with pytest.raises(BadInput) as refused:
        read_source(written(folder, content))
    (mistake,) = refused.value.mistakes
    return mistake


def test_every_value_has_the_line_and_column_of_its_key(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, "name: a\nlist:\n  - x: 1\n  - y: 2\n"))
    assert source.data == {"name": "a", "list": [{"x": 1}, {"y": 2}]}
    assert (source.marks["name",], source.marks["list", 1], source.marks["list", 1, "y"]) == ((1, 1), (4, 5), (4, 5))


def test_a_missing_value_is_at_the_line_of_what_is_round_it(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, "name: a\nlist:\n  - x: 1\n"))
    mistake = source.mistake(("list", 0, "y"), "`y` is missing")
    assert (mistake.line, mistake.path_text) == (3, "list[0].y")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-1.5e3", -1500.0),
        (".5", 0.5),
        ("true", True),
        ("null", None),
        ("~", None),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2026-06-05", "2026-06-05"),
        ("'1'", "1"),
        ("1_000", "1_000"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_plain_words_are_those_of_yaml_1_2(tmp_path: Path, text: str, value: object) -> None:
    assert read_source(written(tmp_path, f"key: {text}\n")).data == {"key": value}


def test_keys_are_text(tmp_path: Path) -> None:
    assert read_source(written(tmp_path, "007: a\ntrue: b\n")).data == {"007": "a", "true": "b"}


def test_json_is_read_with_lines(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, '{\n\t"name": "a",\n\t"list": [1, 2]\n}\n'))
    assert source.data == {"name": "a", "list": [1, 2]}
    assert source.marks["list",][0] == 3


@pytest.mark.parametrize("content", [b"a: 1\r\nb: 2\r\n", b"\xef\xbb\xbfa: 1\nb: 2\n"], ids=["crlf", "bom"])
def test_windows_files_are_read(tmp_path: Path, content: bytes) -> None:
    source = read_source(written(tmp_path, content))
    assert (source.data, source.marks["b",]) == ({"a": 1, "b": 2}, (2, 1))


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 0, "empty"),
        (b"# only a comment\n", 0, "empty"),
        ("name: a\n".encode("utf-16"), 1, "UTF-16"),
        (b"name: a\nb: \0\n", 2, "binary"),
        (b"name: a\nb: \xff\n", 2, "not UTF-8"),
        (b"name: [a\n", 2, "not YAML"),
        (b"name: a\nb: \x07\n", 1, "not YAML"),
        (b"a: 1\n---\nb: 2\n", 2, "second YAML document"),
        (b"a: *nowhere\n", 1, "not YAML"),
    ],
    ids=["empty", "comment", "utf-16", "binary", "latin-1", "bracket", "bell", "documents", "alias"],
)
def test_what_is_not_a_text_of_one_document_is_refused(tmp_path: Path, content: bytes, line: int, says: str) -> None:
    mistake = refusal(tmp_path, content)
    assert says in mistake.message
    assert mistake.line == line


def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(BadInput, match=f"larger than {SIZE_MAX_BYTES // 1_000_000} MB"):
        read_source(path)


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 5)}]" for n in range(1, 11)]
    assert "50 values" in refusal(tmp_path, "\n".join(rows)).message.replace(str(NODES_MAX), "50")


def test_many_aliases_are_refused(tmp_path: Path) -> None:
    aliases = "\n".join("- *a" for _ in range(ALIASES_MAX + 1))
    assert "aliases" in refusal(tmp_path, f"- &a 1\n{aliases}\n").message


def test_a_few_aliases_are_written_out(tmp_path: Path) -> None:
    assert read_source(written(tmp_path, "a: &one {x: 1}\nb: *one\n")).data == {"a": {"x": 1}, "b": {"x": 1}}


def test_a_value_that_holds_itself_is_refused(tmp_path: Path) -> None:
    assert f"deeper than {DEPTH_MAX}" in refusal(tmp_path, "a: &a [*a]\n").message


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    assert f"deeper than {DEPTH_MAX}" in refusal(tmp_path, "[" * 100_000).message


def test_a_key_that_stands_twice_names_both_lines(tmp_path: Path) -> None:
    (mistake,) = read_source(written(tmp_path, "a: 1\nb: 2\na: 3\n")).mistakes
    assert mistake.line == 3
    assert "first on line 1 and again on line 3" in mistake.message


@pytest.mark.parametrize("text", ["a: !!python/name:os.system x\n", "a: !mine {}\n", "a: ! 1\n"])
def test_a_tag_is_a_mistake_and_nothing_is_built_by_it(tmp_path: Path, text: str) -> None:
    (mistake,) = read_source(written(tmp_path, text)).mistakes
    assert "tag" in mistake.message


@pytest.mark.parametrize("text", ["a: &a {x: 1}\nb: {<<: *a}\n", "? [1, 2]\n: x\n"])
def test_odd_keys_are_mistakes(tmp_path: Path, text: str) -> None:
    (mistake,) = read_source(written(tmp_path, text)).mistakes
    assert "key" in mistake.message


@pytest.mark.parametrize("name", ["missing.yaml", ".", "nul\0.yaml"])
def test_what_cannot_be_opened_is_bad_input(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_source(f"{tmp_path}/{name}")


def test_a_mistake_is_one_plain_paragraph() -> None:
    mistake = Mistake(path_text(("estate", "hosts", 0, "name")), "site.yaml", 4, "found `1`; expected text")
    assert str(mistake) == "site.yaml:4: found `1`; expected text (at estate.hosts[0].name)"
    assert str(BadInput(mistake, mistake)) == f"{mistake}\n{mistake}"
