"""Answers of something that is no vCenter: one paragraph, whatever the SDK makes of them."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from failback.adapters import NotUnderstood, VsphereSession, VsphereSettings
from failback.adapters.foreign import understood
from failback.adapters.vsphere_errors import plainly
from failback.reprotect import Unreachable

VERSIONS = b"<namespaces><namespace><name>urn:vim25</name><version>8.0.3.0</version></namespace></namespaces>"
ENVELOPE = b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>%s</Body></Envelope>'
ODD = {
    "a page": b"<html><body>Log in</body></html>",
    "half a document": b"<Envelope><Body><RetrieveServiceContentResponse",
    "nothing": b"",
    "no XML": b"{}",
    "an empty envelope": ENVELOPE % b"",
    "a type that nobody knows": ENVELOPE
    % b'<RetrieveServiceContentResponse xmlns="urn:vim25"><returnval><rootFolder type="Nothing">group-d1</rootFolder>'
    b"</returnval></RetrieveServiceContentResponse>",
    "a number that is none": ENVELOPE
    % b'<RetrieveServiceContentResponse xmlns="urn:vim25"><returnval><about><build>1</build><apiVersion>x</apiVersion>'
    b"</about></returnval></RetrieveServiceContentResponse>",
}


@contextmanager
def speaking(body: bytes, folder: Path) -> Iterator[VsphereSettings]:
    """Something with TLS that lists its versions as a vCenter does, and then says this."""

    class Handler(BaseHTTPRequestHandler):
        def _say(self, message: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(message)))
            self.end_headers()
            self.wfile.write(message)

        def do_GET(self) -> None:
            self._say(VERSIONS)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            port = int(server.server_address[1])
            yield VsphereSettings("127.0.0.1", "drill", "CANARY-pass", port, ca_file=str(folder / "ca.pem"))
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_vcenter_is_an_endpoint_that_cannot_be_reached(odd: str, tmp_path: Path) -> None:
    with (
        speaking(ODD[odd], tmp_path) as settings,
        VsphereSession(settings) as session,
        pytest.raises(Unreachable) as raised,
    ):
        session.read("reading the machines", lambda content: content.rootFolder.childEntity)
    assert settings.address in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_error_of_a_library_is_said_without_the_secret_in_it() -> None:
    settings = VsphereSettings("vcenter.example", "drill", "CANARY-pass")
    for error in (OSError("CANARY-pass is refused"), KeyError("CANARY-pass"), UnicodeEncodeError("x", "ä", 0, 1, "y")):
        with pytest.raises(Unreachable) as raised, plainly(settings, "logging in"):
            raise error
        assert "CANARY" not in str(raised.value)


def test_a_translation_that_fails_names_who_answered() -> None:
    with pytest.raises(NotUnderstood, match=r"The vault gave an answer .*KeyError: 'value'"), understood("The vault"):
        raise KeyError("value")


def test_what_is_no_matter_of_the_answer_goes_through() -> None:
    with pytest.raises(KeyboardInterrupt), understood("The vault"):
        raise KeyboardInterrupt
