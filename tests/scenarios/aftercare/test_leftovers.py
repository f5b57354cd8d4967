"""What is left in Azure, whose it was, and what it costs where somebody said so."""

import json
from pathlib import Path
from typing import Any

import pytest

from failback.scenarios.aftercare.after import from_import
from failback.scenarios.aftercare.care import Aftercare, aftercare
from failback.scenarios.aftercare.leftovers import Why
from failback.scenarios.aftercare.page import as_json
from failback.scenarios.aftercare.prices import Prices, prices_of
from failback.scenarios.estates.command import ImportRequest
from failback.scenarios.files.loader import load_estate
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.usage_error import UsageError

from . import after_return as there

NONE = Prices()
HOME_AND_NOT = {"web": "replicating_to_azure", "sql": "failed_back"}


def cared(folder: Path, now: Path, prices: Prices = NONE) -> Aftercare:
    after = from_import(ImportRequest((now,), Path("x"), 1.0))
    return aftercare("night", "files", load_estate(there.before(folder)), after, prices)


@pytest.fixture
def now(tmp_path: Path) -> Path:
    """`web` is home, `sql` has not been committed; both have a machine in Azure, and others have things there, too."""
    folder = there.exports(tmp_path, HOME_AND_NOT)
    there.in_azure(folder, "vms", [there.vm("web"), there.vm("sql"), there.vm("stranger")])
    there.in_azure(
        folder,
        "disks",
        [
            there.disk("web-os", "web"),
            there.disk("sql-os", "sql"),
            there.disk("loose", None, 32, "Standard_LRS"),
            there.disk("asrseeddisk-web-1", None),
            there.disk("stranger-os", "stranger"),
        ],
    )
    there.in_azure(folder, "nics", [there.nic("web-nic", "web"), there.nic("sql-nic", "sql")])
    there.in_azure(folder, "ips", [there.address("web-ip", "web-nic"), there.address("spare", None)])
    return folder


def test_what_a_machine_that_is_home_has_left_is_told_from_what_is_still_needed(tmp_path: Path, now: Path) -> None:
    found = cared(tmp_path, now).in_azure
    left = [(each.resource.name, each.why, each.machine) for each in found.left]
    assert left == [
        ("web", Why.OF_HOME, "web"),
        ("loose", Why.LOOSE, ""),
        ("web-os", Why.OF_HOME, "web"),
        ("web-nic", Why.OF_HOME, "web"),
        ("spare", Why.LOOSE, ""),
        ("web-ip", Why.OF_HOME, "web"),
    ]
    counts = [(kind.left, kind.needed, kind.others) for kind in found.kinds]
    assert counts == [(1, 1, 1), (2, 2, 1), (1, 1, 0), (2, 0, 0)]


def test_without_a_price_the_cost_is_unknown_and_none_is_invented(tmp_path: Path, now: Path) -> None:
    care = cared(tmp_path, now)
    assert {each.per_month for each in care.in_azure.left} == {None}
    assert any("an unknown amount per month" in line for line in care.summary())
    assert as_json(care)["cost_per_month"] == {"known": 0, "currency": "", "unknown_for": 6}


def test_the_cost_is_counted_where_a_price_is_known_and_the_rest_is_unknown(tmp_path: Path, now: Path) -> None:
    given = ("disk Premium_LRS/GiB=0.10", "public address=3.5", "network interface=0")
    care = cared(tmp_path, now, prices_of(None, given, "EUR"))
    assert care.in_azure.per_month == pytest.approx(128 * 0.10 + 2 * 3.5)
    assert care.in_azure.unpriced == 2, "the virtual machine and the disk of another kind"
    assert any("19.80 EUR per month for 4 of them; for the other 2 it is unknown" in line for line in care.summary())


def test_a_kind_of_which_no_list_was_read_is_unknown_and_an_empty_list_is_not(tmp_path: Path) -> None:
    folder = there.exports(tmp_path, HOME_AND_NOT)
    there.in_azure(folder, "disks", [])
    kinds = {kind.kind: kind.left for kind in cared(tmp_path, folder).in_azure.kinds}
    assert kinds == {"virtual machine": None, "disk": 0, "network interface": None, "public address": None}


def test_a_kind_of_which_there_is_no_list_is_told_with_the_command_that_writes_one(tmp_path: Path) -> None:
    folder = there.exports(tmp_path, HOME_AND_NOT)
    told = [line for line in cared(tmp_path, folder).summary() if "no list of them was read" in line]
    commands = [line.split("`")[1] for line in told]
    assert len(commands) == 4
    for command in commands:
        (folder / command.rpartition(" > ")[2]).write_text("[]\n", encoding="utf-8")
    assert {kind.left for kind in cared(tmp_path, folder).in_azure.kinds} == {0}, "the Azure CLI lists none as []"


@pytest.mark.parametrize(("name", "text"), [("disks", ""), ("disks", "{}"), ("export", "[]")])
def test_a_file_of_nothing_is_no_list_of_none(tmp_path: Path, name: str, text: str) -> None:
    """A command that fails leaves an empty file behind."""
    folder = there.exports(tmp_path, HOME_AND_NOT)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"the file is empty|it contains no object of a vault|its columns are not"):
        cared(tmp_path, folder)


def test_what_the_azure_cli_lists_is_read_like_what_the_service_answers(tmp_path: Path) -> None:
    folder = there.exports(tmp_path, HOME_AND_NOT)
    flat: list[Any] = [
        {"id": f"{there.VM}/web", "name": "web", "hardwareProfile": {"vmSize": "B1"}},
        {**there.disk("d", "web"), "properties": None, "diskSizeGb": 8},
    ]
    (folder / "az.json").write_text(json.dumps(flat), encoding="utf-8")
    left = cared(tmp_path, folder).in_azure.left
    assert [(e.resource.kind, e.resource.size, e.resource.size_gib, e.machine) for e in left] == [
        ("virtual machine", "B1", None, "web"),
        ("disk", "Premium_LRS", 8.0, "web"),
    ]


def test_a_file_of_prices_is_read_and_an_option_wins(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("what;per_month\nDisk  premium_lrs;19.71\nvirtual machine;70\n", encoding="utf-8-sig")
    found = prices_of(file, ("virtual machine=60",), "EUR")
    assert found.amounts == {"disk premium_lrs": 19.71, "virtual machine": 60}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what,per_month\ndisk,free\n", "prices.csv:2: found `disk` and `free`"),
        ("what,per_month\ndisk,-1\n", "`disk` and `-1`"),
        ("what,per_month\ndisk,nan\n", "`disk` and `nan`"),
        ("what,per_month\nharddisk,1\n", "found `harddisk`"),
        ("a,b\ndisk,1\n", "its columns are not those of a price list"),
        ("", "the file is empty"),
        ("what,per_month\n\0\0", "the file is binary"),
    ],
)
def test_a_file_that_is_no_list_of_prices_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        prices_of(file, (), "")
    assert said in str(refused.value)
    assert "expected the columns `what` and `per_month`" in str(refused.value)


@pytest.mark.parametrize("option", ["disk", "=3", "disk=", "disk=1e3", "disk=-2", "tape=3"])
def test_a_price_that_is_none_is_refused(option: str) -> None:
    with pytest.raises(UsageError, match="give WHAT=AMOUNT"):
        prices_of(None, (option,), "")
