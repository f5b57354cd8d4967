"""From a path to a scenario, an estate, or both with their places; or to all mistakes at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from failback.reprotect import Estate
from failback.scenarios.files.schema import Scenario, ScenarioFile
from failback.scenarios.files.yaml_source import Mistake, Source
from failback.scenarios.gc_tuning import gc_tuning

from .checking import asked_of, check_file
from .document import Document, Place, read_document, read_either
from .library import library
from .values import estate_of, parts_in_place, scenario_of


@dataclass(frozen=True, slots=True)
class Located:
    """A scenario, and where the parts of its estate stand, by section and name."""

    scenario: Scenario
    places: Mapping[tuple[str, str], Place]
    is_scenario: bool = True
    """Whether the file has a plan; an estate alone has none."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A file as it is written, without a mistake; an estate file is a scenario without a story."""

    file: ScenarioFile
    is_scenario: bool
    phases_given: frozenset[str] = frozenset()
    """Machines of which the file says where they stand."""


@gc_tuning()
def load_scenario(path: str | Path, leave: Collection[str] = frozenset()) -> Scenario:
    """Read, check and lint a scenario file. Raises `BadInput` with all of its mistakes.

    `leave` names checks of lint that are left to the rules.
    """
    document = read_document(path)
    return _from_file(scenario_of(check_file(document, leave)), document)


@gc_tuning()
def load_questions(path: str | Path) -> tuple[Mistake, ...]:
    """What is asked about either kind of file without a mistake: what can be so, and hardly is. Raises `BadInput`."""
    document = read_either(path)
    return asked_of(document, check_file(document))


@gc_tuning()
def load_estate(path: str | Path, leave: Collection[str] = frozenset()) -> Estate:
    """Read an estate file, or the estate of a scenario file. Raises `BadInput` with all of its mistakes."""
    return estate_of(check_file(read_either(path), leave))


def estate_of_data(data: Mapping[str, Any], name: str) -> Estate:
    """The estate of the data of an estate file that was never written; `name` says where they are from.

    Raises `BadInput`.
    """
    source = Source(name, dict(data), {})
    return estate_of(check_file(Document(source, source, {"name": name, "estate": source.data}, estate_prefix=())))


@gc_tuning()
def load_typed(path: str | Path, leave: Collection[str] = frozenset()) -> Typed:
    """Read either kind of file as the values that it writes. Raises `BadInput` with all of its mistakes."""
    document = read_either(path)
    checked = check_file(document, leave)
    return Typed(checked.file, _is_scenario(document), checked.phases_given)


def _is_scenario(document: Document) -> bool:
    return bool({"estate", "estate_file"} & document.source.data.keys())


@gc_tuning()
def load_located(path: str | Path, leave: Collection[str] = frozenset()) -> Located:
    """Read either kind of file, and note where each part of the estate stands. Raises `BadInput`.

    An estate file is a scenario with the file's name and without a story.
    """
    document = read_either(path)
    checked = check_file(document, leave)
    places = MappingProxyType(dict(parts_in_place(document, checked.estate)))
    return Located(_from_file(scenario_of(checked), document), places, _is_scenario(document))


def _from_file(scenario: Scenario, document: Document) -> Scenario:
    """The scenario, which knows the files that people change; nobody changes one of the library."""
    if Path(document.source.file) in library().values():
        return scenario
    return replace(scenario, file=document.source.file, estate_file=document.estate_source.file)
