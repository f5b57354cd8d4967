"""The estate as the plain data of its file: what is known, what is unknown, and where each fact came from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from failback.adapters.importing.records import Reading
from failback.reprotect import UNKNOWN, AzureVm, Link, Unknown, VirtualMachine

from .doubts import doubts
from .join import Joined
from .machines import LEFT_OUT, NOT_PROTECTED
from .mismatches import mismatches
from .phases_told import phases_told
from .places import KINDS
from .remarks import NOT_IN_VCENTER, Named, Remark, shown
from .told import JoinedPart
from .unique_names import NAME_MAX, TEXT_MAX, fit
from .vaults_told import vaults_told

_WORD: Final = "unknown"
_EMPTY: Final[Mapping[str, Mapping[str, Any]]] = {
    "master_targets": {"retention_drives": [], "local_disks": 0},
    "configuration_servers": {"accounts": []},
}
"""Lists whose defaults an author takes for granted."""
_TAKEN: Final[Mapping[str, tuple[str, ...]]] = {"datastores": ("capacity_gib", "kind")}
"""Facts that cannot be unknown in an estate; where nobody told them, its default stands and `sources` says so."""


def document(done: Joined, reading: Reading, bandwidth_mbit_per_s: float) -> dict[str, Any]:
    """The whole file, in a stable order."""
    whole: dict[str, Any] = {
        "defaults": {"virtual_machine": _unread(VirtualMachine) | {"azure": _unread(AzureVm)}},
        "virtual_machines": [_machine(part) for part in done.parts["virtual_machines"]],
        "link": {"bandwidth_mbit_per_s": plain(bandwidth_mbit_per_s), **_unread(Link)},
    }
    for section, kind in KINDS.items():
        if done.parts[section]:
            whole[section] = [_part(part, kind) for part in done.parts[section]]
    if done.plans:
        whole["recovery_plans"] = done.plans
    if not done.plans_known:
        whole["recovery_plans_known"] = False
    if not done.servers_known:
        whole["servers_known"] = False
    return whole | {"sources": sources(done, reading)}


def _machine(part: JoinedPart) -> dict[str, Any]:
    facts = part.told.facts
    disks = [{k: plain(v) for k, v in disk.items() if k not in _SAME or v != _SAME[k]} for disk in facts["disks"]]
    told = _told(facts, VirtualMachine, "disks")
    return {"name": part.name, "os": told.pop("os"), **told, "disks": disks}


_SAME: Final[Mapping[str, Any]] = {
    "attached_on_premises": True,
    "held_by": None,
    **dict.fromkeys(("excluded", "iscsi", "raw_device"), False),
}
"""What an estate means where a disk says nothing."""


def _part(part: JoinedPart, kind: Any) -> dict[str, Any]:
    facts = part.told.facts
    told = _told(facts, kind)
    unread = {name: _WORD for name in _doubtful(kind) if name not in facts}
    return {
        "name": part.name,
        **told,
        **unread,
        **{k: v for k, v in _EMPTY.get(part.section, {}).items() if k not in told},
    }


def _told(facts: Mapping[str, Any], kind: Any, *but: str) -> dict[str, Any]:
    kept = [name for name in _order(kind) if name in facts and name not in but]
    return {name: plain(facts[name]) for name in kept if facts[name] is not None or name not in _empty(kind)}


@cache
def _empty(kind: Any) -> frozenset[str]:
    """Facts of which nothing is what an estate says by leaving them out."""
    return frozenset(f.name for f in fields(kind) if f.default is None) - set(_doubtful(kind))


@cache
def _order(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name != "name")


def _unread(kind: Any) -> dict[str, str]:
    """All of them: a file writes over these what it knows."""
    return dict.fromkeys(_doubtful(kind), _WORD)


@cache
def _doubtful(kind: Any) -> tuple[str, ...]:
    """Facts whose default an author takes for granted and a reader does not."""
    hints = get_type_hints(kind)
    doubted = [f for f in fields(kind) if Unknown in get_args(hints[f.name])]
    return tuple(f.name for f in doubted if f.default is not MISSING and f.default is not UNKNOWN)


def plain(value: Any) -> Any:
    """As YAML has it: whole numbers without a point, text that may stand in an estate."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 4)
    if isinstance(value, str):
        return fit(value, TEXT_MAX)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    return getattr(value, "value", None) if isinstance(value, Unknown) else _of_object(value)


