"""A file on its way: its data, and where each part of the data stands in which file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from failback.scenarios.files.calibration_file import CalibrationFile, read_calibration
from failback.scenarios.files.path_checks import is_file
from failback.scenarios.files.yaml_source import BadInput, KeyPath, Mistake, Source, read_source

from .library import load_default_durations
from .messages import shown


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line and column from 1."""

    file: str
    line: int
    column: int


@dataclass(slots=True)
class Document:
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
    phases_given: set[str] = field(default_factory=set)
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


_FOR_ESTATES: Final = frozenset({"estate", "estate_file"})
"""Keys of a scenario for its estate."""


def read_either(path: str | Path) -> Document:
    """Of a scenario file, or of an estate file, which is called like its file.

    An estate file has neither of a scenario's two keys for an estate, or one of them and nothing else.
    """
    source = read_source(path)
    keys = source.data.keys() if isinstance(source.data, dict) else set[str]()
    if isinstance(source.data, dict) and not _FOR_ESTATES & keys:
        return Document(source, source, {"name": Path(path).stem, "estate": source.data}, estate_prefix=())
    document = _document(source, path)
    if keys <= _FOR_ESTATES:
        document.data["name"] = Path(path).stem
    return document


def read_document(path: str | Path) -> Document:
    """Read a scenario file, with the files that it names."""
    return _document(read_source(path), path)


def _document(source: Source, path: str | Path) -> Document:
    if not isinstance(source.data, dict):
        found = "a list" if isinstance(source.data, list) else "one value alone"  # which may be a secret
        expected = "expected a mapping with a name and an estate"
        raise BadInput(*source.mistakes, source.mistake((), f"found {found}; {expected}"))
    document = Document(source, source, dict(source.data))
    if "estate_file" in document.data:
        _read_estate_file(document, Path(path).parent)
    elif _is_bare_estate(document.data):
        raise BadInput(source.mistake((), _ESTATE.format(file=Path(path).name)))
    elif "estate" not in document.data:
        document.add((), "there is no estate; write it under `estate`, or name its file with `estate_file`")
    elif document.data["estate"] is None:
        document.add(("estate",), "nothing is under `estate`; write at least `virtual_machines` and `link` there")
    _read_calibration(document, Path(path).parent)
    return document


def _is_bare_estate(data: Mapping[str, Any]) -> bool:
    """An estate file that stands where a scenario is asked for."""
    return "name" not in data and {"virtual_machines", "link"} <= data.keys()


_ESTATE: Final = (
    "this is an estate file, and a scenario is needed here; write one with `failback new NAME --from {file} "
    "--machines LIST.csv`, or by hand with the keys `name` and `estate_file: {file}`"
)


def _read_estate_file(document: Document, folder: Path) -> None:
    name = document.data["estate_file"]
    if not isinstance(name, str) or "estate" in document.data:
        document.add(("estate_file",), f"found {shown(name)}; expected a path, and no `estate` besides it")
        return
    try:
        document.estate_source = read_source(folder / name.replace("\\", "/"))
    except BadInput as broken:
        document.mistakes += [document.mistake(("estate_file",), f"{m.message} ({m.file})") for m in broken.mistakes]
        return
    document.estate_prefix, document.data["estate"] = (), document.estate_source.data


def _read_calibration(document: Document, folder: Path) -> None:
    homecoming = document.data.get("homecoming")
    name = homecoming.get("calibration") if isinstance(homecoming, dict) else None
    if not isinstance(name, str):
        return
    path = folder / name.replace("\\", "/")
    try:
        document.calibration = read_calibration(path, load_default_durations())
    except BadInput as broken:
        there = is_file(path)
        document.mistakes += (
            m if there else document.mistake(("homecoming", "calibration"), f"{m.message} ({m.file})")
            for m in broken.mistakes
        )
