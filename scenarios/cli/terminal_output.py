"""All that failback prints goes through here, so that no name and no message of others can act on a terminal.

`clean_streams` stands where the command line begins and takes plain print, errors and tracebacks. What rich prints has
escape sequences of its own and goes round the streams: it is cleaned before they are added, by the consoles
of `text.terminal_console`.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO


class CleanStream:
    """A text stream that escapes what a terminal would obey; `rich_proxied_file` is rich's name for what is behind."""

    def __init__(self, behind: TextIO) -> None:
        self.rich_proxied_file = behind

    def write(self, text: str) -> int:
        """Write the text, cleaned."""
        from failback.reprotect import escaped  # here, so that --help, which rich writes, does not wait for it

        self.rich_proxied_file.write(escaped(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write them all, cleaned."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        """All else is the stream's; not its bytes, by which one could write past this."""
        if name in ("buffer", "rich_proxied_file"):
            raise AttributeError(name)
        return getattr(self.rich_proxied_file, name)


@contextmanager
def clean_streams() -> Iterator[None]:
    """Standard output and standard error as clean streams that can write any character, until the end."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = clean(sys.stdout), clean(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def clean(stream: Any) -> Any:
    """The stream, cleaned; one that is clean already, or missing, stays as it is."""
    if stream is None or isinstance(stream, CleanStream):
        return stream
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return CleanStream(stream)
