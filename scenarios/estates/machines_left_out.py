"""Machines of a list that an estate does not have: which ones, why the import left them out, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from failback.reprotect import Estate
from failback.scenarios.files.loader import load_typed
from failback.scenarios.files.schema import EstateSources
from failback.scenarios.text.name_lists import listed

from .machines import NEVER_PROTECTED, NO_DISKS, NO_OS, NOT_PROTECTED

_REMOVE: Final = "remove {rows} from the list"
_OF_ANOTHER: Final = ("not protected by the vault", f"{_REMOVE}, or import the files of the right vault too")
_ADVICE: Final[Mapping[str, tuple[str, str]]] = {
    NO_DISKS: (
        "no file contains the disks",
        "send the requests that `failback import` printed, and import again with the answers",
    ),
    NO_OS: ("no file says whether Windows or Linux runs there", "add a list with the columns `machine` and `os`"),
    NEVER_PROTECTED: ("the protection could not be enabled (EnablingFailed), so nothing can come home", _REMOVE),
    NOT_PROTECTED: _OF_ANOTHER,
    "templates": ("a template in vCenter", _REMOVE),
    "placeholders of Site Recovery Manager": ("a placeholder of Site Recovery Manager", _REMOVE),
}
"""What an import says of machines that it leaves out: why, for the reader of a list, and what to do."""
_UNSEEN: Final = (
    "in a list of machines, but neither protected nor in vCenter",
    f"{_REMOVE}, or import the files of the right vault too",
)


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


def _reasons(file: Path, estate: Estate) -> dict[str, tuple[str, str]]:
    """Why the import left a machine out, by name; what is said of it last is the best reason."""
    found = {name: _OF_ANOTHER for host in estate.hosts.values() for name in host.other_machines}
    told = load_typed(file).file.estate
    sources = (told.sources if told else None) or EstateSources()
    for what, names in ((each.what, each.names) for each in sources.mismatches):
        found |= dict.fromkeys(map(_bare, names), reason) if (reason := _reason(what)) else {}
    for what, names in sources.names_left_out.items():
        found |= dict.fromkeys(names, _ADVICE.get(what, (what, _REMOVE)))
    return found


def _reason(what: str) -> tuple[str, str] | None:
    if what.startswith("protected by ") and what.endswith("left out"):
        return what.removesuffix("; left out"), _REMOVE
    return _UNSEEN if what == _UNSEEN[0] else _ADVICE.get(what)


def _bare(name: str) -> str:
    """Without what a mismatch adds in brackets."""
    return name.partition(" (")[0]
