"""Where machines live on site."""

from dataclasses import dataclass
from typing import Any, ClassVar

from failback.reprotect.item import UNKNOWN, Unknown

from .facts import STRICT, Fact, known


@dataclass(frozen=True)
class Host:
    """An ESXi host."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    datastores: Fact[tuple[str, ...]] = ()
    """Datastores mounted read/write."""
    connected: bool | Unknown = True
    """Responds to vCenter; one that does not is assumed to be down, and so are its master targets and appliances."""
    free_memory_gib: Fact[float] = UNKNOWN
    """Free memory in GiB while the protected machines are away; those that come home use it up (8038)."""
    other_machines: Fact[tuple[str, ...]] = ()
    """Names on it that are taken by machines that are not protected (T10)."""
    read_only_datastores: Fact[tuple[str, ...]] = ()
    """Those of its datastores that are mounted read-only (R24, A03)."""
    edition: Fact[str] = UNKNOWN
    """free, evaluation or licensed (R13)."""
    version: Fact[str] = UNKNOWN
    """ESXi version (R13)."""
    discovered: bool | Unknown = True
    """Whether the configuration server has discovered it (T02)."""

    @property
    def mounted(self) -> tuple[str, ...]:
        """Datastores that it is known to mount."""
        found = self.datastores
        return (found or ()) if known(found) else ()

    @property
    def only_reads(self) -> tuple[str, ...]:
        """Datastores that it is known to mount read-only."""
        found = self.read_only_datastores
        return (found or ()) if known(found) else ()


@dataclass(frozen=True)
class Datastore:
    """A datastore."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    kind: str = "VMFS"
    """VMFS, vSAN, NFS or RDM (T03, T04, T09)."""
    capacity_gib: float = 10240.0
    """Capacity in GiB."""
    free_gib: Fact[float] = UNKNOWN
    """Free space in GiB (B14)."""
    vcenter: Fact[str] = UNKNOWN
    """vCenter that manages it (A18)."""
    accessible: bool | Unknown = True
    """Whether its hosts can read and write it now (R24)."""
    write_mib_per_s: float | None = None
    """The most that it can write, MiB/s; unlimited when left out."""
    vsphere_name: str | None = None
    """Its name in vSphere, if an import had to rename it because another datastore has that name."""
