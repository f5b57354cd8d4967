"""What may go wrong on the way to vSphere, as one plain paragraph each."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any
from xml.parsers.expat import ExpatError

from pyVmomi import vim, vmodl

from failback.reprotect import Unreachable, VsphereRefused

from .foreign import ODD, odd_words
from .patience import LastingFailure
from .redaction import redacted
from .vsphere_settings import VsphereSettings


@contextmanager
def plainly(settings: VsphereSettings, doing: str) -> Iterator[None]:
    """Turn what the SDK raises into `Unreachable` or `VsphereRefused`.

    `doing` completes "while ...", for instance "reading the virtual machines".
    """
    try:
        yield
    except vim.fault.InvalidLogin:
        raise LastingFailure(
            f"The vCenter {settings.address} does not accept the password of {settings.user}. "
            "Correct the user or the password in the settings."
        ) from None
    except vmodl.MethodFault as fault:
        raise refused(doing, settings.address, fault) from None
    except (OSError, HTTPException, ExpatError) as lost:
        raise Unreachable(
            f"The vCenter {settings.address} could not be reached while {doing}: {_error_text(lost)}. "
            "Check that it runs, that this computer reaches the port, and the certificate settings."
        ) from lost
    except ODD as odd:
        raise Unreachable(odd_words(f"What answers as vCenter at {settings.address}, while {doing},", odd)) from odd


def refused(doing: str, where: str, fault: Any) -> VsphereRefused:
    """The exception for a fault of vSphere's; `fault` may be wrapped or bare."""
    bare = getattr(fault, "fault", None) or fault
    kind = type(bare).__name__.rpartition(".")[2]
    says = getattr(fault, "localizedMessage", None) or getattr(bare, "msg", None)
    detail = f" ({says})" if says and kind not in says else ""
    return VsphereRefused(
        f"vSphere refused while {doing}, at {where}: {kind}{detail}. Check the object in vSphere, fix it and run again."
    )


def _error_text(error: BaseException) -> str:
    return redacted(f"{type(error).__name__}: {error}").rstrip(": ").rstrip(".")
