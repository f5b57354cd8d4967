"""Waiting for vSphere's tasks, several at once, by leaf properties."""

import time
from collections.abc import Mapping
from typing import Any, Final

from pyVmomi import vim

from failback.reprotect import VsphereRefused

from .vsphere_errors import refused
from .vsphere_properties import ObjectValues, PropertyReader
from .vsphere_session import VsphereSession

TASK_TIMEOUT_S: Final = 600.0
"""Seconds of wall time after which tasks are given up on."""
PAUSE_MIN_S: Final = 0.002
PAUSE_MAX_S: Final = 1.0
"""Bounds of the pause between two looks, which doubles."""


def wait_for(session: VsphereSession, tasks: Mapping[str, Any], timeout_s: float = TASK_TIMEOUT_S) -> None:
    """Wait until all tasks have ended; the keys say what each does ("powering off app-1").

    Raises `VsphereRefused` for the first that failed, or when `timeout_s` seconds of wall time have passed.
    """
    names = {task: doing for doing, task in tasks.items()}
    deadline_s, pause_s = time.monotonic() + timeout_s, PAUSE_MIN_S
    while names:
        for row in _look(session, names):
            if _ended(row, names[row.ref], session.settings.address):
                del names[row.ref]
        if names:
            _give_up_after(deadline_s, timeout_s, session.settings.address, names)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_MAX_S)


def _look(session: VsphereSession, names: Mapping[Any, str]) -> list[ObjectValues]:
    doing = next(iter(names.values()))
    return session.read(doing, lambda content: PropertyReader(content).of(names, "info.state", "info.error"))


def _ended(row: ObjectValues, doing: str, where: str) -> bool:
    if row.get("info.state") == vim.TaskInfo.State.error:
        raise refused(doing, where, row.get("info.error"))
    return bool(row.get("info.state") == vim.TaskInfo.State.success)


def _give_up_after(deadline_s: float, timeout_s: float, where: str, names: Mapping[Any, str]) -> None:
    if time.monotonic() > deadline_s:
        raise VsphereRefused(
            f"vSphere at {where} has not ended within {timeout_s:.0f} s: {', '.join(names.values())}. "
            "Check its recent tasks, wait for them or cancel them, and run again."
        )
