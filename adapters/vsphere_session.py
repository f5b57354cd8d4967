"""One login to vSphere, renewed once when it has expired."""

import http.client
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from pyVmomi import vim, vmodl
from pyVmomi.VmomiSupport import GetServiceVersions, versionIdMap

from failback.reprotect import Unreachable

from .foreign import ODD
from .liveness import Guard
from .vsphere_errors import plainly
from .vsphere_rim import GuardedStub, says_vcsim
from .vsphere_settings import VsphereSettings

T = TypeVar("T")
VERSIONS_PATH: Final = "/sdk/vimServiceVersions.xml"


class VsphereSession:
    """A login that is made at the first use. Use it as a context manager, or call `close`.

    `guard` refuses what would change a live vCenter, whoever asks for it and by whatever way.
    """

    def __init__(self, settings: VsphereSettings) -> None:
        self.settings = settings
        self.guard = Guard(settings.where, self._says_simulator)
        self._content: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, doing: str, ask: Callable[[Any], T]) -> T:
        """What `ask` answers, given the service content; asked again once after an expired session.

        Raises `Unreachable` and `VsphereRefused`.
        """
        with plainly(self.settings, doing):
            try:
                return ask(self._logged_in())
            except vim.fault.NotAuthenticated:
                self._forget()
                return ask(self._logged_in())

    def change(self, doing: str, ask: Callable[[Any], T]) -> T:
        """What `ask` answers; sent once and never again. Raises `Unreachable`, `VsphereRefused` and `ReadOnly`."""
        self.guard.refuse_live(doing)
        with plainly(self.settings, doing):
            return ask(self._logged_in())

    def close(self) -> None:
        """Log out, if logged in; a server that is gone, or says what nobody understands, is no mistake here."""
        if self._content is not None:
            with suppress(OSError, http.client.HTTPException, vmodl.MethodFault, ExpatError, *ODD):
                self._content.sessionManager.Logout()
            self._forget()

    def _forget(self) -> None:
        content, self._content = self._content, None
        content.sessionManager._GetStub().DropConnections()
        self.guard.forget()

    def _says_simulator(self) -> bool:
        """What the vCenter says. Whatever is wrong with its answer but a lost connection, it proves nothing."""
        try:
            return self.read("asking whether it is a simulator", says_vcsim)
        except Unreachable:
            raise
        except Exception:
            return False

    def _logged_in(self) -> Any:
        if self._content is None:
            with plainly(self.settings, "logging in"):
                self._content = _log_in(self.settings, self.guard)
        return self._content


def _log_in(settings: VsphereSettings, guard: Guard) -> Any:
    context = _transport_security(settings)
    stub: Any = GuardedStub(
        guard,
        host=settings.host,
        port=settings.port,
        version=_newest_common_version(settings, context),
        sslContext=context,
        httpConnectionTimeout=settings.read_timeout_s,
    )
    try:
        content: Any = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
        content.sessionManager.Login(settings.user, settings.password, None)
    except Exception:
        stub.DropConnections()
        raise
    return content


def _transport_security(settings: VsphereSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.ca_file)
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _newest_common_version(settings: VsphereSettings, context: ssl.SSLContext) -> str:
    """The newest API version that both sides speak. Also the first contact, with the timeout for connecting."""
    offered = _offered_versions(settings, context)
    for version in GetServiceVersions("vim25"):
        if versionIdMap[version] in offered:
            return str(version)
    raise Unreachable(
        f"What answers at {settings.address} is not a vCenter with an API version that failback supports. "
        "Check the host and the port in the settings."
    )


def _offered_versions(settings: VsphereSettings, context: ssl.SSLContext) -> frozenset[str | None]:
    connection = http.client.HTTPSConnection(
        settings.host, settings.port, timeout=settings.connect_timeout_s, context=context
    )
    try:
        connection.request("GET", VERSIONS_PATH)
        answer = connection.getresponse()
        return frozenset(entry.text for entry in ElementTree.fromstring(answer.read()).iter("version"))
    except ElementTree.ParseError:
        return frozenset()
    finally:
        connection.close()
