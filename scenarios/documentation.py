"""The pages that are installed with the program."""

from importlib.resources import files
from pathlib import Path

from .files.yaml_source import BadInput, Mistake


def pages() -> dict[str, Path]:
    """Name to file, in alphabetical order."""
    folder = Path(str(files("failback.docs")))
    return {path.stem: path for path in sorted(folder.glob("*.md"))}


def page(name: str) -> Path:
    """The file of one page. Raises `BadInput`."""
    known = pages()
    if name not in known:
        raise BadInput(Mistake("", name, 0, f"there is no page of that name; the pages are {', '.join(known)}"))
    return known[name]
