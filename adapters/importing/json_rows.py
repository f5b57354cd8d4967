"""JSON as people have it: one object, lists, pages joined one behind the other, answers of Resource Graph."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .files import Blob
from .records import CannotImport
from .tables import decoded

Json = Mapping[str, Any]
_LISTS: Final = ("value", "data")
"""Under which key an envelope has its rows: of a list, of Resource Graph."""


@dataclass(slots=True)
class JsonRows:
    """The objects of a file, and the next pages that a list promises. `plain_lists`: those without an envelope."""

    rows: list[Json] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    pages: int = 0
    plain_lists: int = 0


def json_rows(blob: Blob) -> JsonRows:
    """All objects in a file. Raises `CannotImport`."""
    found = JsonRows()
    written = decoded(blob).strip().lstrip("\ufeff")
    if not written:
        raise CannotImport(blob.name, "the file is empty; the request that wrote it may have failed, so send it again")
    for document in _documents(written, blob.name):
        _refuse_error(document, blob.name)
        _take(document, found)
    return found


def _refuse_error(document: Any, name: str) -> None:
    """An answer of Azure that is none."""
    error = document.get("error") if isinstance(document, Mapping) and "id" not in document else None
    if isinstance(error, Mapping) and error.get("code"):
        words = " ".join(f"{error['code']}: {error.get('message') or ''}".split())[:300]
        raise CannotImport(name, f"it holds an error of Azure ({words}); send the request again once it is permitted")


def _documents(text: str, name: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    try:
        while at < len(text):
            document, end = decoder.raw_decode(text, at)
            yield document
            at = end + len(text[end:]) - len(text[end:].lstrip()) if end < len(text) else end
    except (ValueError, RecursionError) as broken:
        hint = "save the answer of `az rest` or `ConvertTo-Json` as it is"
        raise CannotImport(name, f"this is not JSON ({broken}); {hint}") from None


def _take(document: Any, found: JsonRows) -> None:
    if isinstance(document, list):
        found.plain_lists += 1
        for each in document:
            _take(each, found)
    elif isinstance(document, Mapping):
        rows = next((document[key] for key in _LISTS if isinstance(document.get(key), list)), None)
        if rows is None:
            found.rows.append(document)
            return
        found.pages += 1
        if promised := document.get("nextLink") or document.get("skip_token") or document.get("$skipToken"):
            found.promised.append(str(promised))
        found.rows += [row for row in rows if isinstance(row, Mapping)]


def merged_rows(rows: list[Json]) -> list[Json]:
    """Each resource once: where a list and a single read show it, the fuller words of both."""
    by_id: dict[str, Json] = {}
    for number, row in enumerate(rows):
        key = str(row.get("id") or row.get("ID") or f"#{number}").casefold()
        by_id[key] = _fuller(by_id[key], row) if key in by_id else row
    return list(by_id.values())


def _fuller(one: Json, other: Json) -> Json:
    return {key: _fuller_value(one.get(key), other.get(key)) for key in {**one, **other}}


def _fuller_value(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return _fuller(one, other)
    return one if other in (None, [], {}, "") else other
