"""vSphere's words in files, and ours."""

import re
from typing import Final

DATASTORE_KINDS: Final = {"vmfs": "VMFS", "vsan": "vSAN", "nfs": "NFS", "nfs41": "NFS", "vvol": "vVol"}
"""In lower case; of another kind nothing is said."""
_LINUX: Final = re.compile(
    r"linux|ubuntu|centos|red ?hat|rhel|debian|suse|sles|fedora|photon|rocky|alma|amazon|asianux|coreos|other\dx",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(r"ESXi? ([0-9][0-9.]*)")


def os_family_of(words: str) -> str | None:
    """Windows or linux, by the words of a configuration file or of VMware Tools; None for what is neither."""
    if re.search(r"windows|^win", words, re.IGNORECASE):
        return "windows"
    return "linux" if _LINUX.search(words) else None


def store_of(path: str) -> str:
    """The datastore of `[datastore] folder/file`."""
    return path.partition("[")[2].partition("]")[0] if path.startswith("[") else ""


def host_version(words: str) -> str:
    """8.0.3 of `VMware ESXi 8.0.3 build-24022510`."""
    hit = _VERSION.search(words)
    return hit[1] if hit else ""


def edition_of(licences: str) -> str | None:
    """free, evaluation or licensed, by the assigned licences [inferred: free ones are called Hypervisor]."""
    words = licences.casefold()
    if not words:
        return None
    free = re.search(r"vsphere (\d+ )?hypervisor|free", words)
    return "evaluation" if "evaluation" in words else "free" if free else "licensed"
