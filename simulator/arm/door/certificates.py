"""The mock's certificates: an authority made for one run, whose key nobody keeps."""

import errno
import ssl
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socket import socket
from tempfile import NamedTemporaryFile, gettempdir
from typing import Any, Final

import trustme
from cheroot.errors import FatalSSLAlert
from cheroot.makefile import MakeFile
from cheroot.ssl import Adapter

from failback.reprotect import scratch_folder

AUTHORITY: Final = "failback mock"
"""Organisation in the authority's name, by which a file of ours is known."""
_ORGANISATION: Final = bytes.fromhex("0603 5504 0a 0c") + bytes([len(AUTHORITY)]) + AUTHORITY.encode()
"""The same within a certificate: the attribute organizationName, a string of UTF-8."""


class NotWritten(OSError):
    """A file of the mock could not be written; `filename` says which, `strerror` why not."""


class Tls(Adapter):
    """TLS for cheroot that does not wait for a client: the handshake comes with the client's first bytes."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: socket) -> socket:
        """The listening socket stays as it is."""
        return sock

    def wrap(self, sock: socket) -> tuple[ssl.SSLSocket, dict[str, Any]]:
        """The same connection with TLS. Raises cheroot's FatalSSLAlert where the client is gone already."""
        try:
            sock.getpeername()  # of a client that is gone, Python's own `wrap_socket` leaves a socket open
            return self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), {}
        except OSError as gone:
            sock.close()
            raise FatalSSLAlert(*gone.args) from gone

    def get_environ(self) -> dict[str, Any]:
        """Nothing that the mock asks for."""
        return {}

    def makefile(self, sock: socket, mode: str = "r", bufsize: int = -1) -> Any:
        """As without TLS."""
        return MakeFile(sock, mode, bufsize)


@contextmanager
def certified(names: Iterable[str], wanted: Path | None) -> Iterator[tuple[ssl.SSLContext, Path]]:
    """A context with a certificate for these names, and the file of its authority, which is gone at the end.

    Raises `NotWritten`, and ValueError for what is no name. The key is in a file for the moment in which it is loaded.
    """
    authority = trustme.CA(organization_name=AUTHORITY)
    leaf = authority.issue_cert(*names, organization_name=AUTHORITY)
    pem = authority.cert_pem.bytes()
    with ExitStack() as stack:
        with _writing(gettempdir()):
            folder = stack.enter_context(scratch_folder("failback-mock-"))
            context = _context(leaf, folder)
        with _writing(str(wanted or folder)):
            ca_file = (wanted or folder / "ca.pem").resolve()
            _put(ca_file, pem)
        stack.callback(_take_away, ca_file, pem)
        yield context, ca_file


@contextmanager
def _writing(where: str) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # the latter of a link that leads to itself
        number = error.errno if isinstance(error, OSError) else None
        raise NotWritten(number, getattr(error, "strerror", None) or str(error), where) from error


def _context(leaf: trustme.LeafCert, folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with leaf.private_key_and_cert_chain_pem.tempfile(dir=str(folder)) as key_file:
        context.load_cert_chain(key_file)
    return context


def is_foreign(file: Path) -> bool:
    """Whether there is something that a mock did not write: anything but one authority of a mock, byte for byte."""
    return file.exists() and not _is_own(file)


def _is_own(file: Path) -> bool:
    """Without a parser, which would have a word to say about strangers' certificates."""
    if not file.is_file():
        return False
    try:
        text = file.read_text(encoding="ascii")
        certificate = ssl.PEM_cert_to_DER_cert(text)
    except (OSError, ValueError):
        return False
    return _ORGANISATION in certificate and ssl.DER_cert_to_PEM_cert(certificate) == text


def _put(file: Path, data: bytes) -> None:
    """Written beside it and renamed into its place. What a mock did not write stays."""
    if file.is_symlink() or is_foreign(file):  # a link that leads to itself, by now
        raise FileExistsError(errno.EEXIST, "it exists already and was not written by a mock")
    beside = None
    try:
        with NamedTemporaryFile(dir=file.parent, prefix=".failback-", delete=False) as written:
            beside = Path(written.name)
            written.write(data)
        beside.chmod(0o644)  # it is for others to read
        beside.replace(file)
    except BaseException:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise


def _take_away(file: Path, data: bytes) -> None:
    """Unless it is another's by now."""
    with suppress(OSError):
        if file.read_bytes() == data:
            file.unlink()