def _of_object(value: Any) -> Any:
    """A part of a part, such as a retention drive, or a word of an enumeration."""
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    return value.value if hasattr(value, "value") else value


# Sources


def sources(done: Joined, reading: Reading) -> dict[str, Any]:
    """Which file said what: by section and fact, with the exceptions by part."""
    told: dict[str, Any] = {"files": [dict(_file(origin)) for origin in reading.origins]}
    facts: dict[str, dict[str, str]] = {}
    exceptions: dict[str, dict[str, str]] = {}
    for section, parts in done.parts.items():
        usual = _usual(parts)
        if usual:
            facts[section] = usual
        for part in parts:
            files = {fact: fit(file, NAME_MAX) for fact, file in sorted(part.told.files.items())}
            odd = {fact: file for fact, file in files.items() if usual.get(fact) != file}
            if odd:
                exceptions[part.name] = odd
    policies = Counter(m.pair.item.policy for m, _ in _with_items(done) if m.pair.item.policy)
    told |= {"facts": facts, "exceptions": exceptions, "assumed": dict(_assumed(done))}
    others = {NOT_PROTECTED: done.others} if done.others else {}
    counts = {why: len(names) for why, names in others.items()}
    told |= {"policies": dict(sorted(policies.items())), "left_out": {**reading.left_out, **counts}}
    left_out = {**reading.names_left_out, **others}
    told["names_left_out"] = {why: list(map(fit, names)) for why, names in left_out.items()}
    told["machines_left_out"] = list(_left_out(done))
    told["machines_in_doubt"] = [{"why": why.value, "machines": names} for why, names in doubts(done, reading).items()]
    told["phases"] = phases_told(done)
    told["vaults"] = vaults_told(reading)
    told["notes"] = [fit(note) for note in reading.notes]
    told["mismatches"] = [mismatch_data(what, parts) for what, parts in mismatches(done, reading).items()]
    return {key: value for key, value in told.items() if value}


def _left_out(done: Joined) -> Iterator[dict[str, Any]]:
    nowhere = frozenset(done.remarked(NOT_IN_VCENTER))
    for what, why in LEFT_OUT.items():
        if names := done.remarked(what):
            gone = [fit(name) for name in names if name in nowhere]
            told = {"why": why.value, "machines": list(map(fit, names))}
            yield told | ({"not_in_vcenter": gone} if gone else {})


def mismatch_data(what: Remark, parts: list[Named]) -> dict[str, Any]:
    """With the names alone, unless nothing stands in brackets: then each is a name."""
    told = {"kind": what.kind.value, "what": what.words, "names": [fit(shown(part)) for part in parts]}
    in_brackets = any(detail or name.endswith(")") for name, detail in parts)
    return told | ({"objects": [fit(name) for name, _ in parts]} if in_brackets else {})


def _with_items(done: Joined) -> Iterator[tuple[Any, str]]:
    return ((m, n) for m, n in zip(done.machines, done.names, strict=True) if m.pair.item)


def _file(origin: Any) -> Iterator[tuple[str, str]]:
    yield "file", fit(origin.file)
    yield "format", origin.format
    if origin.dated is not None:
        yield "dated", origin.dated.isoformat()
        yield "dated_by", origin.dated_by


def _usual(parts: Iterable[JoinedPart]) -> dict[str, str]:
    """Of each fact the file that most parts have it from."""
    times: dict[str, Counter[str]] = {}
    for part in parts:
        for fact, file in part.told.files.items():
            times.setdefault(fact, Counter())[fit(file, NAME_MAX)] += 1
    return {fact: min(count.items(), key=lambda pair: (-pair[1], pair[0]))[0] for fact, count in sorted(times.items())}


def _assumed(done: Joined) -> Iterator[tuple[str, list[str]]]:
    """What an estate cannot leave open and no file told."""
    for section, facts in _TAKEN.items():
        for fact in facts:
            names = [part.name for part in done.parts[section] if fact not in part.told.facts]
            if names:
                yield f"{section}.{fact}", names
