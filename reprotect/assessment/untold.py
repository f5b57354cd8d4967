"""Values of a request that nobody told: what the dialog asks for and neither the plan nor the estate names.

A simulation takes a name for them, because a request needs one. A person must not read such a name as his own.
"""

from dataclasses import fields
from typing import Any, Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import (
    ConfigurationServer,
    Estate,
    MasterTarget,
    VirtualMachine,
    configuration_server,
    known,
)
from failback.reprotect.item import Architecture, Operation
from failback.reprotect.plan import Plan

from .request_defaults import merged

_C, _M, _O = Architecture.CLASSIC, Architecture.MODERNISED, Operation
_ASKED_FOR: Final = {
    (_C, _O.REPROTECT_TO_ON_PREMISES): ("master_target", "process_server", "retention_drive", "account", "datastore"),
    (_M, _O.REPROTECT_TO_ON_PREMISES): ("appliance", "datastore", "log_storage_account"),
    (_C, _O.REPROTECT_TO_AZURE): ("process_server", "account"),
    (_M, _O.REPROTECT_TO_AZURE): ("appliance",),
}
"""What the requests of each leg need."""


def untold(estate: Estate, plan: Plan, item: str, operation: Operation, choices: Choices) -> tuple[str, ...]:
    """The values, by the names that `choices` has, that a person still has to choose or to look up."""
    vm = estate.virtual_machines[item]
    wanted = merged(plan.choices, plan.item_choices.get(item, Choices()))
    asked_for = _ASKED_FOR.get((vm.architecture, operation), ())
    open_names = (name for name in asked_for if not getattr(wanted, name))
    return tuple(name for name in open_names if not _is_told(estate, vm, name, choices))


def inferred(estate: Estate, plan: Plan, item: str, choices: Choices) -> tuple[str, ...]:
    """The values that nobody told: they are taken from how the machine replicates now (A04)."""
    vm, box = estate.virtual_machines[item], estate.appliances.get(choices.appliance or "")
    wanted = merged(plan.choices, plan.item_choices.get(item, Choices()))
    usable = box is not None and known(box.log_storage_accounts) and box.log_storage_accounts
    asked = choices.log_storage_account is not None and choices.log_storage_account == vm.log_storage_account
    return ("log_storage_account",) if asked and not (wanted.log_storage_account or usable) else ()


def _is_told(estate: Estate, vm: VirtualMachine, name: str, choices: Choices) -> bool:
    granted = _TAKEN_FOR_GRANTED.get(name)
    return bool(getattr(choices, name)) and not (granted and granted(estate, vm, choices))


def _is_default(part: object, name: str) -> bool:
    """Whether a list is the one that an estate takes for granted where its author leaves it out."""
    default: Any = next(field.default for field in fields(type(part)) if field.name == name)  # type: ignore[arg-type]  # parts are dataclasses
    return bool(getattr(part, name) == default)


def _drive(estate: Estate, _: VirtualMachine, choices: Choices) -> bool:
    target = estate.master_targets.get(choices.master_target or "")
    return isinstance(target, MasterTarget) and _is_default(target, "retention_drives")


def _account(estate: Estate, vm: VirtualMachine, _: Choices) -> bool:
    server = configuration_server(estate, vm.name)
    if not isinstance(server, ConfigurationServer):
        return False
    named = any(vm.os.value in account for account in server.accounts)
    return _is_default(server, "accounts") or (len(server.accounts) > 1 and not named)


def _storage(estate: Estate, vm: VirtualMachine, choices: Choices) -> bool:
    if vm.log_storage_account == choices.log_storage_account:
        return False
    box = estate.appliances.get(choices.appliance or "")
    return box is None or not (known(box.log_storage_accounts) and box.log_storage_accounts)


_TAKEN_FOR_GRANTED: Final = {"retention_drive": _drive, "account": _account, "log_storage_account": _storage}
"""Values that a simulation takes for granted, and whether it did."""
