"""What an import could not settle, as work for people: machines left out, and mismatches that ask somebody to act."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import AZURE, OWN_FILE, SITE, VSPHERE, who_looks
from failback.scenarios.files.schema import LeftOut, LeftOutBecause, Mismatch, MismatchKind, Scenario, estate_file_of
from failback.scenarios.outcomes.taken_for_granted import WHY_WORDS
from failback.scenarios.text.name_lists import listed

from .still_open import still_open

LEFT_OUT: Final = "left out by the import, so no step here is about it"
CONTRADICTION: Final = "the vault and vCenter contradict each other"
IDENTITY: Final = "it is not sure which virtual machine a server of the vault is"
NOWHERE: Final = "no inventory says where these machines are on site"
_SOUGHT: Final = (
    (
        VSPHERE,
        "only if the import names a vCenter behind the machine, and that one was read: vSphere client > that vCenter > "
        "Monitor > Events: look whether it was removed or unregistered; if not, whether the account that exported may "
        "see it",
    ),
    (
        VSPHERE,
        "vSphere client of each vCenter > search box: {names}, also under another name; write down where it is, or "
        "that it is gone",
    ),
    (
        VSPHERE,
        "if it is in a vCenter that was not read, export that inventory too; if it is gone, it comes home as a new "
        "machine: choose a datastore with room for its disks",
    ),
)
_STEPS: Final[Mapping[LeftOutBecause, tuple[str, str]]] = {
    LeftOutBecause.NO_DISKS: (
        AZURE,
        "run the script that `failback import --collect sh` prints, which reads the disks of each protected item",
    ),
    LeftOutBecause.NO_OS: (VSPHERE, "write a list with the columns `machine` and `os`"),
    LeftOutBecause.NEVER_PROTECTED: (
        AZURE,
        "ask its owner where it runs: it was never protected, so no failover of it was possible; if it is to be "
        "protected, disable its protection and enable it again",
    ),
}
_AGAIN: Final = (
    AZURE,
    "import again, with these files too; put the machine into the plan (`failback new` writes one), and print a new "
    "runbook",
)


@dataclass(frozen=True, slots=True)
class ImportTask:
    """One thing to clear up: what, of which machines or servers, who acts, and the steps."""

    title: str
    seen: str
    names: tuple[str, ...]
    who: str
    steps: tuple[str, ...]

    def words(self) -> str:
        """In one line."""
        steps = "; ".join(f"{n}. {step}" for n, step in enumerate(self.steps, 1)) if self.steps[1:] else self.steps[0]
        about = f"{listed(self.names)}: " if self.names else ""
        return f"To clear up: {about}{self.title} ({self.seen}). Who: {self.who}. Do: {steps}."


@dataclass(frozen=True, slots=True)
class _Work:
    """What mismatches of these kinds ask of people: a title, and each step with the role that takes it."""

    kinds: frozenset[MismatchKind]
    title: str
    steps: tuple[tuple[str, str], ...]


def _settled(role: str) -> tuple[str, str]:
    return (
        role,
        "when something is settled, delete it in {estate} under `sources: mismatches`, and a machine in doubt under "
        "`sources: machines_in_doubt` too: it is told until then",
    )


_VAULT: Final = "Azure portal > Recovery Services vault"
_ONCE_MORE: Final = (AZURE, "import again, with these files too, and print a new runbook")
_COLLECTED: Final = "run the script that `failback import --collect sh` prints, which "
_WORK: Final = (
    _Work(
        frozenset({MismatchKind.SERVER_IDENTITY}),
        IDENTITY,
        (
            (
                VSPHERE,
                "PowerCLI `(Get-View (Get-View (Get-View ServiceInstance).Content.SearchIndex).FindByUuid($null, "
                "'UUID', $true, $false)).Name`, with the UUID that the vault has of the server (try it also with the "
                "bytes of its first three groups in reverse order), prints the virtual machine that it is; if it "
                "prints none, vSphere client > the machine of its name > Launch Web Console: compare its IP address",
            ),
            (
                VSPHERE,
                "if it is another virtual machine, write what vSphere shows of that one into {estate}, under the "
                "server; change nothing on the one that was taken for it",
            ),
            _settled(VSPHERE),
        ),
    ),
    _Work(
        frozenset({MismatchKind.SERVER_DATASTORES}),
        "the vault and vCenter contradict each other about the datastores of a server",
        (
            (VSPHERE, "if it is not sure which virtual machine the server is, settle that first"),
            (
                VSPHERE,
                "vSphere client > the host > Datastores: if it lists the datastore as Accessible, add it in {estate} "
                "under `hosts`, this host, to `datastores`; if not, do the steps of A03, where a check lists it",
            ),
            _settled(VSPHERE),
        ),
    ),
    _Work(
        frozenset({MismatchKind.SAME_ADDRESS}),
        "servers of the vault have one IP address",
        (
            (
                SITE,
                "sign in to each of these servers: `ipconfig` shows which has the address; if several have it, give "
                "each but one another address; if one has it, the vault shows an old address of the others",
            ),
            _settled(SITE),
        ),
    ),
    _Work(
        frozenset({MismatchKind.NOT_IN_VCENTER}),
        NOWHERE,
        (*_SOUGHT, _settled(VSPHERE)),
    ),
    _Work(
        frozenset({MismatchKind.SEVERAL_IN_VCENTER}),
        "several machines in vCenter have the name of a protected machine",
        (
            (
                VSPHERE,
                "vSphere client > search box: {names}: compare the disks and addresses of the machines of each name "
                "with those in the vault, and write what vSphere shows of the right one into {estate}",
            ),
            _settled(VSPHERE),
        ),
    ),
    _Work(
        frozenset({MismatchKind.DIFFERS, MismatchKind.OTHER_ADDRESSES}),
        CONTRADICTION,
        (
            (
                VSPHERE,
                "compare each value with the machine itself (vSphere client > its name > Summary; firmware: Edit "
                "Settings > VM Options > Boot Options, close with Cancel), and correct what is wrong in {estate}; all "
                "that the import lists is there under `sources: mismatches` ({count} entries)",
            ),
            _settled(VSPHERE),
        ),
    ),
    _Work(
        frozenset({MismatchKind.SEVERAL_IN_VAULT}),
        "the vault has several items of one name",
        (
            (
                AZURE,
                f"{_VAULT} > Replicated items: compare the disks of the items of each name, and find out whether they "
                "are one machine that is protected twice, or several machines",
            ),
            _settled(AZURE),
        ),
    ),
    _Work(
        frozenset({MismatchKind.SERVER_UNWELL}),
        "the vault shows a server that is not well",
        (
            (
                AZURE,
                f"{_VAULT} > Site Recovery infrastructure > the server: read its errors; `failback explain CODE` says "
                "what is known of a code",
            ),
            (SITE, "clear them on the server before a machine comes home through it"),
            _settled(AZURE),
        ),
    ),
    _Work(
        frozenset({MismatchKind.BEFORE_FAILOVER}),
        "the inventory is older than the last failover or failback, and so are the snapshots and disks that it shows",
        ((VSPHERE, "export the inventory of the vCenter of these machines again"), _ONCE_MORE),
    ),
    _Work(
        frozenset({MismatchKind.ITEMS_MISSING}),
        "the vault protects more machines than the files contain",
        ((AZURE, f"{_COLLECTED}reads the whole list of protected items"), _ONCE_MORE),
    ),
    _Work(
        frozenset({MismatchKind.PLAN_WITHOUT_GROUPS}),
        "recovery plans that the import left out",
        ((AZURE, f"{_COLLECTED}reads each recovery plan by its id"), _ONCE_MORE),
    ),
    _Work(
        frozenset({MismatchKind.TARGET_WITHOUT_OS}),
        "master targets that the import left out",
        (
            (VSPHERE, "find out whether each runs Windows or Linux (vSphere client > its name > Summary > Guest OS)"),
            (AZURE, "add it in {estate} under `master_targets`, with `name` and `os`, and print a new runbook"),
        ),
    ),
)
"""Other kinds ask nothing of anybody, are told by a rule (R32, R33), or are of machines left out."""


def import_tasks(scenario: Scenario, file: str) -> tuple[ImportTask, ...]:
    """All of them, the machines that are missing first. `file`: what the scenario was read from."""
    values = {
        "{estate}": estate_file_of(scenario, file) or OWN_FILE,
        "{count}": f"{len(scenario.mismatches):,}",
    }
    asked = (_task(work, _without_left_out(scenario), values) for work in _WORK)
    return (*_left_out(scenario.left_out), *(task for task in asked if task.seen))


def who_clears(one: Mismatch) -> str:
    """Who settles it, beside no steps; where its kind has none, who can look where it was seen: vCenter, else vault."""
    roles = dict.fromkeys(role for work in _WORK if one.kind in work.kinds for role, _ in work.steps)
    wanted = roles or [VSPHERE if "vCenter" in one.what else AZURE]
    return "; ".join(who_looks([role], one.parts(), {}) for role in wanted)


def _without_left_out(scenario: Scenario) -> Sequence[Mismatch]:
    """Mismatches without the machines that were left out, which are tasks of their own."""
    gone = {name for one in scenario.left_out for name in one.machines}
    missing = MismatchKind.NOT_IN_VCENTER
    noted = still_open(scenario.mismatches, scenario.estate)
    return [only(one, lambda n: n not in gone) if one.kind is missing else one for one in noted]


def only(one: Mismatch, wanted: Callable[[str], bool]) -> Mismatch:
    """The mismatch of these objects alone."""
    there = [pair for pair in zip(one.parts(), one.names, strict=True) if wanted(pair[0])]
    return replace(one, names=tuple(name for _, name in there), objects=tuple(part for part, _ in there))


def _task(work: _Work, mismatches: Sequence[Mismatch], values: Mapping[str, str]) -> ImportTask:
    found = [one for one in mismatches if one.kind in work.kinds and one.names]
    names = tuple(dict.fromkeys(name for one in found for name in one.parts()))
    seen = "; ".join(f"{one.in_short()}: {listed(one.names)}" for one in found)
    who, values = who_looks([role for role, _ in work.steps], names, {}), {**values, "{names}": listed(names)}
    return ImportTask(work.title, seen, names, who, tuple(_filled(step, values) for _, step in work.steps))


def _filled(step: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        step = step.replace(key, value)
    return step


def _left_out(found: Sequence[LeftOut]) -> Iterator[ImportTask]:
    for one in found:
        gone = tuple(name for name in one.machines if name in one.not_in_vcenter)
        here = tuple(name for name in one.machines if name not in gone)
        for names, sought, also in ((gone, _SOUGHT, "; it is in no vCenter that was read"), (here, (), "")):
            if names:
                asked = (*sought, _STEPS[one.why], _AGAIN)
                steps = tuple(step.replace("{names}", listed(names)) for _, step in asked)
                who = who_looks([role for role, _ in asked], names, {})
                yield ImportTask(LEFT_OUT, f"{WHY_WORDS[one.why]}{also}", names, who, steps)
