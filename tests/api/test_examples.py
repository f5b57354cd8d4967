"""The examples in the docstrings are run, and `help` says what a person needs."""

import doctest
import inspect
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import failback
from failback.simulator.arm.state.fault_rules import FaultRule

VERBS = ("calibrate", "check", "library", "load_scenario", "mock", "play", "predict")
MODULES = ("pictures", "stories", "words")


def functions_of(module: str) -> dict[str, Any]:
    found = getattr(failback, module)
    return {f"{module}.{name}": getattr(found, name) for name in found.__all__}


def documented() -> dict[str, Any]:
    named = {name: getattr(failback, name) for name in (*VERBS, "Study")}
    return {**named, **{name: thing for module in MODULES for name, thing in functions_of(module).items()}}


EXAMPLES = [
    example
    for name, thing in documented().items()
    for example in doctest.DocTestFinder(recurse=False).find(thing, name)
    if example.examples
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_gives_what_it_says(
    example: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    example.globs = {"failback": failback}
    messages: list[str] = []
    failed = doctest.DocTestRunner().run(example, out=messages.append).failed
    assert failed == 0, "".join(messages)


@pytest.mark.parametrize("name", [*VERBS, "Study"])
def test_every_verb_has_an_example(name: str) -> None:
    assert name in {example.name for example in EXAMPLES}


@pytest.mark.parametrize("name", [verb for verb in VERBS if verb != "library"])
def test_the_help_of_a_verb_tells_each_argument_what_comes_and_what_is_raised(name: str) -> None:
    text, verb = inspect.getdoc(getattr(failback, name)) or "", getattr(failback, name)
    assert all(f"\n    {argument}: " in text for argument in inspect.signature(verb).parameters)
    assert all(f"\n{part}:\n" in text for part in ("Args", "Returns", "Raises", "Example"))


@pytest.mark.parametrize("name", documented())
def test_everything_public_has_a_sentence(name: str) -> None:
    assert len((documented()[name].__doc__ or "").strip()) > 20


CLASSES = ("Calibration", "Mock", "Prediction", "Report", "Result", "Study")


def methods() -> dict[str, Any]:
    classes = {name: getattr(failback, name) for name in CLASSES}
    return {
        f"{name}.{method}": function
        for name, kind in classes.items()
        for method, function in inspect.getmembers(kind, inspect.isfunction)
        if not method.startswith("_")
    }


@pytest.mark.parametrize("name", [*documented(), *methods()])
def test_arguments_have_names(name: str) -> None:
    """Keys that may vary come from a table; `help` names them all the same."""
    thing = (documented() | methods())[name]
    kinds = {argument.kind for argument in inspect.signature(thing).parameters.values()}
    assert inspect.Parameter.VAR_KEYWORD not in kinds
    assert (thing.__doc__ or "").strip()


def test_a_fault_takes_every_field_of_a_rule_by_its_name() -> None:
    assert {field.name for field in fields(FaultRule)} <= set(inspect.signature(failback.Mock.fault).parameters)


def test_help_names_the_keys_that_may_vary() -> None:
    for function in (failback.Study.vary, failback.stories.varied):
        assert {"bandwidth", "appliances", "changed_fraction"} <= set(inspect.signature(function).parameters)
