"""The door with a socket: cheroot, which keeps connections open, and TLS of an authority made for this one run."""

import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

import trustme
from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter

from .handler import BODY_MAX, ArmMock
from .response import IS_MOCK, ArmError, Response, error_reply

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Names of this machine that no other machine can reach."""
_THREADS: Final = 8
_QUEUE: Final = 1024
"""Clients that may knock at one instant."""
_IDLE_S: Final = 120
"""How long a connection without a request is kept."""
_HEADERS_MAX: Final = 64 * 2**10
"""Bytes of a request's line and headers; more is a 413."""
_CONNECTION: Final = "failback.connection"
_DRAINED_MAX: Final = 64 * 2**20
"""Bytes of an oversized body that are read and forgotten, so that its sender hears the answer."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where a mock listens. `ca_file` is the certificate authority to trust; None without TLS."""

    base_url: str
    host: str
    port: int
    ca_file: Path | None


@contextmanager
def serve(
    mock: ArmMock,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: bool = True,
    ca_file: Path | None = None,
    operations_host: str | None = None,
) -> Iterator[Served]:
    """Serve `mock` until the context ends; then no thread, port or file is left. Port 0 takes a free one.

    `operations_host` is another name of this machine, where the headers of long-running operations lead to, as the
    service sends its clients to a regional host. The certificate of the authority to trust is written to `ca_file`,
    else to a temporary file. Raises OSError when the port is taken or the file cannot be written.
    """
    _try(host, port)
    with ExitStack() as stack:
        scheme = "https" if tls else "http"
        app = _App(mock, scheme, host, operations_host)
        server = wsgi.Server((host, port), app, numthreads=_THREADS, max=_THREADS)
        # Hundreds of clients may come at one instant and look again after a while: none is refused, none is hung up on.
        server.gateway, server.request_queue_size, server.timeout = _Gateway, _QUEUE, _IDLE_S
        server.keep_alive_conn_limit, server.max_request_header_size = _QUEUE, _HEADERS_MAX
        trusted = _secured(server, (host, operations_host), ca_file, stack) if tls else None
        server.prepare()
        stack.callback(_stop, server, _started(server))
        bound = server.bind_addr[1]
        if operations_host is not None:
            mock.send_operations_to(f"{scheme}://{_in_url(operations_host)}:{bound}")
        yield Served(f"{scheme}://{_in_url(host)}:{bound}", host, bound, trusted)


def _try(host: str, port: int) -> None:
    """Raise OSError for a port that is taken; the server would, too, but leave a socket open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _secured(server: wsgi.Server, hosts: tuple[str | None, ...], wanted: Path | None, stack: ExitStack) -> Path:
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="failback-mock-")))
    authority = trustme.CA()
    names = dict.fromkeys((*hosts, "127.0.0.1", "localhost"))
    leaf = authority.issue_cert(*(name for name in names if name and name not in ("0.0.0.0", "::")))
    ca_file, key_file = (wanted or folder / "ca.pem").resolve(), folder / "server.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    stack.callback(ca_file.unlink, missing_ok=True)
    leaf.private_key_and_cert_chain_pem.write_to_path(str(key_file))
    server.ssl_adapter = BuiltinSSLAdapter(str(key_file), str(key_file))
    return ca_file


def _started(server: wsgi.Server) -> threading.Thread:
    thread = threading.Thread(target=server.serve, name="failback-mock", daemon=True)
    thread.start()
    return thread


def _stop(server: wsgi.Server, thread: threading.Thread) -> None:
    server.stop()
    thread.join()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _Gateway(wsgi.Gateway_10):
    """Hands the connection on, so that one can be dropped."""

    def get_environ(self) -> Any:
        return {**super().get_environ(), _CONNECTION: self.req.conn}  # type: ignore[no-untyped-call]  # without types


class _App:
    """The WSGI side of the mock.

    On this machine's own address it answers to this machine's names only, so that no page of elsewhere can reach it by
    a name that it makes point here.
    """

    def __init__(self, mock: ArmMock, scheme: str, host: str, operations_host: str | None) -> None:
        self._mock, self._scheme, self._host = mock, scheme, host
        own = urlsplit(mock.surroundings.base_url or "").hostname
        self._names = frozenset((*LOOPBACK, own, operations_host)) if host in LOOPBACK else None

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._answer(environ)
        length = () if answer.status == HTTPStatus.NO_CONTENT else (("Content-Length", str(len(answer.body))),)
        if answer.dropped:
            environ[_CONNECTION].socket.shutdown(socket.SHUT_RDWR)
        start_response(f"{answer.status} {_PHRASES.get(answer.status, 'Asked For')}", [*answer.headers, *length])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _answer(self, environ: Mapping[str, Any]) -> Response:
        host = environ.get("HTTP_HOST") or f"{_in_url(self._host)}:{environ['SERVER_PORT']}"
        if self._names is not None and _name_in(host) not in self._names:
            names = ", ".join(LOOPBACK)
            why = f"This mock answers to {names}, not to '{host[:100]}'. Start it with --host to be reached by others."
            return _not_taken(ArmError(400, "InvalidHostName", why))
        try:
            body = _body(environ)
        except ValueError as broken:
            return _not_taken(ArmError(400, "BadRequest", f"The body cannot be read: {broken}."))
        headers = {key[5:].replace("_", "-"): value for key, value in environ.items() if key.startswith("HTTP_")}
        address = f"{self._scheme}://{host}{environ['REQUEST_URI']}"
        return self._mock.handle(environ["REQUEST_METHOD"], address, headers, body)


def _not_taken(error: ArmError) -> Response:
    """What the mock itself does not get to see."""
    answer = error_reply(error, None)
    return replace(answer, headers=(*answer.headers, IS_MOCK))


_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


def _name_in(host: str) -> str | None:
    """The name or address in a Host header, without its port; None where it cannot be read."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _body(environ: Mapping[str, Any]) -> bytes:
    """The body; of one that is too large, one byte more than is allowed."""
    stream = environ["wsgi.input"]
    body = bytes(stream.read(BODY_MAX + 1))
    left = _DRAINED_MAX
    while len(body) > BODY_MAX and left > 0 and (more := stream.read(min(left, 2**16))):
        left -= len(more)
    return body
