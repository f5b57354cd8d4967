"""Temporary folders of our own: nobody else reads them, and one that a killed process left is swept by the next."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Final

IN_USE: Final = "in-use"
"""File whose lock the owner of a folder holds as long as it lives, however it ends."""


@contextmanager
def scratch_folder(prefix: str, within: Path | None = None) -> Iterator[Path]:
    """A new folder whose name begins so, in the temporary folder or elsewhere; removed at the end.

    First removes what killed processes left of the same kind. Raises OSError.
    """
    home = within or Path(gettempdir())
    sweep(home, prefix)
    folder = Path(mkdtemp(prefix=prefix, dir=home))
    try:
        with _in_use(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(home: Path, prefix: str) -> None:
    """Remove the folders of this kind that are ours and whose owner is gone. One that cannot be removed is left."""
    with suppress(OSError):
        for folder in sorted(home.glob(f"{prefix}*")):
            with suppress(OSError):
                _sweep(folder)


def _is_ours(folder: Path) -> bool:
    """A real folder that belongs to this user."""
    seen = folder.lstat()
    return stat.S_ISDIR(seen.st_mode) and (not hasattr(os, "getuid") or seen.st_uid == os.getuid())


if sys.platform == "win32":  # a file that is open cannot be removed there: that is lock enough

    def _sweep(folder: Path) -> None:
        if _is_ours(folder):
            (folder / IN_USE).unlink()
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _in_use(folder: Path) -> Iterator[None]:
        with (folder / IN_USE).open("wb"):
            yield

else:
    import fcntl

    def _sweep(folder: Path) -> None:
        if _is_ours(folder):
            with (folder / IN_USE).open("r+b") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _in_use(folder: Path) -> Iterator[None]:
        """Hold the lock. The file gets its name once it is locked, so that nobody takes it for a dead one's."""
        new = folder / f"{IN_USE}.new"
        with new.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            new.rename(folder / IN_USE)
            yield
