"""Whatever is typed, nothing that changes anything arrives at a live vault or vCenter; these write down what comes."""

import socket
from pathlib import Path
from typing import Any, Final

import pytest

from .live_site import LIVE_NAME, STORY, Site, failback

pytestmark = pytest.mark.vcsim


# World azure: one of the two is live, in each of the ways there are


def make_live(how: str, site: Site, request: pytest.FixtureRequest) -> None:
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    match how:
        case "the vault does not say that it is a mock":
            site.says = False
        case "the vault has another name":
            patch.setenv("FAILBACK_AZURE_BASE_URL", f"https://{LIVE_NAME}:{site.served.port}")
        case "the vault is a declared tunnel":
            patch.setenv("FAILBACK_AZURE_TUNNEL", "true")
        case "the vCenter does not say that it is a simulator":
            request.getfixturevalue("proxies_hide_the_simulator")
        case "the vCenter has another name":
            patch.setenv("FAILBACK_VSPHERE_HOST", LIVE_NAME)
        case "the vCenter is a declared tunnel":
            patch.setenv("FAILBACK_VSPHERE_TUNNEL", "true")
        case _:
            raise AssertionError(how)


VAULT: Final = (
    "the vault does not say that it is a mock",
    "the vault has another name",
    "the vault is a declared tunnel",
)
VCENTER: Final = (
    "the vCenter does not say that it is a simulator",
    "the vCenter has another name",
    "the vCenter is a declared tunnel",
)


