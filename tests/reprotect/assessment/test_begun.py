"""A machine whose disks are on their way stays with the server that has them, if the estate has that server."""

from dataclasses import replace

from failback.reprotect import (
    Appliance,
    Architecture,
    Choices,
    Disk,
    Estate,
    Link,
    OsFamily,
    Phase,
    Plan,
    VirtualMachine,
)
from failback.reprotect.assessment.begun import as_begun

VM = VirtualMachine(
    "web",
    OsFamily.LINUX,
    (Disk(30),),
    Architecture.MODERNISED,
    at=Phase.REPLICATING_TO_ON_PREMISES,
    returns_through="two",
)
APPLIANCES = {"one": Appliance("one"), "two": Appliance("two")}


def _begun(vm: VirtualMachine) -> Plan:
    return as_begun(Estate(virtual_machines={"web": vm}, link=Link(100), appliances=APPLIANCES), Plan())


def test_the_server_that_has_the_disks_goes_before_the_one_that_would_be_chosen() -> None:
    assert _begun(VM).item_choices == {"web": Choices(appliance="two")}


def test_a_server_that_the_estate_lacks_and_a_machine_still_in_azure_bind_nothing() -> None:
    assert _begun(replace(VM, returns_through="gone")) == Plan()
    assert _begun(replace(VM, at=Phase.FAILOVER_COMMITTED)) == Plan()
