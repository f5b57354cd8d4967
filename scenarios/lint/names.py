"""Names: each there, each once."""

from collections.abc import Iterator

from failback.scenarios.schema import SECTIONS
from failback.scenarios.yaml_source import KeyPath
from failback.simulator import LINK, LINK_OUT

from .subject import Finding, Subject, repeated


def a_name_is_empty(subject: Subject) -> Iterator[Finding]:
    """An empty name names nothing."""
    named: dict[KeyPath, str] = {("name",): subject.file.name}
    for section in SECTIONS:
        named |= {("estate", section, index, "name"): name for index, name in enumerate(subject.names(section))}
    for path, name in named.items():
        if not name.strip():
            yield path, "the name is empty; give it one"


def a_name_is_taken(subject: Subject) -> Iterator[Finding]:
    """One name is one part: a fault, a plan and the vault know parts by their names alone."""
    taken: dict[str, str] = {LINK: "the line", LINK_OUT: "the line"}
    for section in (s for s in SECTIONS if s != "replication_groups"):
        for index, name in enumerate(subject.names(section)):
            if name in taken:
                message = f"the name `{name}` is already taken in {taken[name]}; give this one another name"
                yield ("estate", section, index, "name"), message
            taken.setdefault(name, section)


def a_list_has_a_name_twice(subject: Subject) -> Iterator[Finding]:
    """Replication groups, waves and gates have names of their own."""
    plan = subject.file.plan
    lists: dict[KeyPath, tuple[str, ...]] = {
        ("estate", "replication_groups"): subject.names("replication_groups"),
        ("plan", "waves"): tuple(wave.name for wave in plan.waves),
        ("plan", "gates"): tuple(gate.name for gate in plan.gates),
    }
    for path, names in lists.items():
        for index, name in repeated(names):
            yield (*path, index, "name"), f"the name `{name}` is used twice in this list; give this one another name"
