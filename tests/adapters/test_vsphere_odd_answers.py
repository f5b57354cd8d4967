"""What answers as vCenter and is none, or is sick: said in a paragraph, also where it says so last of all."""

from collections.abc import Callable
from typing import Any
from xml.parsers.expat import ExpatError

import pytest
from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapStubAdapter
from pyVmomi.VmomiSupport import GetServiceVersions, versionIdMap

from failback.adapters import VsphereSession
from failback.adapters.vsphere_settings import VsphereSettings
from failback.reprotect import Unreachable

SETTINGS = VsphereSettings("127.0.0.1", "user", "pass", verify=False)


def answering(monkeypatch: pytest.MonkeyPatch, **odd: Exception) -> list[str]:
    """A vCenter that takes a login, and answers these methods so. Gives the methods that were called."""
    called: list[str] = []
    newest = frozenset({versionIdMap[GetServiceVersions("vim25")[0]]})

    def invoke(stub: Any, _mo: Any, info: Any, _args: Any, _outer: Any = None) -> Any:
        called.append(info.wsdlName)
        if info.wsdlName in odd:
            raise odd[info.wsdlName]
        if info.wsdlName == "RetrieveServiceContent":
            content = vim.ServiceInstanceContent()
            content.sessionManager = vim.SessionManager("SessionManager", stub)
            return content
        return None

    monkeypatch.setattr("failback.adapters.vsphere_session._offered_versions", lambda *_: newest)
    monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)
    return called


def ask(look: Callable[[Any], object]) -> None:
    with VsphereSession(SETTINGS) as session:
        session.read("looking", look)


def test_an_error_by_its_status_that_is_no_fault_is_an_answer_that_nobody_understands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, Login=Exception("Raising a non-exception object:\n  Attributes: {}"))
    with pytest.raises(Unreachable, match="cannot be understood"):
        ask(lambda content: content)


@pytest.mark.parametrize(
    "odd", [ExpatError("syntax error"), LookupError("unknown encoding"), TypeError("no"), OSError()]
)
def test_what_is_said_to_a_logout_is_no_mistake(monkeypatch: pytest.MonkeyPatch, odd: Exception) -> None:
    called = answering(monkeypatch, Logout=odd)
    ask(lambda content: content)
    assert called[-1] == "Logout"
