"""The least roles for a live import, as files that are installed with the program."""

from importlib.resources import files
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(str(files("failback.scenarios"))) / "data"
ROLES: Final = {"azure": _FOLDER / "role_azure.json", "vsphere": _FOLDER / "role_vsphere.ps1"}
"""Where the role is created, and the file."""
