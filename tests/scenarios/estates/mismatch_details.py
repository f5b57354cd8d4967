"""What may stand behind a name in each mismatch of an import, and what becomes of it in a pseudonymised copy."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from failback.adapters.importing.arm_health import KINDS_OF_UNWELL, NAMELESS
from failback.adapters.importing.records import TroubleKind
from failback.scenarios.estates.mismatch_words import (
    BEFORE_FAILOVER,
    OTHER_ADDRESSES,
    OTHER_DATE,
    OTHER_HARDWARE,
    PERHAPS_STATIC,
    RAN_TWICE_AFTER,
    SAME_ADDRESS,
    SAME_NAME_IN_VAULT,
    SERVER_ADDRESS,
    SERVER_BIOS,
    SERVER_DISKS,
    SERVER_MEMORY,
    SERVER_STORES,
    SERVER_WARNED,
    SIDES,
    STATIC,
    TROUBLES,
    with_codes,
)
from failback.scenarios.estates.pseudonyms import Pseudonyms
from failback.scenarios.estates.redacted_mismatches import redacted_mismatch
from failback.scenarios.estates.remarks import NOT_IN_VCENTER, Named, Remark, shown
from failback.scenarios.files.schema import Mismatch

UUID: Final = "4200abcd-0000-0000-0000-000000000001"
ADDRESS: Final = r"p\d+-address"
OTHER_ID: Final = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CODES: Final = with_codes(["4711", "78093"])
DETAILS: Final[Mapping[Remark, tuple[str, str]]] = {
    SAME_NAME_IN_VAULT: (UUID, OTHER_ID),
    BEFORE_FAILOVER: ("inventory: 2026-06-01 10:15, failover: 2026-06-05 18:00 UTC", ""),
    OTHER_ADDRESSES: (
        "vault: 10.0.0.4, fe80::1, vCenter: 10.20.0.9",
        f"vault: {ADDRESS}, {ADDRESS}, vCenter: {ADDRESS}",
    ),
    OTHER_HARDWARE["firmware"]: ("vault: bios, vCenter: efi", ""),
    OTHER_HARDWARE["memory_gib"]: ("vault: 8 GiB, vCenter: 4.5 GiB", ""),
    OTHER_HARDWARE["os"]: ("vault: windows, vCenter: linux", ""),
    SERVER_ADDRESS: ("vault: 10.0.0.4, vCenter: 10.20.0.9", f"vault: {ADDRESS}, vCenter: {ADDRESS}"),
    SERVER_MEMORY: ("vault: 8 GiB, vCenter: 1.04858e+06 GiB", ""),
    SERVER_BIOS: (f"vault: {UUID}, vCenter: {UUID}", f"vault: {OTHER_ID}, vCenter: {OTHER_ID}"),
    SERVER_DISKS: ("vault: 620 GiB, vCenter: 140.5 GiB", ""),
    SERVER_STORES: (
        "datastore: ds-1, host: esx-1, vault: 2026-06-05 18:00 UTC, inventory: 2026-06-06 09:40",
        r"datastore: p\d+-datastore, host: p\d+-host, vault: 2026-06-05 18:00 UTC, inventory: 2026-06-06 09:40",
    ),
    NOT_IN_VCENTER: (
        "vault: not deleted, vcenter: vc.site, datastore: ds-1, last discovery: 2026-06-05 18:00 UTC",
        r"vault: not deleted, vcenter: p\d+-vcenter, datastore: p\d+-datastore, last discovery: 2026-06-05 18:00 UTC",
    ),
    SAME_ADDRESS: ("vault: 10.0.0.4", f"vault: {ADDRESS}"),
    RAN_TWICE_AFTER: ("inventory: 2026-06-06 09:40, failover: 2026-06-05 18:00 UTC", ""),
    SERVER_WARNED: (
        "vault: Critical, Warning, error 4711, last heartbeat: 2026-06-05 16:59 UTC, silent for: 60 min",
        "",
    ),
    STATIC: ("10.0.0.4, fe80::1", f"{ADDRESS}, {ADDRESS}"),
    PERHAPS_STATIC: ("10.0.0.4", ADDRESS),
    CODES: ("4711, 78093", ""),
    OTHER_DATE: ("name: 2026-06-01, vMetaData: 2026-06-12", ""),
    TROUBLES[TroubleKind.UNWELL]: (
        "4711: web is silent, and so is db, 1,234 affected",
        r"4711: id-\w+, 1,234 affected",
    ),
    TROUBLES[TroubleKind.COUNTED]: ("1,234", ""),
    TROUBLES[TroubleKind.MISSING]: ("vault: 1,234, files: 5", ""),
}
"""An example, and its pattern in the copy; where that is empty, it stays as it is. The others have nothing there."""
HIDDEN: Final = frozenset(
    {SAME_NAME_IN_VAULT, NOT_IN_VCENTER, SERVER_BIOS, SERVER_STORES, TROUBLES[TroubleKind.UNWELL]}
)
"""Those with ids or other names, and with messages of the vault."""
ADDRESSED: Final = frozenset({STATIC, PERHAPS_STATIC, OTHER_ADDRESSES, SERVER_ADDRESS, SAME_ADDRESS})
"""Those with addresses, which in a file may be any text."""


def copied(one: Mismatch, *names: str) -> Mismatch:
    """Its pseudonymised copy, where machines have these names."""
    pseudonyms = Pseudonyms.new(b"a key of the tests")
    for name in names:
        pseudonyms.name(name, "machine")
    redacted_mismatch(pseudonyms, one)
    pseudonyms.settle()
    return redacted_mismatch(pseudonyms, one)


def assert_words_stay(what: Remark, parts: list[Named]) -> None:
    """In the copy no word of an import is replaced, and every name and address is."""
    told = {each.words.partition(" (")[0] for each in DETAILS}
    assert not any(detail for _, detail in parts) or what.words.partition(" (")[0] in told, f"no row for {what}"
    objects = tuple(name for name, _ in parts)
    copy = copied(Mismatch(what.words, tuple(map(shown, parts)), what.kind, objects))
    assert copy.what == what.words
    for (name, detail), called, text in zip(parts, copy.objects, copy.names, strict=True):
        word = f"({'|'.join(map(re.escape, KINDS_OF_UNWELL))}) "
        assert re.fullmatch(rf"({word})?p\d+-name", called) or (name == called and name in NAMELESS), called
        said = text.removeprefix(called).removeprefix(" (").removesuffix(")")
        if what not in HIDDEN:
            pairs = zip(_tokens(detail), _tokens(said), strict=True)
            assert [each for each in pairs if not _kept(what, *each)] == []


def _tokens(detail: str) -> list[str]:
    return re.split(", |: ", detail)


def _kept(what: Remark, before: str, after: str) -> bool:
    try:
        ip_address(before)
    except ValueError:
        other = what in ADDRESSED and before not in SIDES and after.startswith("id-")
        return before == after or other
    return re.fullmatch(ADDRESS, after) is not None
