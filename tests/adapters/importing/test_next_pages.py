"""A list is read to its end: what is missing is told with the command that reads it, and the command works."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from failback.adapters.importing.next_pages import pages_command
from failback.adapters.importing.read import read_paths

VAULT = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
LIST = f"{VAULT}/replicationProtectedItems"


def page(number: int, of: int) -> dict[str, Any]:
    fabric = LIST.replace("/replicationP", "/replicationFabrics/f/replicationProtectionContainers/c/replicationP")
    item = {
        "id": f"{fabric.removeprefix('https://management.azure.com')}/{number}",
        "name": str(number),
        "properties": {"friendlyName": f"vm-{number}", "providerSpecificDetails": {"instanceType": "InMageRcm"}},
    }
    link = f"{LIST}?api-version=2025-08-01&$skipToken={number + 1}"
    return {"value": [item], **({"nextLink": link} if number < of else {})}


def saved(folder: Path, name: str, *pages: dict[str, Any]) -> Path:
    path = folder / name
    path.write_text("\n".join(map(json.dumps, pages)), encoding="utf-8")
    return path


def half(*paths: Path) -> list[str]:
    return [note for note in read_paths(paths).notes if "ends in the middle" in note]


def test_a_first_page_alone_is_half_a_list_and_the_rest_is_one_command(tmp_path: Path) -> None:
    (note,) = half(saved(tmp_path, "items.json", page(1, 3)))
    assert f"u='{LIST}?api-version=2025-08-01&$skipToken=2'; while" in note
    assert "> items-rest.json" in note


def test_pages_in_one_file_or_in_several_are_a_whole_list(tmp_path: Path) -> None:
    assert half(saved(tmp_path, "items.json", page(1, 2), page(2, 2))) == []
    assert half(saved(tmp_path, "one.json", page(1, 2)), saved(tmp_path, "two.json", page(2, 2))) == []
    other = {"value": [{**page(9, 9)["value"][0], "id": f"{VAULT}/replicationRecoveryPlans/p"}]}
    assert len(half(saved(tmp_path, "one.json", page(1, 2)), saved(tmp_path, "plans.json", other))) == 1


@pytest.mark.parametrize("link", ["TOKEN", "https://a.example/x; rm -rf ~", "https://a.example/'$(id)'\n"])
def test_a_link_that_is_none_or_is_more_than_one_is_nothing_that_a_shell_runs(tmp_path: Path, link: str) -> None:
    (note,) = half(saved(tmp_path, "items.json", {**page(1, 2), "nextLink": link}))
    assert link not in note


AZ = """\
#!/usr/bin/env python3
import json, os, sys
args = sys.argv[1:]
url = args[args.index("--url") + 1]
pages = json.load(open(os.environ["PAGES"]))
answer = pages[url]
open(os.environ["PAGES"] + ".read", "a").write(url + "\\n")
query = args[args.index("--query") + 1] if "--query" in args else ""
if query.startswith("nextLink"):
    print(answer.get("nextLink", ""))
elif query:
    first = [answer.get("nextLink", "")] if query.startswith("[nextLink") else []
    print("\\n".join([*first, *(row["id"] for row in answer["value"])]))
else:
    print(json.dumps(answer))
"""


@pytest.mark.skipif(os.name == "nt", reason="the command is one of a POSIX shell")
def test_the_command_reads_every_page_once(tmp_path: Path) -> None:
    az = tmp_path / "az"
    az.write_text(AZ, encoding="utf-8")
    az.chmod(0o755)
    first = f"{LIST}?api-version=2025-08-01"
    pages = {first: page(1, 3)}
    pages |= {f"{first}&$skipToken={n}": page(n, 3) for n in (2, 3)}
    (tmp_path / "pages").write_text(json.dumps(pages), encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    env = {**os.environ, "PATH": path, "PAGES": str(tmp_path / "pages")}

    def printed(query: str = "") -> str:
        line = ["bash", "-c", pages_command(first, query)]
        return subprocess.run(line, env=env, check=True, capture_output=True, text=True, timeout=60).stdout

    assert [id_.rpartition("/")[2] for id_ in printed("value[].id").split()] == ["1", "2", "3"]
    (tmp_path / "all.json").write_text(printed(), encoding="utf-8")
    assert (tmp_path / "pages.read").read_text("utf-8").split() == [*pages] * 2, "for the ids, and for all of it"
    assert half(tmp_path / "all.json") == []
    assert len(read_paths([tmp_path / "all.json"]).items) == 3
