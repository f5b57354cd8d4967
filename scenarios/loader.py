"""From a file to a scenario of frozen values, or to all of its mistakes at once with their lines.

A file goes through four hands: `read_source` (text to plain data), `_shaped` (defaults, counts and short forms written
out, with a note of where each machine stands), pydantic (types), and `lint` (sense). What pydantic refuses is taken out
and the rest goes on to lint, so that one reading tells everything.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from failback.reprotect import UNKNOWN, Estate, Link, ReplicationGroup, Unknown, VirtualMachine
from failback.simulator import LINK, Duration, Durations, Fault, FaultKind

from .calibration_file import CalibrationFile, calibrated, read_calibration
from .lint import COUNT, PARTS, Subject, lint
from .schema import SECTIONS, EstateFile, Scenario, ScenarioFile, keys_at
from .yaml_source import BadInput, KeyPath, Mistake, Source, read_source

MACHINES_MAX: Final = 20_000
"""Virtual machines of one estate, with every `count` written out."""
REPAIRS_MAX: Final = 5
"""Rounds of taking refused values out before lint is left out."""
SUFFIXES: Final = (".yaml", ".yml", ".json")
"""Endings of a name that is certainly a path."""

_Error: TypeAlias = Any
"""One of pydantic's error details."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line and column from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Located:
    """A scenario, and where the parts of its estate stand, by section and name."""

    scenario: Scenario
    places: Mapping[tuple[str, str], Place]


# The doors


def load_scenario(path: str | Path, leave: Collection[str] = frozenset()) -> Scenario:
    """Read, check and lint a scenario file. Raises `BadInput` with all of its mistakes.

    `leave` names checks of lint that are left to the rules.
    """
    return _scenario(_checked(_document(path), leave))


def load_estate(path: str | Path, leave: Collection[str] = frozenset()) -> Estate:
    """Read an estate file, or the estate of a scenario file. Raises `BadInput` with all of its mistakes."""
    return _estate(_checked(_either(path), leave))


def load_located(path: str | Path, leave: Collection[str] = frozenset()) -> Located:
    """Read either kind of file, and note where each part of the estate stands. Raises `BadInput`.

    An estate file is a scenario with the file's name and without a story.
    """
    document = _either(path)
    checked = _checked(document, leave)
    return Located(_scenario(checked), MappingProxyType(dict(_parts_in_place(document, checked.estate))))


@cache
def load_default_durations() -> Durations:
    """The packaged durations, by key."""
    packaged = read_source(Path(str(files(__package__ or "failback.scenarios") / "data" / "durations.yaml")))
    return MappingProxyType(_adapter(dict[str, Duration]).validate_python(packaged.data))


def library() -> Mapping[str, Path]:
    """The packaged scenarios: name to path, in alphabetical order."""
    folder = Path(str(files(__package__ or "failback.scenarios") / "library"))
    return {path.stem: path for path in sorted(folder.rglob("*.yaml"), key=lambda path: path.stem)}


