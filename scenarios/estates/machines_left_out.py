"""Machines of a list that an estate does not have: which ones, why the import left them out, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from failback.adapters.importing.application_lists import ApplicationRow
from failback.reprotect import Estate, Host, known
from failback.scenarios.files.loader import load_typed
from failback.scenarios.files.schema import EstateSources, MismatchKind
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines

from .machines import NOT_PROTECTED

_REMOVE: Final = "remove {rows} from the list"
_OF_ANOTHER: Final = ("not protected by the vault", f"{_REMOVE}, or import the files of the right vault too")
_BY_KIND: Final[Mapping[MismatchKind | None, tuple[str, str]]] = {
    MismatchKind.NO_DISKS: (
        "no file contains the disks",
        "send the requests that `failback import` printed, and import again with the answers; or import a list with "
        "the columns `machine` and `disks gib` too; or remove {rows} from the list",
    ),
    MismatchKind.NO_OS: (
        "no file says whether Windows or Linux runs there",
        "add a list with the columns `machine` and `os`, or remove {rows} from this one",
    ),
    MismatchKind.NEVER_PROTECTED: (
        "the protection could not be enabled (EnablingFailed), so nothing can come home",
        _REMOVE,
    ),
    MismatchKind.ONLY_IN_A_LIST: (
        "in a list of machines, but neither protected nor in vCenter",
        f"{_REMOVE}, or import the files of the right vault too",
    ),
    MismatchKind.OTHER_PROVIDER: ("{what}", _REMOVE),
}
"""What a mismatch says of machines that are not in the estate: why, for the reader of a list, and what to do."""
_BY_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    NOT_PROTECTED: _OF_ANOTHER,
    "templates": ("a template in vCenter", _REMOVE),
    "placeholders of Site Recovery Manager": ("a placeholder of Site Recovery Manager", _REMOVE),
}
"""The same for what an import leaves out on purpose (`names_left_out`), by its words there."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Machines of a list that an import left out, with why and what to do; applications that have no other machine.

    `rows`: theirs, of which the applications that have other machines keep what is of the whole application.
    """

    reasons: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    applications: frozenset[str] = frozenset()
    rows: tuple[ApplicationRow, ...] = ()

    def of(self, application: str) -> Iterator[ApplicationRow]:
        """The rows of one application."""
        return (row for row in self.rows if row.application == application)

    def words(self) -> Iterator[str]:
        """A sentence for each reason, and one each for the applications that are gone, and for those that are here."""
        for (why, what), names in self.reasons.items():
            rows = "its row" if len(names) == 1 else "their rows"
            count = f"{machines(len(names))} of the list"
            yield f"NOT IN THIS SCENARIO: {count}: {listed(names)} ({why}). To change that: {what.format(rows=rows)}."
        if self.applications:
            gone = listed(sorted(self.applications))
            yield f"NOT IN THIS SCENARIO: applications without another machine: {gone}. Nothing waits for them."
        if any(row.application not in self.applications for row in self.rows):
            yield (
                "Of the rows of machines that are not in this scenario, an application keeps the owner, the phone and "
                "what it depends on, but neither tier, checks nor times."
            )


def without_absent(
    file: Path, estate: Estate, rows: Sequence[ApplicationRow]
) -> tuple[Sequence[ApplicationRow], Absent]:
    """The rows of machines that the estate has, and the others, where an import left all of these out.

    Where nothing is left, or a name is of no machine that anybody knows, all rows come back: they are refused.
    """
    strange = tuple(dict.fromkeys(row.machine for row in rows if row.machine not in estate.virtual_machines))
    reasons = _reasons(file, estate) if strange else {}
    kept = tuple(row for row in rows if row.machine in estate.virtual_machines)
    if not kept or any(name not in reasons for name in strange):
        return rows, Absent()
    groups: dict[tuple[str, str], list[str]] = {}
    for name in strange:
        groups.setdefault(reasons[name], []).append(name)
    gone = frozenset(row.application for row in rows) - {row.application for row in kept}
    left_out = tuple(row for row in rows if row.machine not in estate.virtual_machines)
    return kept, Absent({reason: tuple(names) for reason, names in groups.items()}, gone, left_out)


def strangers(file: Path, estate: Estate, names: Sequence[str]) -> Iterator[str]:
    """A mistake for each reason, and one for each name of which the estate says nothing."""
    if not names:
        return
    reasons, groups = _reasons(file, estate), dict[tuple[str, str], list[str]]()
    for name in names:
        if name in reasons:
            groups.setdefault(reasons[name], []).append(name)
        else:
            yield f"`{name}` is not a machine of {file.name}{_hint(estate, name)}"
    for (why, what), those in groups.items():
        shown = listed([f"`{name}`" for name in those])
        rows = "its row" if len(those) == 1 else "their rows"
        yield f"the import left out {shown} ({why}); {what.format(rows=rows)}"


def _hint(estate: Estate, name: str) -> str:
    same = [each for each, vm in estate.virtual_machines.items() if vm.vsphere_name == name]
    if same:
        return f"; several machines have this name in vCenter: write one of {listed([f'`{one}`' for one in same])}"
    near = get_close_matches(name, list(estate.virtual_machines), n=1, cutoff=_CLOSE)
    return f"; did you mean `{near[0]}`?" if near else "; remove the row, or import the machine"


_CLOSE: Final = 0.8


def _others_on(host: Host) -> tuple[str, ...]:
    return (host.other_machines or ()) if known(host.other_machines) else ()


def _reasons(file: Path, estate: Estate) -> dict[str, tuple[str, str]]:
    """Why the import left a machine out, by name; what is said of it last is the best reason."""
    found = {name: _OF_ANOTHER for host in estate.hosts.values() for name in _others_on(host)}
    told = load_typed(file).file.estate
    sources = (told.sources if told else None) or EstateSources()
    for each in sources.mismatches:
        if reason := _BY_KIND.get(each.kind):
            found |= dict.fromkeys(each.parts(), (reason[0].format(what=each.in_short()), reason[1]))
    for words, names in sources.names_left_out.items():
        found |= dict.fromkeys(names, _BY_WORDS.get(words, (words, _REMOVE)))
    return found
