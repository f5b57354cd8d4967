"""The command `note`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class NoteOptions:
    """What may be asked of it."""

    folder: Annotated[Path, typer.Argument(help="The folder written by `failback watch`.")]
    text: Annotated[str, typer.Argument(help="What was decided, in quotes.")]


def note(options: NoteOptions) -> int:
    """Record a decision in the history that `failback watch` keeps; `watch.html` shows it."""
    from failback.scenarios.watching.notes import add_note

    taken = add_note(options.folder, options.text)
    print("Noted." if taken else "Noted; the watch in progress adds it to its history at its next read.")
    return AS_EXPECTED
