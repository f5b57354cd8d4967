"""Makes the folder from which the container images are built: `python tools/containers.py build/containers`.

The images are FROM scratch, so that no registry of images is needed. The vcsim image is one static program. The mock's
image has this Python with its standard library, the shared libraries that it loads, and failback with its pinned
packages. Both are for the operating system and processor of this machine; only Linux can make them.
"""

import argparse
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from failback.adapters import find_vcsim

TOP = Path(__file__).resolve().parents[1]
FILES = ("Containerfile", "compose.yaml")
LEFT_OUT = ("test", "tests", "idlelib", "lib2to3", "tkinter", "turtledemo", "ensurepip", "site-packages", "__pycache__")
"""Parts of the standard library, and of its folder, that the mock does not use."""
LIBRARY = re.compile(r"(/\S+) \(0x")
"""A library's path in what ldd prints."""


def main() -> int:
    """Make it and say where it is."""
    parser = argparse.ArgumentParser(description="Make the folder from which the container images are built.")
    parser.add_argument("out", type=Path, help="a folder that does not exist yet")
    out = parser.parse_args().out.resolve()
    if not sys.platform.startswith("linux"):
        print("The images hold Linux programs of this machine, so they can be made on Linux only.", file=sys.stderr)
        return 2
    if out.exists():
        print(f"{out} is there already. Remove it, or name another folder.", file=sys.stderr)
        return 2
    make(out)
    folder = shlex.quote(str(out))
    print(f"Created {out}. To build the images:")
    print(f"podman build --target vcsim -t failback-vcsim {folder}")
    print(f"podman build --target mock -t failback {folder}")
    return 0


def make(out: Path) -> None:
    """The folder, whole."""
    for name in FILES:
        copy(TOP / "containers" / name, out / name)
    vcsim(out / "vcsim")
    python(out / "mock")
    packages(out / "mock")
    for root in ("vcsim", "mock"):
        (out / root / "tmp").mkdir()
        (out / root / "tmp").chmod(0o1777)


def vcsim(root: Path) -> None:
    """The program that a run of world lab would use, which was built without C."""
    source = find_vcsim()
    if source.binary is None:
        raise SystemExit("FAILBACK_VCSIM names an address; unset it, and run `failback vcsim --install`.")
    copy(source.binary, root / "vcsim")
    libraries([source.binary], root)


def python(root: Path) -> None:
    """This Python at the path where it is installed, with what it loads."""
    program = Path(sys.base_prefix) / "bin" / f"python{sysconfig.get_python_version()}"
    library = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))
    copy(program, inside(root, program))
    (root / "python3").symlink_to(program)
    shutil.copytree(library, inside(root, library), ignore=shutil.ignore_patterns(*LEFT_OUT, "config-*"))
    libraries([program, *library.rglob("lib-dynload/*.so")], root)


def packages(root: Path) -> None:
    """Failback and its pinned packages, and what those load."""
    site = root / "opt" / "failback"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(site)]
    subprocess.run([*pip, "--require-hashes", "-r", str(TOP / "constraints" / "base.txt")], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", str(TOP)], check=True)
    libraries(site.rglob("*.so*"), root)


def libraries(programs: Iterable[Path], root: Path) -> None:
    """The shared libraries of these programs, where the loader looks for them."""
    for library in {Path(found) for program in programs for found in loaded_by(program)}:
        if not library.is_relative_to(root):
            copy(library, inside(root, library))


def loaded_by(program: Path) -> Iterator[str]:
    """What the dynamic loader would load with it; nothing for a static program."""
    said = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False).stdout
    yield from LIBRARY.findall(said)


def inside(root: Path, path: Path) -> Path:
    """Where this path of the machine is in an image."""
    return root / path.relative_to("/")


def copy(source: Path, target: Path) -> None:
    """A file with its permissions, links followed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


if __name__ == "__main__":
    sys.exit(main())
