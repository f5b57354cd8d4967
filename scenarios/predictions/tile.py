"""A tile of the first screen: what it is about, the answer in a few words, and labelled notes."""

from collections.abc import Iterator
from dataclasses import dataclass

from failback.scenarios.text.language import said


@dataclass(frozen=True, slots=True)
class Tile:
    """`notes` are pairs of a label and what is said under it."""

    title: str
    words: str
    notes: tuple[tuple[str, str], ...] = ()


def tile_lines(tile: Tile) -> Iterator[str]:
    """The tile in a terminal: a line for the answer, and one for each note."""
    yield said("{label}: {text}", label=tile.title, text=tile.words)
    for label, text in tile.notes:
        yield f"  {said('{label}: {text}', label=label, text=text)}"


def tile_line(tile: Tile) -> str:
    """The tile in a part of a sentence: the answer with its first note; the others stand in the tile."""
    line = said("{label}: {text}", label=tile.title, text=tile.words)
    if not tile.notes:
        return line
    label, text = tile.notes[0]
    return said("{amount} ({note})", amount=line, note=said("{label}: {text}", label=label, text=text))
