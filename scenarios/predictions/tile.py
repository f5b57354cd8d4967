"""A tile of the first screen: what it is about, the answer in a few words, and labelled notes."""

from dataclasses import dataclass

from failback.scenarios.text.language import joined, said


@dataclass(frozen=True, slots=True)
class Tile:
    """`notes` are pairs of a label and what is said under it."""

    title: str
    words: str
    notes: tuple[tuple[str, str], ...] = ()


def tile_line(tile: Tile) -> str:
    """The tile in a line."""
    notes = joined((said("{label}: {text}", label=label, text=text) for label, text in tile.notes), "; ")
    line = said("{label}: {text}", label=tile.title, text=tile.words)
    return said("{amount} ({note})", amount=line, note=notes) if notes else line
