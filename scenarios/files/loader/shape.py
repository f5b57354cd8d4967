"""Short forms written out: defaults, counts, dates, durations, unknown facts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, Final, get_args, get_type_hints

from failback.reprotect import UNKNOWN, Architecture, Phase, Unknown, runs_on_site
from failback.scenarios.files.lint import COUNT, STORE_KINDS
from failback.scenarios.files.schema import EstateFile
from failback.scenarios.files.yaml_source import KeyPath

from .document import Document
from .messages import EXPECTED, shown
from .overlay import lay_facts_over

MACHINES_MAX: Final = 20_000
"""Virtual machines of one estate, with every `count` written out."""
_AZURE: Final = "azure"
_COUNTER: Final = re.compile(r"\{n(?::(0?)([0-9]?)d?)?\}")


def write_out(document: Document) -> None:
    """Write out what the file may leave short, and take out the keys that only the loader knows."""
    document.mistakes += [*document.source.mistakes]
    if document.estate_source is not document.source:
        document.mistakes += document.estate_source.mistakes
    document.data.pop("$schema", None)
    _shape_durations(document)
    _shape_date(document)
    if isinstance(document.data.get("estate"), dict):
        estate = document.data["estate"] = dict(document.data["estate"])
        estate.pop("$schema", None)
        _shape_machines(document, estate)
        lay_facts_over(document, estate)
        _shape_datastores(estate)
        document.phases_given = set(_standing(estate.get("virtual_machines")))
        document.data["estate"] = with_unknowns(estate)


def _standing(machines: Any) -> Iterator[str]:
    """Names of the machines of which the file says where they stand."""
    for machine in machines if isinstance(machines, list) else ():
        if isinstance(machine, dict) and "at" in machine and isinstance(machine.get("name"), str):
            yield machine["name"]


def _shape_durations(document: Document) -> None:
    rows = document.data.get("durations")
    if isinstance(rows, dict):
        document.data["durations"] = {key: {"fixed_s": row} if _is_number(row) else row for key, row in rows.items()}


def _shape_date(document: Document) -> None:
    if "starts_at" in document.data and not isinstance(document.data["starts_at"], str):
        found = shown(document.data.pop("starts_at"))
        document.add(("starts_at",), f"found {found}; expected {EXPECTED['datetime']}")


def _shape_machines(document: Document, estate: dict[str, Any]) -> None:
    defaults = _defaults(document, estate.pop("defaults", {}))
    machines = estate.get("virtual_machines")
    if not isinstance(machines, list):
        return
    path: KeyPath = ("estate", "virtual_machines")
    written: list[Any] = []
    places: list[int] = []
    for index, machine in enumerate(machines):
        copies = _copies(document, (*path, index), machine, defaults, MACHINES_MAX - len(written))
        written += copies
        places += [index] * len(copies)
    estate["virtual_machines"], document.places[path] = written, places


def _shape_datastores(estate: dict[str, Any]) -> None:
    """The kinds of datastores as the rules spell them: vSphere writes `vsan`, and `NFS41` for a version of NFS."""
    stores = estate.get("datastores")
    if isinstance(stores, list):
        estate["datastores"] = [_spelled(store) if isinstance(store, dict) else store for store in stores]


def _spelled(store: dict[str, Any]) -> dict[str, Any]:
    kind = store.get("kind")
    return {**store, "kind": STORE_KINDS.get(kind.casefold(), kind)} if isinstance(kind, str) else store


def _defaults(document: Document, defaults: Any) -> dict[str, Any]:
    """What stands under every machine. Other kinds of part are written out."""
    if not isinstance(defaults, dict) or not isinstance(defaults.get("virtual_machine", {}), dict):
        document.add(
            ("estate", "defaults"), "expected `virtual_machine:` and under it the values that all machines share"
        )
        return {}
    for key in defaults.keys() - {"virtual_machine"}:
        document.add(("estate", "defaults", key), f"unknown key `{key}`; only `virtual_machine` has defaults")
    return dict(defaults.get("virtual_machine", {}))


def _copies(document: Document, path: KeyPath, machine: Any, defaults: Mapping[str, Any], room: int) -> list[Any]:
    if not isinstance(machine, dict):
        return [machine]
    whole = _powered_as_in_its_phase({**defaults, **machine, **_replica(defaults, machine)})
    if "count" not in whole:
        return [whole]
    count, name = whole.pop("count"), whole.get("name")
    refused = _count_refused(count, name, room)
    if refused is not None:
        document.add((*path, "count"), refused)
        document.refused_sections.add(COUNT)
        return [whole]
    return [{**whole, "name": _numbered(name, n)} for n in range(1, count + 1)]


def _replica(defaults: Mapping[str, Any], machine: Mapping[str, Any]) -> dict[str, Any]:
    """Its machine in Azure, fact by fact: who knows one of these facts does not know the others."""
    shared, own = defaults.get(_AZURE), machine.get(_AZURE)
    return {_AZURE: {**shared, **own}} if isinstance(shared, dict) and isinstance(own, dict) else {}


def _powered_as_in_its_phase(machine: dict[str, Any]) -> dict[str, Any]:
    """A machine of which the file says where it stands, and not whether it is on, is as it is there."""
    try:
        architecture = Architecture(machine.get("architecture", Architecture.MODERNISED.value))
        on = runs_on_site(architecture, Phase(machine["at"]))
    except (KeyError, ValueError):
        return machine
    return {"powered_on": on, **machine}


def _count_refused(count: Any, name: Any, room: int) -> str | None:
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        return f"found {shown(count)}; expected a whole number of machines, at least 1"
    if count > room:
        return f"found {count} and room for {room}; an estate has at most {MACHINES_MAX} machines"
    if not isinstance(name, str) or not _COUNTER.search(name):
        return "a machine with `count` needs a place for the number in its name, for instance `app-{n:03}`"
    return None


def _numbered(name: Any, number: int) -> str:
    return _COUNTER.sub(lambda hit: str(number).rjust(int(hit[2] or 0), "0" if hit[1] else " "), str(name))


# Where text is as good as `unknown` pydantic takes the text, so these facts are translated before it sees them.
def _text_facts(shape: Any) -> Iterator[str]:
    """Facts that are text or unknown, in this shape and in the parts that it holds."""
    for name, hint in get_type_hints(shape).items():
        held = get_args(hint)
        if str in held and Unknown in held:
            yield name
        for part in (hint, *held):
            if isinstance(part, type) and is_dataclass(part):
                yield from _text_facts(part)


_TEXT_FACTS: Final = frozenset(_text_facts(EstateFile))


def with_unknowns(value: Any) -> Any:
    """The data with `unknown` as what it means, where text would be as good."""
    if isinstance(value, dict):
        return {k: UNKNOWN if k in _TEXT_FACTS and v == "unknown" else with_unknowns(v) for k, v in value.items()}
    return [with_unknowns(v) for v in value] if isinstance(value, list) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
