"""Numbers that can be, and that hardly anybody has: each is asked about with what is usual. Nothing is refused."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from failback.reprotect import leaves, number_words

from .subject import LintFinding, Subject


class Usual(NamedTuple):
    """Between what a number usually lies, and why."""

    low: float
    high: float
    unit: str
    why: str


# fmt: off
USUAL: Final[dict[str, Usual]] = {
    "size_gib":                 Usual(1,    32_768,  "GiB",    "Site Recovery takes disks of up to 32 TiB"),
    "capacity_gib":             Usual(1,    1_048_576, "GiB",  "VMFS ends at 64 TiB, and 1 PiB is rare"),
    "cache_gib":                Usual(1,    16_384,  "GiB",    "process servers have 1 TiB or less"),
    "bandwidth_mbit_per_s":     Usual(1,    100_000, "Mbit/s", "the largest ExpressRoute circuit has 100 Gbit/s"),
    "bandwidth_to_azure_mbit_per_s": Usual(1, 100_000, "Mbit/s", "the largest ExpressRoute circuit has 100 Gbit/s"),
    "compression_ratio":        Usual(1,    20,      "",       "ten to one is already much"),
    "churn_mib_per_s":          Usual(0,    54,      "MiB/s",  "54 MB/s is documented for a whole machine"),
    "memory_gib":               Usual(0.25, 24_576,  "GiB",    "vSphere's largest machine has 24 TiB"),
    "free_memory_gib":          Usual(0,    24_576,  "GiB",    "vSphere's largest host has 24 TiB"),
    "cores":                    Usual(1,    768,     "",       "vSphere's largest machine has 768 virtual CPUs"),
    "local_disks":              Usual(0,    60,      "",       "a server has 60 slots"),
    "recovery_points":          Usual(0,    4_320,   "",       "15 days with one every five minutes"),
    "rpo_s":                    Usual(0,    2_592_000, "s",    "30 days, and a day is an error already"),
    "backlog_mib":              Usual(0,    33_554_432, "MiB", "32 TiB, which is a whole disk"),
    "return_within_h":          Usual(0.25, 8_760,   "hours",  "a year"),
    "scan_mib_per_s":           Usual(1,    10_000,  "MiB/s",  "no disk is read that fast"),
}
"""By field; the limits of products are those of late 2026, and no rule."""
# fmt: on
YEARS_USUAL: Final = range(2015, 2041)
"""Site Recovery brings VMware machines home since about 2015."""


def a_number_is_unusual(subject: Subject) -> Iterator[LintFinding]:
    """A size of 40,000 GiB was 40 GiB, or MiB."""
    for path, value in leaves(subject.estate):
        key = path[-1] if path else ""
        usual = USUAL.get(key) if isinstance(key, str) else None
        if usual and isinstance(value, int | float) and not isinstance(value, bool) and not _is_usual(usual, value):
            unit = f" {usual.unit}" if usual.unit else ""
            between = f"{number_words(usual.low)} to {number_words(usual.high)}{unit}"
            message = f"`{key}` is {number_words(value)}; usual is {between} ({usual.why})"
            yield ("estate", *path), f"{message}. Is it meant, and in this unit?"


def a_disk_changes_faster_than_it_can(subject: Subject) -> Iterator[LintFinding]:
    """Who writes a whole disk anew within an hour was probably measured in another unit."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        for number, disk in enumerate(vm.disks):
            hourly_gib = (disk.churn_mib_per_s or 0.0) * 3600 / 1024
            if hourly_gib > disk.size_gib:
                path = ("estate", "virtual_machines", index, "disks", number, "churn_mib_per_s")
                rate = f"`churn_mib_per_s` is {number_words(disk.churn_mib_per_s or 0.0)}"
                whole = f"{hourly_gib:,.4g} GiB an hour on a disk of {disk.size_gib:,g} GiB"
                yield path, f"{rate}: {whole}; usual is far less than the disk. Is it meant, and in MiB per second?"


def the_start_is_unusual(subject: Subject) -> Iterator[LintFinding]:
    """A date long ago or far ahead is often a default of another tool."""
    year = subject.file.starts_at.year
    if year not in YEARS_USUAL:
        usual = f"usual is {YEARS_USUAL.start} to {YEARS_USUAL.stop - 1}"
        yield ("starts_at",), f"`starts_at` is in the year {year}; {usual}. Is it meant?"


def _is_usual(usual: Usual, value: float) -> bool:
    return usual.low <= value <= usual.high
