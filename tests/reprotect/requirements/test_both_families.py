"""Steps and proofs on a machine that may be Windows or Linux name what to type on either."""

import re
from typing import Final

import pytest

from failback.reprotect import PROOFS, REQUIREMENTS, STEPS, filled

ROWS: Final = {row.id: row for row in REQUIREMENTS}
WINDOWS: Final = re.compile(r"vssadmin|VSS|Get-Service|Restart-Service|w32tm|Test-NetConnection|regedit|diskpart")
EITHER: Final = re.compile(r"\bon the (?:machine|master target)\b|> the master target:")
LINUX_ALONE: Final = re.compile(r"Linux:|\(Linux\)|`nc -zv")


@pytest.mark.parametrize("rule", sorted(set(STEPS) | set(PROOFS)))
def test_a_command_of_windows_on_such_a_machine_has_the_one_of_linux_beside_it(rule: str) -> None:
    texts = [*map(filled, STEPS.get(rule, ())), filled(PROOFS[rule].seen_by) if rule in PROOFS else ""]
    for text in texts:
        if WINDOWS.search(text) and EITHER.search(text):
            assert LINUX_ALONE.search(text), f"{rule}: {text}"


@pytest.mark.parametrize("rule", sorted(ROWS))
def test_a_remedy_that_names_vss_names_what_linux_has(rule: str) -> None:
    if "VSS" in ROWS[rule].remedy:
        assert "Linux" in ROWS[rule].remedy
