"""Standard output and standard error as they leave the program: without secrets, and quiet once nobody reads them.

Everything that a command, a library, a log or a traceback prints passes here, so that no command can forget it. What
goes into a file passes `files.write_text`.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from failback.adapters.redaction import redacted


class RedactedStream:
    """A text stream that hides secrets. `unredacted` is the stream behind it, for the one line that has to have one.

    A reader that has gone (`| head -1`) is no mistake: the rest is dropped, and the command ends as it would have.
    """

    def __init__(self, behind: TextIO) -> None:
        self.unredacted = behind
        self._gone = False

    def write(self, text: str) -> int:
        """Write the text, redacted."""
        with self._while_read():
            self.unredacted.write(redacted(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write them all, redacted."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Hand on what waits."""
        with self._while_read():
            self.unredacted.flush()

    def __getattr__(self, name: str) -> Any:
        """All else is the stream's; not its bytes, by which one could write past this."""
        if name in ("buffer", "unredacted"):
            raise AttributeError(name)
        return getattr(self.unredacted, name)

    @contextmanager
    def _while_read(self) -> Iterator[None]:
        try:
            yield
        except OSError as broken:
            if not self._gone:
                self._gone = True
                _into_nothing(self.unredacted)
            if not isinstance(broken, BrokenPipeError):
                raise


def _into_nothing(stream: TextIO) -> None:
    """Let what still waits in the stream, and all that follows, go nowhere: Python flushes it once more at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@contextmanager
def redacted_streams() -> Iterator[None]:
    """Put both in place until the end."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _over(sys.stdout), _over(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def print_with_login(text: str) -> None:
    """Print a line that is of no use without the login in it: that of a simulator which we have just started."""
    stream = getattr(sys.stdout, "unredacted", sys.stdout)
    print(text, file=stream, flush=True)


def _over(stream: Any) -> Any:
    return stream if stream is None or isinstance(stream, RedactedStream) else RedactedStream(stream)
