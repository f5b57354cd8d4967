"""Finding, starting and stopping a vcsim, the vCenter simulator that world `lab` talks to."""

import os
import re
import secrets
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import IO, Final

from failback.reprotect import Unreachable, scratch_folder

from .liveness import Guard
from .redaction import remember_login, remember_secret, without_login
from .settings_file import BadSettings
from .vcsim_build import cached_vcsim, install_vcsim, is_file
from .vsphere_settings import VsphereSettings, settings_from_url

__all__ = [
    "RunningVcsim",
    "VcsimDied",
    "VcsimMissing",
    "VcsimSource",
    "find_vcsim",
    "install_vcsim",
    "open_vcsim",
    "start_vcsim",
]

USER: Final = "failback"
START_TIMEOUT_S: Final = 60.0
"""Seconds within which a vcsim must say where it listens."""
STOP_TIMEOUT_S: Final = 5.0
"""Seconds between closing its input, asking it to end and killing it."""
STDERR_LINES: Final = 40
"""Last lines of its standard error that are kept."""
OWN_GROUP: Final[int] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""On Windows what `start_new_session` is elsewhere."""
ADDRESS: Final = re.compile(r"GOVC_URL=(\S+)")


class VcsimMissing(Unreachable):
    """No vcsim was found. The message says what to do."""


class VcsimDied(Unreachable):
    """A vcsim that we started ended by itself. The message holds what it said last."""


@dataclass(frozen=True, slots=True)
class VcsimSource:
    """A vcsim that was found: the address of a running one, or a binary to start."""

    found_by: str
    binary: Path | None = None
    url: str | None = field(default=None, repr=False)

    @property
    def where(self) -> str:
        """The path or the address, without user and password, for people."""
        return str(self.binary) if self.url is None else without_login(self.url)


@dataclass(frozen=True, slots=True)
class RunningVcsim:
    """A vcsim that runs and ends with us."""

    url: str = field(repr=False)
    """Its address with user and password: what `FAILBACK_VCSIM` takes."""
    pid: int
    scratch: Path
    """A directory of its own, deleted when it stops."""

    def settings(self, within: str | None = None) -> VsphereSettings:
        """How to log in to it."""
        return settings_from_url(self.url, within)


def find_vcsim(environ: Mapping[str, str] | None = None) -> VcsimSource:
    """The vcsim named by FAILBACK_VCSIM (address or path), else one on the PATH, else the one in our cache.

    Raises `VcsimMissing`, and `BadSettings` for an address that is none. Never downloads anything.
    """
    environ = os.environ if environ is None else environ
    named = environ.get("FAILBACK_VCSIM")
    if named:
        return _named(named)
    on_path = shutil.which("vcsim", path=environ.get("PATH", ""))
    if on_path:
        return VcsimSource("PATH", binary=Path(on_path))
    cached = cached_vcsim(environ)
    if cached is not None:
        return VcsimSource("cache", binary=cached)
    raise VcsimMissing(
        "No vcsim was found: FAILBACK_VCSIM is not set, none is on the PATH and none is in the cache. "
        "Run `failback vcsim --install` once to build it, or set FAILBACK_VCSIM to a binary or to the address of a "
        "running one."
    )


def _named(named: str) -> VcsimSource:
    remember_login(named)
    if "://" in named:
        return VcsimSource("FAILBACK_VCSIM", url=_address(named))
    if not (is_file(named) and os.access(named, os.X_OK)):
        raise VcsimMissing(
            f"FAILBACK_VCSIM names {without_login(named)}, which is not a program on this computer. "
            "Set it to the path of a vcsim binary or to an address https://user:password@host:port/sdk, or unset it."
        )
    return VcsimSource("FAILBACK_VCSIM", binary=Path(named))


def _address(named: str) -> str:
    """The address, if it can be one. Raises `BadSettings`."""
    try:
        settings_from_url(named)
    except ValueError as wrong:
        raise BadSettings(str(wrong)) from None
    return named


@contextmanager
def open_vcsim(source: VcsimSource, within: str | None = None) -> Iterator[VsphereSettings]:
    """Settings of a vcsim that runs: a running one is left alone, a binary is started and stopped.

    Raises `ReadOnly` for one that is not on this computer, before anybody logs in there.
    """
    if source.url is not None:
        settings = settings_from_url(source.url, within)
        Guard(settings.where, lambda: True).refuse_live("the login that FAILBACK_VCSIM gives")
        yield settings
    elif source.binary is not None:
        with start_vcsim(source.binary) as running:
            yield running.settings(within)


@contextmanager
def start_vcsim(
    binary: Path, *, listen: str = "127.0.0.1:0", arguments: Sequence[str] = ("-dc", "0")
) -> Iterator[RunningVcsim]:
    """A vcsim with TLS and a password of its own, empty unless `arguments` say otherwise; stopped at the end.

    It reads a pipe that only we hold, so it ends when we do, however we end. When we are killed, one directory
    `failback-vcsim-*` stays in the temporary directory until the next start removes it. The password is an argument of
    the process, as the stock command wants it: other users of this computer may see it.

    Raises `VcsimDied` when it does not come up, or has ended when the body raises `Unreachable`.
    """
    with scratch_folder("failback-vcsim-") as scratch:
        process = _spawn(binary, listen, arguments, str(scratch))
        output = _OutputReader(process)
        try:
            yield RunningVcsim(output.address(binary), process.pid, scratch)
        except Unreachable as error:
            if process.poll() is None or isinstance(error, VcsimDied):
                raise
            raise VcsimDied(output.exit_message(binary)) from error
        finally:
            _stop(process)
            output.close()


def _spawn(binary: Path, listen: str, arguments: Sequence[str], scratch: str) -> subprocess.Popen[str]:
    """Start it aside from our terminal, whose Ctrl-C must reach us only."""
    password = secrets.token_hex(16)
    remember_secret(password)
    login = ("-username", USER, "-password", password)
    command = [str(binary), "-l", listen, "-stdinexit", *login, *arguments]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, "TMPDIR": scratch, "TMP": scratch, "TEMP": scratch},
            start_new_session=True,
            creationflags=OWN_GROUP,
        )
    except OSError as error:
        raise VcsimDied(
            f"The vcsim {binary} could not be started: {error}. "
            "Run `failback vcsim --install`, or correct FAILBACK_VCSIM."
        ) from error


class _OutputReader:
    """Reads both outputs until they end, so that the process never blocks on a full pipe."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._address_read = Event()
        self._url: str | None = None
        self._tail: deque[str] = deque(maxlen=STDERR_LINES)
        self._threads = [Thread(target=listen, daemon=True) for listen in (self._read_output, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def address(self, binary: Path) -> str:
        """The address it prints once it listens."""
        self._address_read.wait(START_TIMEOUT_S)
        if self._url is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_TIMEOUT_S)
            raise VcsimDied(self.exit_message(binary))
        return self._url

    def exit_message(self, binary: Path) -> str:
        """What to tell when it has ended, or has not come up."""
        code = self._process.poll()
        if code is not None:
            self._threads[1].join(STOP_TIMEOUT_S)
        fate = (
            f"said no address within {START_TIMEOUT_S:.0f} s"
            if code is None
            else f"ended by itself with exit code {code}"
        )
        last_lines = " / ".join(self._tail) or "nothing"
        return (
            f"The vcsim {binary} {fate}. Its last lines were: {last_lines}. "
            "Run again; if it repeats, name another vcsim in FAILBACK_VCSIM."
        )

    def close(self) -> None:
        """Let the readers end with the process. One that another process keeps from its end is left behind."""
        for thread in self._threads:
            thread.join(STOP_TIMEOUT_S)

    def _read_output(self) -> None:
        for line in _lines(self._process.stdout):
            found = ADDRESS.search(line)
            if found and self._url is None:
                self._url = found[1]
                self._address_read.set()
        self._address_read.set()

    def _read_errors(self) -> None:
        for line in _lines(self._process.stderr):
            self._tail.append(line.rstrip())


def _lines(pipe: IO[str] | None) -> Iterator[str]:
    """All that it says; who reads a pipe closes it, since nobody else can while it is read."""
    if pipe is not None:
        with suppress(ValueError), pipe:
            yield from pipe


def _stop(process: subprocess.Popen[str]) -> None:
    """Close its input, then ask it to end, then kill it, also when the wait is broken off; always collect it."""
    try:
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        for insist in (process.terminate, process.kill):
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                insist()
    finally:
        process.kill()  # nothing, where it has ended
        process.wait()