def resolve(name_or_path: str | Path) -> Path:
    """The path of a library scenario or of a file. Raises `BadInput` when it is neither."""
    text, shelf = str(name_or_path), library()
    if text in shelf and not Path(text).is_file():
        return shelf[text]
    if text.endswith(SUFFIXES) or "/" in text or "\\" in text or Path(text).exists():
        return Path(text)
    near = get_close_matches(text, shelf, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"the library has {_on_top(shelf)}"
    raise BadInput(Mistake("", text, 0, f"neither a file nor a scenario of the library; {hint}"))


def _on_top(shelf: Mapping[str, Path]) -> str:
    """Stories of single rules are counted, all others named."""
    named = [name for name, path in shelf.items() if path.parent.name != "rules"]
    return f"{', '.join(named)}, and {len(shelf) - len(named)} stories of single rules"


# From a file to the shape that the types know


@dataclass(slots=True)
class _Document:
    """A file on its way: its data, and where each part of the data stands in which file.

    `places` maps the path of a list to the places of its elements in the file, since counts add elements and refusals
    take them out.
    """

    source: Source
    estate_source: Source
    data: dict[str, Any]
    estate_prefix: KeyPath = ("estate",)
    mistakes: list[Mistake] = field(default_factory=list)
    places: dict[KeyPath, list[int]] = field(default_factory=dict)
    refused_names: set[str] = field(default_factory=set)
    refused_sections: set[str] = field(default_factory=set)
    calibration: CalibrationFile | None = None

    def mistake(self, path: KeyPath, message: str) -> Mistake:
        """A mistake at this path of the data, at its line of its file."""
        if path[:1] != ("estate",):
            return self.source.mistake(self._place(path), message)
        place = (*self.estate_prefix, *self._place(path)[1:])
        return self.estate_source.mistake(self._default(place), message)

    def add(self, path: KeyPath, message: str) -> None:
        """Note a mistake at this path of the data."""
        self.mistakes.append(self.mistake(path, message))

    def where(self, path: KeyPath) -> Place:
        """Where this part of the estate stands."""
        source = self.estate_source
        line, column = source.marks.get((*self.estate_prefix, *self._place(path)[1:]), (1, 1))
        return Place(source.file, line, column)

    def _place(self, path: KeyPath) -> KeyPath:
        for length in (1, 2):
            places = self.places.get(path[:length])
            if places is not None and len(path) > length and isinstance(path[length], int):
                return (*path[:length], places[int(path[length])], *path[length + 1 :])
        return path

    def _default(self, place: KeyPath) -> KeyPath:
        """The place in `defaults` of a machine's value that the machine itself does not have."""
        start = len(self.estate_prefix)
        machine, rest = place[: start + 2], place[start + 2 :]
        default = (*self.estate_prefix, "defaults", "virtual_machine", *rest)
        inherited = (
            rest
            and machine[start:][:1] == ("virtual_machines",)
            and (*machine, rest[0]) not in self.estate_source.marks
        )
        return default if inherited and default[: start + 3] in self.estate_source.marks else place


def _either(path: str | Path) -> _Document:
    """Of a scenario file, or of an estate file, which has neither of a scenario's two keys for an estate."""
    source = read_source(path)
    if isinstance(source.data, dict) and not {"estate", "estate_file"} & source.data.keys():
        return _Document(source, source, {"name": Path(path).stem, "estate": source.data}, estate_prefix=())
    return _document(path)


def _document(path: str | Path) -> _Document:
    source = read_source(path)
    if not isinstance(source.data, dict):
        found = _found(source.data)
        expected = "expected a mapping with a name and an estate"
        raise BadInput(*source.mistakes, source.mistake((), f"found {found}; {expected}"))
    document = _Document(source, source, dict(source.data))
    if "estate_file" in document.data:
        _read_estate_file(document, Path(path).parent)
    elif document.data.get("estate") is None:
        document.add((), "there is no estate; write it under `estate`, or name its file with `estate_file`")
    _read_calibration(document, Path(path).parent)
    return document


def _read_estate_file(document: _Document, folder: Path) -> None:
    name = document.data["estate_file"]
    if not isinstance(name, str) or "estate" in document.data:
        document.add(("estate_file",), f"found {_found(name)}; expected a path, and no `estate` besides it")
        return
    try:
        document.estate_source = read_source(folder / name.replace("\\", "/"))
    except BadInput as broken:
        document.mistakes += [document.mistake(("estate_file",), f"{m.message} ({m.file})") for m in broken.mistakes]
        return
    document.estate_prefix, document.data["estate"] = (), document.estate_source.data


def _read_calibration(document: _Document, folder: Path) -> None:
    homecoming = document.data.get("homecoming")
    name = homecoming.get("calibration") if isinstance(homecoming, dict) else None
    if not isinstance(name, str):
        return
    path = folder / name.replace("\\", "/")
    try:
        document.calibration = read_calibration(path, load_default_durations())
    except BadInput as broken:
        there = path.is_file()
        document.mistakes += (
            m if there else document.mistake(("homecoming", "calibration"), f"{m.message} ({m.file})")
            for m in broken.mistakes
        )


def _shaped(document: _Document) -> None:
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
        document.data["estate"] = _with_unknowns(estate)


def _shape_durations(document: _Document) -> None:
    rows = document.data.get("durations")
    if isinstance(rows, dict):
        document.data["durations"] = {key: {"fixed_s": row} if _is_number(row) else row for key, row in rows.items()}


def _shape_date(document: _Document) -> None:
    if "starts_at" in document.data and not isinstance(document.data["starts_at"], str):
        found = _found(document.data.pop("starts_at"))
        document.add(("starts_at",), f"found {found}; expected {_EXPECTED['datetime']}")


def _shape_machines(document: _Document, estate: dict[str, Any]) -> None:
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


def _defaults(document: _Document, defaults: Any) -> dict[str, Any]:
    """What stands under every machine. Other kinds of part are written out."""
    if not isinstance(defaults, dict) or not isinstance(defaults.get("virtual_machine", {}), dict):
        document.add(
            ("estate", "defaults"), "expected `virtual_machine:` and under it the values that all machines share"
        )
        return {}
    for key in defaults.keys() - {"virtual_machine"}:
        document.add(("estate", "defaults", key), f"unknown key `{key}`; only `virtual_machine` has defaults")
    return dict(defaults.get("virtual_machine", {}))


_COUNTER: Final = re.compile(r"\{n(?::(0?)([0-9]?)d?)?\}")


def _copies(document: _Document, path: KeyPath, machine: Any, defaults: Mapping[str, Any], room: int) -> list[Any]:
    if not isinstance(machine, dict):
        return [machine]
    whole = {**defaults, **machine}
    if "count" not in whole:
        return [whole]
    count, name = whole.pop("count"), whole.get("name")
    refused = _count_refused(count, name, room)
    if refused is not None:
        document.add((*path, "count"), refused)
        document.refused_sections.add(COUNT)
        return [whole]
    return [{**whole, "name": _numbered(name, n)} for n in range(1, count + 1)]


def _count_refused(count: Any, name: Any, room: int) -> str | None:
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        return f"found {_found(count)}; expected a whole number of machines, at least 1"
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


def _with_unknowns(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: UNKNOWN if k in _TEXT_FACTS and v == "unknown" else _with_unknowns(v) for k, v in value.items()}
    return [_with_unknowns(v) for v in value] if isinstance(value, list) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# Types


def file_adapter() -> TypeAdapter[ScenarioFile]:
    """Pydantic's view of a scenario file."""
    return _adapter(ScenarioFile)


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file without a mistake."""

    file: ScenarioFile
    estate: EstateFile
    calibration: CalibrationFile | None = None


def _checked(document: _Document, leave: Collection[str] = frozenset()) -> _Checked:
    _shaped(document)
    file = _typed(document)
    if file is not None and file.estate is not None:
        faults = _typed_facts(document, file.faults, file.estate)
        file = replace(file, faults=faults)
        document.mistakes += lint(_subject(document, file), document.mistake, leave)
    if document.mistakes or file is None or file.estate is None:
        raise BadInput(*_in_order(document.mistakes))
    return _Checked(file, file.estate, document.calibration)


def _subject(document: _Document, file: ScenarioFile) -> Subject:
    assert file.estate is not None
    names, sections = frozenset(document.refused_names), frozenset(document.refused_sections)
    return Subject(file, file.estate, frozenset(load_default_durations()), names, sections)


def _in_order(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Each place once for each kind of message, in the order of the file."""
    return sorted(dict.fromkeys(mistakes), key=lambda mistake: (mistake.file, mistake.line))


def _typed(document: _Document) -> ScenarioFile | None:
    """The file's values; what is refused is noted in the first round and taken out, until the rest passes."""
    for repairs in range(REPAIRS_MAX):
        try:
            return file_adapter().validate_python(document.data)
        except ValidationError as refused:
            errors = refused.errors(include_url=False)
            if repairs == 0:
                document.mistakes += _explained(document, errors)
            _take_out(document, errors)
    return None


def _explained(document: _Document, errors: Iterable[_Error]) -> Iterator[Mistake]:
    by_path: dict[KeyPath, list[_Error]] = {}
    for error in errors:
        by_path.setdefault(_path_in(document.data, error), []).append(error)
    meant = {(*path[:-1], _meant(path)) for path, same in by_path.items() if _is_unknown_key(same[0])}
    for path, same in by_path.items():
        if not (same[0]["type"] == "missing" and path in meant):
            yield document.mistake(path, _message(path, same))


def _path_in(data: Any, error: _Error) -> KeyPath:
    """Pydantic's place without the names of union members that it puts between."""
    path: list[str | int] = []
    for step in error["loc"]:
        if _has(data, step):
            path.append(step)
            data = data[step]
    return (*path, error["loc"][-1]) if error["type"] == "missing" else tuple(path)


def _is_unknown_key(error: _Error) -> bool:
    return error["type"] in ("unexpected_keyword_argument", "extra_forbidden")


def _message(path: KeyPath, errors: list[_Error]) -> str:
    first = errors[0]
    if _is_unknown_key(first):
        return _unknown_key(path)
    if first["type"] == "missing":
        return f"`{path[-1]}` is missing; add it"
    if first["type"] == "value_error":
        return str(first["msg"]).removeprefix("Value error, ")
    expected = " or ".join(dict.fromkeys(_expected(error) for error in errors))
    return f"found {_found(first['input'])}; expected {expected}{_nearest_choice(first['input'], errors)}"


_EXPECTED: Final[Mapping[str, str]] = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "string": "text (a number used as a name goes in quotes)",
    "none": "null",
    "dataclass": "a mapping of keys to values",
    "dict": "a mapping of names to values",
    "mapping": "a mapping of names to values",
    "tuple": "a list",
    "list": "a list",
    "datetime": "a date and time with its offset, for instance 2026-06-05T18:00:00Z",
}


