"""Where a vcsim is found, and what is said when there is none."""

import sys
from pathlib import Path

import pytest

from failback.adapters import VcsimMissing, find_vcsim
from failback.adapters.vcsim_build import EXECUTABLE, cache_dir, module_hash


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"#!")
    path.chmod(0o755)
    return path


@pytest.fixture
def cached(tmp_path: Path) -> Path:
    return program(tmp_path / "cache" / f"vcsim-{module_hash()}" / EXECUTABLE)


def test_a_running_one_is_named_by_its_address() -> None:
    found = find_vcsim({"FAILBACK_VCSIM": "https://user:secret@127.0.0.1:8989/sdk"})
    assert (found.found_by, found.binary) == ("FAILBACK_VCSIM", None)


def test_the_password_of_an_address_is_not_shown() -> None:
    found = find_vcsim({"FAILBACK_VCSIM": "https://user:secret@127.0.0.1:8989/sdk"})
    assert found.where == "https://127.0.0.1:8989/sdk"
    assert "secret" not in repr(found)


def test_a_named_binary_comes_before_all_others(tmp_path: Path, cached: Path) -> None:
    named, on_path = program(tmp_path / "named"), program(tmp_path / "bin" / EXECUTABLE)
    env = {"FAILBACK_VCSIM": str(named), "PATH": str(on_path.parent), "FAILBACK_CACHE": str(tmp_path / "cache")}
    assert find_vcsim(env).binary == named


def test_the_path_comes_before_the_cache(tmp_path: Path, cached: Path) -> None:
    on_path = program(tmp_path / "bin" / EXECUTABLE)
    assert find_vcsim({"PATH": str(on_path.parent), "FAILBACK_CACHE": str(tmp_path / "cache")}).binary == on_path


def test_the_cache_is_the_last_place(tmp_path: Path, cached: Path) -> None:
    assert find_vcsim({"PATH": "", "FAILBACK_CACHE": str(tmp_path / "cache")}).binary == cached


def test_a_vcsim_of_other_sources_in_the_cache_is_not_taken(tmp_path: Path) -> None:
    program(tmp_path / "vcsim-0123456789abcdef" / EXECUTABLE)
    with pytest.raises(VcsimMissing):
        find_vcsim({"PATH": "", "FAILBACK_CACHE": str(tmp_path)})


def test_a_missing_vcsim_gives_one_paragraph_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VcsimMissing) as missing:
        find_vcsim({"PATH": "", "FAILBACK_CACHE": str(tmp_path)})
    assert "failback vcsim --install" in str(missing.value)
    assert "\n" not in str(missing.value)


def test_a_wrong_path_is_not_replaced_by_another_find(tmp_path: Path, cached: Path) -> None:
    with pytest.raises(VcsimMissing, match="FAILBACK_VCSIM names"):
        find_vcsim({"FAILBACK_VCSIM": str(tmp_path / "no"), "FAILBACK_CACHE": str(tmp_path / "cache")})


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="each platform has its own cache directory")
def test_the_cache_follows_the_platform_and_our_own_variable_wins() -> None:
    assert cache_dir({"XDG_CACHE_HOME": "/x"}) == Path("/x/failback")
    assert cache_dir({"XDG_CACHE_HOME": "/x", "FAILBACK_CACHE": "/y"}) == Path("/y")
