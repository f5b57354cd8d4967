"""Lists that end in the middle, since `az rest` reads one page: which they are, and the command that reads the rest."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from urllib.parse import urlsplit

from failback.adapters.translation import Json, text

_GET: Final = "az rest --method get --url"
_PAGE: Final = f'p=$({_GET} "$u" -o json) || break'
_WHOLE: Final = (
    "printf '%s\\n' \"$p\"; u=$(printf '%s' \"$p\" | "
    'python3 -c \'import json, sys; print(json.load(sys.stdin).get("nextLink") or "")\')'
)
_ROWS: Final = "printf '%s\\n' \"$p\" | tail -n +2; u=$(printf '%s\\n' \"$p\" | head -n 1)"
"""The first line is the link to the next page, and each other one a row."""
_LINK: Final = re.compile(r"https://[\w.-]+(:\d+)?/[^\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A file of a vault: its rows, the links to next pages in it, and whether its last list ends in the middle."""

    name: str
    rows: Sequence[Json]
    promised: Sequence[str]
    pages: int

    @property
    def ends_in_the_middle(self) -> bool:
        """One link more than pages that follow."""
        return len(self.promised) >= max(1, self.pages)


def pages_command(url: str, query: str = "") -> str:
    """A command of a shell that reads a list from this address on, each page once, and prints all answers."""
    read = f'p=$({_GET} "$u" --query "[nextLink || \'\', {query}][]" -o tsv) || break' if query else _PAGE
    return f'u={shlex.quote(url)}; while [ -n "$u" ]; do {read}; {_ROWS if query else _WHOLE}; done'


def half_lists(files: Sequence[JsonFile]) -> Iterator[str]:
    """A sentence for each file whose list goes on in none of the others."""
    for file in files:
        if file.ends_in_the_middle and not any(_continues(other, file) for other in files):
            yield (
                f"{file.name} ends in the middle of a list: its next page is missing, so machines may be too. "
                f"{_how(file)}, and import again with all of these files."
            )


def _how(file: JsonFile) -> str:
    link = file.promised[-1]
    if not _LINK.fullmatch(link):
        return "Run the same query again with --skip-token"
    return f"Read the rest with: ({pages_command(link)}) > {shlex.quote(f'{PurePath(file.name).stem}-rest.json')}"


def _continues(other: JsonFile, file: JsonFile) -> bool:
    """Whether it has the last pages of the same list: of this kind, below the same resource, with no link open."""
    if other is file or not other.pages or other.ends_in_the_middle:
        return False
    above, _, kind = urlsplit(file.promised[-1]).path.casefold().rpartition("/")
    ids = (text(row.get("id")).casefold() for row in other.rows)
    return bool(kind) and any(one.startswith(f"{above}/") and f"/{kind}/" in one for one in ids)
