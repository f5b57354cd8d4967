"""The house's plan: no circle of imports, rooms that a reader can look over, functions and files that stay short."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import networkx as nx
import pytest

TOP = Path(__file__).parents[1]
FOLDERS = ("api", "reprotect", "simulator", "adapters", "scenarios")
FILES_MAX, FUNCTION_MAX, FUNCTION_MEDIAN, FILE_MEDIAN, PARAMETERS_MAX = 12, 40, 5, 120, 8
Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_of(path: Path) -> str:
    parts = path.relative_to(TOP).with_suffix("").parts
    return ".".join(("failback", *(parts[:-1] if parts[-1] == "__init__" else parts)))


FILES: Mapping[str, Path] = {module_of(path): path for f in FOLDERS for path in sorted((TOP / f).rglob("*.py"))}
TREES = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in FILES.items()}


def at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, those in functions too, without what only the type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_run_time(child)


def base_of(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    here = module.split(".") if FILES[module].name == "__init__.py" else module.split(".")[:-1]
    return ".".join([*here[: len(here) - node.level + 1], *([node.module] if node.module else [])])


def imported(module: str, nodes: Iterator[ast.AST]) -> Iterator[tuple[str, str]]:
    """Modules of ours that these nodes import, and the name that is taken from each."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            base = base_of(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield (inner, "") if inner in FILES else (base, alias.name)


def homes() -> dict[tuple[str, str], str]:
    """For each front: the file that a name of it comes from, also where it is imported when it is asked for."""
    fronts = (module for module, path in FILES.items() if path.name == "__init__.py")
    return {(front, name): home for front in fronts for home, name in imported(front, ast.walk(TREES[front])) if name}


HOMES = homes()


def source_of(module: str, name: str) -> str:
    while (module, name) in HOMES:
        module = HOMES[module, name]
    return module


def graph(*, types: bool) -> "nx.DiGraph[str]":
    """Who imports whom: through a front from the very file that has the name. `types`: also for the type checker."""
    found: nx.DiGraph[str] = nx.DiGraph()
    for module, tree in TREES.items():
        for other, name in imported(module, ast.walk(tree) if types else at_run_time(tree)):
            source = source_of(other, name)
            if source in FILES and source != module and FILES[module].name != "__init__.py":
                found.add_edge(module, source)
    return found


@pytest.mark.parametrize("types", [False, True], ids=["at run time", "with what only types need"])
def test_no_file_imports_itself_by_way_of_others(types: bool) -> None:
    circles = [sorted(part) for part in nx.strongly_connected_components(graph(types=types)) if len(part) > 1]
    assert circles == []


def test_a_circle_would_be_seen() -> None:
    seen = graph(types=False)
    assert seen.has_edge("failback.scenarios.run.player", "failback.reprotect.driver.driver")
    assert seen.has_edge("failback.scenarios.run.player", "failback.scenarios.run.worlds"), "imported in a function"


def room_of(module: str) -> str:
    """The folder of a file; a file at the top of its layer, or of the mock, is a room of its own."""
    parts = FILES[module].relative_to(TOP).parent.parts
    rooms = parts[:3] if parts[:2] == ("simulator", "arm") else parts[:2]
    return module if rooms in [(f,) for f in FOLDERS] + [("simulator", "arm")] else "/".join(rooms)


def test_no_room_imports_itself_by_way_of_others() -> None:
    rooms: nx.DiGraph[str] = nx.DiGraph((room_of(a), room_of(b)) for a, b in graph(types=True).edges)
    circles = [sorted(part) for part in nx.strongly_connected_components(rooms) if len(part) > 1]
    assert circles == []


WALLED = (
    "failback.reprotect",
    "failback.reprotect.drill",
    "failback.reprotect.driver",
    "failback.reprotect.estate",
    "failback.reprotect.requirements",
    "failback.scenarios.files.lint",
    "failback.scenarios.files.loader",
    "failback.simulator.arm",
    "failback.simulator.network",
)
"""Rooms whose front has all that others need. In any other room each file is a door; a front would only add a step."""


def modules_taken(module: str) -> Iterator[str]:
    """The files that this one imports by their own names, not by way of a front."""
    for other, name in imported(module, ast.walk(TREES[module])):
        front, _, inner = other.rpartition(".")
        if name or (front, inner) not in HOMES:  # a function may have the name of its file
            yield other


@pytest.mark.parametrize("room", WALLED)
def test_nobody_reaches_past_the_front_of_a_room(room: str) -> None:
    outside = [module for module in FILES if not f"{module}.".startswith(f"{room}.")]
    past = [(module, other) for module in outside for other in modules_taken(module) if other.startswith(f"{room}.")]
    assert [(module, other) for module, other in past if FILES[other].name != "__init__.py"] == []


def test_nobody_takes_a_private_name_of_another_file() -> None:
    taken = [(module, *found) for module, tree in TREES.items() for found in imported(module, ast.walk(tree))]
    assert [one for one in taken if one[2].startswith("_") and not one[2].startswith("__")] == []


def test_a_way_past_a_front_would_be_seen() -> None:
    assert "failback.scenarios.study.variants" in {name for module in FILES for name in modules_taken(module)}


@pytest.mark.parametrize("folder", ["scenarios", "simulator/arm", "scenarios/files", "scenarios/text"])
def test_a_reader_can_look_over_the_files_of_a_room(folder: str) -> None:
    names = sorted(path.name for path in (TOP / folder).glob("*.py"))
    assert len(names) <= FILES_MAX, names


def functions() -> Iterator[tuple[str, int]]:
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{module}:{node.name}", lines - (lines_of_docstring(node) if ".api." in module else 0)


def lines_of_docstring(node: Function) -> int:
    """Not counted in `api`: there it is the function's part of docs/api.md, with arguments, errors and an example."""
    first = node.body[0]
    is_one = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return (first.end_lineno or first.lineno) - first.lineno + 1 if is_one else 0


def test_only_the_docstrings_of_public_functions_are_not_counted() -> None:
    """A docstring of another folder counts, and so does the rest of a function whose docstring does not."""
    counted = dict(functions())
    assert counted["failback.api.playing:play"] < counted["failback.api.mocking:mock"] <= FUNCTION_MAX
    (long,) = (node for node in TREES["failback.api.mocking"].body if getattr(node, "name", "") == "mock")
    assert (long.end_lineno or 0) - long.lineno > FUNCTION_MAX


@pytest.mark.parametrize("module", sorted(module for module in FILES if module.startswith("failback.scenarios.cli.")))
def test_no_command_takes_more_than_eight_arguments(module: str) -> None:
    """Options that belong together come as one object (`options.command`)."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, Function):
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            assert len(taken) <= PARAMETERS_MAX, f"{module}:{node.name} takes {len(taken)}"


def test_no_function_is_too_long_to_be_seen_at_once_and_half_of_them_are_tiny() -> None:
    lengths = list(functions())
    assert [(name, lines) for name, lines in lengths if lines > FUNCTION_MAX] == []
    assert median(lines for _, lines in lengths) <= FUNCTION_MEDIAN


def test_half_of_the_files_are_short() -> None:
    assert median(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES.values()) < FILE_MEDIAN


def test_nothing_in_the_rules_knows_the_driver() -> None:
    driver = "failback.reprotect.driver"
    edges = graph(types=True).edges
    fronts = {(m, n) for m in FILES if not m.startswith(driver) for n, _ in imported(m, ast.walk(TREES[m]))}
    known = {a for a, b in {*edges, *fronts} if b.startswith(driver) and a.startswith("failback.reprotect")}
    assert {name for name in known if not name.startswith(driver)} == set()
