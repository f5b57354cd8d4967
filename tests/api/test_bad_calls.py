"""Every public name, found by dir() and not by a list, is called in wrong ways: always a result or one paragraph."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import failback

from .test_bad_input import VM
from .test_bad_input_methods import CLASSES, OBJECTS, own_methods

ODD: tuple[Any, ...] = (
    3,
    None,
    "no such thing",
    "",
    [],
    {},
    b"bytes",
    float("nan"),
    object(),
    Path("no/such/file.yaml"),
)
EXCEPTIONS = {name for name, kind in CLASSES.items() if issubclass(kind, Exception)}
"""They are raised by failback and not made by people."""


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function and constructor that `dir` shows, there and in the modules."""
    for name in dir(failback):
        value = getattr(failback, name)
        if inspect.ismodule(value):
            yield from ((f"{name}.{inner}", getattr(value, inner)) for inner in dir(value))
        elif callable(value) and name not in EXCEPTIONS:
            yield name, value


FUNCTIONS = dict(functions())
METHODS = [(kind, method) for kind, cls in CLASSES.items() for method in own_methods(cls)]


@pytest.fixture(scope="module")
def things() -> Iterator[dict[str, Any]]:
    """One object of each class that has methods."""
    with failback.mock(VM, in_process=True) as served:
        yield {**{name: make() for name, make in OBJECTS.items()}, "Mock": served}


def ways(function: Callable[..., Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Too little, too much, and each odd value as the first argument, as all of them, and as each by its name."""
    names = [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    yield (), {}
    yield (), {"no_such_argument": 1}
    yield (3,) * 40, {}
    for value in ODD:
        yield (value,), {}
        yield (value, value), {}
        yield (), dict.fromkeys(names[:1], value) | dict.fromkeys(names[1:], value)
        yield from (((), {name: value}) for name in names)


def outcome(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What a wrong call says; empty if it was none."""
    try:
        made = function(*args, **kwargs)
        repr(made)
    except (failback.BadInput, failback.Unreachable) as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_wrong_call_of_a_public_name_is_a_result_or_one_paragraph(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for args, kwargs in ways(FUNCTIONS[name]):
        assert len(outcome(FUNCTIONS[name], args, kwargs).splitlines()) <= 1, (args, kwargs)
    refused = outcome(FUNCTIONS[name], (), {"no_such_argument": 1})
    assert refused.startswith(f"failback.{name}: ")


@pytest.mark.parametrize(("kind", "method"), METHODS)
def test_a_wrong_call_of_a_method_is_a_result_or_one_paragraph(
    kind: str, method: str, things: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bound = getattr(things[kind], method)
    for args, kwargs in ways(bound):
        if args or kwargs:
            assert len(outcome(bound, args, kwargs).splitlines()) <= 1, (args, kwargs)
    assert outcome(bound, (), {"no_such_argument": 1})


@pytest.mark.parametrize(
    ("call", "paragraph"),
    [
        (lambda: failback.Report(3), "failback.Report: done is 3; expected CheckDone; failback.check returns one"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: failback.Calibration(3), "missing a required argument: 'notes'; failback.calibrate returns one"),  # type: ignore[call-arg, arg-type]  # wrong on purpose
        (lambda: failback.predict(3), "missing a required argument: 'by'; help(failback.predict) lists the arguments"),  # type: ignore[call-arg, arg-type]  # wrong on purpose
        (lambda: failback.play(VM, sed=3), "got an unexpected keyword argument 'sed'; did you mean `seed`?"),  # type: ignore[call-arg]  # wrong on purpose
    ],
)
def test_the_paragraph_says_what_to_do(call: Callable[[], Any], paragraph: str) -> None:
    with pytest.raises(failback.BadInput) as refused:
        call()
    assert str(refused.value).endswith(paragraph)
