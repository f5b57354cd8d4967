"""Names that look alike in a vault: told by a check, and no run guesses which one is meant."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
import responses

from failback.adapters import AzureSettings, SiteRecoveryVault
from failback.adapters.vault_names import vault_names
from failback.reprotect import Choices, Operation, RequestRefused, StartOperation
from failback.scenarios import load_scenario, resolve
from failback.scenarios.cli import run
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock

AZURE: Final = "https://127.0.0.1:7443"
STORY: Final = "one_vm"
NAME: Final = next(iter(load_scenario(resolve(STORY)).estate.virtual_machines))
COMPOSED: Final = {"name": "caf\N{LATIN SMALL LETTER E WITH ACUTE}", "other": "cafe\N{COMBINING ACUTE ACCENT}"}
ALIKE: Final = {
    NAME.upper(): "upper and lower case",
    f"{NAME} ": "blanks at an end",
    "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in NAME): "how their characters are composed",
}
"""Names that people take for the machine's (the last one has letters of full width), and the difference."""
Named = Callable[[str, str], AzureSettings]


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Named]:
    """A vault with two items of these names, reached within the process; the story's own machine is the first."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    story = load_scenario(resolve(STORY))
    [vm] = story.estate.virtual_machines.values()
    twins = {name: replace(vm, name=name) for name in ("first-item", "second-item")}
    world = World(spec_of(replace(story, estate=replace(story.estate, virtual_machines=twins))))
    mock = ArmMock(world, epoch=story.starts_at, clock="step")
    where = mock.subscription, mock.resource_group, mock.vault_name
    settings = AzureSettings(*where, base_url=AZURE, credential="token", token="t", reads_per_s=1e6)
    for name in ("subscription", "resource_group", "vault", "base_url", "credential", "token"):
        monkeypatch.setenv(f"FAILBACK_AZURE_{name.upper()}", getattr(settings, name))
    monkeypatch.setenv("FAILBACK_AZURE_READS_PER_S", "1000")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:

        def named(first: str, second: str) -> AzureSettings:
            def answer(request: Any) -> tuple[int, dict[str, str], str]:
                said = mock.handle("GET", request.url, {}, b"")
                body = said.body.decode().replace('"first-item"', json.dumps(first))
                return said.status, dict(said.headers), body.replace('"second-item"', json.dumps(second))

            net.add_callback("GET", re.compile(f"{AZURE}/.*"), answer, content_type=None)
            return settings

        yield named


def failback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["failback", *words])
    code = run()
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def checked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    code, out, _ = failback(monkeypatch, capsys, "check", STORY, "--world", "azure", "--json")
    report = json.loads(out)
    return code, report, " ".join(report["notes"])


@pytest.mark.parametrize("other", ALIKE)
def test_a_check_tells_of_two_items_whose_names_look_alike(
    other: str, vault: Named, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vault(NAME, other)
    code, report, notes = checked(monkeypatch, capsys)
    assert code in (0, 1)
    assert f"Ambiguous: the vault has items named '{NAME}' and '{other}', which differ only in {ALIKE[other]}" in notes
    assert report["read"]["vault"]["virtual_machines"]


@pytest.mark.parametrize("other", ALIKE)
def test_a_check_tells_of_an_item_that_is_spelt_otherwise_than_in_the_file(
    other: str, vault: Named, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vault(other, "unlike")
    _, report, notes = checked(monkeypatch, capsys)
    assert f"The vault has '{other}', which differs from '{NAME}' only in {ALIKE[other]}" in notes
    assert "virtual_machines" not in report["read"].get("vault", {})


def test_a_check_reads_neither_of_two_items_of_one_name(
    vault: Named, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vault(NAME, NAME)
    _, report, notes = checked(monkeypatch, capsys)
    assert re.search(f"Ambiguous: the vault has 2 items named '{NAME}' \\(ids [0-9a-f-]+ and [0-9a-f-]+\\)", notes)
    assert "virtual_machines" not in report["read"].get("vault", {})


@pytest.mark.parametrize("other", [NAME, *ALIKE])
def test_no_run_begins_where_a_name_could_mean_another_item(
    other: str, vault: Named, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vault(NAME, other)
    code, _, err = failback(monkeypatch, capsys, "run", STORY, "--world", "azure")
    assert (code, err.count("\n")) == (3, 1)
    assert f"items named '{NAME}'" in err
    assert "It is unknown which one is meant" in err


@pytest.mark.parametrize("other", ALIKE)
def test_a_request_for_an_item_that_is_spelt_otherwise_says_how(other: str, vault: Named) -> None:
    adapter = SiteRecoveryVault(vault(other, "unlike"), (NAME,))
    answer = adapter.perform(StartOperation(NAME, Operation.FAILOVER, Choices(), "k"))
    assert isinstance(answer, RequestRefused)
    assert f"It has '{other}', which differs from '{NAME}' only in {ALIKE[other]}" in answer.message


@pytest.mark.parametrize("names", [(NAME, NAME), (NAME, NAME.upper())], ids=["the same", "alike"])
def test_the_order_of_a_list_decides_nothing_about_names_that_are_not_clear(names: tuple[str, str]) -> None:
    items = [
        {"name": f"id-{n}", "properties": {"friendlyName": name, "providerSpecificDetails": {"instanceType": kind}}}
        for n, name in enumerate(names)
        for kind in ["InMageRcm"]
    ]
    one, other = vault_names(items), vault_names(items[::-1])
    (told,) = one.unclear([NAME])
    assert told.endswith("(ids id-0 and id-1)")
    assert [told] == list(other.unclear([NAME]))
    assert one.one(NAME) == other.one(NAME)


def test_names_that_are_composed_otherwise_are_alike_and_others_are_not() -> None:
    def items(*names: str) -> list[Any]:
        kind = {"instanceType": "InMageRcm"}
        return [{"properties": {"friendlyName": name, "providerSpecificDetails": kind}} for name in names]

    both = vault_names(items(*COMPOSED.values()))
    assert [COMPOSED["other"] in text for text in both.unclear([COMPOSED["name"]])] == [True]
    apart = vault_names(items("web-01", "web-02", "web 01"))
    assert not list(apart.unclear(["web-01", "web-02"]))
    assert not list(apart.spelt_otherwise(["web-03"]))
