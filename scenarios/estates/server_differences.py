"""What the vault says of a server otherwise than vCenter says of its machine, and of its health."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from failback.adapters.importing.arm_json import ADDRESSES, BIOS_IDS, HEALTH, MEMORY, SPACE

from .addresses import addresses_on_site
from .mismatch_words import SERVER_ADDRESS, SERVER_BIOS, SERVER_DISKS, SERVER_MEMORY, SERVER_WARNED
from .remarks import Remark
from .server_machines import bios_of_server
from .unique_names import folded

_NEAR: Final = 0.1
"""Share by which the memory that its Windows sees may be less or more than the hardware's: some is kept for devices."""


def warned(vault: Mapping[str, Any]) -> Iterator[tuple[Remark, str]]:
    """What the vault says of its health, if that is not good."""
    if told := vault.get(HEALTH):
        yield SERVER_WARNED, f"vault: {told}"


def differing(vault: Mapping[str, Any], site: Mapping[str, Any]) -> Iterator[tuple[Remark, str]]:
    """What it is, and the two values; only facts that both sides tell. Vault facts are those of the server.

    Less space in the vault is no contradiction: it may be one of several disks [inferred].
    """
    ids, uuid = tuple(vault.get(BIOS_IDS, ())), str(site.get("bios_uuid") or "")
    if ids and uuid and folded(uuid) not in bios_of_server("", vault):
        yield SERVER_BIOS, f"vault: {', '.join(ids)}, vCenter: {uuid}"
    own, shown = tuple(filter(None, vault.get(ADDRESSES, ()))), addresses_on_site(site)
    if own and shown and not set(own) & set(shown):
        yield SERVER_ADDRESS, f"vault: {', '.join(own)}, vCenter: {', '.join(shown)}"
    seen, made = vault.get(MEMORY), site.get("memory_gib")
    if isinstance(seen, float) and isinstance(made, int | float) and abs(seen - made) > _NEAR * made:
        yield SERVER_MEMORY, f"vault: {seen:g} GiB, vCenter: {made:g} GiB"
    space, disks = vault.get(SPACE), site.get("disk_gib")
    if isinstance(space, float) and isinstance(disks, int | float) and space > (1 + _NEAR) * disks:
        yield SERVER_DISKS, f"vault: {space:g} GiB, vCenter: {disks:g} GiB"
