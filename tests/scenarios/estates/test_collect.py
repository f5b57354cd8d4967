"""The collectors: that of the vault run against the mock, that of vCenter read by PowerShell's grammar."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

from failback.adapters.importing.rvtools_columns import known_columns
from failback.adapters.importing.tables import Sheet, plain
from failback.scenarios.aftercare.after import from_import
from failback.scenarios.cli.import_files import ImportOptions, import_files
from failback.scenarios.estates.command import ImportRequest, imported
from failback.scenarios.estates.handouts import HANDOUTS
from failback.scenarios.usage_error import UsageError

from .live_site import Site, forbidden, live_site, with_others

FILES = Path("e.yaml")
STAND_IN = """\
#!{python}
import os, ssl, sys, urllib.request
assert sys.argv[1:6] == ["rest", "--only-show-errors", "--method", "get", "--url"], sys.argv
context = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
sys.stderr.write("GET\\n")
sys.stdout.write(urllib.request.urlopen(sys.argv[6], context=context).read().decode())
"""
"""In place of the Azure CLI, which takes seconds to start; tests/clients run the real one."""
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="Bash is not installed")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with live_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(opened: Site) -> Site:
    """Nothing changes in it, so that all tests share it; what a test made it answer is forgotten."""
    opened.forget()
    return opened


def collect(site: Site, out: Path, *options: str) -> str:
    """Run the script as `--collect sh` prints it, without its question; what it says."""
    done = run_collector(site, out, "--yes", *options)
    assert done.returncode == 0, done.stdout
    return done.stdout


def run_collector(site: Site, out: Path, *options: str, answer: str = "") -> "subprocess.CompletedProcess[str]":
    """Both of its streams are one, with a line `GET` for each request."""
    tools = out.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "az").write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
    (tools / "az").chmod(0o755)
    (tools / "python3").unlink(missing_ok=True)
    (tools / "python3").symlink_to(Path(sys.executable).resolve())
    script = out.parent / "collect.sh"
    script.write_bytes(HANDOUTS["collect"]["sh"].read_bytes())
    mock = site.mock
    group = f"/subscriptions/{mock.subscription}/resourceGroups/{mock.resource_group}"
    own = {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "ARM": site.served.base_url,
        "VAULT": f"{group}/providers/Microsoft.RecoveryServices/vaults/{mock.vault_name}",
        "REQUESTS_CA_BUNDLE": str(site.served.ca_file),
    }
    command = ["bash", str(script), str(out), *options]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "input": answer}
    return subprocess.run(command, env=os.environ | own, timeout=120, check=False, **streams)


def unnamed(vm: dict[str, Any]) -> str:
    kept = ("os", "architecture", "at", "replication_health", "agent_registered", "rpo_s", "retains_ip")
    return str([vm.get(fact) for fact in kept] + [vm.get("azure", {}).get("running")])


def asked(option: str, which: str) -> ImportOptions:
    return ImportOptions(role=which) if option == "role" else ImportOptions(collect=which)


def data(*paths: Path) -> dict[str, Any]:
    return imported(ImportRequest(paths, FILES, 500))


def without_sources(estate: dict[str, Any]) -> dict[str, Any]:
    """But for licences, which no saved folder holds."""
    hosts = [{k: v for k, v in host.items() if k != "edition"} for host in estate["hosts"]]
    return {k: v for k, v in estate.items() if k != "sources"} | {"hosts": hosts}


@needs_bash
@pytest.mark.vcsim
def test_what_the_collector_saves_gives_the_estate_that_a_live_import_gives(site: Site, tmp_path: Path) -> None:
    site.mock.state.context.page_size = 1
    said = collect(site, tmp_path / "vault")
    assert re.search(r"Left: \d+ GET requests", said)
    assert {method for method, _ in site.asked} == {"GET"}
    assert without_sources(data(tmp_path / "vault", site.folder)) == without_sources(site.imported())
    site.asked.clear()
    collect(site, tmp_path / "vault")  # goes on where it ended: all single reads are there
    assert not any(path.rpartition("/")[0].endswith("/replicationProtectedItems") for _, path in site.asked)


@needs_bash
@pytest.mark.vcsim
@pytest.mark.parametrize("options", [(), ("--redact",)])
def test_the_rights_stand_before_the_first_request_and_the_number_of_the_others_before_they_are_sent(
    site: Site, tmp_path: Path, options: tuple[str, ...]
) -> None:
    before = run_collector(site, tmp_path / "vault", *options, answer="n\n")
    rights, _, rest = before.stdout.partition("GET\n")
    assert "Site Recovery Reader on the vault, and Reader on the resource groups" in rights
    lists = re.search(r"^First: (\d+) GET requests.*: about (\d+) min", rights, re.MULTILINE)
    left = re.search(r"^Left: (\d+) GET requests, about (\d+) min", rest, re.MULTILINE)
    assert lists is not None
    assert left is not None
    assert before.returncode == 1
    assert len(site.asked) == int(lists[1])
    after = run_collector(site, tmp_path / "vault", *options, answer="y\n")
    assert after.returncode == 0
    assert len(site.asked) == 2 * int(lists[1]) + int(left[1])
    again = run_collector(site, tmp_path / "vault", *options, answer="n\n")
    assert "Left: 0 GET requests" in again.stdout


@needs_bash
@pytest.mark.vcsim
def test_what_may_not_be_read_is_counted_and_what_is_not_ours_is_not_read(site: Site, tmp_path: Path) -> None:
    hidden = forbidden("/replicationvCenters", "/replicationVaultHealth", "/virtualMachines/web")
    site.answer = lambda url, response: with_others(url, hidden(url, response))
    assert "not read: 3" in collect(site, tmp_path / "vault")
    assert not any(path.endswith(("/o0", "/o1")) for _, path in site.asked)
    assert len(data(tmp_path / "vault", site.folder)["virtual_machines"]) == 2


@needs_bash
@pytest.mark.vcsim
def test_redacted_at_the_source_no_name_is_saved_and_the_rest_is_the_same(site: Site, tmp_path: Path) -> None:
    collect(site, tmp_path / "vault", "--redact")
    saved = "".join(each.read_text(encoding="utf-8") for each in (tmp_path / "vault").rglob("*.json"))
    mock = site.mock
    for name in ("DC0_C0", '"web"', "/web", '"box', mock.subscription, f"/{mock.vault_name}/"):
        assert name not in saved
    hidden, live = data(tmp_path / "vault"), site.imported(settings=replace(site.settings, vsphere=None))
    told = [sorted(map(unnamed, each["virtual_machines"])) for each in (hidden, live)]
    assert told[0] == told[1]
    assert [len(each["appliances"]) for each in (hidden, live)] == [1, 1]


def in_azure(*folders: Path) -> tuple[dict[str, int], set[str]]:
    """How many of each kind there are in Azure, and the kinds of which there is a list."""
    after = from_import(ImportRequest(folders, FILES, 500))
    return dict(Counter(one.kind for one in after.resources)), set(after.listed)


@needs_bash
@pytest.mark.vcsim
@pytest.mark.parametrize("options", [(), ("--redact",)])
def test_it_lists_what_is_in_azure_so_that_an_aftercare_can_count_it(
    site: Site, tmp_path: Path, options: tuple[str, ...]
) -> None:
    collect(site, tmp_path / "vault", *options)
    live = from_import(ImportRequest((), FILES, 500, world="azure", settings=site.settings, resources=True))
    counts, listed = in_azure(tmp_path / "vault")
    assert listed == set(live.listed) == {"virtual machine", "disk", "network interface", "public address"}
    assert counts == Counter(one.kind for one in live.resources)
    assert counts["disk"] > 0


@needs_bash
@pytest.mark.vcsim
def test_redacted_it_keeps_what_a_price_depends_on_and_which_disks_are_of_the_replication(
    site: Site, tmp_path: Path
) -> None:
    def with_a_sku(url: str, response: Any) -> Any:
        if not url.partition("?")[0].endswith("/disks"):
            return response
        body = json.loads(response.body)
        disks = body["value"][0]["id"].rpartition("/")[0]
        seed = {"id": f"{disks}/asrseeddisk-web-1", "name": "asrseeddisk-web-1"}
        body["value"].append(seed | {"sku": {"name": "Premium_LRS"}, "properties": {"diskSizeGB": 32}})
        return replace(response, body=json.dumps(body).encode())

    site.answer = with_a_sku
    collect(site, tmp_path / "vault", "--redact")
    after = from_import(ImportRequest((tmp_path / "vault",), FILES, 500))
    (seed,) = [one for one in after.resources if one.name.startswith("asrseeddisk")]
    assert (seed.size, seed.size_gib) == ("Premium_LRS", 32.0)
    assert "web" not in seed.name


@needs_bash
@pytest.mark.vcsim
def test_a_list_of_azure_that_may_not_be_read_leaves_its_number_unknown(site: Site, tmp_path: Path) -> None:
    site.answer = forbidden("/disks", "/publicIPAddresses")
    said = collect(site, tmp_path / "vault")
    assert "not read: 2" in said
    assert in_azure(tmp_path / "vault")[1] == {"virtual machine", "network interface"}


def test_the_script_of_powercli_is_right_by_the_grammar_and_says_that_it_was_never_run() -> None:
    parser = Parser(Language(tree_sitter_powershell.language()))
    texts = [HANDOUTS[o][w].read_text(encoding="utf-8") for o, w in (("collect", "ps1"), ("role", "vsphere"))]
    assert not any(parser.parse(text.encode()).root_node.has_error for text in texts)
    assert all("never r" in text or "never been run" in text for text in texts)
    assert parser.parse(texts[1].replace("'System.View',", "'System.View,", 1).encode()).root_node.has_error


def test_the_script_of_powercli_prints_the_rights_and_what_it_sends_before_it_reads() -> None:
    text = HANDOUTS["collect"]["ps1"].read_text(encoding="utf-8")
    rights, lists = text.index("Write-Host ('Rights that it needs"), text.index("Write-Host ('First: ")
    assert rights < lists < text.index("Get-View -ViewType") < text.index("Read-Host")


def test_each_column_that_it_saves_is_one_that_the_import_reads() -> None:
    text = HANDOUTS["collect"]["ps1"].read_text(encoding="utf-8")
    saved = re.findall(r"^Save '(\w+)' \$\w+ \((.*?)\)$", text, re.MULTILINE | re.DOTALL)
    assert len(saved) == 8
    for sheet, columns in saved:
        names = re.findall(r"'([^']+)'", columns) + (["VM"] if "$machine" in columns else [])
        found = known_columns(sheet.lower(), Sheet(sheet, frozenset(map(plain, names)), ()))
        assert {plain(name) for name in names} == set(found.values()), sheet


def test_it_reads_by_get_view_and_by_nothing_that_changes() -> None:
    text = HANDOUTS["collect"]["ps1"].read_text(encoding="utf-8")
    verbs = set(re.findall(r"\b(?:Get|Set|New|Remove|Move|Start|Stop|Invoke)-(?:View|VM\w*|VI\w*|\w+VM)\b", text))
    assert verbs == {"Get-View"}


@pytest.mark.parametrize(("option", "which"), [("role", "aws"), ("collect", "bat")])
def test_what_is_not_handed_out_is_said(option: str, which: str) -> None:
    with pytest.raises(UsageError, match=f"--{option} is '{which}'"):
        import_files(asked(option, which))


@pytest.mark.parametrize(("option", "which"), [(o, w) for o, files in HANDOUTS.items() for w in files])
def test_roles_and_collectors_are_printed_as_they_are(
    option: str, which: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_files(asked(option, which)) == 0
    assert capsys.readouterr().out == HANDOUTS[option][which].read_text(encoding="utf-8")
    if which == "azure":
        assert json.loads(HANDOUTS[option][which].read_text(encoding="utf-8"))["IsCustom"] is True
