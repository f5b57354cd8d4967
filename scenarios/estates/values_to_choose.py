"""Values that requests of the way home ask for and that no export tells: what a new plan asks to decide."""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.reprotect import Architecture, Estate, known

_CACHE: Final = (
    "which cache storage account? The reprotect of a modernised machine to the site asks for one, and no export tells "
    "which (A04). Take a standard storage account in the region of the vault that the appliance can use. Write its "
    "name here: `choices: {log_storage_account: NAME}`, and into `log_storage_accounts` of the appliance in the estate."
)

_QUESTIONS: Final[Mapping[Architecture, str]] = {Architecture.MODERNISED: _CACHE}
"""What is asked where machines of this architecture come home and no appliance's accounts are known."""


def values_to_choose(estate: Estate) -> Iterator[str]:
    """A question for each value of which the estate says nothing."""
    told = [box.log_storage_accounts for box in estate.appliances.values()]
    if told and all(known(accounts) and accounts for accounts in told):
        return
    kinds = dict.fromkeys(vm.architecture for vm in estate.virtual_machines.values())
    yield from (_QUESTIONS[kind] for kind in kinds if kind in _QUESTIONS)
