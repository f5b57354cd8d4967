"""From the shape to types and sense: every mistake of a file at once, or a file without one."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pydantic import ValidationError

from failback.scenarios.files.calibration_file import CalibrationFile
from failback.scenarios.files.lint import Subject, lint, questions
from failback.scenarios.files.schema import EstateFile, ScenarioFile
from failback.scenarios.files.yaml_source import BadInput, KeyPath, Mistake

from .document import Document
from .fault_facts import typed_facts
from .library import load_default_durations
from .messages import is_unknown_key, message_of
from .paths import path_in
from .prune_invalid import take_out
from .shape import write_out
from .types import Error, file_adapter
from .unknown_keys import key_meant

REPAIRS_MAX: Final = 5
"""Rounds of taking refused values out before lint is left out."""


@dataclass(frozen=True, slots=True)
class ValidFile:
    """A file without a mistake."""

    file: ScenarioFile
    estate: EstateFile
    calibration: CalibrationFile | None = None
    phases_given: frozenset[str] = frozenset()
    """Machines of which the file says where they stand; the others begin where all do."""


def check_file(document: Document, leave: Collection[str] = frozenset()) -> ValidFile:
    """The file as types, and free of mistakes. Raises `BadInput` with all that there are."""
    write_out(document)
    file = _typed(document)
    if file is not None and file.estate is not None:
        faults = typed_facts(document, file.faults, file.estate)
        file = replace(file, faults=faults)
        document.mistakes += lint(_subject(document, file), document.mistake, leave)
    if document.mistakes or file is None or file.estate is None:
        raise BadInput(*_in_order(document.mistakes))
    return ValidFile(file, file.estate, document.calibration, frozenset(document.phases_given))


def asked_of(document: Document, valid: ValidFile) -> tuple[Mistake, ...]:
    """What is asked about a file without a mistake, in its order."""
    return tuple(_in_order(questions(_subject(document, valid.file), document.mistake)))


def _subject(document: Document, file: ScenarioFile) -> Subject:
    assert file.estate is not None
    names, sections = frozenset(document.refused_names), frozenset(document.refused_sections)
    return Subject(file, file.estate, frozenset(load_default_durations()), names, sections)


def _in_order(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Each place once for each kind of message, in the order of the file."""
    return sorted(dict.fromkeys(mistakes), key=lambda mistake: (mistake.file, mistake.line))


def _typed(document: Document) -> ScenarioFile | None:
    """The file's values; what is refused is noted in the first round and taken out, until the rest passes."""
    for repairs in range(REPAIRS_MAX):
        try:
            return file_adapter().validate_python(document.data)
        except ValidationError as refused:
            errors = refused.errors(include_url=False)
            if repairs == 0:
                document.mistakes += _explained(document, errors)
            take_out(document, errors)
    return None


def _explained(document: Document, errors: Iterable[Error]) -> Iterator[Mistake]:
    by_path: dict[KeyPath, list[Error]] = {}
    for error in errors:
        by_path.setdefault(path_in(document.data, error), []).append(error)
    meant = {(*path[:-1], key_meant(path)) for path, same in by_path.items() if is_unknown_key(same[0])}
    for path, same in by_path.items():
        if not (same[0]["type"] == "missing" and path in meant):
            yield document.mistake(path, message_of(path, same))
