"""`failback vcsim --load`: a saved vCenter is served again, and a folder that cannot be is refused with the reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from pyVmomi import vim

from failback.adapters import VsphereSession, settings_from_url
from failback.adapters.vsphere_properties import PropertyReader
from failback.scenarios.servers import vcsim_server
from failback.scenarios.usage_error import UsageError

SAVED = Path(__file__).parents[2] / "adapters" / "importing" / "saved" / "vcsim-site.zip"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with ZipFile(SAVED) as archive:
        archive.extractall(tmp_path / "saved")
    return tmp_path / "saved"


@pytest.mark.vcsim
def test_a_saved_vcenter_is_served_with_its_machines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    names: list[str] = []

    @contextmanager
    def meanwhile() -> Iterator[None]:
        yield
        with VsphereSession(settings_from_url(said[0].removeprefix("export FAILBACK_VCSIM="))) as session:
            rows = session.read("looking", lambda c: PropertyReader(c).below(c.rootFolder, vim.VirtualMachine, "name"))
            names.extend(sorted(str(row.get("name")) for row in rows))

    monkeypatch.setattr(vcsim_server, "until_stopped", meanwhile)
    assert vcsim_server.load(folder, said.append, said.append) == 0
    assert names == ["DC0_C0_RP0_VM0", "DC0_C0_RP0_VM1", "DC0_C0_RP0_VM1", "golden", "web"]


@pytest.mark.parametrize(
    ("removed", "why"),
    [("*", "no virtual machine"), ("*-ServiceInstance-*", "saved with -dc"), (None, "not a folder")],
)
def test_a_folder_that_cannot_be_served_is_refused_with_the_reason(folder: Path, removed: str | None, why: str) -> None:
    for file in folder.glob(removed or "nothing"):
        file.unlink()
    chosen = folder if removed else folder / "absent"
    with pytest.raises(UsageError, match=why):
        vcsim_server.load(chosen, print, print)
