"""Error codes of the service, in our own words: what one means, what causes it, what helps, and how sure that is.

Codes that a rule of the requirements table is reported by are here too where more is known than the rule says. A code
that we found on no page and in no recording is not here.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from .requirements import by_code


class KnownCode(NamedTuple):
    """One code. `step`: where it shows up. `sure`: on what it rests."""

    step: str
    meaning: str
    causes: str
    action: str
    sure: str
    source: str


_HOME, _BACK, _REPL, _OUT, _PUSH = (
    "reprotect to on-premises",
    "failback",
    "replication",
    "failover to Azure",
    "installation of the agent",
)
_TROUBLE: Final = "reprotect troubleshooting"
_REPLICATION: Final = "replication troubleshooting"
_PUSHING: Final = "agent installation troubleshooting"
_FAILOVER: Final = "failover troubleshooting"
_D, _R = "documented", "recorded"
_I: Final = "documented; its cause and remedy are inferred"

# One line a code.
# fmt: off
CODES: Final[Mapping[str, KnownCode]] = {
    "95226": KnownCode(_HOME, "the Azure virtual machine did not reach the configuration server on site", "there is no network path between them, or the InMage Scout application service does not run on the machine", "restore the VPN or private peering; start the service and set it to start automatically", _D, _TROUBLE),
    "78052": KnownCode(_HOME, "protection could not be completed", "the master target's host has another machine of the same name", "use a master target on another host, or rename the other machine", _D, _TROUBLE),
    "78093": KnownCode(_HOME, "the virtual machine does not run, hangs or is not reachable", "the Azure machine is off, or its network has no connection", "start it, then run the job again", _D, _TROUBLE),
    "8061": KnownCode(_HOME, "the ESXi host has no access to the datastore", "the datastore is not mounted read/write there, is of a kind that is not supported, or the master target lacks VMware Tools", "mount it read/write (R24); check that VMware Tools runs on the master target (M11), that its host has a VMFS datastore (M12), and that the datastore is not NFS (T09)", _D, _TROUBLE),
    "8038": KnownCode(_BACK, "the virtual machine on site could not be started", "its host has too little free memory", "free or add memory, or move machines to another host, then fail back again", _D, _TROUBLE),
    "806": KnownCode(_REPL, "the process server sends no heartbeat", "the server is down, or its tmansvc service does not run", "start the server and its services", _D, "process server troubleshooting"),
    "78022": KnownCode(_REPL, "the master target sends no heartbeat", "its svagents service does not reach the configuration server", "restart svagents; register the master target again", _D, _REPLICATION),
    "78174": KnownCode(_REPL, "the source machine sends no heartbeat", "the machine is off, or its agent does not reach the configuration server", "check the machine, its svagents and its application service", _D, _REPLICATION),
    "78186": KnownCode(_REPL, "the source machine does not reach the process server", "TCP 9443 is closed, or the address cannot be reached; no recovery points are made meanwhile", "open TCP 9443 from the machine to the process server", _D, "process server troubleshooting"),
    "78028": KnownCode(_REPL, "the machine cannot upload its changes to the process server", "a network problem between them; no recovery points are made meanwhile", "read the agent's log, then fix the connection", _D, "process server troubleshooting"),
    "78253": KnownCode("enabling the protection of a machine", "the machine could not be protected", "no valid replication policy is associated with the configuration server", "in the vault, open Site Recovery infrastructure > Replication policies; create a new policy, associate it with the configuration server, then dissociate and delete the one that is not valid", _D, _REPLICATION),
    "78169": KnownCode(_REPL, "the initial replication does not progress", "there is no connection, the clocks differ, or an antivirus program interferes", "check the connection, the clocks and the antivirus on the machine and on its server", _D, _REPLICATION),
    "78188": KnownCode(_REPL, "a disk changes faster than replication supports", "a busy disk, or a short peak", "if it is a peak, wait; otherwise use a larger storage tier, or exclude the disk", _D, _REPLICATION),
    "78144": KnownCode(_REPL, "no application-consistent recovery point was made for some time", "on Windows, a problem with VSS or SQL Server; on Linux, missing scripts", "fix VSS (`vssadmin list writers`), then wait for the next point", _D, _REPLICATION),
    "2147221164": KnownCode(_REPL, "the VSS provider of Site Recovery is not installed", "the installation of the provider failed or was undone", "install the provider on the machine", _I, _REPLICATION),
    "2147943458": KnownCode(_REPL, "the VSS provider of Site Recovery is disabled", "the start type of its service is Disabled", "set the start type of the service to Automatic", _I, _REPLICATION),
    "2147754756": KnownCode(_REPL, "the VSS provider of Site Recovery is not registered", "its registration is missing", "register the provider again", _I, _REPLICATION),
    "161011": KnownCode(_OUT, "a warning: no test failover of this machine has succeeded yet", "nobody has tested it", "run a test failover; the warning does not block", _R, "recorded; category TestFailover"),
    "95126": KnownCode("discovery of a vCenter", "discovery failed because of a setting of a virtual machine", "maxSnapshots is not a number, and the configuration server is older than 9.20", "set a number, or update the server", _D, "vCenter discovery troubleshooting"),
    "95001": KnownCode(_REPL, "the configuration server lacks permissions on a folder", "the web server's account has no access", "grant the account IUSR access to the folder", _D, _REPLICATION),
    "28031": KnownCode(_OUT, "the Azure virtual machine could not be created", "a quota, a size that the region does not have, or a policy", "raise the quota or choose another size; ask who owns the policy", _D, _FAILOVER),
    "28092": KnownCode(_OUT, "a network adapter could not be created in Azure", "a quota, missing permissions, or a conflict in the network", "read the inner error, fix it and fail over again", _I, _FAILOVER),
    "70038": KnownCode(_OUT, "a virtual machine of the classic deployment model of Azure could not be created", "a quota or a conflict", "read the inner error, fix it and fail over again", _I, _FAILOVER),
    "170010": KnownCode(_OUT, "the machine could not be prepared to boot in Azure", "drivers or services for the boot are missing or not set to start", "set the boot drivers to start at boot on the source machine", _D, _FAILOVER),
    "ACS50008": KnownCode("registration of a configuration server", "the token was refused", "its clock is more than 15 minutes off", "set the clock and register again", _D, "configuration server troubleshooting"),
    "95107": KnownCode(_PUSH, "the credentials for Windows were refused", "wrong, or without administrator rights", "correct the account on the configuration server", _I, _PUSHING),
    "95108": KnownCode(_PUSH, "the credentials for Linux were refused", "wrong, or not root", "correct the account on the configuration server", _I, _PUSHING),
    "95517": KnownCode(_PUSH, "access to the machine was denied", "the account lacks rights there", "use an administrator account", _I, _PUSHING),
    "95518": KnownCode(_PUSH, "the machine's trust in its domain is broken", "the domain no longer knows the machine", "repair the trust, or use a local account", _I, _PUSHING),
    "95519": KnownCode(_PUSH, "the account is disabled", "somebody disabled it", "enable it, or use another", _I, _PUSHING),
    "95520": KnownCode(_PUSH, "the account is locked", "too many wrong passwords", "unlock it", _I, _PUSHING),
    "95521": KnownCode(_PUSH, "no server answers the logon request", "no domain controller is reachable from the machine", "restore the connection to one", _I, _PUSHING),
    "95522": KnownCode(_PUSH, "the logon service does not run", "the service is stopped on the machine", "start it", _I, _PUSHING),
    "95117": KnownCode(_PUSH, "the machine cannot be reached", "it is off, or a firewall blocks the way", "check the network and the ports for the installation", _I, _PUSHING),
    "97118": KnownCode(_PUSH, "the machine cannot be reached (Microsoft's page calls it 95117)", "it is off, or a firewall blocks the way", "check the network and the ports for the installation", _I, _PUSHING),
    "95523": KnownCode(_PUSH, "the machine's network was not found", "its name or address cannot be resolved", "correct the name's resolution", _I, _PUSHING),
    "95103": KnownCode(_PUSH, "Windows Management Instrumentation is blocked", "the firewall does not allow it", "allow it in the machine's firewall", _I, _PUSHING),
    "95105": KnownCode(_PUSH, "file and printer sharing is blocked", "the firewall does not allow it", "allow it in the machine's firewall", _I, _PUSHING),
    "95106": KnownCode(_PUSH, "file and printer sharing is blocked", "the firewall does not allow it", "allow it in the machine's firewall", _I, _PUSHING),
    "95309": KnownCode(_PUSH, "boot and system are on different disks", "this layout is not supported by older agents", "update the agent; Microsoft's pages list the supported layouts", _I, _PUSHING),
    "95310": KnownCode(_PUSH, "no boot disk was found", "the machine does not see the disk", "check the machine's disks", _I, _PUSHING),
    "95311": KnownCode(_PUSH, "there are several boot disks", "this layout is not supported", "leave one boot disk", _I, _PUSHING),
    "95313": KnownCode(_PUSH, "the root file system is spread over several disks", "this layout is not supported", "move it to one disk", _I, _PUSHING),
    "95320": KnownCode(_PUSH, "GRUB refers to its disks by device name", "device names change in Azure", "refer to them by UUID in GRUB's configuration", _I, _PUSHING),
    "95524": KnownCode(_PUSH, "less than 100 MB is free on the boot partition", "old kernels fill it", "delete old kernels", _I, _PUSHING),
    "95265": KnownCode(_PUSH, "a warning: a restart is advised after the installation or update", "the driver is loaded at the next boot", "restart when convenient; replication continues", _I, _PUSHING),
    "95266": KnownCode(_PUSH, "a warning: a restart is advised after the installation or update", "the driver is loaded at the next boot", "restart when convenient; replication continues", _I, _PUSHING),
}
# fmt: on


class Known(NamedTuple):
    """What the service says beside a code: the message, possible causes and what it recommends."""

    message: str
    possible_causes: str
    recommended_action: str


def known_failure(code: str) -> Known | None:
    """The texts that go with a code, of the codes above or of the rule that is reported by it."""
    if (known := CODES.get(code)) is not None:
        return Known(known.meaning, known.causes, known.action)
    if (row := by_code(code)) is not None:
        return Known(f"the rule does not hold: {row.title}", f"{row.id} does not hold: {row.title}", row.remedy)
    return None
