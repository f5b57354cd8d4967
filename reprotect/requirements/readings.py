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
OPEN_CHOICES_MEAN: Final = "`holds`: the rule applies to modernised groups, so such a group cannot come home; `does_not_hold`: the rule does not apply to them, so such a group can come home"

# fmt: off
READINGS: Final[tuple[Reading, ...]] = (
    #       id     subject                                   choices, default first                        rules               sides
    Reading("C01", "snapshots of the machine",               ("merged", "strict"),                         ("R04", "R05"),     "the reprotect job merges them; the 2018 version of the page also says that they make the reprotect fail, as snapshots of the master target do"),
    Reading("C02", "kinds of datastore",                     ("by_location",),                             ("T03", "T04", "T09", "M12"), "VMFS only; or VMFS and vSAN; or different kinds for the original and an alternate location; the portal does not offer NFS datastores, even if the host mounts them"),
    Reading("C03", "another vCenter",                        ("allowed", "strict"),                        ("T05", "R12"),     "allowed if it was discovered (reprotect); a new vCenter and a new configuration server are forbidden (types of failback)"),
    Reading("C04", "remedy of a UUID clash",                 ("replace_master_target",),                   ("R11",),           "use another master target, created from another template; or deploy the same master target again, from another template"),
    Reading("C05", "UEFI guests",                            ("by_version", "forbidden", "allowed"),       ("G07",),           "not supported (2019); not mentioned (2023)"),
    Reading("C06", "retirement of the classic architecture",                  ("2026-03-30",),                              (),                 "30 March 2026 or 15 March 2026; an earlier notice: 15 November 2023"),
    Reading("C07", "size of the retention drive",                      ("warn_under_600", "warn_under_1024", "above_zero"), ("M16",),    "1 TB; 600 GB; or anything above zero; recorded: 10 GB was accepted"),
    Reading("C08", "changes to the failback policy",                        ("fixed",),                                   ("R30",),           "the policy cannot be edited (portal); cmdlets create and change it (PowerShell)"),
    Reading("C09", "highest bandwidth limit that can be set",                      ("1023_mbit",),                               (),                 "102 Mbit/s (2017); 1,023 Mbit/s (2021)"),
    Reading("C10", "adding a network adapter to a registered configuration server", ("possible",),                                ("G08",),           "not supported (2018); possible if the server is then registered again (2025)"),
    Reading("C11", "data port",                              ("9443",),                                   ("R08",),           "9443; one table says 9433"),
    Reading("C12", "when a process server's cache is too full",    ("both",),                                    (),                 "critical below 25 % free; replication slows down below 20 % free"),
    Reading("C13", "place of the process server",            ("both", "azure"),                            ("P01", "P02"),     "on site (reprotect); in Azure (failback preparation); recorded: the process server on the configuration server"),
    Reading("C14", "disks of a master target",               ("local_and_protected", "protected"),         ("M03",),           "60 disks in all, its own and those of machines (capacity planning): choice `local_and_protected`; or 60 attached disks (reprotect 2018), which we take to mean only the disks of machines: choice `protected`"),
    Reading("C15", "shutdown of the Azure virtual machine",  ("as_asked",),                                ("F04",),           "always (page *failback*); recorded: skipped if the request does not ask for it"),
    Reading("C16", "name of the direction of failback",     ("as_recorded",),                             ("R26",),           "for a failback, the portal shows the direction *from Azure to on-premises*, and recorded API requests have `PrimaryToRecovery`; recorded requests for the reprotect to on-premises have `RecoveryToPrimary`"),
    Reading("C17", "ranges in the table of process server sizes",         ("2021",),                                    (),                 "the ranges overlap (2018); they do not (2021)"),
    Reading("C18", "a master target that is not discovered", ("no_datastores",),                           ("M14",),           "its list of datastores is empty; recorded: the list is also empty for a healthy master target"),
    Reading("C19", "how long recovery points of a machine in Azure are kept",        ("policy",),                                  (),                 "24 or 72 hours (failover overview); 15 days (classic architecture)"),
    Reading("C20", "datastore in the request",               ("where_disks_are_made", "always"),           ("R28",),           "required (portal, cmdlet); optional (API)"),
    Reading("C21", "values for the reprotect of a recovery plan",           ("per_item",),                                ("R21", "R22"),     "the portal asks for the values of each machine; the API's request for a plan has no body"),
    Reading("C22", "datastore of an alternate location",     ("chosen", "master_target"),                  ("R25", "R28"),     "the one that was chosen; or that of the master target"),
    Reading("C23", "when an item counts as protected",              ("after_the_resync",),                        ("R31",),           "when the reprotect job succeeds; recorded: the initial replication continues after the job"),
    Reading("C24", "replication health needed for a failback",       ("warning_passes", "strict"),                 ("F01",),           "OK (failback) or healthy (modernised tutorial); we inferred that the service also accepts the health `warning`"),
    Reading("C25", "a modernised group of both operating system families", OPEN_CHOICES,                             ("R06",),           "forbidden, because a master target serves only one family; but a modernised group has no master target"),
    Reading("C26", "a modernised group through two appliances", OPEN_CHOICES,                              ("R07",),           "a group must use one master target; nothing is said about appliances"),
    Reading("C27", "Azure's temporary disk",                 ("not_replicated", "unless_excluded"),        ("G06",),           "it is not replicated back (exclude disks); recorded: a request excludes it by its label"),
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
        raise UnknownReading(f"There is no reading {conflict!r}; the readings are {', '.join(_BY_ID)}.")
    if choice not in known.choices:
        raise UnknownReading(
            f"{conflict} ({known.subject}) has no choice {choice!r}; its choices are {', '.join(known.choices)}."
        )
    return conflict, choice
