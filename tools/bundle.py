"""`python3 run.py bundle --platform NAME`: one zip that installs failback where there is no network.

The zip holds wheels for one platform and Python (failback's own among them), a requirements file with their hashes, a
software bill of materials (CycloneDX) and a page that says how to install. Only making it needs the network.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

TOP: Final = Path(__file__).resolve().parents[1]
PINS: Final = TOP / "constraints" / "base.txt"
NOT_BUILT: Final = (".*", "__pycache__", "*.egg-info", "build", "dist", "tests", "benchmarks", "notebooks", "*.zip")
PYTHONS: Final = ("3.11", "3.12", "3.13")


@dataclass(frozen=True, slots=True)
class Platform:
    """What pip calls a platform, newest first, and what its markers say there."""

    tags: tuple[str, ...]
    markers: Mapping[str, str]


def _markers(system: str, machine: str, sys_platform: str, os_name: str) -> dict[str, str]:
    return {
        "platform_system": system,
        "platform_machine": machine,
        "sys_platform": sys_platform,
        "os_name": os_name,
    }


_LINUX: Final = (
    *(f"manylinux_2_{minor}" for minor in (34, 31, 28, 27, 26, 24, 17, 12, 5)),
    *(f"manylinux{name}" for name in ("2014", "2010", "1")),
)
_MACOS: Final = tuple(f"macosx_{version}" for version in ("15_0", "14_0", "13_0", "12_0", "11_0", "10_15", "10_13"))
PLATFORMS: Final[Mapping[str, Platform]] = {
    "win_amd64": Platform(("win_amd64",), _markers("Windows", "AMD64", "win32", "nt")),
    "linux_x86_64": Platform(tuple(f"{tag}_x86_64" for tag in _LINUX), _markers("Linux", "x86_64", "linux", "posix")),
    "linux_aarch64": Platform(
        tuple(f"{tag}_aarch64" for tag in _LINUX), _markers("Linux", "aarch64", "linux", "posix")
    ),
    "macosx_arm64": Platform(
        tuple(f"{tag}_{kind}" for tag in _MACOS for kind in ("arm64", "universal2")),
        _markers("Darwin", "arm64", "darwin", "posix"),
    ),
    "macosx_x86_64": Platform(
        tuple(f"{tag}_{kind}" for tag in _MACOS for kind in ("x86_64", "universal2")),
        _markers("Darwin", "x86_64", "darwin", "posix"),
    ),
}
HOW: Final = """failback {version} for {platform}, Python {python}: installs without a network.

1. Unzip this file, open a terminal in the folder, and make an environment:

       python{python} -m venv failback-env

2. Install. Nothing is downloaded; each file is compared with its hash:

       {pip} install --no-index --find-links wheels --require-hashes -r requirements.txt

3. Try it:

       {failback} demo

