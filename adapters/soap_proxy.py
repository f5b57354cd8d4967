"""A proxy before a stock vcsim that changes single values of its answers: what a vcsim cannot hold, an estate can say.

Transparent but for the overrides that its owner pushed. It changes leaf properties in the answers of the property
collector, and fields in the answers of two queries, and asks nobody for anything: no clock, no estate, no world. An
answer leaves in one write, since headers and body apart cost a delayed acknowledgement each time.
"""

import re
import ssl
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeAlias

import trustme

from failback.reprotect import scratch_folder

from .liveness import Guard
from .soap_rewriting import Override, rewritten
from .vsphere_settings import VsphereSettings

__all__ = ["Override", "SoapProxy", "open_proxy"]

HOP_BY_HOP: Final = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade", "host"}
)
METHOD: Final = re.compile(rb"Body[^>]*>\s*<(?:\w+:)?(\w+)")
"""The method that a SOAP envelope asks for."""
UPSTREAM_TIMEOUT_S: Final = 120.0
STOP_TIMEOUT_S: Final = 5.0
"""Seconds for its thread to end."""
Overrides: TypeAlias = Mapping[str, tuple[Override, ...]]


@dataclass(slots=True)
class SoapProxy:
    """A running proxy. `settings` lead to it, `push` replaces all overrides, `methods` counts what was asked."""

    settings: VsphereSettings
    overrides: Overrides = field(default_factory=dict)
    methods: Counter[str] = field(default_factory=Counter)

    def push(self, overrides: Iterable[Override]) -> None:
        """From the next answer on, these and no others."""
        by_object: dict[str, tuple[Override, ...]] = {}
        for each in overrides:
            by_object[each.ref] = (*by_object.get(each.ref, ()), each)
        self.overrides = by_object


@contextmanager
def open_proxy(upstream: VsphereSettings) -> Iterator[SoapProxy]:
    """A proxy before this vCenter until the context ends; then no thread, port or file is left.

    Raises `ReadOnly` for a vCenter elsewhere: behind an address of this computer it would not be known for what it is.
    What is on this computer is judged by its own answers, which come through.
    """
    Guard(upstream.where, lambda: True).refuse_live("what a proxy on this computer would pass on")
    with scratch_folder("failback-proxy-") as folder:
        context, ca_file = _certified(folder)
        with _Server(("127.0.0.1", 0), _Handler) as server:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            port = server.server_address[1]
            here = replace(upstream, host="127.0.0.1", port=int(port), ca_file=str(ca_file), verify=True)
            server.upstream, server.proxy = upstream, SoapProxy(here)
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            try:
                yield server.proxy
            finally:
                server.shutdown()
                thread.join(STOP_TIMEOUT_S)


def _certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf = authority.issue_cert("127.0.0.1", "localhost")
    with leaf.private_key_and_cert_chain_pem.tempfile(dir=str(folder)) as key_file:
        context.load_cert_chain(key_file)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return context, folder / "ca.pem"


class _Server(ThreadingHTTPServer):
    """What handlers share."""

    daemon_threads = True
    block_on_close = False
    upstream: VsphereSettings
    proxy: SoapProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    """One client's connection, and one connection of its own to the vCenter."""

    protocol_version = "HTTP/1.1"
    server: _Server
    _way: HTTPSConnection | None = None

    def do_GET(self) -> None:
        """Hand on."""
        self._hand_on()

    do_POST = do_PUT = do_HEAD = do_DELETE = do_GET

    def finish(self) -> None:
        """Close both sides."""
        if self._way is not None:
            self._way.close()
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if method := METHOD.search(body):
            self.server.proxy.methods[method[1].decode()] += 1
        try:
            answer = self._asked(body)
            content = answer.read()
        except (OSError, HTTPException):  # the vCenter is gone, and so are we, as it would be
            self.close_connection = True
            return
        if answer.status == 200 and self.command == "POST":
            content = rewritten(body, content, self.server.proxy.overrides)
        self.wfile.write(_head(answer, len(content)) + (b"" if self.command == "HEAD" else content))

    def _asked(self, body: bytes) -> HTTPResponse:
        kept = {key: value for key, value in self.headers.items() if key.lower() not in HOP_BY_HOP}
        if self._way is None:
            self._way = _connection(self.server.upstream)
        self._way.request(self.command, self.path, body or None, kept | {"Accept-Encoding": "identity"})
        return self._way.getresponse()


def _connection(to: VsphereSettings) -> HTTPSConnection:
    context = ssl.create_default_context(cafile=to.ca_file)
    if not to.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(to.host, to.port, timeout=UPSTREAM_TIMEOUT_S, context=context)


def _head(answer: HTTPResponse, length: int) -> bytes:
    kept = [(key, value) for key, value in answer.getheaders() if key.lower() not in HOP_BY_HOP]
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{key}: {value}" for key, value in kept)]
    return ("\r\n".join([*lines, f"Content-Length: {length}"]) + "\r\n\r\n").encode("latin-1")
