"""A proxy of this computer that knows names of its own, and may answer otherwise than with a tunnel."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from select import select
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Final

OPEN: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


class ConnectProxy(ThreadingTCPServer):
    """`leads_to`: where each name is. `asked`: what was to be reached; `instead`: what is answered without a tunnel."""

    daemon_threads = True

    def __init__(self, leads_to: Mapping[str, tuple[str, int]]) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.leads_to, self.asked, self.instead = leads_to, list[str](), b""

    @property
    def url(self) -> str:
        """As an environment names it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Tunnel(BaseRequestHandler):
    server: ConnectProxy

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (data := self.request.recv(65536)):
                return
            head += data
        method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
        self.server.asked.append(f"{method} {target}")
        if self.server.instead:
            self.request.sendall(self.server.instead)
            return
        with socket.create_connection(self.server.leads_to[target.partition(":")[0]]) as there, suppress(OSError):
            self.request.sendall(OPEN)
            self._carry(there)

    def _carry(self, there: socket.socket) -> None:
        ways = {there: self.request, self.request: there}
        while True:
            for ready in select(list(ways), [], [])[0]:
                if not (data := ready.recv(65536)):
                    return
                ways[ready].sendall(data)
