"""Folders for what a command writes: tried before anything is played, so that nothing is played for nothing."""

from pathlib import Path
from tempfile import TemporaryFile

from .there import is_file
from .yaml_source import BadInput, Mistake


def ready(folder: Path) -> Path:
    """The folder, made where it was not there. Raises `BadInput` where nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError as broken:
        why = "it is a file" if is_file(folder) else broken.strerror or str(broken)
        text = f"nothing can be written there ({why}); give another folder with --out"
        raise BadInput(Mistake("", str(folder), 0, text)) from None
