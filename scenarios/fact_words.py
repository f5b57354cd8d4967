"""Facts that are one of a few words: a rule compares with these, so another word would pass for a sound one."""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("virtual_machines", "source"): ("vmware", "physical"),
    ("virtual_machines", "target"): ("vmware", "hyper-v"),
    ("virtual_machines", "firmware"): ("bios", "efi"),
    ("virtual_machines", "replication_health"): ("none", "normal", "warning", "critical"),
    ("virtual_machines", "direction_shown"): ("azure_to_on_premises", "on_premises_to_azure"),
    ("hosts", "edition"): ("free", "evaluation", "licensed"),
    ("datastores", "kind"): ("VMFS", "vSAN", "NFS", "RDM", "vVol"),
    ("master_targets", "scsi_controllers"): ("lsilogic", "lsilogic-sas", "pvscsi", "buslogic"),
    ("link", "kind"): ("vpn", "expressroute_private", "microsoft_peering", "public"),
    ("link", "forward"): ("public", "microsoft_peering", "private_endpoints", "vpn"),
}
"""Section of the estate and fact, to its words."""
