"""The container files: what they copy is made, what they run is accepted, and all services share one namespace."""

import json
import os
import re
import runpy
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from typer.testing import CliRunner

from failback.adapters import find_vcsim
from failback.scenarios.cli.commands import app

TOP: Final = Path(__file__).parents[1]
LINES: Final = (TOP / "containers" / "Containerfile").read_text(encoding="utf-8").splitlines()
SERVICES: Final = yaml.safe_load((TOP / "containers" / "compose.yaml").read_text(encoding="utf-8"))["services"]
TOOL: Final = runpy.run_path(str(TOP / "tools" / "containers.py"))
PAGE: Final = (TOP / "docs" / "containers.md").read_text(encoding="utf-8")


def stages() -> dict[str, dict[str, Any]]:
    """By stage: what each instruction says, read as JSON where it is."""
    found: dict[str, dict[str, Any]] = {}
    stage = ""
    for line in LINES:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, stage = rest.partition(" AS ")
            found[stage] = {"FROM": base}
        elif word and word != "#":
            found[stage][word] = json.loads(rest) if rest.startswith("[") else rest
    return found


def test_each_image_begins_from_scratch_runs_as_nobody_and_copies_what_the_tool_makes() -> None:
    assert {stage["FROM"] for stage in stages().values()} == {"scratch"}
    assert {stage["USER"] for stage in stages().values()} == {"65532:65532"}
    source = (TOP / "tools" / "containers.py").read_text(encoding="utf-8")
    for name, stage in stages().items():
        assert stage["COPY"] == f"{name}/ /"
        assert f'(out / "{name}")' in source


def accepted(arguments: list[str]) -> bool:
    said = CliRunner().invoke(app, [arguments[0], "--help"]).output
    return all(option in said for option in arguments if option.startswith("--"))


def test_what_the_images_and_services_run_are_commands_of_ours() -> None:
    mock = stages()["mock"]
    assert mock["ENTRYPOINT"] == ["/python3", "-m", "failback"]
    assert accepted(mock["CMD"])
    assert accepted(SERVICES["drill"]["command"])
    flags = re.findall(r'"([a-z]+)"', (TOP / "adapters" / "vcsim_module" / "main.go").read_text(encoding="utf-8"))
    assert {word.lstrip("-") for word in stages()["vcsim"]["CMD"] if word.startswith("-")} <= set(flags)


def test_all_services_are_in_the_namespace_of_the_vcsim_and_share_its_folder() -> None:
    others = [service for name, service in SERVICES.items() if name != "vcsim"]
    assert {service["network_mode"] for service in others} == {"service:vcsim"}
    assert {tuple(service["volumes"]) for service in SERVICES.values()} == {("tmp:/tmp",)}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["vcsim"]["ports"])
    assert {service["build"]["target"] for service in SERVICES.values() if "build" in service} == set(stages())


def test_the_address_of_the_vcsim_is_one_that_failback_takes() -> None:
    named = SERVICES["drill"]["environment"]["FAILBACK_VCSIM"]
    assert find_vcsim({"FAILBACK_VCSIM": named}).url == named
    assert named in PAGE


def test_a_program_that_loads_libraries_brings_them_to_where_the_loader_looks(tmp_path: Path) -> None:
    shell = Path(os.path.realpath("/bin/sh"))
    wanted = list(TOOL["loaded_by"](shell))
    if not wanted:
        pytest.skip("this system has no ldd, or a static shell")
    TOOL["libraries"]([shell], tmp_path)
    assert all(TOOL["inside"](tmp_path, Path(library)).is_file() for library in wanted)
