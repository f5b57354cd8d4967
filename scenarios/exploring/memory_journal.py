"""A journal that is no file: the same bytes, of which a crash leaves what was synced and any part of the rest."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from failback.reprotect import Line
from failback.scenarios.outputs.run_folders.history_lines import recorded_of
from failback.scenarios.outputs.run_folders.journal import Journal, journal_of, sealed

from .case import Kept

LINES_MAX: Final = 50_000
"""Lines whose contents are remembered."""


class MemoryJournal:
    """Takes lines as a file does, and keeps those in `lines`. `before_line` is called before each of the driver's."""

    def __init__(self, before_line: Callable[[], None], content: bytes = b"") -> None:
        self.content = bytearray(content if content.endswith(b"\n") or not content else content + b"\n")
        self.lines: list[Line] = []
        self._before_line, self._synced = before_line, len(self.content)

    def write(self, line: Line) -> None:
        """One line. A fault strikes in the world, where nobody can crash."""
        if line.kind != "fault":
            self._before_line()
        self.lines.append(line)
        self.content += sealed(line.as_json().encode()) + b"\n"

    def sync(self) -> None:
        """All so far outlives a crash."""
        self._synced = len(self.content)

    def after_crash(self, keeps: Kept) -> bytes:
        """What is found later."""
        match keeps:
            case Kept.SYNCED:
                return bytes(self.content[: self._synced])
            case Kept.ALL:
                return bytes(self.content)
            case Kept.TORN:
                return bytes(self.content[: self._torn_at()])

    def _torn_at(self) -> int:
        """In the middle of the last line that was not synced."""
        last = self.content.rfind(b"\n", self._synced, len(self.content) - 1) + 1
        start = max(last, self._synced)
        return start + (len(self.content) - start) // 2


def read(content: bytes) -> Journal:
    """The lines that can be read. Raises `BadInput`."""
    return journal_of(content, "history.jsonl", _decoded)


_decoded: Final = lru_cache(maxsize=LINES_MAX)(recorded_of)
"""Equal bytes say the same: thousands of drills with one beginning read its lines once."""
