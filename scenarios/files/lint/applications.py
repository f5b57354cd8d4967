"""Applications: each machine serves one, each dependency is one of them, and no circle of them."""

from collections.abc import Iterable, Iterator

from failback.scenarios.files.applications import Application

from .subject import LintFinding, Subject, nearest, repeated


def tiers_of(applications: Iterable[Application]) -> set[str]:
    """The tiers that machines may have by their application."""
    return {tier for one in applications for tier in (one.tier or one.name, *one.tiers.values())}


def an_application_is_unknown(subject: Subject) -> Iterator[LintFinding]:
    """What an application depends on is an application."""
    names = [one.name for one in subject.file.applications]
    for index, name in repeated(names):
        yield ("applications", index, "name"), f"there are two applications `{name}`; merge them, or rename one"
    for index, one in enumerate(subject.file.applications):
        for place, name in enumerate(one.depends_on):
            if name not in names:
                hint = nearest(name, names).replace("the estate has", "an application has")
                yield ("applications", index, "depends_on", place), f"`{name}` is no application{hint}"
        for name in one.tiers:
            if name not in one.machines:
                hint = nearest(name, one.machines).replace("the estate has", "the application has")
                yield ("applications", index, "tiers", name), f"`{name}` is no machine of `{one.name}`{hint}"


def an_application_waits_for_itself(subject: Subject) -> Iterator[LintFinding]:
    """Dependencies have no circle: somebody has to come home first."""
    needs = {one.name: one.depends_on for one in subject.file.applications}
    for index, one in enumerate(subject.file.applications):
        if one.name in _before(one.name, needs):
            text = f"`{one.name}` waits for itself by what it depends on; remove one dependency of the circle"
            yield ("applications", index, "depends_on"), text


def _before(name: str, needs: dict[str, tuple[str, ...]]) -> set[str]:
    """All that must be home before it."""
    found: set[str] = set()
    left = list(needs.get(name, ()))
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left.extend(needs.get(one, ()))
    return found


def a_machine_serves_two_applications(subject: Subject) -> Iterator[LintFinding]:
    """A machine comes home once, with one application."""
    seen: dict[str, str] = {}
    for index, one in enumerate(subject.file.applications):
        for place, name in enumerate(one.machines):
            if name in seen:
                text = f"`{name}` serves `{seen[name]}` already; leave it with the application whose owner decides"
                yield ("applications", index, "machines", place), text
            seen.setdefault(name, one.name)
