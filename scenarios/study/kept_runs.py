"""Finished runs of a study, kept in Parquet as they come, so that an interrupted study goes on where it was."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from failback.scenarios.extras import needed
from failback.scenarios.files.path_checks import is_folder, is_there
from failback.scenarios.outputs.folders import ensure_writable, make, remove_made
from failback.scenarios.outputs.writing import refuse_what_is_not_ours, written_whole
from failback.scenarios.text.spreadsheet_cells import FORMULA

from .variants import refused

PARQUET, CSV = SUFFIXES = ".parquet", ".csv"
"""Files that a study writes. What is in a CSV file cannot be trusted to be one's own; it is written anew."""
_KINDS: Final = {PARQUET: "kept runs", CSV: "rows"}
META: Final = b"failback"
"""Key of our note in the Parquet file's metadata."""


class KeptRuns:
    """Rows in `file`; while a study is under way each batch is a part of its own in a folder beside it."""

    def __init__(self, file: Path, study: str) -> None:
        self._arrow = needed("pyarrow", "study", "keep runs in Parquet")
        self._parquet = needed("pyarrow.parquet", "study", "keep runs in Parquet")
        if file.suffix not in SUFFIXES:
            raise refused(f"runs are kept in files that end in {' or '.join(SUFFIXES)}, and {str(file)!r} does not")
        ensure_writable(file.parent)
        refuse_what_is_not_ours(file, _KINDS[file.suffix])
        self._file, self._parts, self._study = file, file.with_name(file.name + ".parts"), study

    def rows(self) -> list[dict[str, Any]]:
        """All rows that are kept. Raises `BadInput` when they are those of another study."""
        return [row for path in self._files() for row in self._read(path)]

    def keep(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep the rows of one batch. A part appears whole or not at all, and never in the place of another."""
        first = f"{rows[0]['variant']:08}-{rows[0]['replication']:08}"
        self._write(rows, self._parts / f"{first}-{len(rows)}.parquet")

    def close(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """All is there: one file, and the parts go."""
        write = self._write_csv if self._file.suffix == CSV else self._write
        write(rows, self._file)
        for path in self._parts.glob("*.parquet") if is_folder(self._parts) else ():
            path.unlink()
        remove_made(self._parts)

    def _files(self) -> list[Path]:
        whole = [self._file] if is_there(self._file) and self._file.suffix != CSV else []
        return [*whole, *(sorted(self._parts.glob("*.parquet")) if is_folder(self._parts) else ())]

    def _read(self, path: Path) -> Iterable[dict[str, Any]]:
        try:
            table = self._parquet.ParquetFile(path).read()
            note = json.loads((table.schema.metadata or {}).get(META, b"{}"))
        except (OSError, ValueError, self._arrow.ArrowException) as broken:
            raise refused(f"{path} cannot be read as Parquet ({_first_line(broken)}); {_ELSEWHERE}") from None
        if not isinstance(note, dict) or note.get("study") != self._study:
            raise refused(f"{path} has no runs of this study in this version of failback; {_ELSEWHERE}")
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows

    def _write(self, rows: Sequence[Mapping[str, Any]], path: Path) -> None:
        with _kept_whole(path) as unfinished:
            self._parquet.write_table(self._table(rows), unfinished)

    def _write_csv(self, rows: Sequence[Mapping[str, Any]], path: Path) -> None:
        with _kept_whole(path) as unfinished:
            table = self._table([_for_a_spreadsheet(row) for row in rows])
            needed("pyarrow.csv", "study", "write a CSV file").write_csv(table, unfinished)

    def _table(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """The rows with our note; a column in which nothing happened holds numbers all the same."""
        table = self._arrow.Table.from_pylist(list(rows))
        number, nothing = self._arrow.float64(), self._arrow.null()
        columns = [field.with_type(number) if field.type == nothing else field for field in table.schema]
        note = json.dumps({"study": self._study, "label": "simulation"}).encode()
        return table.cast(self._arrow.schema(columns, {META: note}))


def _for_a_spreadsheet(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with an apostrophe before any text that a spreadsheet would run as a formula."""
    return {name: f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA else cell for name, cell in row.items()}


@contextmanager
def _kept_whole(path: Path) -> Iterator[Path]:
    try:
        make(path.parent)
        with written_whole(path, _KINDS[path.suffix]) as unfinished:
            yield unfinished
    except OSError as broken:
        raise refused(f"runs cannot be kept in {path}: {broken.strerror or broken}; give another file") from None


_ELSEWHERE: Final = "give another file, or move this one away"


def _first_line(broken: Exception) -> str:
    return str(broken).partition("\n")[0].rstrip(".")


def fingerprint(*parts: object) -> str:
    """The same for the same study only, in every process."""
    return blake2b(repr(_plain(parts)).encode(), digest_size=12).hexdigest()


def _plain(value: object) -> object:
    """Without what differs from process to process: the order of a set."""
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, [(f.name, _plain(getattr(value, f.name))) for f in fields(value)]
    if isinstance(value, Mapping):
        return [(_plain(key), _plain(part)) for key, part in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(repr(_plain(part)) for part in value)
    return [_plain(part) for part in value] if isinstance(value, tuple | list) else value
