"""Finished runs of a study, kept in Parquet as they come, so that an interrupted study goes on where it was."""

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from .extras import needed
from .variants import refused

META: Final = b"failback"
"""Key of our note in the Parquet file's metadata."""


class KeptRuns:
    """Rows in `file`; while a study is under way each batch is a part of its own in a folder beside it."""

    def __init__(self, file: Path, study: str) -> None:
        self._arrow = needed("pyarrow", "study", "keep runs in Parquet")
        self._parquet = needed("pyarrow.parquet", "study", "keep runs in Parquet")
        self._file, self._parts, self._study = file, file.with_name(file.name + ".parts"), study

    def rows(self) -> list[dict[str, Any]]:
        """All rows that are kept. Raises `BadInput` when they are those of another study."""
        return [row for path in self._files() for row in self._read(path)]

    def keep(self, rows: Sequence[dict[str, Any]], part: str) -> None:
        """Keep the rows of one batch. A part appears whole or not at all."""
        self._parts.mkdir(parents=True, exist_ok=True)
        unfinished = self._parts / f"{part}.unfinished"
        self._write(rows, unfinished)
        unfinished.replace(self._parts / f"{part}.parquet")

    def close(self, rows: Sequence[dict[str, Any]]) -> None:
        """All is there: one file, and the parts go."""
        unfinished = self._file.with_name(self._file.name + ".unfinished")
        self._write(rows, unfinished)
        unfinished.replace(self._file)
        for path in self._parts.glob("*") if self._parts.is_dir() else ():
            path.unlink()
        if self._parts.is_dir():
            self._parts.rmdir()

    def _files(self) -> list[Path]:
        whole = [self._file] if self._file.is_file() else []
        return [*whole, *sorted(self._parts.glob("*.parquet"))]

    def _read(self, path: Path) -> Iterable[dict[str, Any]]:
        try:
            table = self._parquet.read_table(path)
        except (OSError, self._arrow.ArrowInvalid) as broken:
            raise refused(f"{path} cannot be read as Parquet ({broken}); move it away and run again") from None
        note = json.loads((table.schema.metadata or {}).get(META, b"{}"))
        if note.get("study") != self._study:
            raise refused(f"{path} has runs of another study, scenario or version; give another file, or move it away")
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows

    def _write(self, rows: Sequence[dict[str, Any]], path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        table = self._arrow.Table.from_pylist(list(rows))
        note = json.dumps({"study": self._study, "label": "simulation"}).encode()
        self._parquet.write_table(table.replace_schema_metadata({META: note}), path)


def fingerprint(*parts: object) -> str:
    """The same for the same study only."""
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()
