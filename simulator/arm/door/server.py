"""The door with a socket: cheroot, which keeps connections open, and TLS of an authority made for this one run."""

import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cheroot import wsgi

from failback.simulator.arm.wire.response import ArmError, Response

from .bearer_token import check_token
from .certificates import Tls, certified
from .handler import ArmMock
from .http_server import Connection, Server
from .http_workers import LIMITS, Limits
from .media_type import check_media_type
from .requests import BODY_MAX, not_taken
from .same_origin import OriginHeaders, SameOrigin, check_content_type, check_origin

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
    require_token: bool = False,
    limits: Limits = LIMITS,
) -> Iterator[Served]:
    """Serve `mock` until the context ends; then no thread, port or file is left. Port 0 takes a free one.

    `operations_host` is another name of this computer, where the headers of long-running operations lead to, as the
    service sends its clients to a regional host. `require_token` refuses what comes without a bearer token, as Azure
    does. The certificate of the authority to trust is written to `ca_file`,
    else to a temporary file. Raises OSError when the port is taken, and `NotWritten`, which is one, when the file
    cannot be written or is there already and was not written by a mock.
    """
    _try(host, port)
    with ExitStack() as stack:
        scheme = "https" if tls else "http"
        server = Server((host, port), _App(mock, scheme, host, operations_host, require_token), limits)
        server.gateway = _Gateway
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


def _secured(server: Server, hosts: tuple[str | None, ...], wanted: Path | None, stack: ExitStack) -> Path:
    names = dict.fromkeys((*hosts, "127.0.0.1", "localhost"))
    named = (name for name in names if name and name not in ("0.0.0.0", "::"))
    context, ca_file = stack.enter_context(certified(named, wanted))
    server.ssl_adapter = Tls(context)
    return ca_file


def _started(server: Server) -> threading.Thread:
    thread = threading.Thread(target=server.serve, name="failback-mock", daemon=True)
    thread.start()
    return thread


def _stop(server: Server, thread: threading.Thread) -> None:
    server.stop()
    thread.join(server.shutdown_timeout)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _Gateway(wsgi.Gateway_10):
    """Hands the connection on, so that one can be dropped."""

    def get_environ(self) -> Any:
        return {**super().get_environ(), _CONNECTION: self.req.conn}  # type: ignore[no-untyped-call]  # without types


class _App:
    """The WSGI side of the mock."""

    def __init__(self, mock: ArmMock, scheme: str, host: str, operations_host: str | None, require_token: bool) -> None:
        self._mock, self._scheme, self._host, self._needs_token = mock, scheme, host, require_token
        own = urlsplit(mock.context.base_url or "").hostname
        self._same_origin = SameOrigin(host, (own, operations_host))

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
        connection: Connection = environ[_CONNECTION]
        answer = self._answer(environ, connection)
        length = () if answer.status == HTTPStatus.NO_CONTENT else (("Content-Length", str(len(answer.body))),)
        if answer.dropped:
            connection.hang_up()
        start_response(f"{answer.status} {_PHRASES.get(answer.status, 'Asked For')}", [*answer.headers, *length])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _answer(self, environ: Mapping[str, Any], connection: Connection) -> Response:
        try:
            body = _body(environ)
            asked = self._asked(environ, has_body=bool(body))
            self._same_origin.check_host(asked)
            check_origin(asked)
            check_content_type(asked)
            if self._needs_token:
                check_token(asked.path, asked.headers.get("AUTHORIZATION", ""))
            check_media_type(asked.path, asked.headers["CONTENT-TYPE"], has_body=asked.has_body)
        except ArmError as refused:
            return not_taken(self._mock.state, refused)
        with connection.kept_waiting():
            return self._mock.handle(asked.method, asked.address, asked.headers, body)

    def _asked(self, environ: Mapping[str, Any], *, has_body: bool) -> OriginHeaders:
        headers = {key[5:].replace("_", "-"): value for key, value in environ.items() if key.startswith("HTTP_")}
        headers["CONTENT-TYPE"] = environ.get("CONTENT_TYPE") or ""
        host = headers.get("HOST") or f"{_in_url(self._host)}:{environ['SERVER_PORT']}"
        address = f"{self._scheme}://{host}{environ['REQUEST_URI']}"
        return OriginHeaders(environ["REQUEST_METHOD"], address, host, headers, has_body)


_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


def _body(environ: Mapping[str, Any]) -> bytes:
    """The body; of one that is too large, one byte more than is allowed. Raises a 400 for one that is cut short."""
    stream = environ["wsgi.input"]
    try:
        body = bytes(stream.read(BODY_MAX + 1))
        left = _DRAINED_MAX
        while len(body) > BODY_MAX and left > 0 and (more := stream.read(min(left, 2**16))):
            left -= len(more)
    except ValueError as broken:
        raise ArmError(400, "BadRequest", f"The body cannot be read: {broken}.") from None
    if len(body) < min(int(environ.get("CONTENT_LENGTH") or 0), BODY_MAX):
        raise ArmError(400, "BadRequest", "The body is shorter than its Content-Length says.")
    return body