@pytest.mark.parametrize("how", VAULT + VCENTER)
def test_in_world_azure_a_run_is_refused_where_either_is_live(
    how: str, site: Site, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    make_live(how, site, request)
    code = failback(monkeypatch, "run", STORY, "--world", "azure", "--confirm-remedy", "mt-linux")
    assert (code, site.changes()) == (2, [])
    assert "live endpoints are only read without consent" in capsys.readouterr().err


@pytest.mark.parametrize("how", VAULT + VCENTER)
def test_in_world_azure_a_check_and_a_calibration_only_read(
    how: str, site: Site, request: pytest.FixtureRequest, monkeypatch: Any, tmp_path: Path
) -> None:
    make_live(how, site, request)
    checked = failback(monkeypatch, "check", STORY, "--world", "azure")
    out = str(tmp_path / "calibration.yaml")
    failback(monkeypatch, "calibrate", "--world", "azure", "--architecture", "classic", "--out", out)
    assert site.changes() == []
    assert site.asked
    # The certificate of this vCenter is for other names, which is how it ends where it is reached by that one.
    assert checked == (3 if how == "the vCenter has another name" else 1)


def test_the_same_run_does_change_both_where_both_are_simulators(site: Site, monkeypatch: Any) -> None:
    assert failback(monkeypatch, "run", STORY, "--world", "azure", "--confirm-remedy", "mt-linux") == 0
    assert "RemoveAllSnapshots_Task" in site.changes()
    assert any(change.startswith("POST") for change in site.changes())


# World lab: what FAILBACK_VCSIM names is live


LAB: Final = (
    ("run", "one_vm", "--world", "lab"),
    ("run", STORY, "--world", "lab"),
    ("check", "one_vm", "--world", "lab"),
    ("demo", "--world", "lab", "--out", "OUT"),
    ("vcsim", "one_vm"),
)


def lab(monkeypatch: Any, folder: Path, arguments: tuple[str, ...]) -> int:
    return failback(monkeypatch, *(str(folder) if each == "OUT" else each for each in arguments))


@pytest.mark.parametrize("arguments", LAB, ids=" ".join)
def test_world_lab_sends_nothing_at_all_to_a_name_that_is_not_this_machine(
    arguments: tuple[str, ...], site: Site, monkeypatch: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAILBACK_VCSIM", site.vcenter(LIVE_NAME))
    assert lab(monkeypatch, tmp_path, arguments) == 2
    output = capsys.readouterr().err
    assert "not on this computer" in output
    assert site.proxy.settings.password not in output
    assert not site.proxy.methods


@pytest.mark.parametrize("arguments", LAB, ids=" ".join)
@pytest.mark.usefixtures("proxies_hide_the_simulator")
def test_world_lab_changes_nothing_in_what_does_not_say_that_it_is_a_simulator(
    arguments: tuple[str, ...], site: Site, monkeypatch: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAILBACK_VCSIM", site.vcenter())
    assert lab(monkeypatch, tmp_path, arguments) == 2
    assert "does not identify itself as a simulator" in capsys.readouterr().err
    assert site.proxy.methods
    assert site.changes() == []


OUTSIDE: Final = (
    ("run", "one_vm", "--world", "lab"),
    ("run", STORY, "--world", "lab", "--out", "OUT"),
    ("calibrate", "--world", "lab", "--out", "OUT"),
)


@pytest.mark.parametrize("arguments", OUTSIDE, ids=" ".join)
def test_world_lab_asks_nothing_of_a_vault_that_is_not_on_this_machine(
    arguments: tuple[str, ...], site: Site, monkeypatch: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """FAILBACK_MOCK is for a mock here: not even a read, nor the token of the lab, goes anywhere else."""
    monkeypatch.setenv("FAILBACK_VCSIM", site.vcenter())
    monkeypatch.setenv("FAILBACK_MOCK", f"https://{LIVE_NAME}:{site.served.port}")
    monkeypatch.setenv("FAILBACK_MOCK_CA_FILE", str(site.served.ca_file))
    assert lab(monkeypatch, tmp_path, arguments) == 2
    assert "not on this computer" in capsys.readouterr().err
    assert (site.asked, site.changes()) == ([], [])


ELSEWHERE: Final = "10.0.0.5"
LEADING_AWAY: Final = (
    f"https://{ELSEWHERE}",
    f"https://127.0.0.1@{ELSEWHERE}",
    f"https://127.0.0.1:443@{ELSEWHERE}",
    f"https://127.0.0.1\\@{ELSEWHERE}",
    f"https://{ELSEWHERE}\\@127.0.0.1",
    f"https://127.0.0.1#@{ELSEWHERE}",
    f"https://127.0.0.1%2f@{ELSEWHERE}",
    f"https://{ELSEWHERE} 127.0.0.1",
    f"https://[::ffff:{ELSEWHERE}]",
    "https://127.0.0.1.example",
    "https://127.0.0.1\t.example",
    "https://0.0.0.0",
    "https://2130706433",
    "https://localhost.",
)
"""Addresses of which one reader may think that they are of this computer, and another one not."""


@pytest.mark.parametrize("name", ["FAILBACK_MOCK", "FAILBACK_VCSIM"])
@pytest.mark.parametrize("address", LEADING_AWAY)
def test_an_address_that_may_be_read_in_two_ways_leads_nowhere_else(
    address: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = list[Any]()

    def connect(_: socket.socket, to: Any) -> None:
        connected.append(to)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setenv("FAILBACK_VCSIM", "https://u:p@127.0.0.1:9/sdk")
    monkeypatch.setenv(name, address.replace("https://", "https://u:p@") + "/sdk" if "VCSIM" in name else address)
    assert failback(monkeypatch, "run", "one_vm", "--world", "lab") in (2, 3)
    assert {each[0] for each in connected} <= {"127.0.0.1"}


ODD: Final = {
    "FAILBACK_MOCK": ("ftp://x", "FAILBACK_MOCK does not name a mock"),
    "FAILBACK_MOCK_CA_FILE": ("no-such-file", "FAILBACK_MOCK_CA_FILE is no-such-file"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_variable_that_names_no_mock_is_named_in_one_paragraph(
    name: str, monkeypatch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAILBACK_MOCK", "https://127.0.0.1:1")
    value, words = ODD[name]
    monkeypatch.setenv(name, value)
    assert failback(monkeypatch, "run", "one_vm", "--world", "lab") == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("arguments", OUTSIDE, ids=" ".join)
def test_world_lab_changes_nothing_in_a_vault_that_does_not_say_that_it_is_a_mock(
    arguments: tuple[str, ...], site: Site, monkeypatch: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is at an address of this computer may be the end of a tunnel."""
    site.says = False
    monkeypatch.setenv("FAILBACK_VCSIM", site.vcenter())
    monkeypatch.setenv("FAILBACK_MOCK", site.served.base_url)
    monkeypatch.setenv("FAILBACK_MOCK_CA_FILE", str(site.served.ca_file))
    assert lab(monkeypatch, tmp_path, arguments) == 2
    assert "does not identify itself as a simulator" in capsys.readouterr().err
    assert site.changes() == []


def test_world_lab_does_change_a_vcsim_that_was_running_already(site: Site, monkeypatch: Any) -> None:
    monkeypatch.setenv("FAILBACK_VCSIM", site.vcenter())
    assert failback(monkeypatch, "check", "one_vm", "--world", "lab") in (0, 1)
    assert site.changes()


@pytest.mark.parametrize("how", VAULT)
def test_in_world_lab_a_calibration_reads_nothing_but_a_mock(
    how: str, site: Site, request: pytest.FixtureRequest, monkeypatch: Any, tmp_path: Path
) -> None:
    make_live(how, site, request)
    out = str(tmp_path / "calibration.yaml")
    assert failback(monkeypatch, "calibrate", "--world", "lab", "--out", out) == 2
    assert len(site.asked) == (1 if "does not say" in how else 0)
    assert site.changes() == []