def _expected(error: _Error) -> str:
    if error["type"] == "enum":
        return str(error["ctx"]["expected"]).replace("'", "")
    return _EXPECTED.get(error["type"].partition("_")[0], str(error["msg"]))


def _found(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", type(None): "nothing", bool: str(value).lower()}
    text = str(value)
    return names.get(type(value)) or f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _nearest_choice(value: Any, errors: list[_Error]) -> str:
    words = [word for e in errors if e["type"] == "enum" for word in re.findall(r"\w+", _expected(e)) if word != "or"]
    near = get_close_matches(str(value), words, n=1)
    return f"; did you mean {near[0]}?" if near else ""


# Unknown keys

_UNITS: Final[Mapping[str, str]] = {
    "gbit": "1 Gbit/s is 1000 Mbit/s",
    "gbit_per_s": "1 Gbit/s is 1000 Mbit/s",
    "gbps": "1 Gbit/s is 1000 Mbit/s",
    "mbps": "in Mbit/s",
    "mbit": "in Mbit/s",
    "mb_per_s": "1 MB/s is 8 Mbit/s or 0.954 MiB/s",
    "mib": "in MiB/s",
    "tib": "1 TiB is 1024 GiB",
    "tb": "1 TB is 931.3 GiB",
    "gb": "1 GB is 0.931 GiB",
    "mib_size": "1024 MiB is 1 GiB",
    "ms": "1000 ms is 1 s",
    "seconds": "in seconds",
    "sec": "in seconds",
    "m": "1 minute is 60 s",
    "min": "1 minute is 60 s",
    "minutes": "1 minute is 60 s",
    "h": "1 hour is 3600 s",
    "hours": "1 hour is 3600 s",
    "d": "1 day is 86400 s",
    "days": "1 day is 86400 s",
    "percent": "1 % is 0.01",
}
"""Units that people write and the files do not use, with what to do about them."""


def _unknown_key(path: KeyPath) -> str:
    key, known, meant = str(path[-1]), keys_at(ScenarioFile, path[:-1]), _meant(path)
    if not meant:
        return f"unknown key `{key}`; known here: {', '.join(k for k in known if k != '$schema')}"
    unit = _UNITS.get(key.removeprefix(_stem(meant)).strip("_"), "")
    return f"unknown key `{key}`; did you mean `{meant}`{f' ({unit})' if unit else ''}?"


def _meant(path: KeyPath) -> str:
    """The known key with the same stem and another unit, or else the nearest one."""
    key, known = str(path[-1]), keys_at(ScenarioFile, path[:-1])
    same = [k for k in known if _stem(k) == _stem(key) and _stem(k) != k]
    bare = [k for k in known if key in (_stem(k), _stem(k).rstrip("_"))]
    return next(iter((*same, *bare, *get_close_matches(key, known, n=1))), "")


_UNIT: Final = re.compile(
    r"_(mbit_per_s|mib_per_s|gib|s|fraction|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")$"
)


