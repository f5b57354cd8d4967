"""The pseudonymised copy of a scenario: every text through the table, in two passes (gather all names, then give)."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from failback.scenarios.files.schema import SECTIONS, Mismatch, ScenarioFile
from failback.simulator import LINK

from .pseudonyms import Pseudonyms
from .redacted_fields import FIELDS, Kind, Kinds
from .redacted_mismatches import redacted_mismatch
from .redacted_words import OTHER_NAME, PART_WORDS, WORDS


def redacted_file(file: ScenarioFile, pseudonyms: Pseudonyms) -> ScenarioFile:
    """The same scenario in pseudonyms; what it has in other files (an estate, a calibration) stays out."""
    file = replace(file, homecoming=replace(file.homecoming, calibration=None))
    parts = _parts_of(file)
    pseudonyms.named |= {name: PART_WORDS[kind] for name, kind in parts.items() if kind in PART_WORDS}
    _Walk(pseudonyms, parts).thing(file)
    pseudonyms.settle()
    copy: ScenarioFile = _Walk(pseudonyms, parts).thing(file)
    return copy


def _parts_of(file: ScenarioFile) -> Mapping[str, str]:
    """The class of the part that a fault may name."""
    if file.estate is None:
        return {LINK: "Link"}
    found = {part.name: type(part).__name__ for section in SECTIONS for part in getattr(file.estate, section)}
    return found | {LINK: "Link"}


@dataclass(frozen=True, slots=True)
class _Walk:
    pseudonyms: Pseudonyms
    parts: Mapping[str, str]

    def thing(self, thing: Any) -> Any:
        """A part with its texts replaced."""
        if isinstance(thing, Mismatch):
            return redacted_mismatch(self.pseudonyms, thing)
        table = FIELDS.get(type(thing).__name__, {})
        changed = {}
        for each in fields(thing):
            value = getattr(thing, each.name)
            kind = table.get(each.name, Kind.TEXT)
            changed[each.name] = self.value(value, kind, _word(thing, each.name), _default(each))
        if "facts" in changed and "object" in changed:
            changed["facts"] = self._facts(thing)
        return replace(thing, **changed)

    def _facts(self, fault: Any) -> Mapping[str, Any]:
        kind = self.parts.get(fault.object, "")
        table = FIELDS.get(kind, {})
        return {
            self.pseudonyms.of(Kind.WORD, fact, "fact"): self.value(
                value, table.get(fact, Kind.NAME), _word_of(kind, fact)
            )
            for fact, value in fault.facts.items()
        }

    def value(self, value: Any, kinds: Kinds, word: str, default: Any = "") -> Any:
        """A text, or what holds texts."""
        kind, below = (kinds, kinds) if isinstance(kinds, Kind) else (kinds[0], kinds[1:] or kinds[0])
        if isinstance(value, str) and not isinstance(value, Enum):
            return self.pseudonyms.of(kind, value, word, default)
        if is_dataclass(value):
            return self.thing(value)
        if isinstance(value, Mapping):
            if kinds is Kind.TEXT:
                return {}
            return {self.pseudonyms.of(kind, k, word): self.value(v, _rest(below), word) for k, v in value.items()}
        if isinstance(value, tuple | list):
            return tuple(filter(_is_there, (self.value(each, kinds, word) for each in _held(value, kinds))))
        return value


def _rest(below: Kinds) -> Kinds:
    return below[0] if isinstance(below, tuple) and len(below) == 1 else below


def _held(value: Any, kinds: Kinds) -> Any:
    """Nothing of a list of texts that are dropped."""
    dropped = kinds is Kind.TEXT and any(isinstance(each, str) or type(each).__name__ in _DROPPED for each in value)
    return () if dropped else value


_OWN_NAMES = ("name", "vsphere_name")
_DROPPED = ("ApplicationCheck",)


def _is_there(value: Any) -> bool:
    return not isinstance(value, str) or value != ""


def _default(field: Any) -> Any:
    return "" if field.default is MISSING else field.default


def _word(thing: Any, field: str) -> str:
    return _word_of(type(thing).__name__, field)


def _word_of(kind: str, field: str) -> str:
    """Of its names, the word of the part."""
    return PART_WORDS.get(kind, OTHER_NAME) if field in _OWN_NAMES else WORDS.get(field, OTHER_NAME)
