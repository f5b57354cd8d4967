"""Faults: what each kind needs."""

from collections.abc import Iterator

from failback.simulator import FaultKind

from .subject import LintFinding, Subject


def a_fault_lacks_a_field(subject: Subject) -> Iterator[LintFinding]:
    """What a kind of fault needs, and the one way of saying when."""
    for index, fault in enumerate(subject.file.faults):
        if fault.kind is FaultKind.FAIL_JOB and fault.operation is None:
            yield (
                ("faults", index, "operation"),
                "fail_job needs `operation`: whose job fails, for instance reprotect_to_on_premises",
            )
        if fault.kind is FaultKind.CHANGE_FACTS and not fault.facts:
            yield (
                ("faults", index, "facts"),
                "change_facts needs `facts`: the facts' new values, for instance `up: false`",
            )
        if fault.at_s is not None and fault.when is not None:
            yield (
                ("faults", index, "at_s"),
                "the fault has both `at_s` and `when`; keep one, `after_s` counts from `when`",
            )


def a_fault_names_no_task(subject: Subject) -> Iterator[LintFinding]:
    """A task that no job of that operation has can never fail."""
    architectures = {vm.name: vm.architecture.value for vm in subject.estate.virtual_machines}
    for index, fault in enumerate(subject.file.faults):
        if fault.task and fault.operation and fault.object in architectures:
            prefix = f"task/{architectures[fault.object]}/{fault.operation.value}/"
            tasks = [key.removeprefix(prefix) for key in sorted(subject.duration_keys) if key.startswith(prefix)]
            if fault.task not in tasks:
                yield (
                    ("faults", index, "task"),
                    f"{fault.operation.value} has no task `{fault.task}`; it has {', '.join(tasks)}",
                )
