"""What nobody knows, in short: one line for each place where a person looks, with the keys that it answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from failback.reprotect import OWN_FILE, SAME_FOR
from failback.scenarios.judging.check import Report
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines

from .accept import Accepted
from .again import FRESH
from .finding_words import how_to_find_out
from .looked_up import FOR_ALL
from .summary import accepted_lines
from .told import ToldCause, told_by_key

NO_KEY: Final = "no key of its own"
HOW: Final = (
    "What could block the most machines comes first. Write what was seen into {estate_file}, behind the key; or let "
    "`failback check {file} --fill OPEN.yaml` write a file with all open keys. Of these {count} findings, `failback "
    "check {file} --rule {rule}` prints one whole, and `failback check {file} --html CHECK.html` writes all."
)
_NAMED_MAX: Final = 3
_WRITTEN: Final = re.compile(r"(; |\? )[Aa]s `")
"""Between where something is seen and what is written behind which key."""


class _Place(NamedTuple):
    """Who looks where; `mark` goes on to what is written, and `others` names for whom else it is done."""

    who: str
    where: str
    mark: str = ""
    others: str = ""


@dataclass(frozen=True, slots=True)
class OpenKey:
    """Keys that one look answers; `told`: the findings that wait for it. `where`: what is done, by `who`."""

    keys: tuple[str, ...]
    who: str
    where: str
    told: tuple[ToldCause, ...]

    @property
    def can_block(self) -> bool:
        """Whether what is not known could block a machine."""
        return any(each.can_block for each in self.told)

    @property
    def items(self) -> tuple[str, ...]:
        """The machines that it concerns, each once."""
        return tuple(dict.fromkeys(item for each in self.told for item in each.cause.items))

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that wait for it."""
        return tuple(dict.fromkeys(each.cause.rule for each in self.told))


def how_words(told: Sequence[ToldCause], file: str, world: str) -> str:
    """How the list is read, where the answers go, and which commands print all that it leaves out."""
    estate_file = told[0].estate_file or file or OWN_FILE
    return HOW.format(
        file=f"{file or OWN_FILE}{FRESH[world]}", estate_file=estate_file, count=len(told), rule=told[0].cause.rule
    )


def open_keys(report: Report, told: Sequence[ToldCause]) -> tuple[OpenKey, ...]:
    """What could block the most machines first."""
    found: dict[_Place, list[tuple[str, str, ToldCause]]] = {}
    for each in told:
        for place, key, value in _keys(report, each):
            found.setdefault(place, []).append((key, value, each))
    made = (_made(place, several) for place, several in found.items())
    return tuple(sorted(made, key=lambda each: (not each.can_block, -len(each.items))))


def _made(place: _Place, several: Sequence[tuple[str, str, ToldCause]]) -> OpenKey:
    values = "; ".join(dict.fromkeys(value for _, value, _ in several if value))
    where = f"{place.where}{place.mark}{values[:1].upper() if place.mark == '? ' else values[:1]}{values[1:]}"
    told = {each.cause.id: each for _, _, each in several}
    return OpenKey(
        tuple(dict.fromkeys(key for key, _, _ in several)), place.who, f"{where}{place.others}", tuple(told.values())
    )


def _keys(report: Report, told: ToldCause) -> Iterator[tuple[_Place, str, str]]:
    """Where it is seen, the key, and what is written behind it."""
    found = tuple(told_by_key(report, told))
    for key, who, steps in found:
        place, value = _split(_short(who), steps)
        yield place, key, value
    if not found:
        yield _Place(_short(told.person), "; ".join(how_to_find_out(told))), NO_KEY, ""


def _split(who: str, steps: Sequence[str]) -> tuple[_Place, str]:
    """The call that shows it of all where there is one, else the steps; and what is written behind the key."""
    calls = [step.removeprefix(FOR_ALL) for step in steps if step.startswith(FOR_ALL)]
    text, same, others = "; ".join(calls or steps).partition(f"; {SAME_FOR} ")
    mark = None if same and same in others else _WRITTEN.search(text)
    if mark is None or len(calls or steps) > 1:
        return _Place(who, f"{text}{same}{others}"), ""
    value = text[mark.end() - 4 :]
    return _Place(who, text[: mark.start()], mark[1], f"{same}{others}"), f"{value[0].lower()}{value[1:]}"


def _short(who: str) -> str:
    """Without the roles, which the finding has."""
    return who.partition(" (")[0]


def accepted_words(each: OpenKey, accepted: Accepted | None) -> Iterator[str]:
    """What somebody accepts of the findings that wait for it."""
    yield from (
        f"{told.cause.rule} accepted: {text}" for told in each.told for _, text in accepted_lines(told, accepted)
    )


def key_words(each: OpenKey) -> str:
    """Which keys, of how many machines, and who finds it where."""
    objects = tuple(dict.fromkeys(o for t in each.told if not t.cause.is_the_machines_own for o in t.cause.objects))
    of = f"{listed(objects, _NAMED_MAX)}; " if objects else ""
    effect = "" if each.can_block else ", advice"
    return f"{'; '.join(each.keys)} ({of}{machines(len(each.items))}{effect}). {each.who}: {each.where}"
