"""What tests of a live site share: a vault and a vCenter with an estate, which write down what comes."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from failback.adapters import DATACENTER, VsphereHands, VsphereSession, build_estate, find_vcsim, open_proxy, open_vcsim
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, Response, serve

from .live_site import LIVE_NAME, STORY, Site, environment, listen
from .night_site import FACTOR, TWO, Night, settings_of


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Both, with the story's estate, and the environment of a person who has named them."""
    resolve_name = socket.getaddrinfo
    here = {LIVE_NAME: "127.0.0.1"}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **kw: resolve_name(here.get(host, host), *rest, **kw)
    )
    story = load_scenario(resolve(STORY))
    with ExitStack() as stack:
        vcsim = stack.enter_context(open_vcsim(find_vcsim(), DATACENTER))
        session = stack.enter_context(VsphereSession(vcsim))
        build_estate(session, story.estate)
        world = World(spec_of(story), hands=VsphereHands(session))
        mock = ArmMock(world, epoch=story.starts_at, clock="real:2000")
        served = stack.enter_context(serve(mock, operations_host=LIVE_NAME))
        found = Site(stack.enter_context(open_proxy(vcsim)), served, mock)
        listen(found)
        for name, value in environment(found).items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    (tmp_path / "s.yaml").write_text(TWO, encoding="utf-8")
    monkeypatch.setattr("failback.adapters.patience.FIRST_WAIT_S", 0.01)
    mock = mock_of(load_scenario(tmp_path / "s.yaml"), f"real:{FACTOR}")
    handle = mock.handle
    with serve(mock) as served:
        found = Night(mock, served, tmp_path, monkeypatch)
        (tmp_path / "settings.json").write_text(json.dumps(settings_of(mock, served)), encoding="utf-8")

        def heard(method: str, url: str, headers: Any, body: bytes) -> Response:
            found.asked.append((method, url))
            found.token = {key.lower(): text for key, text in dict(headers).items()}.get("authorization", "")
            return found.trouble(found, method, url, lambda: handle(method, url, headers, body))

        monkeypatch.setattr(mock, "handle", heard)
        yield found