sbom.json lists what is in the folder `wheels` (CycloneDX 1.6).
"""


class CannotBundle(Exception):
    """No bundle could be made; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Make the bundle that was asked for."""
    asked = _parser().parse_args(arguments)
    try:
        print(bundle(asked.platform, asked.python, asked.out))
    except CannotBundle as cannot:
        print(cannot, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 run.py bundle", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--platform", choices=sorted(PLATFORMS), required=True, help="platform of the offline computer")
    here = ".".join(map(str, sys.version_info[:2]))
    parser.add_argument("--python", choices=PYTHONS, default=here, help=f"its Python version; default: {here}")
    parser.add_argument("--out", type=Path, default=Path.cwd(), help="folder for the zip; default: the current one")
    return parser


def bundle(platform: str, python: str, out: Path) -> Path:
    """Write the zip into `out` and return its path. Raises `CannotBundle`."""
    with tempfile.TemporaryDirectory(prefix="failback-bundle-") as folder:
        wheels = Path(folder) / "wheels"
        own = _build(wheels)
        _download(_pinned(PLATFORMS[platform], python), PLATFORMS[platform], python, wheels)
        target = out / f"failback-{own.version}-{platform}-py{python.replace('.', '')}.zip"
        _zip(target, sorted(wheels.glob("*.whl")), _how(own.version, platform, python))
    return target


@dataclass(frozen=True, slots=True)
class Wheel:
    """One wheel: what it is and what it weighs in."""

    file: Path
    name: str
    version: str
    license: str

    @property
    def sha256(self) -> str:
        """Its hash."""
        return hashlib.sha256(self.file.read_bytes()).hexdigest()


def _wheel(file: Path) -> Wheel:
    name, version, _, _ = parse_wheel_filename(file.name)
    with zipfile.ZipFile(file) as archive:
        (metadata,) = (each for each in archive.namelist() if each.count("/") == 1 and each.endswith("-info/METADATA"))
        metadata_fields = BytesHeaderParser().parsebytes(archive.read(metadata))
    return Wheel(file, name, str(version), metadata_fields.get("License-Expression") or "")


def _build(wheels: Path) -> Wheel:
    """Failback's own wheel, of a copy: a build leaves files behind, and takes those of earlier builds along."""
    sources = wheels.parent / "sources"
    shutil.copytree(TOP, sources, ignore=shutil.ignore_patterns(*NOT_BUILT))
    _run("building failback", "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(sources))
    (file,) = wheels.glob("failback-*.whl")
    return _wheel(file)


def _pinned(platform: Platform, python: str) -> Iterator[str]:
    """The pins that hold on that machine, without their markers: pip judges those by the machine that it runs on."""
    there = {**platform.markers, "python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    there |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    for line in PINS.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        pin, *hashes = line.split(" --hash=")
        if not pin.strip() or pin.startswith("#"):
            continue
        wanted = Requirement(pin)
        if wanted.marker is None or wanted.marker.evaluate(there):
            yield " ".join((f"{wanted.name}{wanted.specifier}", *(f"--hash={each.strip()}" for each in hashes)))


def _download(pins: Iterator[str], platform: Platform, python: str, wheels: Path) -> None:
    wanted = wheels.parent / "wanted.txt"
    wanted.write_text("\n".join(pins) + "\n", encoding="utf-8")
    tags = [option for tag in platform.tags for option in ("--platform", tag)]
    _run(
        "downloading the wheels",
        *("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"),
        *("--python-version", python, "--implementation", "cp", *tags),
        *("--require-hashes", "--dest", str(wheels), "-r", str(wanted)),
    )


def _run(doing: str, *arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        last = " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise CannotBundle(f"No bundle was made: {doing} failed. {last}")


def _how(version: str, platform: str, python: str) -> str:
    windows = platform.startswith("win")
    scripts = "failback-env\\Scripts\\" if windows else "failback-env/bin/"
    return HOW.format(
        version=version, platform=platform, python=python, pip=f"{scripts}python -m pip", failback=f"{scripts}failback"
    )


def _zip(target: Path, files: Sequence[Path], how: str) -> None:
    wheels = [_wheel(file) for file in files]
    target.parent.mkdir(parents=True, exist_ok=True)
    half_done = target.with_name(target.name + ".part")
    with zipfile.ZipFile(half_done, "w", zipfile.ZIP_STORED) as archive:
        for wheel in wheels:
            archive.write(wheel.file, f"wheels/{wheel.file.name}")
        archive.writestr("requirements.txt", "".join(_requirement(wheel) for wheel in wheels))
        archive.writestr("sbom.json", json.dumps(bill_of_materials(wheels), indent=2) + "\n")
        archive.writestr("INSTALL.txt", how)
    half_done.replace(target)


def _requirement(wheel: Wheel) -> str:
    return f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n"


def bill_of_materials(wheels: Sequence[Wheel]) -> dict[str, Any]:
    """A CycloneDX 1.6 document: failback, and every library in the bundle with its hash."""
    (own,) = (wheel for wheel in wheels if wheel.name == "failback")
    parts = [_component(wheel) for wheel in wheels if wheel is not own]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(own), "type": "application"}},
        "components": parts,
    }


def _component(wheel: Wheel) -> dict[str, Any]:
    license_of = {"licenses": [{"expression": wheel.license}]} if wheel.license else {}
    purl = f"pkg:pypi/{canonicalize_name(wheel.name)}@{wheel.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": wheel.name,
        "version": wheel.version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        **license_of,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
