"""Mismatches of an import in a pseudonymised copy: names get pseudonyms, what an import itself says stays."""

import re
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

from failback.adapters.importing.arm_health import KINDS_OF_UNWELL, NAMELESS, NO_CODE
from failback.adapters.importing.arm_json import NOT_WELL
from failback.adapters.importing.records import TroubleKind
from failback.reprotect import OsFamily
from failback.scenarios.files.lint import FACT_WORDS
from failback.scenarios.files.schema import Mismatch

from .mismatch_words import NAMED_SIDES, SIDES, TROUBLES, WITH_CODES, own
from .pseudonyms import Pseudonyms, is_code
from .redacted_words import WORDS
from .remarks import Named, shown

CONTENTS: Final = "contents"
"""Stands for what in a file says its date, unless it is known."""
OTHER_MISMATCH: Final = "another mismatch, in words that are no import's"
"""Stands for what somebody wrote."""
_NUMBER: Final = r"\d[\d,]*(\.\d+)?(e\+\d+)?( GiB| min)?"
_TIME: Final = r"\d{4}-\d\d-\d\d( \d\d:\d\d)?( UTC)?"
_VALUE: Final = re.compile(rf"{_NUMBER}|{_TIME}|error \w+")
_VALUES: Final = frozenset(
    {
        "deleted",
        "not deleted",
        *NOT_WELL,
        *(each.value for each in OsFamily),
        *(word for words in FACT_WORDS.values() for word in words),
    }
)
"""Values that are words: whether a machine is gone, the health of a server, an operating system, a firmware."""
_AFFECTED: Final = re.compile(r", [\d,]+ affected$")
_UNWELL: Final = TROUBLES[TroubleKind.UNWELL].words
_OF_THE_VAULT: Final = frozenset({_UNWELL, TROUBLES[TroubleKind.COUNTED].words})
"""Mismatches whose objects are called by what they are."""


def redacted_mismatch(all_: Pseudonyms, one: Mismatch) -> Mismatch:
    """The same in pseudonyms."""
    alone: tuple[str | None, ...] = (*one.objects, *[None] * (len(one.names) - len(one.objects)))
    parts = [_split(all_, one.what, text, name) for text, name in zip(one.names, alone, strict=False)]
    names = tuple(shown((_called(all_, one.what, name), _said(all_, one.what, detail))) for name, detail in parts)
    objects = tuple(_called(all_, one.what, name) for name in one.objects)
    return replace(one, what=one.what if own(one.what) else OTHER_MISMATCH, names=names, objects=objects)


def _split(all_: Pseudonyms, what: str, text: str, name: str | None) -> Named:
    """A name and what is said behind it; `name`: the name alone, where the file has it."""
    if name is None or not f"{text} (".startswith(f"{name} ("):
        return _guessed(all_, what, text)
    return name, text[len(name) + 2 :].removesuffix(")")


def _guessed(all_: Pseudonyms, what: str, text: str) -> Named:
    """For files from before imports wrote the names alone: a name that has brackets itself may be known elsewhere."""
    name, bracket, detail = text.removesuffix(")").rpartition(" (")
    is_name = not bracket or not text.endswith(")") or text in all_.named
    may_be_name = detail.isdigit() and not what.startswith(WITH_CODES)
    return (text, "") if is_name or may_be_name else (name, detail)


def _called(all_: Pseudonyms, what: str, name: str) -> str:
    """`fabric p017-name`; what has no name of its own stays."""
    if what in _OF_THE_VAULT:
        if name in NAMELESS:
            return name
        for kind in KINDS_OF_UNWELL:
            if name.startswith(f"{kind} "):
                return f"{kind} {_name(all_, name.removeprefix(f'{kind} '))}"
    return _name(all_, name)


def _name(all_: Pseudonyms, name: str) -> str:
    return all_.name(name, WORDS["objects"]) if name else name


def _said(all_: Pseudonyms, what: str, detail: str) -> str:
    if not detail:
        return detail
    if what == _UNWELL:
        return _error(all_, detail)
    return ", ".join(_value(all_, each) for each in detail.split(", "))


def _error(all_: Pseudonyms, text: str) -> str:
    """`161011: id-…`: a message may have names in it."""
    affected = _AFFECTED.search(text)
    if affected is not None:
        return _error(all_, text[: affected.start()]) + affected[0]
    code, colon, message = text.partition(": ")
    if text == NO_CODE or _is_error(code):
        return code + (f": {all_.digest(message)}" if colon else "")
    return all_.digest(text)


def _value(all_: Pseudonyms, text: str) -> str:
    """`vault: 8 GiB`, or a value without its side."""
    side, colon, value = text.partition(": ")
    if colon and side in NAMED_SIDES:
        return f"{side}: {all_.name(value, side)}"
    if colon:
        return f"{side if side in SIDES else CONTENTS}: {_value(all_, value)}"
    if _is_address(text):
        return all_.name(text, WORDS["addresses"])
    kept = _VALUE.fullmatch(text) or text in _VALUES or _is_error(text)
    return text if kept else all_.digest(text)


def _is_error(text: str) -> bool:
    """Whether it is the code of an error."""
    return text.isdigit() or is_code(text)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
