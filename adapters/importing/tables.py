"""Tables of text: encodings, separators, and rows by the plain name of their columns."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final

from .files import Blob
from .records import CannotImport

CELL_MAX: Final = 1_000_000
"""Characters of one cell."""
_SEPARATORS: Final = ",;\t"
_FIRST_BYTES_OF_USUAL: Final = range(0x81, 0xA0)
"""Of kana and the usual kanji in cp932. Rare kanji and half-width kana have those of accented letters in cp1252."""
_APOSTROPHES: Final = b"\x92s\x92t\x92d\x92l\x92r\x92v\x92m".decode("cp932")
_WESTERN: Final = re.compile(
    rf"(?<=[A-Za-z])[{_APOSTROPHES}]|(?<![\u3040-\u30ff\u4e00-\u9fff])[\u4e00-\u9fff](?=[a-z])"
)
"""What cp932 makes of an apostrophe, or of a letter before others: one kanji among Latin letters."""
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
        text = _by("utf-16", content)
    elif content[1:200:2].count(0) > len(content[:200]) // 4:
        text = _by("utf-16-le", content)
    elif b"\0" in content[:4096]:
        raise CannotImport(blob.name, "the file is binary; expected xlsx, CSV, JSON or a folder of them")
    else:
        utf_8 = _by("utf-8-sig", content)
        text = _of_windows(content) if utf_8 is None else utf_8
    if text is None:
        raise CannotImport(blob.name, "its encoding is not UTF-8, UTF-16, cp1252 or cp932; save it as UTF-8")
    return text


def _of_windows(content: bytes) -> str | None:
    """cp932 reads much of what is cp1252: where both do, the text must be Japanese."""
    japanese, western = _by("cp932", content), _by("cp1252", content)
    return japanese if western is None or (japanese is not None and _is_japanese(japanese)) else western


def _by(encoding: str, content: bytes) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_japanese(text: str) -> bool:
    """Whether kana and the usual kanji are more than what cp932 makes of accented letters and apostrophes."""
    odd = Counter(re.findall(r"[^\x00-\x7f]", text))
    usual = sum(count for char, count in odd.items() if char.encode("cp932")[0] in _FIRST_BYTES_OF_USUAL)
    western = odd.total() - usual
    taken = len(_WESTERN.findall(text))
    return usual - taken > 0 and usual - taken >= western


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
