"""What an import could not settle, as work for people: machines left out, and facts that contradict each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import AZURE, OWN_FILE, VSPHERE, who_looks
from failback.scenarios.files.schema import LeftOut, LeftOutBecause, MismatchKind, Scenario, estate_file_of
from failback.scenarios.outcomes.taken_for_granted import WHY_WORDS
from failback.scenarios.text.name_lists import listed

LEFT_OUT: Final = "left out by the import, so no step here is about it"
CONTRADICTION: Final = "the vault and vCenter contradict each other"
_SOUGHT: Final = (
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


def import_tasks(scenario: Scenario, file: str) -> tuple[ImportTask, ...]:
    """All of them, the machines that are missing first. `file`: what the scenario was read from."""
    return (*_left_out(scenario.left_out), *_contradictions(scenario, estate_file_of(scenario, file) or OWN_FILE))


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


def _contradictions(scenario: Scenario, estate_file: str) -> Iterator[ImportTask]:
    found = [one for one in scenario.mismatches if one.kind is MismatchKind.DIFFERS]
    if not found:
        return
    names = tuple(dict.fromkeys(name for one in found for name in one.parts()))
    steps = (
        "compare each value with the machine itself (vSphere client > its name > Summary), and correct what is wrong "
        f"in {estate_file}; all that the import lists is there under `sources: mismatches` "
        f"({len(scenario.mismatches)} entries)",
        f"when something is settled, delete it in {estate_file} under `sources: mismatches`, and the machine under "
        "`sources: machines_in_doubt`: it is told until then",
    )
    seen = "; ".join(f"{one.in_short()}: {listed(one.names)}" for one in found)
    yield ImportTask(CONTRADICTION, seen, names, who_looks([VSPHERE], names, {}), steps)
