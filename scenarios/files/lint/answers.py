"""What an operator answers and what may stop an item: gates, rules, remedies."""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import REMEDIES, RemedyPolicy, by_id, remedy_of
from failback.scenarios.files.yaml_source import KeyPath

from .subject import REASON, RULE_ID, LintFinding, Subject, nearest

_CAN_APPLY: Final = (
    "Write ask or never, or leave it out; failback can apply the remedies of "
    f"{', '.join(dict.fromkeys(remedy.rule for remedy in REMEDIES))}"
)


def an_answer_has_no_question(subject: Subject) -> Iterator[LintFinding]:
    """An operator answers a gate of the plan, or the remedy of a rule."""
    gates = {gate.name for gate in subject.file.plan.gates}
    for index, answer in enumerate(subject.file.operator):
        if answer.gate not in gates | subject.refused_names and not RULE_ID.fullmatch(answer.gate):
            hint = nearest(answer.gate, gates)
            yield (
                ("operator", index, "gate"),
                f"`{answer.gate}` is neither a gate of the plan nor a rule such as R04{hint}",
            )


def a_rule_is_not_an_id(subject: Subject) -> Iterator[LintFinding]:
    """Remedies belong to rules; an item is stopped by a rule, an error code, a gate or a word like gave_up."""
    expect, gates = subject.file.expect, {gate.name for gate in subject.file.plan.gates}
    reasons: dict[KeyPath, str] = {("expect", "stopped_by", item): rule for item, rule in expect.stopped_by.items()}
    reasons |= {("expect", "findings", index): rule for index, rule in enumerate(expect.findings)}
    odd = [(path, reason) for path, reason in reasons.items() if reason not in gates and not REASON.fullmatch(reason)]
    odd += [(("plan", "remedies", rule), rule) for rule in subject.file.plan.remedies if not RULE_ID.fullmatch(rule)]
    for path, rule in odd:
        yield path, f"`{rule}` is not a rule; expected a letter and two digits, such as R04, or an error code"


def a_remedy_has_no_port(subject: Subject) -> Iterator[LintFinding]:
    """Only what failback can carry out may be asked of it: by the plan, or by an operator's answer."""
    asked: dict[KeyPath, str] = {
        ("plan", "remedies", rule): rule
        for rule, policy in subject.file.plan.remedies.items()
        if policy is RemedyPolicy.APPLY
    }
    asked |= {("operator", n, "apply"): answer.gate for n, answer in enumerate(subject.file.operator) if answer.apply}
    for path, rule in asked.items():
        if RULE_ID.fullmatch(rule) and remedy_of(rule) is None:
            row = by_id(rule)
            steps = f", by these steps: {row.remedy}" if row else ""
            yield path, f"the remedy of {rule} has to be carried out by a person{steps}. {_CAN_APPLY}"


def an_answer_contradicts_itself(subject: Subject) -> Iterator[LintFinding]:
    """To apply a remedy is to go on, and a gate of the plan has no remedy."""
    for index, answer in enumerate(subject.file.operator):
        if answer.apply and not answer.proceed:
            yield ("operator", index, "apply"), "`apply` goes on and `proceed: false` stops; leave one of them out"
        elif answer.apply and not RULE_ID.fullmatch(answer.gate):
            yield ("operator", index, "apply"), f"`{answer.gate}` is a gate, not a rule: nothing to apply"
