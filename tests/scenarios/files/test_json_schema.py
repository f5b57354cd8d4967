"""The published JSON Schema says what the loader says."""

import copy
import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

from failback.scenarios.files.json_schema import PUBLISHED, as_text, json_schema
from failback.scenarios.files.loader import library

TOP: Final = Path(__file__).parents[3]
VALIDATOR: Final = Draft202012Validator(json_schema())


def story(name: str = "first_drill") -> Any:
    return yaml.safe_load(library()[name].read_text(encoding="utf-8"))


def test_the_published_file_is_current() -> None:
    assert (TOP / PUBLISHED).read_text(encoding="utf-8") == as_text(), (
        "run: python -m failback.scenarios.files.json_schema"
    )


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", library())
def test_every_scenario_of_the_library_is_valid(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(story(name))] == []


@pytest.mark.parametrize("name", library())
def test_every_scenario_of_the_library_names_the_schema(name: str) -> None:
    path = library()[name]
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    up = "../" * len(path.relative_to(TOP).parent.parts)
    assert first == f"# yaml-language-server: $schema={up}{PUBLISHED}"


def test_its_own_key_is_allowed() -> None:
    assert VALIDATOR.is_valid({"$schema": "scenario.schema.json", **story()})


def test_a_duration_may_be_a_plain_number() -> None:
    assert VALIDATOR.is_valid({**story(), "durations": {"agent_registration": 5}})


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("estate",),
        ("estate", "link"),
        ("estate", "virtual_machines", 0),
        ("estate", "defaults"),
        ("plan",),
        ("expect",),
    ],
)
def test_an_unknown_key_is_refused(path: tuple[str | int, ...]) -> None:
    spoilt = copy.deepcopy(story())
    here = spoilt
    for step in path:
        here = here[step]
    here["unheard_of"] = 1
    assert not VALIDATOR.is_valid(spoilt)


def test_an_estate_is_needed() -> None:
    assert not VALIDATOR.is_valid({"name": "x"})
    assert VALIDATOR.is_valid({"name": "x", "estate_file": "site.yaml"})


def test_a_key_has_the_description_of_its_attribute() -> None:
    parts = json_schema()["$defs"]
    assert parts["Link"]["properties"]["kind"]["description"] == "vpn or expressroute_private."
    assert "Mbit/s" in parts["Link"]["properties"]["bandwidth_mbit_per_s"]["description"]


def test_the_text_is_stable() -> None:
    assert json.loads(as_text()) == json_schema()
