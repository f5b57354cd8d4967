"""Building a vcsim into the cache, with a Go that only pretends."""

import sys
from pathlib import Path
from threading import Thread

import pytest

from failback.adapters import VcsimNotBuilt, install_vcsim, vcsim_build

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the pretended Go is a script with a first line")

GO_THAT_BUILDS = """
if sys.argv[1] == "env":
    print("go1.26.0")
else:
    target = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
    target.write_bytes(b"half")
    time.sleep(0.2)
    target.write_bytes(b"whole")
"""
GO_THAT_FAILS = """
if sys.argv[1] == "env":
    print("go1.26.0")
else:
    sys.exit("module lookup disabled")
"""
GO_THAT_IS_OLD = "print('go1.19.8')"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, nothing but our Go on the PATH, no Go from a package."""
    monkeypatch.setenv("FAILBACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(vcsim_build, "_go_of_package", lambda: None)
    monkeypatch.setattr(vcsim_build, "DEBIAN_SOURCES", tmp_path / "none")
    return tmp_path / "cache"


def put_go(cache: Path, body: str) -> None:
    go = cache.parent / "bin" / "go"
    go.parent.mkdir()
    go.write_text(f"#!{sys.executable}\nimport pathlib, sys, time\n{body}")
    go.chmod(0o755)


def contents(cache: Path) -> list[bytes]:
    return [path.read_bytes() for path in cache.rglob("*") if path.is_file()]


def test_two_installs_at_once_leave_one_whole_binary_and_no_litter(cache: Path) -> None:
    put_go(cache, GO_THAT_BUILDS)
    installed: list[Path] = []
    threads = [Thread(target=lambda: installed.append(install_vcsim(lambda _: None))) for _ in range(2)]
    for thread in threads:
        thread.start()
    seen_half = False
    while any(thread.is_alive() for thread in threads):
        seen_half |= any(path.read_bytes() != b"whole" for path in cache.glob("vcsim-*/vcsim"))
    assert not seen_half
    assert len(set(installed)) == 1
    assert contents(cache) == [b"whole"]
    assert list(cache.rglob(".building-*")) == []


def test_what_is_installed_is_not_built_again(cache: Path) -> None:
    put_go(cache, GO_THAT_BUILDS)
    messages: list[str] = []
    assert install_vcsim(messages.append) == install_vcsim(messages.append)
    assert "already installed" in messages[-1]


def test_a_failed_build_leaves_nothing_and_says_why_in_one_paragraph(cache: Path) -> None:
    put_go(cache, GO_THAT_FAILS)
    with pytest.raises(VcsimNotBuilt, match="module lookup disabled") as failed:
        install_vcsim(lambda _: None)
    assert "\n" not in str(failed.value)
    assert contents(cache) == []


def test_without_go_it_says_how_to_get_one(cache: Path) -> None:
    with pytest.raises(VcsimNotBuilt, match=r"no Go.*extra `lab`"):
        install_vcsim(lambda _: None)


def test_an_old_go_is_not_asked_to_build(cache: Path) -> None:
    put_go(cache, GO_THAT_IS_OLD)
    with pytest.raises(VcsimNotBuilt, match=r"1\.23"):
        install_vcsim(lambda _: None)
