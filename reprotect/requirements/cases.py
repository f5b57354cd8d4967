"""Texts that hang on a case: `[[windows?A¦B]]` is A for a machine with Windows, B for one with Linux.

What an estate knows, nobody should have to decide at night. Where a case is not known, or the text is for a page about
the rule, both stand there with their conditions; a case within another one is in square brackets.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import DISKS_MAX, Datastore, Estate, known
from failback.reprotect.item import Architecture, OsFamily

from .other_parts import others_of
from .predicates_bfgt_way_home import FOR_NEW_DISKS
from .predicates_mnp_servers import together
from .predicates_shared import (
    appliance,
    comes_anew,
    home_datastores,
    master_target,
    mates,
    process_server,
    recovery_plans_of,
    target_host,
)
from .value_names import is_released, newest_release, vcenter_of

MADE_ANEW: Final = "made_anew"
"""Case that no text asks for: it says whose host `{home_host}` is."""
CASES: Final[Mapping[str, tuple[str, str]]] = {
    "windows": ("Windows", "Linux"),
    "target_windows": ("Windows", "Linux"),
    "classic": ("classic", "modernised"),
    "gone": ("if it no longer exists on site", "if it exists on site"),
    "planned": ("if it is in a recovery plan", "if it is in none"),
    "grouped": ("in a replication group", "otherwise"),
    "raw": ("with raw device mappings", "otherwise"),
    "host_down": ("if {host} does not respond", "otherwise"),
    "own_host_down": ("if {own_host} does not respond", "otherwise"),
    "store_down": ("if no host reaches it", "otherwise"),
    "link_down": ("if the link is down", "otherwise"),
    "express": ("over ExpressRoute", "over a VPN"),
    "no_process_server": ("if there is no registered process server", "otherwise"),
    "no_azure_server": ("if no process server runs in Azure", "otherwise"),
    "no_master_target": ("if there is no registered master target", "otherwise"),
    "no_release": ("if no master target exists on that release", "otherwise"),
    "no_fqdn": ("if it has no fully qualified name", "otherwise"),
    "log_account": ("if there is such an account", "otherwise"),
    "server_in_azure": ("in Azure", "on site"),
    "physical_target": ("if it is a physical server", "otherwise"),
    "object_windows": ("Windows", "Linux"),
    "from_server": ("for a master target", "otherwise"),
    "server_clash": ("for a clash with a master target", "for two disks of one UUID"),
    "own_clash": ("for two disks of this machine", "otherwise"),
    "machine_clash": ("for two machines of one BIOS UUID", "otherwise"),
    "apart": ("if the plan has them in different waves", "otherwise"),
    "store_unfit": ("if new disks cannot be made on its datastore", "otherwise"),
    "nfs": ("for NFS", "for VMFS and vSAN"),
    "too_big": ("if one replication group or machine has more disks than one server takes", "otherwise"),
    "busy": ("if other machines are on their way home", "otherwise"),
    "queues": ("if machines only queue", "otherwise"),
    **dict.fromkeys(
        ("other_server", "other_datastore", "other_host", "other_process_server"),
        ("if there is another", "if there is none"),
    ),
    "better_host": ("if another host mounts all that is needed", "otherwise"),
    "runs_twice": ("if it runs on site and in Azure", "otherwise"),
    "loaded": ("if CPU or memory is above 70 %", "otherwise"),
    "dynamic": ("if its address is not static", "otherwise"),
    "translated": ("if its address is translated", "otherwise"),
    "by_proxy": ("if it names a proxy", "if it names ExpressRoute"),
    "waves": ("if they are in different waves", "otherwise"),
    "no_point": ("if it has no such point", "otherwise"),
    "nearly_full": ("if it is nearly full", "if it is full"),
    "older": ("if the application-consistent point is chosen", "otherwise"),
    "grow_disk": ("if its disks are too small", "otherwise"),
    "no_uuid": ("if nobody knows its UUID from before the failover", "otherwise"),
    "in_vcenter": ("if the vCenter of {host} is known", "if the vCenter of {host} is not known"),
    "no_vcenter": ("if the name of vCenter is not known", "otherwise"),
    "no_account": ("if the account is not stored there", "otherwise"),
}
"""Case -> the words for where it is so, and where it is not."""
_EITHER: Final = re.compile(r"\[\[(\w+)\?((?:(?!\[\[).)*?)¦((?:(?!\[\[).)*?)\]\]")
"""The innermost: one may stand in another."""
Cases = Mapping[str, bool | None]
SEEN: Final = (
    "server_clash",
    "own_clash",
    "machine_clash",
    "apart",
    "nearly_full",
    "busy",
    "queues",
    "no_point",
    "older",
    "waves",
    "runs_twice",
    "grow_disk",
    "no_account",
    "by_proxy",
    "loaded",
    "dynamic",
    "translated",
)
"""Cases that only the predicate knows; it gives them with what it found (`Blocker.holds`)."""
INFERRED: Final = frozenset({"machine_clash"})
"""Of these, those that are our conclusion although a page states the rule."""
_OF_ARCHITECTURE: Final[Mapping[Architecture, Cases]] = {
    Architecture.CLASSIC: {"classic": True},
    Architecture.MODERNISED: {"classic": False},
}

_SHORT: Final = 40
"""Characters of an alternative that stands within a sentence, its condition behind it."""
_BEGIN, _END, _GOES_ON = "\x02", "\x03", "; "
"""Around a case until all are told, so that those within others can be seen; how an alternative begins that goes on."""
_EDGE: Final = re.compile(f"([{_BEGIN}{_END}])")


def _marked(said: str, words: str) -> str:
    return said if said == words else f"{said} ({words})"


def _led(words: str) -> str:
    """An operating system reads on within a sentence: on the machine with Linux: ..."""
    return f"with {words}" if words in CASES["windows"] else words


def decided(text: str, cases: Cases | None = None) -> str:
    """The text of the case that holds."""

    def part(found: re.Match[str]) -> str:
        case, yes, no = found.groups()
        holds = (cases or {}).get(case)
        if holds is not None:
            return yes if holds else no
        if_so, if_not = CASES[case]
        if yes and no and max(len(yes), len(no)) <= _SHORT:
            return " or ".join(_marked(said, words) for said, words in ((yes, if_so), (no, if_not)))
        return _both((if_so, yes), (if_not, no))

    while (chosen := _EITHER.sub(part, text)) != text:
        text = chosen
    return _bracketed(text)


def _both(*pair: tuple[str, str]) -> str:
    """The alternatives with their conditions; where all go on with the sentence before, the conditions do."""
    told = [(words, said) for words, said in pair if _EDGE.sub("", said)]
    if not told:
        return ""
    before = _GOES_ON if all(said.startswith(_GOES_ON) for _, said in told) else ""
    text = "; ".join(f"{_led(words)}: {said.removeprefix(before)}" for words, said in told)
    return f"{before}{_BEGIN}{text}{_END}"


def _bracketed(text: str) -> str:
    """The text with brackets around each case that stands within another one."""
    told, depth = "", 0
    for part in _EDGE.split(text):
        depth -= part == _END
        told += part if part not in (_BEGIN, _END) else "" if not depth else "[" if part == _BEGIN else "]"
        depth += part == _BEGIN
    return told


def _home(estate: Estate, item: str, choices: Choices) -> Datastore | None:
    """The datastore on which its disks are, or are made."""
    return estate.datastores.get(next(iter(home_datastores(estate, item, choices)), ""))


def _of_servers(estate: Estate, item: str, choices: Choices, thing: str) -> dict[str, bool | None]:
    """What there is of servers, and where the one at fault runs."""
    vm, box, server = estate.virtual_machines[item], appliance(estate, item, choices), process_server(estate, choices)
    target = master_target(estate, item, choices)
    senders = [each for each in estate.process_servers.values() if each.registered is not False]
    receivers = [each for each in estate.master_targets.values() if each.registered is not False]
    blamed = estate.master_targets.get(thing)
    return {
        "no_process_server": not senders,
        "no_azure_server": all(each.in_azure is False for each in senders),
        "no_master_target": not receivers,
        "no_release": vm.os is OsFamily.LINUX and not is_released(newest_release(estate, item)),
        "no_fqdn": box is not None and known(box.fqdn) and not box.fqdn,
        "log_account": bool(box and known(box.log_storage_accounts) and box.log_storage_accounts),
        "server_in_azure": server.in_azure if server is not None and known(server.in_azure) else None,
        "physical_target": target is not None and target.physical is True,
        "from_server": blamed is not None,
        "object_windows": blamed is None or blamed.os is OsFamily.WINDOWS,
    }


def own_cases(estate: Estate, item: str) -> Cases:
    """Those that hang on the machine alone, without its servers, host and datastore."""
    vm = estate.virtual_machines[item]
    away = vm.exists_on_premises
    return {
        "windows": vm.os is OsFamily.WINDOWS,
        "gone": not away if known(away) else None,
        "grouped": bool(vm.replication_group),
        "no_uuid": not (known(vm.bios_uuid) and vm.bios_uuid),
        "raw": any(disk.raw_device is True for disk in vm.disks),
        MADE_ANEW: comes_anew(vm),
        **_OF_ARCHITECTURE[vm.architecture],
    }


def cases_of(estate: Estate, item: str, choices: Choices, thing: str, holds: Collection[str] = ()) -> Cases:
    """Which cases hold for a finding about this machine; `thing` is at fault, `holds` what its predicate saw hold."""
    vm, target = estate.virtual_machines[item], master_target(estate, item, choices)
    on_it = estate.master_targets.get(thing) or target
    store, host = estate.datastores.get(thing), target_host(estate, item, choices)
    server, home = target or appliance(estate, item, choices), _home(estate, item, choices)
    return {
        **own_cases(estate, item),
        "target_windows": on_it.os is OsFamily.WINDOWS if on_it else None,
        "planned": any(recovery_plans_of(estate, name) for name in (item, *mates(estate, item))),
        "no_vcenter": not vcenter_of(estate, vm),
        "in_vcenter": target is not None and known(target.vcenter) and bool(target.vcenter),
        "host_down": host is not None and host.connected is False,
        "own_host_down": vm.host in estate.hosts and estate.hosts[vm.host].connected is False,
        "store_down": store is not None and store.accessible is False,
        "link_down": estate.link.up is False,
        "express": estate.link.kind.startswith("expressroute") if known(estate.link.kind) else None,
        **_of_servers(estate, item, choices, thing),
        "store_unfit": home is not None and home.kind not in FOR_NEW_DISKS,
        "nfs": store.kind.startswith("NFS") if store is not None else None,
        "too_big": server is not None and together(estate, item) >= DISKS_MAX + (target is None),
        **{key: bool(name) for key, name in others_of(estate, item, choices, thing).items() if key in CASES},
        **{case: case in holds for case in SEEN},
    }
