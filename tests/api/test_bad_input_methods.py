"""Every method of what `import failback` gives refuses bad input in one paragraph; found by dir(), not by a list."""

import inspect
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import failback
from failback.scenarios.outcomes.pictures import Picture

from .test_bad_input import CALLS, ODD, VM, base, try_call
from .test_bad_input import made as made

OF_PYTHON = (BaseException, object)
"""Their methods are Python's own, and so are those of a mapping."""
CLASSES = {name: getattr(failback, name) for name in dir(failback) if inspect.isclass(getattr(failback, name))}
CLASSES["SyntheticVault"] = failback.stories.SyntheticVault
CLASSES["Picture"] = Picture
MODULES = {name: getattr(failback, name) for name in dir(failback) if inspect.ismodule(getattr(failback, name))}


def own_methods(kind: type) -> Iterator[str]:
    """Methods with arguments that this class or a base of the project has."""
    for name in dir(kind):
        homes = [base for base in kind.__mro__ if name in vars(base)]
        is_ours = homes and homes[0].__module__.startswith("failback")
        if is_ours and not name.startswith("_") and inspect.isfunction(vars(homes[0])[name]):
            yield name


METHODS = [(kind, method) for kind, cls in CLASSES.items() for method in own_methods(cls)]
ARGUMENTS = [
    (kind, method, argument)
    for kind, method in METHODS
    for argument in list(inspect.signature(getattr(CLASSES[kind], method)).parameters)[1:]
]
OBJECTS: dict[str, Callable[[], Any]] = {
    "Calibration": lambda: calibrated()[1],
    "Mock": lambda: None,
    "Picture": lambda: failback.pictures.gantt(failback.Study(VM).play()),
    "Prediction": lambda: failback.predict(
        VM, start="2026-06-05 18:00", by="2026-06-07 18:00", runs=1, today="2026-06-01"
    ),
    "Report": lambda: failback.check(VM),
    "Result": lambda: failback.play(VM),
    "Scenario": lambda: failback.load_scenario(VM),
    "Study": lambda: failback.Study(VM).vary(bandwidth=[50, 500]),
    "SyntheticVault": lambda: calibrated()[0],
}
GIVEN: dict[str, dict[str, Any]] = {
    "Mock.fault": {"kind": "status", "status": 500},
    "Picture.save": {"path": "way-home.png"},
    "Prediction.write": {"folder": "answer"},
    "Report.write_sarif": {"file": "found.sarif"},
    "Scenario.ending": {"item": "app-01"},
    "Study.only": {"cases": [{"bandwidth": 50}]},
    "Study.replicate": {"runs": 1},
    "SyntheticVault.took_s": {"number": 1},
    "SyntheticVault.write_drills": {"folder": "drills", "numbers": [1]},
    **{f"Study.{method}": {"backend": "serial"} for method in ("run", "samples", "table", "tornado")},
    "Study.sobol": {"backend": "serial", "samples": 2},
}
_KEPT: dict[str, Any] = {}


def calibrated() -> tuple[Any, Any]:
    """A vault with hidden numbers and what a calibration finds of them; made once."""
    if "calibrated" not in _KEPT:
        import tempfile

        vault = failback.stories.synthetic_vault(VM, seed=7)
        runs = vault.write_drills(tempfile.mkdtemp(), range(2))
        _KEPT["calibrated"] = vault, failback.calibrate(runs, estate=VM, min_measurements=1)
    kept: tuple[Any, Any] = _KEPT["calibrated"]
    return kept


@pytest.fixture(scope="module")
def things() -> Iterator[dict[str, Any]]:
    """One object of each class that has methods, and calls of them that work."""
    with failback.mock(VM, in_process=True) as served:
        yield {**{name: make() for name, make in OBJECTS.items()}, "Mock": served}


def given(kind: str, method: str) -> dict[str, Any]:
    vault_needs = {"found": calibrated()[1]} if method in ("beside", "truth_words") else {}
    scenario = {"scenario": VM} if method == "applied" else {}
    file = {"file": "numbers.yaml"} if (kind, method) == ("Calibration", "write") else {}
    return {**GIVEN.get(f"{kind}.{method}", {}), **vault_needs, **scenario, **file}


def test_every_class_with_methods_has_an_object_here() -> None:
    assert OBJECTS.keys() == {kind for kind, _ in METHODS}


def test_what_public_functions_return_has_methods_with_arguments_only_in_these_classes(made: dict[str, Any]) -> None:
    """What comes back from the vault, studies, words and pictures; the verbs return classes that `dir` shows."""
    returned = [failback.Study(VM).samples(backend="serial"), failback.Study(VM).play(), *made.values()]
    for name in CALLS:
        if name.startswith(("pictures.", "words.", "stories.")):
            function, call = base(name, made)
            returned.append(function(**call))
    kinds = {type(one) for value in returned for one in (value if isinstance(value, list | tuple) else [value])}
    ours = {kind for kind in kinds if kind.__module__.startswith("failback")}
    takes = {
        kind
        for kind in ours
        for name in own_methods(kind)
        if len(inspect.signature(getattr(kind, name)).parameters) > 1
    }
    assert takes <= set(CLASSES.values())
    assert Picture in ours


def test_every_function_of_a_module_is_tried_with_odd_values() -> None:
    public = {f"{module}.{name}" for module, names in MODULES.items() for name in names.__all__}
    assert public - CALLS.keys() == {"stories.SyntheticVault"}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "method"), METHODS)
def test_a_method_works_with_what_it_takes(
    kind: str, method: str, things: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = try_call(getattr(things[kind], method), **given(kind, method))
    if (kind, method) == ("Prediction", "seed_picture"):  # the prediction here was asked for without a cutover
        assert refused is not None
        assert "no cutover was asked for" in str(refused)
    else:
        assert refused is None


@pytest.mark.parametrize(("kind", "method", "argument"), ARGUMENTS)
def test_a_method_refuses_a_wrong_type_in_one_paragraph(
    kind: str,
    method: str,
    argument: str,
    things: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = try_call(getattr(things[kind], method), **{**given(kind, method), argument: object()})
    assert isinstance(refused, failback.BadInput)
    assert len(str(refused).splitlines()) == 1


@pytest.mark.parametrize(("kind", "method", "argument"), ARGUMENTS)
def test_a_method_gives_a_result_or_a_paragraph_for_an_odd_value(
    kind: str,
    method: str,
    argument: str,
    things: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for value in (*ODD, datetime(2026, 6, 5), Path("a-file/below/it")):
        Path("a-file").write_text("no folder", encoding="utf-8")
        try_call(getattr(things[kind], method), **{**given(kind, method), argument: value})
