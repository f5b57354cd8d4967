"""Values that requests of the way home ask for and that no export tells: what a new plan asks to decide."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from failback.reprotect import REQUIREMENTS, Estate, Holds, known
from failback.scenarios.text.plain_words import machines

_CACHE: Final = (
    "which cache storage account? The reprotect of a modernised machine to the site asks for one, and no export tells "
    "which (A04). Take a standard storage account in the region of the vault that the appliance can use. Write its "
    "name here: `choices: {log_storage_account: NAME}`, and into `log_storage_accounts` of the appliance in the estate."
)

_NAMED: Final = (
    "is it the right cache storage account? The reprotect of a modernised machine to the site takes the one that its "
    "replication uses (inferred; A04): {accounts}. For another one, write `choices: {{log_storage_account: NAME}}`."
)
_ROW: Final = next(row for row in REQUIREMENTS if row.id == "A04")
"""Which machines' reprotects ask for the account."""


def values_to_choose(estate: Estate) -> Iterator[str]:
    """A question for each value of which the estate says nothing, and for each that it can only suggest."""
    told = [box.log_storage_accounts for box in estate.appliances.values()]
    if told and all(known(accounts) and accounts for accounts in told):
        return
    asked = [
        vm for vm in estate.virtual_machines.values() if _ROW.architectures.of(vm.architecture).answer is Holds.YES
    ]
    named = Counter(vm.log_storage_account for vm in asked if vm.log_storage_account)
    if named:
        yield _NAMED.format(accounts=", ".join(f"{name} ({machines(count)})" for name, count in named.most_common()))
    if named.total() < len(asked):
        yield _CACHE
