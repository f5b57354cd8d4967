"""Events, commands, facts and states are values: nobody changes one that somebody else holds."""

import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any

import pytest

import failback.reprotect


def dataclasses_of_the_rules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(failback.reprotect.__path__, "failback.reprotect."):
        module = import_module(found.name)
        yield from (
            one
            for one in vars(module).values()
            if isinstance(one, type) and is_dataclass(one) and one.__module__ == found.name
        )


@pytest.mark.parametrize("kind", list(dataclasses_of_the_rules()), ids=lambda kind: kind.__name__)
def test_every_value_of_the_rules_is_frozen(kind: Any) -> None:
    assert kind.__dataclass_params__.frozen
