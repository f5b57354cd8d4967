"""Everything that an aftercare says, of which its pages and sheets are made."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Estate
from failback.scenarios.text.plain_words import machines

from .after import After
from .aspects import ASPECTS, Mark, Pair
from .leftovers import InAzure, in_azure
from .prices import Prices
from .tasks import Judged, Task, judged, tasks_of

_LISTED_BY: Final[Mapping[str, str]] = {
    "virtual machine": "az vm list -o json > virtualMachines.json",
    "disk": "az disk list -o json > disks.json",
    "network interface": "az network nic list -o json > networkInterfaces.json",
    "public address": "az network public-ip list -o json > publicIPAddresses.json",
}
"""By kind: the read-only command that lists all of a subscription; each asks Azure by GET."""


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The machines as they stand, what is left in Azure, and who has to do what."""

    name: str
    world: str
    read_from: tuple[str, ...]
    machines: dict[str, Judged]
    in_azure: InAzure
    tasks: tuple[Task, ...]
    notes: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is open. What is unknown is not open, and is said."""
        return not self.in_azure.left and not any(self.open_of(name) for name in self.machines)

    def open_of(self, name: str) -> tuple[str, ...]:
        """Heads of the aspects of a machine that are open."""
        return self._with(name, Mark.OPEN)

    def unknown_of(self, name: str) -> tuple[str, ...]:
        """Heads of the aspects of a machine that are unknown."""
        return self._with(name, Mark.UNKNOWN)

    def _with(self, name: str, mark: Mark) -> tuple[str, ...]:
        answers = self.machines[name].answers
        return tuple(aspect.head for aspect in ASPECTS if answers[aspect.key].mark is mark)

    def summary(self) -> Iterator[str]:
        """It all in a few sentences."""
        done = sum(not self.open_of(name) and not self.unknown_of(name) for name in self.machines)
        opened = sum(bool(self.open_of(name)) for name in self.machines)
        unknown = sum(bool(self.unknown_of(name)) for name in self.machines)
        count = machines(len(self.machines))
        yield f"{count}: {done} done, {opened} with something open, {unknown} with something unknown."
        for aspect in ASPECTS:
            marks = Counter(one.answers[aspect.key].mark for one in self.machines.values())
            yield f"{aspect.head}: {', '.join(f'{marks[mark]} {mark.value}' for mark in Mark if marks[mark])}."
        yield from azure_lines(self.in_azure)


def azure_lines(found: InAzure) -> Iterator[str]:
    """What is left in Azure, kind by kind, and what it costs."""
    for kind in found.kinds:
        kinds = f"{kind.kind}es" if kind.kind.endswith("s") else f"{kind.kind}s"
        if kind.left is None:
            how = f"`{_LISTED_BY[kind.kind]}` writes one, which you then give as a further path"
            yield f"{kinds} in Azure: unknown, because no list of them was read. {how}."
        else:
            rest = f"{kind.needed} still needed, {kind.others} of other machines"
            yield f"{kinds} in Azure: {kind.left} left over, {rest}."
    if found.left:
        yield cost_words(found)


def cost_words(found: InAzure) -> str:
    """What they cost a month, as far as somebody gave prices."""
    priced = len(found.left) - found.unpriced
    if not priced:
        return "They cost an unknown amount per month: give prices with --price or --prices."
    amount = f"{found.per_month:,.2f}{f' {found.currency}' if found.currency else ''} per month for {priced} of them"
    rest = f"; for the other {found.unpriced} it is unknown" if found.unpriced else ""
    return f"By the prices that were given, they cost {amount}{rest}."


def aftercare(name: str, world: str, before: Estate, after: After, prices: Prices) -> Aftercare:
    """Judge each machine of the estate from before by what was read after its return."""
    there = after.of_all(before)
    pairs = {vm.name: Pair(vm, there.get(vm.name)) for vm in before.virtual_machines.values()}
    left = in_azure(after, pairs, prices)
    counts = Counter(each.machine for each in left.left)
    found = {key: judged(pair, counts[key]) for key, pair in pairs.items()}
    notes = (*after.notes, *_remarks(after, pairs))
    return Aftercare(name, world, after.read_from, found, left, tuple(tasks_of(found)), notes)


def _remarks(after: After, pairs: dict[str, Pair]) -> Iterator[str]:
    """What the import says of machines that are meant here."""
    ours = {name.casefold() for name in pairs}
    for what, parts in after.left_out.items():
        if mine := [shown for name, shown in parts.items() if name.casefold() in ours]:
            yield f"{what}: {', '.join(mine)}"
