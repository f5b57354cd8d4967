"""People: shifts, and machines that wait for them."""

from collections.abc import Iterator

from .subject import LintFinding, Subject


def nobody_is_there_to_fail_back(subject: Subject) -> Iterator[LintFinding]:
    """Who waits for somebody needs shifts that say when somebody comes."""
    home = subject.file.homecoming
    if home.fail_back_when_staffed and not home.shifts:
        message = "machines wait for somebody to check them, and no shift says when anybody is there; add `shifts`"
        yield ("homecoming", "fail_back_when_staffed"), message


def a_gate_has_the_name_of_ours(subject: Subject) -> Iterator[LintFinding]:
    """The gate that the shifts answer has a name that no gate of a person may have."""
    for index, gate in enumerate(subject.file.plan.gates):
        if gate.name == "staffed" and subject.file.homecoming.fail_back_when_staffed:
            message = "`staffed` is the gate of `fail_back_when_staffed`; give this one another name"
            yield ("plan", "gates", index, "name"), message
