"""An aftercare of a real drill: mock and vcsim as the drill has left them, read by the code of a live import."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from failback.adapters import find_vcsim, start_vcsim
from failback.scenarios import load_scenario, resolve
from failback.scenarios.cli.entry import run
from failback.scenarios.run.worlds import lab_site
from failback.simulator.arm import serve

pytestmark = [pytest.mark.vcsim, pytest.mark.slow]
HOME, STOPPED = "one_modernised_vm", "operator_gate"


@contextmanager
def lab(monkeypatch: pytest.MonkeyPatch, story: str) -> Iterator[Any]:
    """A mock and a vcsim that outlive what reads them; yields the world behind both."""
    source = find_vcsim()
    with ExitStack() as stack:
        url = source.url or stack.enter_context(start_vcsim(source.binary or Path())).url
        monkeypatch.setenv("FAILBACK_VCSIM", url)
        site = stack.enter_context(lab_site(load_scenario(resolve(story))))
        served = stack.enter_context(serve(site.mock))
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        monkeypatch.setenv("FAILBACK_MOCK_CA_FILE", str(served.ca_file))
        yield site.world


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *words])
    return run()


def aftercare(monkeypatch: pytest.MonkeyPatch, story: str, out: Path) -> tuple[int, Any]:
    code = typed(monkeypatch, "aftercare", story, "--world", "lab", "--out", str(out))
    return code, json.loads((out / "aftercare.json").read_text("utf-8"))


def states(found: Any) -> dict[str, str]:
    (machine,) = found["machines"]
    return {key: value["state"] for key, value in machine.items() if isinstance(value, dict)}


def left(found: Any) -> list[tuple[str, int, int]]:
    return [(kind["kind"], kind["left"], kind["needed"]) for kind in found["in_azure_counts"]]


def test_after_a_drill_nothing_is_open_and_nothing_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with lab(monkeypatch, HOME) as world:
        assert typed(monkeypatch, "run", HOME, "--world", "lab", "--out", str(tmp_path / "run")) == 0
        requests = len(world.vault.record.requests)
        code, found = aftercare(monkeypatch, HOME, tmp_path / "after")
        assert len(world.vault.record.requests) == requests
    assert code == 0
    seen = states(found)
    assert seen.pop("addresses") == "unknown", "the estate from before has none"
    assert set(seen.values()) == {"done"}
    assert {(gone, needed) for _, gone, needed in left(found)} == {(0, 0)}


def test_of_a_way_home_that_stopped_before_its_commit_it_says_so_and_what_is_still_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    story = tmp_path / "stopped.yaml"
    text = resolve(STOPPED).read_text("utf-8").replace("proceed: true", "proceed: false")
    story.write_text(text, encoding="utf-8")
    with lab(monkeypatch, str(story)):
        assert typed(monkeypatch, "run", str(story), "--world", "lab", "--out", str(tmp_path / "run")) == 1
        code, found = aftercare(monkeypatch, str(story), tmp_path / "after")
    assert code == 1
    seen = states(found)
    assert (seen["committed"], seen["running"], seen["protected"]) == ("open", "done", "not yet")
    assert [task["task"] for task in found["tasks"]] == ["commit"]
    assert left(found)[:3] == [("virtual machine", 0, 1), ("disk", 0, 1), ("network interface", 0, 1)]
