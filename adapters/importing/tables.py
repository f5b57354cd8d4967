"""Tables of text: encodings, separators, and rows by the plain name of their columns."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final

from .files import Blob
from .records import CannotImport

CELL_MAX: Final = 1_000_000
"""Characters of one cell."""
_SEPARATORS: Final = ",;\t"
_ENCODINGS: Final = ("utf-8-sig", "cp932", "cp1252")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}([.,'\u2019\u00a0\u202f ]\d{3})+")
_WORDS: Final = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a title: the columns that its head has, in plain letters, and its rows."""

    title: str
    columns: frozenset[str]
    rows: Iterable[Row]
    headers: Mapping[str, str] = field(default_factory=dict)
    """Each column as its head spells it."""


def plain(header: object) -> str:
    """A header without case, blanks and signs: `Capacity MiB` and `capacity_mib` are one column.

    `Free` and `Free %` are two.
    """
    return re.sub(r"[^a-z0-9#%]", "", str(header or "").casefold())


def spelled(cells: Iterable[object]) -> dict[str, str]:
    """The columns of a head, each as it is spelled there."""
    return {plain(cell): " ".join(str(cell).split()) for cell in cells if plain(cell)}


def csv_sheet(blob: Blob) -> Sheet:
    """A CSV file. Raises `CannotImport`."""
    text = decoded(blob).lstrip("\ufeff")
    head, _, rest = text.partition("\n")
    if head.startswith("#TYPE "):  # Export-Csv of Windows PowerShell
        text, head = rest, rest.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    csv.field_size_limit(CELL_MAX)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
    head_cells = _first(lines, blob.name)
    header = [plain(cell) for cell in head_cells]
    return Sheet(blob.name, frozenset(header), _rows(header, lines, blob.name), spelled(head_cells))


def _first(lines: Iterator[list[str]], name: str) -> list[str]:
    try:
        return next(lines)
    except StopIteration:
        raise CannotImport(name, "the file is empty; export it again") from None
    except csv.Error as broken:
        raise CannotImport(name, f"its first line is not the header of a table ({broken})") from None


def _rows(header: list[str], lines: Iterator[list[str]], name: str) -> Iterator[Row]:
    try:
        for cells in lines:
            if any(cells):
                yield dict(zip(header, cells, strict=False))
    except csv.Error as broken:
        raise CannotImport(name, f"near line {lines.line_num}: {broken}; export it again") from None  # type: ignore[attr-defined]


def decoded(blob: Blob) -> str:
    """The text: by its mark, as UTF-16 without one, as UTF-8, or as what Windows uses in Japan or the West."""
    content = blob.content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _by(("utf-16",), content, blob.name)
    if content[1:200:2].count(0) > len(content[:200]) // 4:
        return _by(("utf-16-le",), content, blob.name)
    if b"\0" in content[:4096]:
        raise CannotImport(blob.name, "the file is binary; expected xlsx, CSV, JSON or a folder of them")
    return _by(_ENCODINGS, content, blob.name)


def _by(encodings: Iterable[str], content: bytes, name: str) -> str:
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp932" or _is_japanese(text):
            return text
    raise CannotImport(name, "its encoding is not UTF-8, UTF-16, cp1252 or cp932; save it as UTF-8")


def _is_japanese(text: str) -> bool:
    """cp932 reads much of what is cp1252: two bytes of it are rare kanji or half-width kana between Latin letters."""
    odd = [c for c in text if ord(c) > 127]
    common = [c for c in odd if "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uff01" <= c <= "\uff5e"]
    return bool(odd) and len(common) >= 0.9 * len(odd) and not re.search(r"[A-Za-z][\u4e00-\u9fff][a-z]", text)


def text_of(value: object) -> str:
    """A cell as text, without blanks at its ends."""
    return "" if value is None else str(value).strip()


def number_of(value: object) -> float | None:
    """A cell as a number; separators of thousands go. None where there is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = text_of(value)
    whole = _THOUSANDS.fullmatch(text)
    try:
        return float(re.sub(r"[^\d+-]", "", text) if whole else text.replace(",", "."))
    except ValueError:
        return None


def truth_of(value: object) -> bool | None:
    """A cell as true or false; None where it is neither."""
    return value if isinstance(value, bool) else _WORDS.get(text_of(value).casefold())


def first(row: Row, *columns: str) -> Any:
    """The first of these columns that the row has and that is not blank."""
    return next((row[column] for column in columns if row.get(column) not in (None, "")), None)
