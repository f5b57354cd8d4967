"""Values that requests of the way home ask for and that no export tells: what a new plan asks to decide."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from failback.reprotect import Architecture, Estate, known
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


def values_to_choose(estate: Estate) -> Iterator[str]:
    """A question for each value of which the estate says nothing, and for each that it can only suggest."""
    told = [box.log_storage_accounts for box in estate.appliances.values()]
    if told and all(known(accounts) and accounts for accounts in told):
        return
    modernised = [vm for vm in estate.virtual_machines.values() if vm.architecture is Architecture.MODERNISED]
    named = Counter(vm.log_storage_account for vm in modernised if vm.log_storage_account)
    if named:
        yield _NAMED.format(accounts=", ".join(f"{name} ({machines(count)})" for name, count in named.most_common()))
    if named.total() < len(modernised):
        yield _CACHE
