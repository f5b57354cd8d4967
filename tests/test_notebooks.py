"""Notebooks are stories: they run, take parameters, and hold neither logic nor what a run left behind."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CELL_TIMEOUT_S = 300
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try)
each_notebook = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def cells_of(file: Path, kind: str = "code") -> list[dict[str, Any]]:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def source_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_notebooks_are_numbered_without_a_gap_in_their_order() -> None:
    numbers = [int(file.name[:2]) for file in NOTEBOOKS]
    assert numbers == sorted(set(numbers))
    assert len(numbers) >= 5


@each_notebook
def test_a_notebook_is_kept_without_outputs(file: Path) -> None:
    left = [cell for cell in cells_of(file) if cell["outputs"] or cell["execution_count"] is not None]
    assert left == []


@each_notebook
def test_a_notebook_names_no_place_on_a_machine(file: Path) -> None:
    assert re.findall(r"(/(?:home|root|tmp|work|Users)\b|[A-Z]:\\\\)", file.read_text(encoding="utf-8")) == []


@each_notebook
def test_the_first_cell_of_code_has_the_parameters_and_nothing_but_plain_values(file: Path) -> None:
    first, *others = cells_of(file)
    assert first["metadata"]["tags"] == ["parameters"]
    assert [cell for cell in others if "tags" in cell["metadata"]] == []
    statements = ast.parse(source_of(first)).body
    assert all(isinstance(statement, ast.Assign) for statement in statements)
    assert all(ast.literal_eval(statement.value) for statement in statements if isinstance(statement, ast.Assign))


@each_notebook
def test_a_notebook_uses_each_of_its_parameters(file: Path) -> None:
    first, *others = cells_of(file)
    names = {target.id for node in ast.walk(ast.parse(source_of(first))) for target in getattr(node, "targets", [])}
    used = {node.id for cell in others for node in ast.walk(ast.parse(source_of(cell))) if isinstance(node, ast.Name)}
    assert names - used == set()


@each_notebook
def test_a_notebook_holds_no_logic(file: Path) -> None:
    found = [node for cell in cells_of(file) for node in ast.walk(ast.parse(source_of(cell)))]
    assert [ast.unparse(node) for node in found if isinstance(node, LOGIC)] == []


@each_notebook
def test_a_notebook_tells_a_story_with_a_title_a_picture_and_a_computed_conclusion(file: Path) -> None:
    assert source_of(cells_of(file, "markdown")[0]).startswith("# ")
    assert len(cells_of(file, "markdown")) >= 4
    code = "\n".join(source_of(cell) for cell in cells_of(file))
    assert re.search(r"_words\(", code)
    assert "failback.pictures." in code


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@each_notebook
def test_a_notebook_runs_from_the_repository_without_an_error(file: Path) -> None:
    nbformat: Any = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    notebook = nbformat.read(file, as_version=4)
    resources = {"metadata": {"path": str(file.parent)}}
    NotebookClient(notebook, timeout=CELL_TIMEOUT_S, resources=resources).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert pictures
    assert all(output.metadata["image/png"]["alt"] for output in pictures)
    assert any("text/markdown" in output.get("data", {}) for output in outputs)
    tables = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:+]*|>NaN<|\.\.\.|>\w+_\w+<", tables) == []
    said = " ".join(output.get("data", {}).get("text/markdown", "") for output in outputs)
    assert re.findall(r"\b0\.0 h|\bthen (?:link|scan|jobs)\b|\d%|(?:^|[.:] )[a-z][\w-]*: ", said) == []
    labels = " ".join(output.metadata["image/png"]["alt"] for output in pictures)
    assert " binds" not in labels
