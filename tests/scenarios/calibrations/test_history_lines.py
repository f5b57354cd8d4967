"""A line of a history ends at a line feed and nowhere else."""

import json
from pathlib import Path

import pytest

from failback.reprotect import Line
from failback.scenarios.outputs.run_folders.history_lines import history_lines


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029", "\x7f", "\U0001f600"])
def test_a_name_with_a_line_separator_breaks_no_line(tmp_path: Path, odd: str, end: str) -> None:
    """As earlier versions and other tools write them: not escaped."""
    lines = [Line(n, float(n), "note", "Noted", f"web{odd}01", {"said": odd}) for n in (1, 2, 3)]
    texts = [json.dumps({name: getattr(line, name) for name in Line.__slots__}, ensure_ascii=False) for line in lines]
    (tmp_path / "history.jsonl").write_text(end.join(texts) + end, encoding="utf-8", newline="")
    notes: list[str] = []
    assert list(history_lines(tmp_path / "history.jsonl", notes)) == lines
    assert notes == []
