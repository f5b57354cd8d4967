"""What `import failback` gives, and what it does not load."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import failback

ROOT = Path(__file__).parents[2]
STABLE = {
    "BadInput",
    "Report",
    "Result",
    "Scenario",
    "Study",
    "Unreachable",
    "__version__",
    "calibrate",
    "check",
    "library",
    "load_scenario",
    "mock",
    "play",
    "predict",
}
"""Notebooks and scripts outside the project use these."""
PUBLIC: list[str] = vars(failback)["__all__"]
HEAVY = (
    "azure",
    "cheroot",
    "matplotlib",
    "networkx",
    "pandas",
    "pydantic",
    "pyVmomi",
    "rich",
    "simpy",
    "typer",
    "yaml",
)


def fresh(code: str) -> str:
    """What a new interpreter prints, with the checkout as its folder."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_dir_says_the_public_names_and_no_others() -> None:
    assert dir(failback) == sorted(PUBLIC)
    assert set(dir(failback)) >= STABLE
    assert all(hasattr(failback, name) for name in dir(failback))


@pytest.mark.parametrize("name", ["pictures", "stories", "words"])
def test_dir_of_a_module_says_its_public_names_and_no_helpers(name: str) -> None:
    module = getattr(failback, name)
    assert dir(module) == sorted(vars(module)["__all__"])


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'failback' has no attribute 'plya'"):
        failback.plya  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("imported", ["failback", "failback.reprotect"])
def test_importing_loads_no_library(imported: str) -> None:
    code = f"import sys, {imported}; print([name for name in {HEAVY} if name in sys.modules])"
    assert fresh(code) == "[]\n"


def test_a_verb_loads_no_sdk_before_it_needs_one() -> None:
    code = "import sys, failback; failback.play; failback.check; failback.mock; failback.library()"
    assert fresh(f"{code}; print([name for name in ('azure', 'cheroot', 'pyVmomi') if name in sys.modules])") == "[]\n"


def test_verbs_stay_callable_whatever_is_imported() -> None:
    everything = [module_of(file) for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    code = f"""
from importlib import import_module
for module in {[name for name in everything if name]}:
    import_module(module)
import failback
print([name for name in {sorted(STABLE - {"__version__"})} if not callable(getattr(failback, name))])
"""
    assert fresh(code) == "[]\n"


FOLDERS = ("api", "adapters", "reprotect", "scenarios", "simulator")


def module_of(file: Path) -> str:
    """The name that it is imported by; nothing for what runs instead."""
    parts = [part for part in file.relative_to(ROOT).with_suffix("").parts if part not in ("__init__", "api")]
    return "" if "__main__" in parts else ".".join(("failback", *parts))


def test_no_module_of_the_package_has_the_name_of_a_verb() -> None:
    """Importing one would put it in the verb's place."""
    modules = {file.stem for file in (ROOT / "api").glob("*.py")} | {"docs", *FOLDERS}
    assert modules & set(dir(failback)) == {"pictures", "stories", "words"}


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert failback.__version__ == version("failback")


def test_the_package_runs_as_the_command_line() -> None:
    done = subprocess.run([sys.executable, "-m", "failback", "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"failback {failback.__version__}\n")


def test_the_checkout_does_not_shadow_the_installed_package() -> None:
    assert not (ROOT / "failback").exists()
    assert fresh("import failback; print(failback.load_scenario('one_vm'))").startswith("<Scenario one_vm")


# Who uses what

ALLOWED = {"failback", "failback.simulator.network"}


def imported(code: str) -> Iterator[str]:
    """Modules of ours that code imports, and those it reaches by their names."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "failback")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "failback":
            yield node.module or ""
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "failback":
            yield "failback" if node.attr in PUBLIC else f"failback.{node.attr}"


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_uses_the_public_names_only(file: Path) -> None:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert {"failback"} <= set(imported(code)) <= ALLOWED


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_uses_the_public_names_only(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert {module for block in blocks for module in imported(block)} <= ALLOWED


def test_nothing_below_imports_the_public_names() -> None:
    """Arrows point inward: `api` is the outermost folder."""
    own = {f"failback.{file.stem}" for file in (ROOT / "api").glob("*.py")} | {"failback"}
    for folder in FOLDERS[1:]:
        for file in (ROOT / folder).rglob("*.py"):
            assert not own & set(imported(file.read_text(encoding="utf-8"))), file
