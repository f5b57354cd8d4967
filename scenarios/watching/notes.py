"""Decisions that people write down: they wait beside the history until the watch, or the next command, takes them.

Each is a line of JSON that is added in one step, so that it can be written while a watch has the history.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from failback.adapters.redaction import redacted
from failback.scenarios.outputs.refusal import CannotWrite, why
from failback.scenarios.outputs.writing import OWNER_ONLY
from failback.scenarios.usage_error import UsageError

from .folder import kept, reopened
from .record import DECISION, Record
from .recorder import Recorder

WAITING: Final = "decisions.jsonl"
TEXT_MAX: Final = 2000
"""Characters of one decision; the history is no place for documents."""


def add_note(folder: Path, text: str) -> bool:
    """Write a decision down; returns whether the history has it already. Raises `BadInput`, `UsageError`."""
    kept(folder)
    said = " ".join(text.split())
    if not said or len(said) > TEXT_MAX:
        raise UsageError(f"The decision has {len(said)} characters; write 1 to {TEXT_MAX}.")
    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "text": redacted(said)}) + "\n"
    _append(folder / WAITING, line.encode())
    try:
        with reopened(folder) as night:
            record = Record(())
            record.recall(night.recorded)
            take_notes(folder, Recorder(record, night.history, night.zero))
    except CannotWrite:  # a watch goes on there, and takes it with its next look
        return False
    return True


def take_notes(folder: Path, recorder: Recorder) -> None:
    """Take the decisions that wait into the history, at the second where the night stands."""
    path = folder / WAITING
    taking = path.with_suffix(".taken")
    with suppress(FileNotFoundError):
        if not taking.exists():
            path.replace(taking)
    if not taking.exists():
        return
    for at, text in _waiting(taking):
        recorder.note(recorder.record.now_s, DECISION, {"text": text, "at": at})
    recorder.sync()
    taking.unlink()


def _waiting(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with suppress(ValueError, KeyError, TypeError):
            data = json.loads(line)
            yield str(data["at"]), str(data["text"])


def _append(path: Path, line: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(path, flags, OWNER_ONLY), "ab", buffering=0) as file:
            file.write(line)
            os.fsync(file.fileno())
    except OSError as broken:
        raise CannotWrite(path, f"the decision cannot be written: {why(broken)}") from broken
