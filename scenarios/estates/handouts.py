"""Files that people take to Azure and vCenter before an import: the least roles, and scripts that collect."""

from importlib.resources import files
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(str(files("failback.scenarios"))) / "data"
HANDOUTS: Final = {
    "role": {"azure": _FOLDER / "role_azure.json", "vsphere": _FOLDER / "role_vsphere.ps1"},
    "collect": {"sh": _FOLDER / "collect.sh", "ps1": _FOLDER / "collect.ps1"},
}
"""By option and value."""
