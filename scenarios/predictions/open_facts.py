"""What stands beside a verdict: machines that a rule may still block, since facts that it needs are unknown."""

from dataclasses import dataclass

from failback.scenarios.checks.command import CheckRequest, check_located
from failback.scenarios.files.loader import Located
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.language import said
from failback.scenarios.text.plain_words import machines


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """The machines in the estate's order, and the rules by name; as `failback check` counts them."""

    machines: tuple[str, ...]
    rules: tuple[str, ...]


def open_facts(scenario: Scenario) -> OpenFacts:
    """As a check of this scenario finds them, without those that nobody can know before the reprotect."""
    report = check_located(Located(scenario, {}), CheckRequest("")).report
    return OpenFacts(report.open_machines, tuple(sorted(report.open_now)))


def open_words(found: OpenFacts) -> str:
    """In a sentence; empty where nothing is open."""
    count = len(found.rules)
    if not found.machines:
        return ""
    return said(
        "Not known: whether {rules} could block {who}. No run takes this into account; failback check lists it.",
        rules=said("{n} rule" if count == 1 else "{n} rules", n=str(count)),
        who=machines(len(found.machines)),
    )
