"""From a fresh checkout: `python3 run.py demo` shows failback at work, `python3 run.py test` checks everything.

`python3 run.py bundle` makes a zip for machines without a network.

Needs Python 3.11 or later and nothing else. What it installs, pinned by hash, goes into `.venv` beside this file.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

USAGE = """usage: python3 run.py demo [arguments of `failback demo`]
       python3 run.py test [arguments of pytest]
       python3 run.py bundle --platform win_amd64 [--python 3.12] [--out FOLDER]"""
PYTHON_MIN = (3, 11)
TEST_WORKERS = "2"  # two cores are what continuous integration has
NO_TESTS = 5  # pytest's exit code when nothing was selected

REQUIRED = tuple(f"FAILBACK_REQUIRE_{what}" for what in ("VCSIM", "CHROMIUM", "NODE", "GO", "AZ"))
"""Under CI a test that lacks one of these fails instead of being skipped."""
SYSTEM_PACKAGES = {"chromium": "chromium", "nodejs": "node", "npm": "npm", "golang-go": "go"}

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
AZURE_CLI = VENV / "azure-cli"  # apart: it pins other versions of what the project itself uses
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "installed.txt"

CHECKS = (
    ("failback", "vcsim", "--install"),
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
QUICK = ("pytest", "-m", "not slow", "-n", TEST_WORKERS)
SLOW = ("pytest", "-m", "slow", "-n", TEST_WORKERS, "--dist", "worksteal")  # the longest take a minute


def main(arguments: list[str]) -> int:
    """Do what was asked and answer with its exit code."""
    refuse_what_cannot_work()
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command that runs; its exit code tells the rest
    asked, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if asked == "demo":
        return prepare("base", "dev") or run("failback", "demo", *rest, folder=Path.cwd())
    if asked == "test":
        return prepare("dev") or check(rest)
    if asked == "bundle":
        return prepare("dev") or run("python", str(ROOT / "tools" / "bundle.py"), *rest, folder=Path.cwd())
    print(USAGE, file=sys.stderr)
    return 0 if asked in {"-h", "--help"} else 2


def refuse_what_cannot_work() -> None:
    if sys.version_info < PYTHON_MIN:
        have, need = (".".join(map(str, version[:2])) for version in (sys.version_info, PYTHON_MIN))
        sys.exit(f"This is Python {have}, and failback needs {need} or later. Start run.py with a newer one.")
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        sys.exit(
            "This Python cannot make a virtual environment: its venv or ensurepip module is missing. On Debian and "
            "Ubuntu both come with the package python3-venv; elsewhere, use a Python from python.org."
        )


def prepare(*sufficient: str) -> int:
    """Install the first of the named sets of packages, unless any of them is in place already."""
    if read(STAMP) in map(digest, sufficient):
        return 0
    say("Installing the pinned packages into .venv; the first time takes a minute or two.")
    STAMP.unlink(missing_ok=True)
    failed = make_venv() or install(sufficient[0])
    if failed:
        say("The packages could not be installed; the lines above say why. Once that is mended, run this again.")
        return failed
    STAMP.write_text(digest(sufficient[0]), encoding="utf-8")
    return 0


def make_venv() -> int:
    return 0 if venv_works() else call(sys.executable, "-m", "venv", "--clear", str(VENV))


def venv_works() -> bool:
    """Tell whether what stands there runs, has pip and is of the Python that runs this."""
    question = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return executable("python").exists() and call(str(executable("python")), "-c", question) == 0


def install(packages: str) -> int:
    pip = ("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return run(*pip, "--require-hashes", "-r", f"constraints/{packages}.txt") or run(
        *pip, "--no-deps", "--no-build-isolation", "-e", "."
    )


def check(pytest_arguments: list[str]) -> int:
    """Run every check, cheapest first, and stop at the first that fails."""
    if os.environ.get("CI"):
        install_system_packages()
        if failed := install_azure_cli():
            return failed
    for step in (*CHECKS, (*QUICK, *pytest_arguments)):
        failed = run(*step)
        if failed:
            return failed
    slow = run(*SLOW, *pytest_arguments)
    return 0 if slow == NO_TESTS else slow


def install_system_packages() -> None:
    """Give a bare Debian machine its browser, Node.js and Go; elsewhere the tests say what is missing."""
    lacking = [package for package, program in SYSTEM_PACKAGES.items() if shutil.which(program) is None]
    if lacking and shutil.which("apt-get"):
        call("apt-get", "update", "-qq")
        call("apt-get", "install", "-y", "-qq", *lacking)


def install_azure_cli() -> int:
    """Give the tests the Azure CLI, which takes a minute and 700 MB; elsewhere they use what FAILBACK_AZ names."""
    pins, done = ROOT / "constraints" / "azure-cli.txt", AZURE_CLI / "installed.txt"
    if read(done) == read(pins):
        return 0
    say("Installing the Azure CLI for the tests.")
    python = AZURE_CLI / SCRIPTS.name / "python"
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    make = (sys.executable, "-m", "venv", "--clear", str(AZURE_CLI))
    if failed := call(*make) or call(*pip, "--require-hashes", "-r", str(pins)):
        return failed
    done.write_text(read(pins), encoding="utf-8")
    return 0


def run(tool: str, *arguments: str, folder: Path = ROOT) -> int:
    """Run a tool of the virtual environment."""
    say(f"$ {shlex.join((tool, *arguments))}")
    return call(str(executable(tool)), *arguments, folder=folder)


def executable(tool: str) -> Path:
    return SCRIPTS / (tool + (".exe" if os.name == "nt" else ""))


def call(*command: str, folder: Path = ROOT) -> int:
    environment = {**os.environ, "PATH": os.pathsep.join((str(SCRIPTS), os.environ.get("PATH", "")))}
    if environment.get("CI"):
        environment |= dict.fromkeys(REQUIRED, "1")
        environment.setdefault("FAILBACK_AZ", str(AZURE_CLI / SCRIPTS.name / "az"))
    return subprocess.call(command, cwd=folder, env=environment)


def digest(packages: str) -> str:
    """What the environment was made from: the pins, the project's declaration, the place and the Python."""
    files = (ROOT / "constraints" / f"{packages}.txt", ROOT / "pyproject.toml")
    parts = (*(file.read_bytes() for file in files), str(ROOT).encode(), bytes(sys.version_info[:2]))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
