"""The consoles of rich on which failback prints: a name or a message acts neither on the terminal nor as markup."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from failback.reprotect import escaped


class CleanConsole(Console):
    """A rich console that escapes what a terminal would obey, and takes `[brackets]` in names for what they are."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Turn into segments, cleaned."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(escaped(segment.text), segment.style)


def console(**how: Any) -> Console:
    """A console on standard output, or as `how` says in rich's words."""
    return CleanConsole(markup=False, emoji=False, **how)