def _stem(key: str) -> str:
    return _UNIT.sub("", key)


# Taking refused values out

_PLACEHOLDERS: Final[Mapping[KeyPath, Any]] = {
    ("name",): "unnamed",
    ("estate", "link"): {"bandwidth_mbit_per_s": 1.0},
    ("estate", "virtual_machines"): [],
}
"""Stand-ins for required values that were refused, so that the rest can be checked."""


def _take_out(document: _Document, errors: Iterable[_Error]) -> None:
    gone: dict[KeyPath, set[int]] = {}
    for error in errors:
        path = _path_in(document.data, error)
        listed = next((n for n, step in enumerate(path) if isinstance(step, int)), None)
        if listed is not None and (error["type"] == "missing" or isinstance(path[-1], int)):
            gone.setdefault(path[:listed], set()).add(int(path[listed]))
        else:
            _delete(document, path[:-1] if error["type"] == "missing" and path not in _PLACEHOLDERS else path)
    for path, places in gone.items():
        _drop(document, path, places)


def _delete(document: _Document, path: KeyPath) -> None:
    holder = _copied_way(document, path[:-1])
    if not path or not isinstance(holder, dict):
        return
    if path[0] == "estate" and len(path) > 1:
        document.refused_sections.add(str(path[1]))
    if path in _PLACEHOLDERS:
        holder[path[-1]] = _PLACEHOLDERS[path]
    else:
        holder.pop(path[-1], None)


