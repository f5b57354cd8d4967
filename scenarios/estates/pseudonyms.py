"""Pseudonyms of one copy: one text has one of them everywhere, and names sort as before."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from failback.reprotect import CODES, PRIVILEGES, REQUIREMENTS, Checker, Phase, covers
from failback.scenarios.files.lint import FACT_WORDS
from failback.scenarios.files.loader import load_default_durations
from failback.scenarios.files.schema import SECTIONS, EstateFile
from failback.scenarios.files.time_zones import zone_or_none
from failback.simulator import LINK

from .redacted_fields import Kind

_OWN_WORDS: Final = frozenset(
    [
        "latest",
        "latest_app_consistent",
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "JPY",
        "RVTools",
        "vault",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "proxy",
        "discovery",
        "reprotection_agent",
        "process_server",
        "provider",
        "snapshot",
        "link",
        "none",
        "configuration",
        "server",
    ]
) | {"configuration server", "process server", "master target", LINK}
_DRIVE: Final = re.compile(r"([A-Za-z]:?\\?|/mnt/retention)$")
_SYSTEMS: Final = re.compile(
    r"(v?\d+(\.\d+)*(-\d+)?|R2|SP\d|windows|server|linux|ubuntu|debian|red|hat|rhel|centos|suse|sles|oracle|standard|"
    r"rocky|alma|almalinux|opensuse|redhat|or|later|x64|x86_64|(32|64)-bit|\d+(/\d+)+|datacenter|enterprise|lts|vmware|"
    r"esxi|tools|open-vm-tools|(guest)?tools(ok|old|running|notrunning)|build-\d+|ntfs|refs|ext[234]|xfs|btrfs|fat(32)?|"
    r"\d{4}-\d\d-\d\dT[\d:.+]+Z?)$",
    re.IGNORECASE,
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_FAMILIES: Final = ("windows", "linux")
_REASONS: Final = (
    *("cancelled", "drift", "no_way", "not_in_vault", "wave_closed", "gave_up", "skipped", "abandoned"),
    "FB-INJECTED",
)
"""Why a drill stops a machine other than by a rule."""
OTHER: Final = "other"
"""Stands for a version of which nothing may stay."""


@cache
def _words() -> frozenset[str]:
    """Words that failback itself gave."""
    durations = load_default_durations()
    known = {word for words in FACT_WORDS.values() for word in words} | {phase.value for phase in Phase}
    parts = {part for key in durations for part in key.split("/")} | set(durations) | set(SECTIONS)
    facts = {f.name for kind in _kinds() for f in fields(kind)}
    assumed = {f"{section}.{fact}" for section in SECTIONS for fact in facts}
    return _OWN_WORDS | known | parts | facts | assumed | {each.name for each in Checker.__subclasses__()}


def _kinds() -> list[Any]:
    from typing import get_args, get_type_hints

    hints = get_type_hints(EstateFile)
    return [get_args(hints[section])[0] for section in SECTIONS] + [hints["link"]]


@dataclass(slots=True)
class Pseudonyms:
    """Gathers names at first; once `settled`, gives each its pseudonym. `named` has the word of each name."""

    key: bytes
    named: dict[str, str]
    given: Mapping[str, str]

    @classmethod
    def new(cls, key: bytes) -> "Pseudonyms":
        """None given yet."""
        return cls(key, {}, {})

    def settle(self) -> None:
        """Number all names in their order, so that whatever is sorted by name stays in its place."""
        digits = max(2, len(str(len(self.named))))
        self.given = {
            name: f"p{number:0{digits}}-{self.named[name]}" for number, name in enumerate(sorted(self.named), start=1)
        }

    def of(self, kind: Kind, text: str, word: str, default: Any = "") -> Any:
        """What stands for this text."""
        return _BY_KIND[kind](self, text, word, default) if text else text

    def name(self, text: str, word: str) -> str:
        """The pseudonym; the first word for a name stays."""
        if not self.given:
            self.named.setdefault(text, word)
        return self.given.get(text, text)

    def digest(self, text: str) -> str:
        """An id in the same form, from the key: without the key nobody can tell whose it is."""
        hashed = blake2b(text.encode(), digest_size=16, key=self.key).digest()
        return str(UUID(bytes=hashed, version=4)) if _UUID.match(text) else f"id-{hashed[:6].hex()}"


def _kept_if(keeps: Callable[[str], bool]) -> Callable[[Pseudonyms, str, str, Any], Any]:
    return lambda all_, text, word, _: text if keeps(text) else all_.name(text, word)


def _dropped_unless(keeps: Callable[[str], bool]) -> Callable[[Pseudonyms, str, str, Any], Any]:
    return lambda _, text, __, default: text if keeps(text) else default


def _version(_: Pseudonyms, text: str, __: str, ___: Any) -> str:
    kept = [word.strip("(),") for word in text.split() if _SYSTEMS.match(word.strip("(),"))]
    return " ".join(kept) or OTHER


def _account(all_: Pseudonyms, text: str, word: str, _: Any) -> str:
    family = "".join(f"-{each}" for each in _FAMILIES if each in text)
    return all_.name(text, word) + family


def _is_rule(text: str) -> bool:
    return text in _REASONS or is_code(text) or any(row.id == text for row in REQUIREMENTS)


def is_code(text: str) -> bool:
    """Whether it is an error code that failback knows."""
    return text in CODES or any(row.code == text for row in REQUIREMENTS)


_BY_KIND: Final[Mapping[Kind, Callable[[Pseudonyms, str, str, Any], Any]]] = {
    Kind.NAME: _kept_if(lambda text: text == LINK),
    Kind.UUID: lambda all_, text, _, __: all_.digest(text),
    Kind.TEXT: lambda _, __, ___, default: default,
    Kind.WORD: _kept_if(lambda text: text in _words()),
    Kind.RULE: _kept_if(_is_rule),
    Kind.VERSION: _version,
    Kind.DRIVE: _kept_if(lambda text: _DRIVE.match(text) is not None),
    Kind.ACCOUNT: _account,
    Kind.PRIVILEGE: _dropped_unless(lambda text: any(covers(text, wanted) for wanted in PRIVILEGES)),
    Kind.CODE: _dropped_unless(is_code),
    Kind.ZONE: _dropped_unless(lambda text: zone_or_none(text) is not None),
}
