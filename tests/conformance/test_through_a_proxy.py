"""A live vault behind a proxy: run, watch and check go through it, and what it says in the vault's place is told."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from failback.scenarios import load_scenario
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import Response, serve

from .connect_proxy import ConnectProxy
from .consent_site import AZURE, TWO_WAVES, ConsentSite, listen, settings_of

NAME: Final = "vault.test"
"""Only the proxy knows where that is."""
ONE: Final = "".join(line for line in TWO_WAVES.splitlines(keepends=True) if "{name: app-02" not in line)
PAGE: Final = b"<!DOCTYPE html><title>Sign in to the proxy</title>"
VARIABLES: Final = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")


@pytest.fixture(params=VARIABLES[:2])
def behind(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[ConsentSite, ConnectProxy]]:
    """A vault that counts as live, and the proxy before it, which one variable of the environment names."""
    (tmp_path / "s.yaml").write_text(ONE.replace(", {name: second, items: [app-02]}", ""), encoding="utf-8")
    mock = mock_of(load_scenario(tmp_path / "s.yaml"), "poll")
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    only_the_proxy_knows_it(monkeypatch)
    with serve(mock, operations_host=NAME) as served, ConnectProxy({NAME: ("127.0.0.1", served.port)}) as proxy:
        Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        for variable in VARIABLES:
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv(request.param, proxy.url)
        settings = json.loads(settings_of(mock, served))
        settings["azure"] |= {"base_url": f"https://{NAME}:{served.port}", "ca_file": str(served.ca_file)}
        settings["azure"]["tunnel"] = False
        (tmp_path / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
        site = ConsentSite(mock, served, tmp_path, monkeypatch)
        listen(site)
        site.signs_in("alice")
        yield site, proxy
        proxy.shutdown()


def only_the_proxy_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_name = socket.getaddrinfo

    def unknown(host: Any, *rest: Any, **more: Any) -> Any:
        if host == NAME:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve_name(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


def test_a_run_with_all_consent_and_a_watch_go_through_the_proxy(behind: tuple[ConsentSite, ConnectProxy]) -> None:
    site, proxy = behind
    site.has_all_consent()
    (site.folder / "name").write_text(site.name_of_approval, encoding="utf-8")
    site.is_approved_by("bob")
    before = len(proxy.asked)
    assert site.runs() == 0
    assert {change.split("?")[0].rsplit("/", 1)[1] for change in site.changes()} == {"reProtect"}
    assert [item.phase.value for item in site.mock.world.vault.items.values()] == ["replicating_to_on_premises"]
    ran = len(proxy.asked)
    assert site.types("watch", "DIR/s.yaml", *AZURE, "--once", "--out", "DIR/watched") == 0
    assert before < ran < len(proxy.asked)
    assert set(proxy.asked) == {f"CONNECT {NAME}:{site.served.port}"}


INSTEAD: Final = {
    "a page in place of a tunnel": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    "a page that asks for a password": b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n" + PAGE,
    "a page in the tunnel": b"",
}


@pytest.mark.parametrize("instead", INSTEAD)
@pytest.mark.parametrize("command", [("check", "DIR/s.yaml"), ("watch", "DIR/s.yaml", "--once", "--out", "DIR/w")])
def test_what_a_proxy_says_in_place_of_the_vault_is_told_in_one_paragraph(
    command: tuple[str, ...],
    instead: str,
    behind: tuple[ConsentSite, ConnectProxy],
    capsys: pytest.CaptureFixture[str],
) -> None:
    site, proxy = behind
    proxy.instead = INSTEAD[instead]
    if not proxy.instead:
        page = Response(200, (("Content-Type", "text/html"),), PAGE)
        site.mock.handle = lambda *_: page  # type: ignore[method-assign]  # the door calls it by its name
    assert site.types(*command, *AZURE) == 3
    said = capsys.readouterr().err
    assert (said.count("\n"), "proxy" in said.lower(), NAME in said or "The vault" in said) == (1, True, True), said
    assert proxy.asked
