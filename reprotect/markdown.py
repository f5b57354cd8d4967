"""The parts of a generated page: tables, diagrams and the frame."""

from collections.abc import Iterable, Sequence
from typing import Final

GENERATED: Final = (
    "<!-- Generated from the tables in reprotect/ (function pages of failback.reprotect); do not edit. -->"
)


def page(title: str, *parts: str) -> str:
    """The whole page, its paragraphs and tables apart."""
    return "\n\n".join((GENERATED, f"# {title}", *parts)) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    """A bar would begin another cell."""
    return text.replace("|", r"\|")


def state_diagram(edges: Iterable[str]) -> str:
    """A drawing in Mermaid of these edges, each once."""
    lines = dict.fromkeys(f"    {edge}" for edge in edges)
    return "\n".join(("```mermaid", "stateDiagram-v2", *lines, "```"))
