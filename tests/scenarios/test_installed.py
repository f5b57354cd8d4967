"""A version is looked up once, however many runs are played."""

import importlib.metadata
from importlib.metadata import version

import pytest

from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.run.player import VERSIONS


def test_a_second_run_looks_no_version_up(monkeypatch: pytest.MonkeyPatch) -> None:
    story = load_scenario(resolve("one_vm"))
    first = play(story)
    looks: list[str] = []
    monkeypatch.setattr(importlib.metadata, "distribution", looks.append)
    assert play(story).versions == first.versions
    assert looks == []
    monkeypatch.undo()
    assert {name: first.versions[name] for name in VERSIONS} == {name: version(name) for name in VERSIONS}
