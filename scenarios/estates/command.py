"""What `failback import` does: read, join, write, and say what a person should look at."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from failback.adapters.importing.read import read_paths
from failback.adapters.importing.records import CannotImport, Reading, together
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.gc_tuning import gc_tuning
from failback.scenarios.outputs.writing import refuse_what_is_not_ours, write_text
from failback.scenarios.text.plain_words import counted, machines

from .document import document
from .join import Joined, joined
from .machines import NOT_PROTECTED
from .missing_reads import missing_reads
from .one_inventory import refuse_two_of_one_vcenter
from .places import SERVERS
from .redact_command import RedactRequest, redact_text
from .writing import as_yaml

ESTATE: Final = "estate"
"""The kind of output that it writes."""
SHOWN: Final = 5
"""Names of a mismatch that are printed; the file has them all."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What was asked at the command line."""

    paths: tuple[Path, ...]
    out: Path
    bandwidth_mbit_per_s: float
    architecture: str | None = None
    redact: bool = False
    map: Path | None = None
    world: str | None = None
    settings: Any = None
    resources: bool = False
    """Live, also list what is in the resource groups of the machines."""


def run_import(request: ImportRequest) -> str:
    """Write the estate; returns what is to be said about it. Raises `BadInput`."""
    if request.redact:
        return redact_text(as_yaml(imported(request)), RedactRequest("", request.out, request.map))
    refuse_what_is_not_ours(request.out, ESTATE)
    estate = imported(request)
    write_text(request.out, as_yaml(estate), ESTATE)
    return "\n".join(_summary(request, estate))


def imported(request: ImportRequest) -> dict[str, Any]:
    """The data of an estate file. Raises `BadInput`."""
    with gc_tuning():
        return _imported(request)


def _imported(request: ImportRequest) -> dict[str, Any]:
    reading = read(request)
    return estate_data(request, reading, joined(reading, request.architecture))


def read(request: ImportRequest) -> Reading:
    """All that its paths say, or the live endpoints. Raises `BadInput`, `Unreachable`, `VsphereRefused`."""
    try:
        reading = _reading(request)
        refuse_two_of_one_vcenter(reading)
    except CannotImport as refused:
        raise BadInput(Mistake("", refused.file, 0, refused.message)) from None
    reading.notes += missing_reads(reading)
    return reading


def estate_data(request: ImportRequest, reading: Reading, done: Joined) -> dict[str, Any]:
    """The data of an estate file of what was read and joined. Raises `BadInput` where that is no estate."""
    _refuse_what_is_no_estate(request, reading, done)
    return document(done, reading, request.bandwidth_mbit_per_s)


def _reading(request: ImportRequest) -> Reading:
    if request.world is None:
        return read_paths(request.paths)
    from .live_worlds import read_azure, read_lab, read_lab_outside

    tell = _say_nothing if request.redact else _say
    if request.world == "lab":
        return together(read_lab(str(request.paths[0]), tell) if request.paths else read_lab_outside(tell))
    files = [read_paths(request.paths)] if request.paths else []
    return together([*read_azure(request.settings, tell, resources=request.resources), *files])


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _say_nothing(_: str) -> None:
    """A pseudonymised import names nothing."""


def _refuse_what_is_no_estate(request: ImportRequest, reading: Reading, done: Joined) -> None:
    files = ", ".join(path.name for path in request.paths) or "the vault and the vCenter"
    if not done.machines:
        found = {what.words: len(parts) for what, parts in done.remarks.items()}
        found |= {NOT_PROTECTED: len(done.others)} if done.others else {}
        reasons = "; ".join([f"{what}: {count}" for what, count in found.items()] + _lacking(reading))
        message = (
            f"no machine in it can be one of an estate ({reasons or 'there is none'}); add the exports that tell more"
        )
        reads = "" if request.redact else "\n".join(["", *_reads(reading)])
        raise BadInput(Mistake("", files, 0, message + reads))
    without = [m.pair.name for m in done.machines if "architecture" not in m.told.facts]
    if without:
        message = f"no file tells whether {_some(without)} are protected by the classic or the modernised architecture"
        raise BadInput(Mistake("", files, 0, f"{message}; add the vault's protected items, or give --architecture"))


def _reads(reading: Reading) -> list[str]:
    """What was noted of the files, with the commands that read the rest."""
    lacking = _lacking(reading)
    return [note for note in reading.notes if note.rstrip(".") not in lacking]


def _lacking(reading: Reading) -> list[str]:
    """What the exports of an inventory lack, as their readers said."""
    return [note.rstrip(".") for note in reading.notes if " has no " in note]


def _summary(request: ImportRequest, estate: Mapping[str, Any]) -> Iterator[str]:
    counts = (
        counted(len(found), section.replace("_", " ").removesuffix("s"))
        for section, found in estate.items()
        if isinstance(found, list)
    )
    yield f"{request.out}: {', '.join(counts)}."
    told = estate["sources"]
    if standing := told.get("phases"):
        yield "; ".join(f"{machines(count)}: {where}" for where, count in standing.items()) + "."
    yield from map(_dated, told.get("files", ()))
    for why, count in told.get("left_out", {}).items():
        yield f"Left out: {why} ({count:,}){_servers_among(estate, told, why)}."
    yield from told.get("notes", ())
    for fact, names in told.get("assumed", {}).items():
        yield f"Assumed, since no file tells it: {fact} of {_some(names)}."
    for found in told.get("mismatches", ()):
        what, names = found["what"], found["names"]
        yield f"{what[0].upper()}{what[1:]} ({len(names):,}): {_some(names)}."
    yield f"Next: failback check {request.out}"


def _servers_among(estate: Mapping[str, Any], told: Mapping[str, Any], why: str) -> str:
    """Those that are Site Recovery's own servers, which nobody protects."""
    servers = {part["name"] for section in SERVERS for part in estate.get(section, ())}
    if names := [name for name in told.get("names_left_out", {}).get(why, ()) if name in servers]:
        return f"; Site Recovery's own servers among them: {_some(names)}"
    return ""


def _dated(file: Mapping[str, str]) -> str:
    """When the facts of a file were true, and who says so."""
    if "dated" not in file:
        return f"Facts of {file['file']}: of an unknown date."
    at = datetime.fromisoformat(file["dated"])
    return f"Facts of {file['file']}: of {at:%Y-%m-%d %H:%M}{f' {at:%Z}' if at.tzinfo else ''} ({file['dated_by']})."


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
