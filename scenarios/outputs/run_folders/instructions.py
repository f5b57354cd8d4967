"""What people tell a run that is in progress: a file in its folder, one line per instruction, read as it grows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from failback.reprotect import Instructed, Instruction
from failback.scenarios.outputs.lock import Busy, locked
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.writing import refuse_what_is_not_ours, write_text

INSTRUCTIONS: Final = "instructions.jsonl"
KEY: Final = "failback_instruction"
LINE_MAX_BYTES: Final = 4_096
"""A longer line is no instruction."""
_LOCK: Final = ".instructions.lock"


def add_instruction(folder: Path, instruction: Instruction, item: str = "") -> None:
    """Add one line: all of it, or none. Raises `CannotWrite`."""
    path, text = folder / INSTRUCTIONS, json.dumps({KEY: instruction.value, "item": item}) + "\n"
    try:
        with locked(folder, _LOCK):
            write_text(path, _so_far(path) + text, "instructions")
    except Busy:
        raise CannotWrite(path, "another `failback tell` is writing an instruction for this run; try again") from None


def _so_far(path: Path) -> str:
    refuse_what_is_not_ours(path, "instructions")
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as broken:
        raise CannotWrite(path, f"the earlier instructions cannot be read: {broken}") from broken


class InstructionFile:
    """Reads what is new. `heard`: instructions that an earlier process has heard, which are not given again."""

    def __init__(self, folder: Path, heard: int = 0) -> None:
        self._path, self._heard, self._lines, self._read_bytes = folder / INSTRUCTIONS, heard, 0, 0

    def new(self) -> Iterator[Instructed]:
        """The instructions since the last call. A line without its end is still being written."""
        for text in self._new_lines():
            self._lines += 1
            found = _instruction(text, self._lines)
            if found is not None and self._lines > self._heard:
                yield found

    def _new_lines(self) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._read_bytes)
                content = file.read()
        except OSError:  # nobody has told it anything, or the folder is away for a moment
            return []
        whole = content[: content.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        return whole.splitlines()


def _instruction(text: bytes, number: int) -> Instructed | None:
    """The instruction of a line; None for what is none, such as a line that somebody edited."""
    try:
        found = json.loads(text) if len(text) <= LINE_MAX_BYTES else {}
        return Instructed(number, Instruction(found[KEY]), str(found["item"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
