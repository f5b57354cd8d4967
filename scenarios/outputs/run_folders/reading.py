"""Reads a file that a run has left: a regular one, and no larger than memory."""

import os
import stat
from errno import EFBIG, EINVAL
from pathlib import Path
from typing import Final

SIZE_MAX_BYTES: Final = 2_000_000_000
"""Two million lines have a fifth of it."""


def bytes_of(path: Path) -> bytes:
    """The content. Raises `OSError`, also where it is no file but a pipe, which would be waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(EINVAL, "it is not a regular file")
        if found.st_size > SIZE_MAX_BYTES:
            raise OSError(EFBIG, "it is larger than two gigabytes")
        return file.read()
