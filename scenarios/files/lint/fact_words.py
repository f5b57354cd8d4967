"""Facts that are one of a few words: a rule compares with these, so another word would pass for a sound one."""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.scenarios.files.schema import EstateFile
from failback.scenarios.files.yaml_source import KeyPath
from failback.simulator import LINK

from .subject import LintFinding, Subject

WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("virtual_machines", "source"): ("vmware", "physical"),
    ("virtual_machines", "target"): ("vmware", "hyper-v"),
    ("virtual_machines", "firmware"): ("bios", "efi"),
    ("virtual_machines", "replication_health"): ("none", "normal", "warning", "critical"),
    ("virtual_machines", "direction_shown"): ("azure_to_on_premises", "on_premises_to_azure"),
    ("hosts", "edition"): ("free", "evaluation", "licensed"),
    ("datastores", "kind"): ("VMFS", "vSAN", "NFS", "RDM", "vVol"),
    ("master_targets", "scsi_controllers"): ("lsilogic", "lsilogic-sas", "pvscsi", "buslogic"),
    ("link", "kind"): ("vpn", "expressroute_private", "microsoft_peering", "public"),
    ("link", "forward"): ("public", "microsoft_peering", "private_endpoints", "vpn"),
}
"""Section of the estate and fact, to its words."""
STORE_KINDS: Final[Mapping[str, str]] = {
    **{kind.casefold(): kind for kind in WORDS["datastores", "kind"]},
    "nfs41": "NFS",
}
"""What vSphere writes for the kind of a datastore, in small letters, to the word that the rules know."""


def a_word_is_unknown(subject: Subject) -> Iterator[LintFinding]:
    """A rule compares with certain words; another one would pass for a sound fact."""
    for (section, fact), words in WORDS.items():
        for path, part in _parts_of(subject.estate, section):
            yield from _other_words((*path, fact), getattr(part, fact), words)
        for index, fault in enumerate(subject.file.faults):
            if fact in fault.facts and fault.object in _names_in(subject, section):
                yield from _other_words(("faults", index, "facts", fact), fault.facts[fact], words)


def _other_words(path: KeyPath, value: object, words: tuple[str, ...]) -> Iterator[LintFinding]:
    for word in value if isinstance(value, list | tuple) else (value,):
        if isinstance(word, str) and word not in words:
            yield path, f"`{word}` is no {path[-1]} that a rule knows; expected {', '.join(words[:-1])} or {words[-1]}"


def _names_in(subject: Subject, section: str) -> tuple[str, ...]:
    return (LINK,) if section == "link" else subject.names(section)


def _parts_of(estate: EstateFile, section: str) -> Iterator[tuple[KeyPath, object]]:
    found = getattr(estate, section)
    if not isinstance(found, tuple):
        yield ("estate", section), found
        return
    yield from ((("estate", section, index), part) for index, part in enumerate(found))
