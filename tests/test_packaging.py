"""The wheel holds what the tree holds: an editable install hides a sub-package or data file that nobody declared."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("api", "reprotect", "simulator", "adapters", "scenarios")
DATA_FOLDERS = ("docs", "scenarios/library", "scenarios/data", "scenarios/templates", "adapters/vcsim_module")
BUILD_TIMEOUT_S = 120


def files_in_tree() -> set[str]:
    code = {file for folder in (*FOLDERS, "docs") for file in (ROOT / folder).rglob("*.py")}
    data = {file for folder in DATA_FOLDERS for file in (ROOT / folder).rglob("[!.]*") if file.is_file()}
    markers = {ROOT / folder / "py.typed" for folder in FOLDERS}
    wanted = {file for file in code | data | markers if file.suffix != ".pyc"}
    return {installed_as(file.relative_to(ROOT).as_posix()) for file in wanted}


def installed_as(file: str) -> str:
    """The folder `api` is the package itself, each other one a package in it."""
    return f"failback/{file.removeprefix('api/')}"


def files_in_wheel(folder: Path) -> set[str]:
    (wheel,) = folder.glob("failback-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def copy_of_the_sources(folder: Path) -> Path:
    """Copy what a build reads: building in place would leave its litter, and take that of earlier builds along."""
    for name in (*FOLDERS, "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sources, built = copy_of_the_sources(tmp_path_factory.mktemp("sources")), tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(sources)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return built


@pytest.fixture(scope="module")
def wheel(built: Path) -> set[str]:
    return files_in_wheel(built)


def test_nothing_in_the_tree_is_left_out_of_the_wheel(wheel: set[str]) -> None:
    assert sorted(files_in_tree() - wheel) == []


def test_nothing_is_in_the_wheel_that_is_not_in_the_tree(wheel: set[str]) -> None:
    assert sorted(wheel - files_in_tree()) == []


@pytest.mark.slow
def test_the_wheel_is_imported_from_the_top_of_the_checkout(built: Path, tmp_path: Path) -> None:
    """A folder of the checkout that had the package's name would be imported instead."""
    (file,) = built.glob("failback-*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(tmp_path / "site"), str(file)], check=True, timeout=BUILD_TIMEOUT_S)
    code = """
import sys
sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("__editable__")
                    and not getattr(finder, "__module__", "").startswith("__editable__")]
import failback, failback.scenarios.files.loader
print(failback.__file__, failback.scenarios.files.loader.__file__, failback.play("one_vm").as_expected, sep="\\n")
"""
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    package, module, as_expected = done.stdout.splitlines()
    assert Path(package).is_relative_to(tmp_path)
    assert Path(module).is_relative_to(tmp_path)
    assert as_expected == "True"
    module_run = [sys.executable, "-m", "failback", "--version"]
    output = subprocess.run(module_run, capture_output=True, text=True, check=True, cwd=ROOT, env=environment).stdout
    assert output.startswith("failback ")


def declared_folders() -> dict[str, str]:
    declaration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders: dict[str, str] = declaration["tool"]["setuptools"]["package-dir"]
    return folders


def declared_packages() -> list[str]:
    declaration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages: list[str] = declaration["tool"]["setuptools"]["packages"]
    return packages


@pytest.mark.parametrize("package", declared_packages())
def test_every_package_has_a_stub_that_leads_to_its_folder(package: str) -> None:
    folder = declared_folders()[package]
    stub = ROOT / "typings" / package.replace(".", "/") / "__init__.pyi"
    assert stub.read_text(encoding="utf-8").strip() == f"from {folder.replace('/', '.')} import *"


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "constraints" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lines, re.MULTILINE))


def test_a_demo_runs_on_the_versions_that_the_tests_ran_on() -> None:
    assert pins("base.txt").items() <= pins("dev.txt").items()


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_pins_name_no_place_to_fetch_from(name: str) -> None:
    lines = (ROOT / "constraints" / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line or line.startswith(("#", "-"))] == []


def declared_by_name() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (line for lines in project["optional-dependencies"].values() for line in lines)
    return {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in extras}


def imported_from_outside(file: Path) -> set[str]:
    """Name the top-level modules that a file imports, other than the standard library's and our own."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    partial = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in plain | partial} - sys.stdlib_module_names - {"failback"}


@cache
def packages_by_module() -> Mapping[str, Sequence[str]]:
    """Read once: it opens the list of files of every installed package."""
    return packages_distributions()


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_imported_is_in_the_base_install_or_declared_in_an_extra(folder: str) -> None:
    providers = packages_by_module()
    known = {canonical(name) for name in pins("base.txt").keys() | declared_by_name()}
    imported = {name for file in (ROOT / folder).rglob("*.py") for name in imported_from_outside(file)}
    strangers = {name for name in imported if known.isdisjoint(map(canonical, providers.get(name, ())))}
    assert sorted(strangers) == []


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
