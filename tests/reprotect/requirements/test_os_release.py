"""A version is read together with its distribution, and versions of two distributions are never compared."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failback.reprotect import UNKNOWN, Broken, Estate, Met, Noted, OsFamily, Unsure, Verdict
from failback.reprotect.requirements.os_release import OsRelease, not_older, os_release

from .test_edges import Edge, vm, with_part
from .test_requirements import DB, ESTATE, NEW, WEB

LINUX, WINDOWS = OsFamily.LINUX, OsFamily.WINDOWS
WRITTEN = {
    ("16.04", LINUX): ("Ubuntu", (16, 4)),
    ("20.04.6", LINUX): ("Ubuntu", (20, 4, 6)),
    ("Ubuntu 22.04 LTS", LINUX): ("Ubuntu", (22, 4)),
    ("ubuntu-18.04", LINUX): ("Ubuntu", (18, 4)),
    ("RHEL 8.6", LINUX): ("RHEL", (8, 6)),
    ("Red Hat Enterprise Linux 8 (64-bit)", LINUX): ("RHEL", (8,)),
    ("Red Hat Enterprise Linux Server release 7.9 (Maipo)", LINUX): ("RHEL", (7, 9)),
    ("CentOS 7.9", LINUX): ("CentOS", (7, 9)),
    ("CentOS Linux release 7.9.2009 (Core)", LINUX): ("CentOS", (7, 9, 2009)),
    ("Oracle Linux 8.6", LINUX): ("Oracle Linux", (8, 6)),
    ("SLES 12 SP5", LINUX): ("SLES", (12, 5)),
    ("SUSE Linux Enterprise Server 15 SP3", LINUX): ("SLES", (15, 3)),
    ("SUSE Linux Enterprise Server 12.5", LINUX): ("SLES", (12, 5)),
    ("Debian 11", LINUX): ("Debian", (11,)),
    ("Debian GNU/Linux 10 (buster)", LINUX): ("Debian", (10,)),
    ("2008R2", WINDOWS): ("Windows Server", (2008, 2)),
    ("2008 R2 SP1", WINDOWS): ("Windows Server", (2008, 2)),
    ("Windows Server 2008R2 SP1", WINDOWS): ("Windows Server", (2008, 2)),
    ("6.1", WINDOWS): ("Windows Server", (2008, 2)),
    ("6.1.7601", WINDOWS): ("Windows Server", (2008, 2)),
    ("Windows NT 6.1 build 7601", WINDOWS): ("Windows Server", (2008, 2)),
    ("Microsoft Windows [Version 6.1.7601]", WINDOWS): ("Windows Server", (2008, 2)),
    ("Windows Server 2012 R2", WINDOWS): ("Windows Server", (2012, 2)),
    ("Microsoft Windows Server 2012 (64-bit)", WINDOWS): ("Windows Server", (2012, 1)),
    ("2016", WINDOWS): ("Windows Server", (2016, 1)),
    ("10.0.17763", WINDOWS): ("Windows Server", (2019, 1)),
}
UNREADABLE = (
    *((text, LINUX) for text in (None, "", "7.9", "Ubuntu", "Other Linux (64-bit)", "CentOS 4/5 or later (64-bit)")),
    *(
        (text, WINDOWS)
        for text in (None, "", "Windows 10", "10.0", "9.9.17763", "new", "Windows Server 2016 or later (64-bit)")
    ),
)
OTHERS = ("RHEL 8.6", "CentOS 7.9", "SLES 12 SP5", "Debian 11", "Oracle Linux 6.10")


@pytest.mark.parametrize(("text", "family"), WRITTEN)
def test_a_release_is_read_as_people_and_systems_write_it(text: str, family: OsFamily) -> None:
    assert os_release(text, family) == OsRelease(*WRITTEN[text, family])


@pytest.mark.parametrize(("text", "family"), UNREADABLE)
def test_what_names_no_one_release_is_not_guessed(text: str | None, family: OsFamily) -> None:
    assert os_release(text, family) is None


NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=3).map(tuple)
RELEASES = st.builds(OsRelease, st.sampled_from(("Ubuntu", "RHEL", "Debian")), NUMBERS)


@given(RELEASES, RELEASES)
def test_only_releases_of_one_distribution_are_in_order(ours: OsRelease, theirs: OsRelease) -> None:
    assert not_older(ours, ours)
    either = not_older(ours, theirs) or not_older(theirs, ours)
    assert either == (ours.distribution == theirs.distribution)


@given(st.sampled_from(OTHERS), st.text(max_size=20), st.sampled_from((LINUX, WINDOWS)))
def test_no_text_is_too_odd_to_be_looked_at(name: str, text: str, family: OsFamily) -> None:
    for each in (text, f"{name} {text}", f"{text} {name}"):
        found = os_release(each, family)
        assert found is None or (found.distribution and found.numbers)


def _group(machine: str | object, target: str | object, family: OsFamily = LINUX) -> Verdict:
    web, db = (replace(each, replication_group="shop", os=family, os_version=machine) for each in (WEB, DB))  # type: ignore[arg-type]  # a fact
    estate: Estate = replace(ESTATE, virtual_machines={"web": web, "db": db, "new": NEW})
    return Edge("M02", with_part("master_targets", "mt1", estate, os=family, os_version=target)).verdict


@pytest.mark.parametrize(
    ("machine", "target", "found"),
    [
        ("18.04", "16.04", Broken),
        ("Ubuntu 16.04 LTS", "18.04", Met),
        ("18.04.6", "18.04", Met),
        *((other, "16.04", Noted) for other in OTHERS),
        ("7.9", "16.04", Unsure),
        (UNKNOWN, "16.04", Unsure),
        ("16.04", None, Unsure),
    ],
)
def test_a_linux_master_target_is_compared_with_its_own_distribution_alone(
    machine: str, target: str, found: type
) -> None:
    assert isinstance(_group(machine, target), found)


@pytest.mark.parametrize(
    ("machine", "target", "found"),
    [
        ("2012", "2012 R2", Met),
        ("Windows Server 2012 R2", "Windows Server 2012", Broken),
        ("6.3.9600", "2012 R2", Met),
        ("2019", "10.0.14393", Broken),
        ("Windows 10", "2016", Unsure),
    ],
)
def test_a_windows_master_target_is_compared_by_year_and_r2(machine: str, target: str, found: type) -> None:
    assert isinstance(_group(machine, target, WINDOWS), found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *((text, Met) for text in ("16.04", "Ubuntu 18.04 LTS", "20.04.6")),
        *((text, Broken) for text in ("22.04", "Ubuntu 14.04", *OTHERS, "Debian 16.04")),
        *((text, Unsure) for text in (None, "7.9", "Ubuntu Linux (64-bit)", UNKNOWN)),
    ],
)
def test_only_a_release_of_ubuntu_fits_a_linux_master_target(text: str | None, found: type) -> None:
    assert isinstance(Edge("M15", with_part("master_targets", "mt1", os_version=text)).verdict, found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *((text, Broken) for text in ("2008R2", "Windows Server 2008 R2 SP1", "6.1.7601", "6.1.7601.24214")),
        *((text, Met) for text in ("2008 SP2", "Windows Server 2012 R2", "6.3.9600", "2016")),
        *((text, Unsure) for text in (None, "the old one", UNKNOWN)),
    ],
)
def test_a_physical_server_cannot_come_back_if_its_text_says_2008_r2_in_any_way(text: str | None, found: type) -> None:
    physical = vm(source="physical", os=WINDOWS, os_version=text)
    assert isinstance(Edge("R14", physical).verdict, found)
