"""A folder in which really nothing can be written, for root too, and without a mount."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

VERSION_3: Final = 0x20080522
PASSES_OVER_MODES: Final = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: by these root writes and reads where the mode says no."""

possible = pytest.mark.skipif(
    sys.platform == "win32" or (os.geteuid() == 0 and sys.platform != "linux"),
    reason="modes are POSIX's, and only Linux lets root keep to them",
)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """While the block runs, this thread can write nothing in the folder."""
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    try:
        with _as_the_modes_say():
            yield
    finally:
        folder.chmod(mode)


@contextmanager
def _as_the_modes_say() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    system, header, now = ctypes.CDLL(None, use_errno=True), _Header(VERSION_3, 0), (_Set * 2)()
    assert system.capget(ctypes.byref(header), now) == 0
    before = now[0].effective
    now[0].effective = before & ~PASSES_OVER_MODES
    assert system.capset(ctypes.byref(header), now) == 0
    try:
        yield
    finally:
        now[0].effective = before
        assert system.capset(ctypes.byref(header), now) == 0
