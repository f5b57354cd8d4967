"""Names: each there, each once, each fit to be shown, and none that only looks like another."""

from collections.abc import Iterable, Iterator
from typing import Final

from failback.reprotect import UNSAFE, difference_words, name_key, texts_in
from failback.scenarios.files.schema import SECTIONS
from failback.scenarios.files.yaml_source import KeyPath
from failback.simulator import LINK, LINK_OUT

from .subject import LintFinding, Subject, repeated

NAME_MAX: Final = 200
"""Longest name, in characters (ours): well above what Azure and vSphere take for a machine."""
TEXT_MAX: Final = 1000
"""Longest of the other texts that are no sentences: an id of Azure is one."""
_SENTENCES: Final = frozenset({"title", "description", "message", "question", "source"})
"""Free text: it may be long and have lines; what a terminal would obey in it is escaped where it is shown."""
_PATHS: Final = frozenset({"estate_file", "calibration"})
_LONG: Final = _SENTENCES | _PATHS
_GROUPS: Final = "replication_groups"
_NAMES: Final = frozenset({"name", "tier", "replication_group"})


def a_name_is_unfit(subject: Subject) -> Iterator[LintFinding]:
    """No name has control characters, is endless or has blanks at an end: nobody could find or type it."""
    for path, text in texts_in(subject.file):
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        if key not in _LONG and (unfit := _unfit(text, is_name=key in _NAMES)):
            yield path, unfit


def _unfit(text: str, *, is_name: bool) -> str:
    odd = UNSAFE.search(text.replace("\n", "\0").replace("\t", "\0"))
    if odd is not None:
        character = text[odd.start()]
        return f"the text has the character U+{ord(character):04X}, which cannot be shown; leave it out"
    most = NAME_MAX if is_name else TEXT_MAX
    if len(text) > most:
        return f"the text `{text[:20]}...` has {len(text):,} characters; take at most {most}"
    if is_name and text != text.strip() and text.strip():
        return f"the name `{text}` has a blank at its start or end; leave it out"
    return ""


def a_name_looks_like_another(subject: Subject) -> Iterator[LintFinding]:
    """Azure compares names without case, as our remedies do, and nobody sees how a character is composed.

    So this is a mistake for parts, groups and plans; for waves, gates and tiers as well, since a page shows both.
    """
    for named in _distinct_names(subject):
        yield from _alike(named)


def _distinct_names(subject: Subject) -> Iterator[Iterable[tuple[KeyPath, str | None]]]:
    """The names that stand side by side, list by list."""
    plan, machines = subject.file.plan, enumerate(subject.estate.virtual_machines)
    yield (found for section in SECTIONS if section != _GROUPS for found in _in_section(subject, section))
    of_machines = [(("virtual_machines", n), vm) for n, vm in machines]
    owned = [(("estate", *path, "replication_group"), vm.replication_group) for path, vm in of_machines]
    yield (*_in_section(subject, _GROUPS), *owned)
    yield [(("estate", *path, "tier"), vm.tier) for path, vm in of_machines]
    yield [(("plan", "waves", n, "name"), wave.name) for n, wave in enumerate(plan.waves)]
    yield [(("plan", "gates", n, "name"), gate.name) for n, gate in enumerate(plan.gates)]
    yield [(("plan", "together", n, "name"), entry.name) for n, entry in enumerate(plan.together)]


def _in_section(subject: Subject, section: str) -> list[tuple[KeyPath, str | None]]:
    return [(("estate", section, n, "name"), name) for n, name in enumerate(subject.names(section))]


def _alike(named: Iterable[tuple[KeyPath, str | None]]) -> Iterator[LintFinding]:
    """Each spelling once: machines repeat the name of their group."""
    spelt: dict[str, list[str]] = {}
    for path, name in named:
        same = spelt.setdefault(name_key(name or ""), [])
        if name and same and name not in same and same[0].strip() != name.strip():
            yield path, f"the name `{name}` differs from `{same[0]}` only in {_in_what(name, same[0])}"
        same.append(name or "")


def _in_what(name: str, other: str) -> str:
    found = difference_words(name, other)
    why = "and Azure compares names without it" if found == "upper and lower case" else "which nobody sees"
    return f"{found}, {why}; give one of them another name"


def a_name_is_empty(subject: Subject) -> Iterator[LintFinding]:
    """An empty name names nothing."""
    named: dict[KeyPath, str] = {("name",): subject.file.name}
    for section in SECTIONS:
        named |= {("estate", section, index, "name"): name for index, name in enumerate(subject.names(section))}
    for path, name in named.items():
        if not name.strip():
            yield path, "the name is empty; give it one"


def a_name_is_taken(subject: Subject) -> Iterator[LintFinding]:
    """One name is one part: a fault, a plan and the vault know parts by their names alone."""
    taken: dict[str, str] = {LINK: "the link", LINK_OUT: "the link"}
    for section in (s for s in SECTIONS if s != "replication_groups"):
        for index, name in enumerate(subject.names(section)):
            if name in taken:
                message = f"the name `{name}` is already taken in {taken[name]}; give this one another name"
                yield ("estate", section, index, "name"), message
            taken.setdefault(name, section)


def a_list_has_a_name_twice(subject: Subject) -> Iterator[LintFinding]:
    """Replication groups, waves, gates and entries of `together` have names of their own."""
    plan = subject.file.plan
    lists: dict[KeyPath, tuple[str, ...]] = {
        ("estate", "replication_groups"): subject.names("replication_groups"),
        ("plan", "waves"): tuple(wave.name for wave in plan.waves),
        ("plan", "gates"): tuple(gate.name for gate in plan.gates),
        ("plan", "together"): tuple(entry.name for entry in plan.together),
    }
    for path, names in lists.items():
        for index, name in repeated(names):
            yield (*path, index, "name"), f"the name `{name}` is used twice in this list; give this one another name"
