"""The history of a run outside this process: each line has a checksum; what is whole is read, or nothing is.

A crash leaves what was synced and any part of the rest, so that the last line may be cut; it was not acted on. A line
that is whole and does not fit its checksum, or its number, was damaged: nobody knows what else was, so it is refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zlib import crc32

from failback.reprotect import CHECKSUM
from failback.reprotect.driver import Recorded, Replay
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.run.player import drill_of

from .history_lines import recorded_of
from .reading import bytes_of

_TAIL_SIZE: Final = len(f',"{CHECKSUM}":"00000000"}}')
_NOT_WHOLE: Final = (
    "it was damaged, or was not written by a run that can be resumed. Nothing was asked of anybody. Look in the vault "
    "how far the machines are, and begin a new run from there"
)


def sealed(text: bytes) -> bytes:
    """The text of a line with its checksum as the last key."""
    return text[:-1] + _tail(text)


def is_sealed(text: bytes) -> bool:
    """Whether the line ends with a checksum, and with its own."""
    return text[-_TAIL_SIZE:] == _tail(text[:-_TAIL_SIZE] + b"}")


def _tail(text: bytes) -> bytes:
    return f',"{CHECKSUM}":"{crc32(text):08x}"}}'.encode()


@dataclass(frozen=True, slots=True)
class Journal:
    """What can be read, and how many bytes of the file that is; the rest was being written when the run ended."""

    lines: tuple[Recorded, ...]
    size_bytes: int


def read_journal(path: Path) -> Journal:
    """The lines of a run to be resumed. Raises `BadInput`, in one paragraph, for whatever is not whole."""
    try:
        return journal_of(bytes_of(path), str(path))
    except OSError as broken:
        raise _bad(str(path), 0, f"the history cannot be read: {broken.strerror}") from broken


def journal_of(content: bytes, name: str, decoded: Callable[[bytes], Recorded | None] = recorded_of) -> Journal:
    """The same of bytes that were read. Raises `BadInput`, which says that they are from `name`.

    `decoded` gives what a line says; whoever reads the same lines often may remember it.
    """
    texts, tail = content.split(b"\n")[:-1], content[content.rfind(b"\n") + 1 :]
    if is_sealed(tail):  # all but its end was written
        texts, tail = [*texts, tail], b""
    return Journal(tuple(_lines(name, texts, decoded)), len(content) - len(tail))


def since_the_first_step(journal: Journal, scenario: Scenario) -> Journal:
    """Nothing of one that breaks off in the first look: nothing was asked, and the run begins anew.

    Raises `Diverged` where the rules do not lead to what it says.
    """
    return replayed(journal, scenario)[0]


def replayed(journal: Journal, scenario: Scenario) -> tuple[Journal, Replay]:
    """The same, and a fresh drill that has heard it. Raises `Diverged`."""
    replay = Replay(drill_of(scenario), journal.lines)
    return (journal, replay) if replay.begun else (Journal((), 0), Replay(drill_of(scenario), ()))


def _lines(name: str, texts: list[bytes], decoded: Callable[[bytes], Recorded | None]) -> Iterator[Recorded]:
    last_s = 0.0
    for at, text in enumerate(texts, 1):
        found = decoded(text) if is_sealed(text) else None
        if found is None:
            raise _bad(name, at, f"this line does not match its checksum: {_NOT_WHOLE}")
        if found.line.n != at or found.line.t_s < last_s:
            what = f"number {at} at {last_s:g} s or later was expected, found {found.line.n} at {found.line.t_s:g} s"
            raise _bad(name, at, f"{what}: {_NOT_WHOLE}")
        last_s = found.line.t_s
        yield found


def _bad(name: str, line: int, what: str) -> BadInput:
    return BadInput(Mistake("", name, line, what))
