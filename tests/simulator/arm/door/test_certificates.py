"""The mock's key is never left lying about, and its authority's file never takes the place of another's."""

import os
import ssl
import stat
import tempfile
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from failback.simulator.arm import ArmMock, NotWritten, serve

needs_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of this test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@needs_modes
def test_the_key_is_readable_by_its_owner_only_and_gone_once_it_is_loaded(
    arm: ArmMock, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes, load = list[tuple[int, int]](), ssl.SSLContext.load_cert_chain

    def spy(context: ssl.SSLContext, file: str) -> None:
        assert "PRIVATE KEY" in Path(file).read_text(encoding="ascii")
        modes.append((mode(Path(file)), mode(Path(file).parent)))
        load(context, file)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", spy)
    with serve(arm) as served:
        assert requests.get(f"{served.base_url}/failback/clock", verify=str(served.ca_file), timeout=10).ok
        files = [path for path in temporary.rglob("*") if path.is_file()]
        assert served.ca_file in files
        assert not [file for file in files if b"PRIVATE KEY" in file.read_bytes()]
    assert modes == [(0o600, 0o700)]
    assert not list(temporary.iterdir())


def authority(organisation: str | None = None) -> bytes:
    return trustme.CA(organization_name=organisation).cert_pem.bytes()


FOREIGN: dict[str, Any] = {
    "a bundle of many": lambda _: b"".join(authority() for _ in range(5)),
    "one of somebody else": lambda _: authority(),
    "one of ours among others": lambda own: own + authority(),
    "two of ours": lambda own: own + authority("failback mock"),
    "one of ours with a note": lambda own: b"# kept by hand\n" + own,
    "the beginning of one": lambda own: own[:100],
    "no certificate": lambda _: b"-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n",
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_file_that_no_mock_wrote_is_neither_overwritten_nor_deleted(
    foreign: str, arm: ArmMock, tmp_path: Path
) -> None:
    file = tmp_path / "corp.pem"
    kept = FOREIGN[foreign](written_by_a_mock(arm, tmp_path / "own.pem"))
    file.write_bytes(kept)
    with pytest.raises(NotWritten, match="not written by a mock"), serve(arm, ca_file=file):
        pass
    assert file.read_bytes() == kept
    assert [path.name for path in tmp_path.iterdir()] == ["corp.pem"]


def written_by_a_mock(arm: ArmMock, file: Path) -> bytes:
    with serve(arm, ca_file=file):
        return file.read_bytes()


def test_a_link_to_a_bundle_leaves_both_as_they_are(arm: ArmMock, tmp_path: Path) -> None:
    bundle, link = tmp_path / "corp.pem", tmp_path / "ca.pem"
    bundle.write_bytes(authority() + authority())
    link.symlink_to(bundle)
    before = bundle.read_bytes()
    with pytest.raises(NotWritten), serve(arm, ca_file=link):
        pass
    assert (link.is_symlink(), bundle.read_bytes()) == (True, before)


def test_what_an_earlier_mock_left_is_replaced_and_gone_at_the_end(arm: ArmMock, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(written_by_a_mock(arm, file))
    with serve(arm, ca_file=file) as served:
        assert requests.get(f"{served.base_url}/failback/clock", verify=str(file), timeout=10).ok
    assert not list(tmp_path.iterdir())


def test_what_somebody_put_in_its_place_meanwhile_stays(arm: ArmMock, tmp_path: Path) -> None:
    file, mine = tmp_path / "ca.pem", authority()
    with serve(arm, ca_file=file):
        file.write_bytes(mine)
    assert file.read_bytes() == mine


@pytest.mark.parametrize("place", ["folder", "missing/ca.pem", "loop"])
def test_a_place_that_cannot_be_written_is_named(place: str, arm: ArmMock, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(NotWritten) as refused, serve(arm, ca_file=tmp_path / place):
        pass
    assert refused.value.filename == str(tmp_path / place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "loop"]
