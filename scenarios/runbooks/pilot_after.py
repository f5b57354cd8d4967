"""How the return goes on after a pilot: its plan still has the machines of the pilot."""

from failback.reprotect import OWN_FILE
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed

from .pilot import Pilot


def after_words(scenario: Scenario, found: Pilot) -> str:
    """What is imported and printed again before the return."""
    file = scenario.file or OWN_FILE
    return (
        f"After the pilot, the plan of the return still has {listed(found.machines)}, and a runbook printed before "
        "asks for what the pilot has done. Export the files again after the pilot, and write them to later.yaml "
        f"(`failback import`). Then `failback runbook {file} --remaining later.yaml --start START --out rest` writes "
        "what is left of the return; START is when the return begins."
    )
