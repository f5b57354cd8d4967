"""The rim towards a vCenter: every SOAP call passes here, and only what is listed as a read passes a live one."""

from typing import Any, Final

from pyVmomi.SoapAdapter import SoapStubAdapter

from .liveness import VCSIM_OPTION, Guard
from .vsphere_properties import PropertyReader

READS: Final = frozenset(
    {
        "ContinueRetrievePropertiesEx",
        "CreateContainerView",
        "DestroyView",
        "FetchUserPrivilegeOnEntities",
        "FindByInventoryPath",
        "Login",
        "Logout",
        "QueryAssignedLicenses",
        "RetrievePropertiesEx",
        "RetrieveServiceContent",
    }
)
"""Methods that change nothing but the session itself. Any other is held to change something."""


class GuardedStub(SoapStubAdapter):
    """pyvmomi's connection, behind a guard. Whatever is called on an object of its session is sent from here."""

    def __init__(self, guard: Guard, **connection: Any) -> None:
        super().__init__(**connection)  # type: ignore[no-untyped-call]  # without types
        self._guard = guard

    def InvokeMethod(self, mo: Any, info: Any, args: Any, outerStub: Any = None) -> Any:
        """Send one call. Raises `ReadOnly` for no read where the vCenter, or a vault beside it, is live."""
        if info.wsdlName not in READS:
            self._guard.refuse_live(f"{info.wsdlName} of {mo._GetMoId()}")
        try:
            return super().InvokeMethod(mo, info, args, outerStub)  # type: ignore[no-untyped-call]  # without types
        except Exception as odd:
            if type(odd) is Exception:  # pyvmomi's own, for an answer that is an error by its status and no fault
                raise ValueError(str(odd)) from odd
            raise


def says_vcsim(content: Any) -> bool:
    """Whether this vCenter has the option that every vcsim has."""
    [row] = PropertyReader(content).of([content.setting], "setting")
    return any(option.key == VCSIM_OPTION for option in row.get("setting") or ())
