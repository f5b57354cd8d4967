"""Questions to an owner whose answer decides which steps of a machine are done, and what is asked at a step itself.

A rule of the first table blocks nothing, so that its machine has steps in the plan. The texts are ours; what each answer
means follows from the steps of the rule.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from failback.reprotect.item import Operation


class Answers(NamedTuple):
    """`goes`: the answer with which the steps are done; `stays`: with which they are left out, from `leg` on."""

    question: str
    goes: str
    stays: str
    leg: Operation


_HOME, _BACK = Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK
ANSWERS: Final[Mapping[str, Answers]] = {
    "R32": Answers("which copy of the data counts?", "the copy in Azure", "the copy on site", _HOME),
    "R05": Answers(
        "does anybody need the state that a snapshot of {machine} keeps?",
        "no, or it is cloned",
        "yes, not cloned",
        _HOME,
    ),
    "T07": Answers("may {machine} come home as a virtual machine?", "yes", "no", _HOME),
    "A12": Answers(
        "if no snapshot of {machine} can be taken: may it fail back although a cancel cannot restore its earlier state?",
        "yes",
        "no",
        _BACK,
    ),
    "F06": Answers("{machine} may not boot on site: is it to fail back all the same?", "yes, or it boots", "no", _BACK),
    "F05": Answers("is anything of {machine} in Azure still missing?", "no", "yes", Operation.COMMIT_FAILBACK),
}
"""Rule that is not met -> its question."""
LOST: Final[Mapping[str, str]] = {
    "R05": "the snapshots are merged for good: the state that they keep is lost, unless it is cloned before",
    "A12": "a cancel cannot restore the earlier state on site",
    "F05": "what is still needed of the machine in Azure is lost, unless it is copied before",
}
"""Those of which the leg itself takes data or a way back: what it costs then."""
LATEST: Final = (
    "may [[grouped?each machine come home with its own latest data, even if that is some minutes older or newer "
    "than the data of the others¦the latest data come home, which are crash-consistent]] (yes, or no answer: Latest, "
    "which loses the least of what was written in Azure; no: Latest app-consistent, and what was written after that "
    "point is lost)?"
)
ASKED_AT_STEP: Final[Mapping[str, str]] = {
    "A11": LATEST,
    "M20": "does a Site Recovery server run in {machine}?",
}
"""Rule whose box at a step wants the word of the owner -> what he is asked for it."""
