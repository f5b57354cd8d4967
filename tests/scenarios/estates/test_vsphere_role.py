"""The vSphere role of an import: it permits what an import reads, and a vCenter knows each of its privileges.

Which privilege a call or a property needs is in pyvmomi, whose types are made from VMware's description of the API.
Where it names none, any role will do: System.View and System.Read are in every role.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from pyVmomi import vim, vmodl

from failback.adapters import VsphereSession, find_vcsim, start_vcsim
from failback.adapters.vsphere_properties import Collector, PropertyReader
from failback.adapters.vsphere_rim import READS, GuardedStub
from failback.adapters.vsphere_settings import VsphereSettings
from failback.reprotect import PRIVILEGES
from failback.scenarios.estates.handouts import HANDOUTS

from .live_site import Site, live_site

pytestmark = pytest.mark.vcsim
INFERRED: Final = frozenset({"Global.Licenses"})
"""In the role without a source: pyvmomi asks for System.View, and what is then in the answer nobody of us has seen."""
IN_EVERY_ROLE: Final = frozenset({"System.Anonymous", "System.Read", "System.View"})
ROLE: Final = HANDOUTS["role"]["vsphere"].read_text(encoding="utf-8")


def granted() -> frozenset[str]:
    (ids,) = re.findall(r"^\$ids = (.+)$", ROLE, re.MULTILINE)
    return frozenset(re.findall(r"'([^']+)'", ids))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with live_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def vcenter() -> Iterator[VsphereSettings]:
    source = find_vcsim()
    assert source.binary is not None
    with start_vcsim(source.binary) as running:
        yield running.settings()


def test_the_role_has_the_privilege_of_each_call_and_property_of_an_import_and_no_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: dict[str, str] = {}
    properties: dict[tuple[str, str], str] = {}
    send, retrieve = GuardedStub.InvokeMethod, PropertyReader._retrieve

    def noted(stub: Any, mo: Any, info: Any, *rest: Any) -> Any:
        calls[info.wsdlName] = info.privId or "System.View"
        return send(stub, mo, info, *rest)

    def seen(reader: Any, wanted: Any, objects: Any) -> Any:
        for spec in wanted:
            properties.update({(spec.type.__name__, path): privilege_of(spec.type, path) for path in spec.pathSet})
        return retrieve(reader, wanted, objects)

    monkeypatch.setattr(GuardedStub, "InvokeMethod", noted)
    monkeypatch.setattr(PropertyReader, "_retrieve", seen)
    site.imported()
    assert calls.keys() <= READS
    assert {kind for kind, _ in properties} >= {"vim.VirtualMachine", "vim.HostSystem", "vim.Datastore", "vim.Network"}
    assert {*calls.values(), *properties.values()} | IN_EVERY_ROLE == granted() - INFERRED


def privilege_of(kind: Any, path: str) -> str:
    """Of the property of the object itself: what is inside its value needs no other."""
    for each in kind.__mro__:
        if (found := each.__dict__.get("_propInfo", {}).get(path.partition(".")[0])) is not None:
            return str(found.privId or "System.View")
    raise LookupError(f"{kind.__name__} has no property {path}")


def test_each_call_that_may_be_a_read_of_a_live_vcenter_is_permitted_by_the_role() -> None:
    """Also those that this site does not need, such as the next page of a large one."""
    kinds = (
        *(vim.AuthorizationManager, vim.LicenseAssignmentManager, vim.SearchIndex, vim.ServiceInstance),
        *(vim.SessionManager, vim.view.ViewManager, vim.view.View, Collector),
    )
    needed = {info.wsdlName: info.privId for kind in kinds for info in kind._methodInfo.values()}
    assert needed.keys() >= READS
    assert {needed[name] or "System.View" for name in READS} <= granted()


def test_a_vcenter_makes_this_role_and_knows_each_privilege(vcenter: VsphereSettings) -> None:
    with VsphereSession(vcenter) as session:

        def made(content: Any) -> list[Any]:
            manager = content.authorizationManager
            with pytest.raises(vmodl.fault.InvalidArgument):
                manager.AddAuthorizationRole(name="wrong", privIds=["Global.Licences"])
            manager.AddAuthorizationRole(name="failback import", privIds=sorted(granted()))
            return list(manager.roleList)

        roles = {role.name: frozenset(role.privilege) for role in session.change("making a role", made)}
    assert roles["failback import"] == granted()
    assert set(PRIVILEGES) <= roles["Admin"], "what rules ask of the account of an appliance or configuration server"
    assert IN_EVERY_ROLE - {"System.Anonymous"} <= roles["ReadOnly"]
