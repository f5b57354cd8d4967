"""The conflicts between the vendor's articles, C01 to C24, as named readings: one is the default, others may be chosen.

An estate carries the readings that differ (`Estate.readings`, `--reading C03=strict`), so that a rule reads a file and
a running world with the same code. A reading with one choice says how the project decided and what it decided against.
Those from C25 on are no conflicts but questions that no page answers: open, until somebody who knows chooses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect.estate import Estate


@dataclass(frozen=True, slots=True)
class Reading:
    """One conflict: the choices that there are, the first of which is the default, and the rules that ask for it."""

    id: str
    subject: str
    choices: tuple[str, ...]
    rules: tuple[str, ...]
    sides: str

    @property
    def default(self) -> str:
        """What holds when nobody chooses."""
        return self.choices[0]


class UnknownReading(ValueError):
    """A reading that does not exist, or has no such choice. The message says what there is."""


OPEN_CHOICES: Final = ("open", "holds", "does_not_hold")
"""Choices of a question that no page answers: whether a rule holds for an architecture."""

# fmt: off
READINGS: Final[tuple[Reading, ...]] = (
    #       id     subject                                   choices, default first                        rules               sides
    Reading("C01", "snapshots of the machine",               ("merged", "strict"),                         ("R04", "R05"),     "merged by the job; 2018 also: they make reprotect fail as the master target's do"),
    Reading("C02", "kinds of datastore",                     ("by_location",),                             ("T03", "T04", "T09", "M12"), "VMFS only, VMFS or vSAN, or by location; NFS hidden though a host may have it"),
    Reading("C03", "another vCenter",                        ("allowed", "strict"),                        ("T05", "R12"),     "allowed when discovered; types of failback forbids a new vCenter and a new server"),
    Reading("C04", "remedy of a UUID clash",                 ("replace_master_target",),                   ("R11",),           "another master target from another template, or: deploy from a different template"),
    Reading("C05", "UEFI guests",                            ("by_version", "forbidden", "allowed"),       ("G07",),           "unsupported in 2019, not mentioned in 2023"),
    Reading("C06", "retirement of classic",                  ("2026-03-30",),                              (),                 "30 or 15 March 2026; earlier 15 November 2023"),
    Reading("C07", "size of retention",                      ("warn_under_600", "warn_under_1024", "above_zero"), ("M16",),    "1 TB, 600 GB, not zero; 10 GB was accepted in a recording"),
    Reading("C08", "failback policy",                        ("fixed",),                                   ("R30",),           "not editable; cmdlets create and change it"),
    Reading("C09", "largest throttle",                      ("1023_mbit",),                               (),                 "102 or 1,023 Mbit/s"),
    Reading("C10", "adding a network adapter later",        ("possible",),                                ("G08",),           "unsupported in 2018, possible with a new registration in 2025"),
    Reading("C11", "data port",                              ("9443",),                                   ("R08",),           "9443 everywhere, 9433 in one table"),
    Reading("C12", "floor of the process server's cache",    ("both",),                                    (),                 "critical under 25 %, throttled under 20 %"),
    Reading("C13", "place of the process server",            ("both", "azure"),                            ("P01", "P02"),     "on site, or in Azure; recorded with the configuration server's own"),
    Reading("C14", "disks of a master target",               ("local_and_protected", "protected"),         ("M03",),           "60 attached, or local and protected together"),
    Reading("C15", "shutdown of the Azure machine",          ("as_asked",),                                ("F04",),           "always; recorded: skipped when not asked for"),
    Reading("C16", "word for the direction of failback",     ("as_recorded",),                             ("R26",),           "the portal's from Azure, the API's primary to recovery"),
    Reading("C17", "bounds of process server sizes",         ("2021",),                                    (),                 "2018 overlaps, 2021 does not"),
    Reading("C18", "a master target that is not discovered", ("no_datastores",),                           ("M14",),           "an empty list; recorded: empty and healthy"),
    Reading("C19", "retention of failed-over points",        ("policy",),                                  (),                 "24 or 72 hours, or 15 days"),
    Reading("C20", "datastore in the request",               ("where_disks_are_made", "always"),           ("R28",),           "mandatory in portal and cmdlet, optional in the API"),
    Reading("C21", "values of a plan's reprotect",           ("per_item",),                                ("R21", "R22"),     "asked for each machine; the API's plan request has no body"),
    Reading("C22", "datastore of an alternate location",     ("chosen", "master_target"),                  ("R25", "R28"),     "the one chosen, or the master target's own"),
    Reading("C23", "when an item is protected",              ("after_the_resync",),                        ("R31",),           "when the job succeeds; recorded: initial replication goes on after it"),
    Reading("C24", "replication health of a failback",       ("warning_passes", "strict"),                 ("F01",),           "OK (failback) or healthy (modernised tutorial); that the service lets a warning pass is inferred"),
    Reading("C25", "a modernised group of both system families", OPEN_CHOICES,                             ("R06",),           "forbidden, because the master target has one family; a modernised group needs no master target"),
    Reading("C26", "a modernised group through two appliances", OPEN_CHOICES,                              ("R07",),           "one master target for a group; nothing is said about appliances"),
    Reading("C27", "Azure's temporary disk",                 ("not_replicated", "unless_excluded"),        ("G06",),           "not replicated back (exclude disks); recorded: a request excludes it by its label"),
)
# fmt: on

_BY_ID: Final = {reading.id: reading for reading in READINGS}


def reading(estate: Estate, conflict: str) -> str:
    """The choice that holds for this estate."""
    return estate.readings.get(conflict) or _BY_ID[conflict].default


def parse_readings(texts: Iterable[str]) -> Mapping[str, str]:
    """The readings that these texts name, each as `C03=strict`. Raises `UnknownReading`."""
    return dict(_parsed(text) for text in texts)


def _parsed(text: str) -> tuple[str, str]:
    conflict, _, choice = text.partition("=")
    known = _BY_ID.get(conflict)
    if known is None:
        raise UnknownReading(f"There is no conflict {conflict!r}; the conflicts are {', '.join(_BY_ID)}.")
    if choice not in known.choices:
        raise UnknownReading(
            f"{conflict} ({known.subject}) has no reading {choice!r}; its readings are {', '.join(known.choices)}."
        )
    return conflict, choice