def _drop(document: _Document, path: KeyPath, places: set[int]) -> None:
    holder, old = _copied_way(document, path[:-1]), _value_at(document.data, path)
    if not isinstance(holder, dict) or not isinstance(old, list):
        return
    refused = [part for n, part in enumerate(old) if n in places]
    document.refused_names.update(str(part["name"]) for part in refused if isinstance(part, dict) and "name" in part)
    document.refused_sections.add(str(path[-1]))
    kept = [n for n in range(len(old)) if n not in places]
    before = document.places.get(path, list(range(len(old))))
    document.places[path] = [before[n] for n in kept]
    holder[path[-1]] = [old[n] for n in kept]


def _value_at(value: Any, path: KeyPath) -> Any:
    for step in path:
        value = value[step] if _has(value, step) else None
    return value


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _copied_way(document: _Document, path: KeyPath) -> Any:
    """The container at this path, in copies of all on the way: defaults and aliases share values between parts."""
    here: Any = document.data
    for step in path:
        below = _value_at(here, (step,))
        if not isinstance(below, (dict, list)):
            return None
        here[step] = below.copy()
        here = here[step]
    return here


# Facts of faults


def _typed_facts(document: _Document, faults: tuple[Fault, ...], estate: EstateFile) -> tuple[Fault, ...]:
    """The facts of each change, as the types of the part that it happens to."""
    kinds: dict[str, type] = {part.name: type(part) for section in PARTS for part in getattr(estate, section)}
    kinds[LINK] = Link
    typed = []
    for index, fault in enumerate(faults):
        part = kinds.get(fault.object) if fault.kind is FaultKind.CHANGE_FACTS else None
        path: KeyPath = ("faults", index, "facts")
        facts = {k: _typed_fact(document, (*path, k), part, v) if part else v for k, v in fault.facts.items()}
        typed.append(replace(fault, facts=facts))
    return tuple(typed)


def _typed_fact(document: _Document, path: KeyPath, part: type, value: Any) -> Any:
    hints, key = _facts_of(part), str(path[-1])
    if key not in hints:
        near = get_close_matches(key, hints, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(hints)}"
        document.add(path, f"unknown fact `{key}`; {hint}")
        return value
    try:
        return _adapter(hints[key]).validate_python(_with_unknowns({key: value})[key])
    except ValidationError as refused:
        document.add(path, _message(path, refused.errors(include_url=False)))
        return value


@cache
def _facts_of(part: type) -> Mapping[str, Any]:
    """Fields that may change: all but the name."""
    hints = get_type_hints(part)
    return {f.name: hints[f.name] for f in fields(part) if f.name != "name"}


# From the shape to the values


_LOADED: Final = ("estate", "durations", "calibration")
"""Fields of a scenario that its file has in another form."""


def _scenario(checked: _Checked) -> Scenario:
    file = checked.file
    durations = MappingProxyType({**load_default_durations(), **file.durations})
    same = {f.name: getattr(file, f.name) for f in fields(Scenario) if f.name not in _LOADED}
    scenario = Scenario(**same, estate=_estate(checked), durations=durations)
    return scenario if checked.calibration is None else calibrated(scenario, checked.calibration)


def _estate(checked: _Checked) -> Estate:
    parts: dict[str, Any] = {
        section: {part.name: part for part in getattr(checked.estate, section)} for section in SECTIONS
    }
    parts["virtual_machines"] = {name: _named_disks(vm) for name, vm in parts["virtual_machines"].items()}
    _join_groups(parts)
    return Estate(**parts, link=checked.estate.link)


def _parts_in_place(document: _Document, estate: EstateFile) -> Iterator[tuple[tuple[str, str], Place]]:
    for section in SECTIONS:
        for index, part in enumerate(getattr(estate, section)):
            yield (section, part.name), document.where(("estate", section, index))


def _named_disks(vm: VirtualMachine) -> VirtualMachine:
    disks = tuple(disk if disk.name else replace(disk, name=f"Disk{n}") for n, disk in enumerate(vm.disks))
    return replace(vm, disks=disks)


def _join_groups(parts: dict[str, Any]) -> None:
    """Groups from both ways of writing them; afterwards machines and groups say the same."""
    machines, listed = parts["virtual_machines"], parts["replication_groups"]
    own = {item: group.name for group in listed.values() for item in group.items}
    own |= {vm.name: vm.replication_group for vm in machines.values() if vm.replication_group}
    groups: dict[str, list[str]] = {name: [] for name in listed}
    for name in machines:
        if name in own:
            groups.setdefault(own[name], []).append(name)
            machines[name] = replace(machines[name], replication_group=own[name])
    parts["replication_groups"] = {name: ReplicationGroup(name, tuple(items)) for name, items in groups.items()}
