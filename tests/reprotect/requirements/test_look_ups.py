"""Each fact that an estate may leave open says who looks where, and which value is written in which case."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final, get_args, get_type_hints

import pytest

from failback.reprotect import (
    FACT_SECTIONS,
    KIND_NAMES,
    LOOK_UPS,
    PERSONS,
    PROOFS,
    STEPS,
    Estate,
    FactRead,
    Unknown,
    filled,
    lookings,
    with_helpers,
)
from failback.reprotect.item import UNKNOWN
from failback.reprotect.requirements.cases import CASES

SECTIONS: Final = {section: get_args(get_type_hints(Estate)[section])[1] for section in FACT_SECTIONS}
ALL: Final = [*SECTIONS.items(), ("link", get_type_hints(Estate)["link"])]
OWNER: Final = "application owner"
_WHERE: Final = ("host", "datastore")
"""Where an object stands: open where the file is silent."""


def open_keys(kind: type[Any], path: str = "") -> Iterator[tuple[str, frozenset[Any]]]:
    """What nobody may know of this kind of object and of its parts, with the types of its values."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        types = get_args(hints[field.name]) or (hints[field.name],)
        if Unknown in types or field.name in _WHERE:
            yield f"{path}{field.name}", frozenset(types)
        for part in types:
            if isinstance(part, type) and is_dataclass(part):
                yield from open_keys(part, f"{path}{field.name}.")


KEYS: Final = {
    (section, key): types for section, kind in ALL for key, types in open_keys(kind) if key not in ("disks.datastore",)
}
ROWS: Final = sorted(LOOK_UPS)
BOTH: Final[tuple[dict[str, bool], ...]] = (dict.fromkeys(CASES, True), dict.fromkeys(CASES, False))


def test_each_fact_that_may_be_open_has_a_row_and_no_row_is_without_a_fact() -> None:
    assert sorted(KEYS.keys() ^ LOOK_UPS.keys()) == [], "reprotect/requirements/look_ups_*.py have a line each"


@pytest.mark.parametrize("place", ROWS)
def test_the_value_says_what_is_written_in_which_case(place: tuple[str, str]) -> None:
    value, types = LOOK_UPS[place].value, KEYS[place]
    if bool in types:
        assert re.search("`true`.*`false`|`false`.*`true`", value)
    elif any("tuple" in str(each) for each in types):
        assert re.search("list.*`.*\\[.*`", value)
    elif {int, float} & types:
        assert re.search(r"number|in seconds|in percent|`1` if", value), value
    else:
        assert re.search(r"name|quotes|prints|`[a-z]+`|that word|Parent", value), value


def test_what_the_failover_removes_is_asked_of_the_time_before_it() -> None:
    """After the failover the machine shows only what is left, so `is-active` would tell the contrary."""
    row = LOOK_UPS["virtual_machines", "network_manager"]
    assert "before the failover" in row.where
    assert "from before the failover" in row.value
    assert "is-active" not in row.where


@pytest.mark.parametrize("key", ["manages_recovery", "way_home_rehearsed"])
def test_what_runs_site_recovery_is_not_asked_of_the_owner_of_an_application(key: str) -> None:
    assert LOOK_UPS["virtual_machines", key].who == "Azure administrator"


@pytest.mark.parametrize("cases", BOTH)
@pytest.mark.parametrize("place", ROWS)
def test_who_looks_can_sign_in_where_it_is_seen(place: tuple[str, str], cases: dict[str, bool]) -> None:
    row, names = LOOK_UPS[place], {"machine": "web-01", "object": "box", "configuration_server": "cs-01"}
    for who, text in (*row.before, (row.who, row.where)):
        who, text = filled(who, names, cases), filled(text, names, cases)
        assert text.startswith("ask ") == (who == OWNER)
        if who != OWNER and "[" not in text:
            assert who in PERSONS or who == "administrator of web-01"
            assert with_helpers("nobody", [text]) == PERSONS.get(who, who), text


@pytest.mark.parametrize("cases", BOTH)
@pytest.mark.parametrize("place", ROWS)
def test_a_look_asks_only_for_names_that_there_are_and_for_nothing_from_after_a_repair(
    place: tuple[str, str], cases: dict[str, bool]
) -> None:
    row = LOOK_UPS[place]
    for text in (*(text for _, text in row.before), row.where, row.value):
        told = filled(text, None, cases)
        assert not re.search(r"\{[a-z_]+\}|\[\[|¦|`found`|after its restart|that was chosen|\bstep 1\b", told), told
        assert told.count("`") % 2 == 0
    opened = re.search(r"> Re-protect|Edit Settings", row.where)
    assert not opened or re.search(r"\(close (?:it )?with (?:X|Cancel)\)", row.where)


def test_what_is_seen_at_one_place_is_one_step_and_all_objects_are_named() -> None:
    read = [FactRead("master_targets", name, key, UNKNOWN) for key in ("cores", "memory_gib") for name in ("a", "b")]
    disks = [FactRead("virtual_machines", "vm", f"disks.{n}.uuid", UNKNOWN) for n in (0, 1)]
    servers, of_disks = lookings([*read, *disks])
    assert servers.objects == ("a", "b")
    assert "as `cores` write" in servers.text
    assert "as `memory_gib` write" in servers.text
    assert "as `disks: uuid` write" in of_disks.text


def test_each_section_has_a_name_for_its_objects() -> None:
    assert KIND_NAMES.keys() == {*FACT_SECTIONS, "link"}


def test_a_host_that_stands_for_a_datacenter_is_that_of_a_machine_which_is_named_too() -> None:
    texts = [row.where for row in LOOK_UPS.values()] + [proof.seen_by for proof in PROOFS.values()]
    texts += [step for steps in STEPS.values() for step in steps]
    found = [text for text in texts if re.search("datacenter [^>]*{home_host}", text)]
    assert len(found) >= 3
    assert [text for text in found if "{home_host}, where {one_machine} comes home" not in text] == []
