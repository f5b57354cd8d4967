"""Findings grouped by cause, pure: 269 machines that one thing stops are one cause with a list.

Terminal, HTML, JUnit, SARIF and JSON all group with `causes`, and so does the report of a run. What is grouped is an
`Observed`: one object of one finding. What blocks is mended object by object, so a server that stops machines is a
cause of its own. Where each machine is itself at fault, or where nothing is stopped, what is said in the same words is
one cause; numbers and the machine's own name do not tell words apart. Machines whose remedy goes another way are a
cause of their own: the steps of one would lead the others astray.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

STOPS: Final = frozenset({"blocks", "stopped", "mended"})
"""Statuses, of a check and of a run, of what somebody mends."""
ORDER: Final = ("blocks", "stopped", "mended", "before_return", "after_return", "unknown", "advice", "noticed")
"""What is read first."""
BEFORE: Final = {"R07": "R22", "R21": "R22"}
"""Rule -> the rule that is mended first: a group is given its server in the recovery plan that it needs."""
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


class Observed(NamedTuple):
    """One object of one finding. `kind`: what the object is; `sentence`: what was seen of it."""

    rule: str
    status: str
    kind: str
    object: str
    item: str
    sentence: str

    @property
    def id(self) -> str:
        """Stable from check to check: rule, object, and the machine where it is another."""
        return f"{self.rule}:{self.object}" + ("" if self.object == self.item else f":{self.item}")


@dataclass(frozen=True, slots=True)
class Cause:
    """What findings share: the rule, the object or the kind of object, and what is said of it, with who shares it."""

    id: str
    rule: str
    status: str
    kind: str
    sentences: Mapping[str, tuple[Observed, ...]]

    @property
    def observed(self) -> tuple[Observed, ...]:
        """All of it."""
        return tuple(each for several in self.sentences.values() for each in several)

    @property
    def first(self) -> Observed:
        """The first of it; to look at all of a large cause for that would take long."""
        return next(iter(self.sentences.values()))[0]

    @property
    def objects(self) -> tuple[str, ...]:
        """The objects at fault, each once."""
        return tuple(dict.fromkeys(each.object for each in self.observed))

    @property
    def items(self) -> tuple[str, ...]:
        """The machines that it concerns, each once."""
        return tuple(dict.fromkeys(each.item for each in self.observed))

    @property
    def is_the_machines_own(self) -> bool:
        """Whether each machine is itself at fault."""
        return all(each.object == each.item for each in self.observed)


def _one_way(_: Observed) -> str:
    return ""


def causes(observed: Iterable[Observed], way: Callable[[Observed], str] = _one_way) -> tuple[Cause, ...]:
    """Group by cause: what blocks first, and of that what concerns the most machines. `way`: how its remedy goes."""
    found: dict[str, dict[str, list[Observed]]] = {}
    every = tuple(observed)
    shared = Counter((o.rule, o.object, o.sentence) for o in every)
    others = {(each.rule, each.object, each.status) for each in every if each.object != each.item}
    for each in every:
        told = _told(each, shared[each.rule, each.object, each.sentence] > 1)
        key = _key(each, told, (each.rule, each.object, each.status) in others)
        found.setdefault(key, {}).setdefault(told, []).append(each)
    made = (_cause(*part) for key, told in found.items() for part in _by_way(key, told, way))
    ranked = sorted(made, key=lambda cause: (_rank(cause.status), -len(cause.items)))
    return tuple(_first_things_first(ranked))


def _first_things_first(found: Sequence[Cause]) -> Iterator[Cause]:
    """What has to be done before another rule can be met stands before it."""
    waiting = [each for each in found if any(other.rule == BEFORE.get(each.rule) for other in found)]
    for each in found:
        if each not in waiting:
            yield each
            yield from (later for later in waiting if BEFORE[later.rule] == each.rule)
            waiting = [later for later in waiting if BEFORE[later.rule] != each.rule]


def _rank(status: str) -> int:
    """Its place; a result that failback did not write may have any status, and that comes last."""
    return ORDER.index(status) if status in ORDER else len(ORDER)


_Told = Mapping[str, list[Observed]]


def _by_way(key: str, told: _Told, way: Callable[[Observed], str]) -> Iterator[tuple[str, _Told]]:
    """The group; one for each way where its remedy goes several. Its id is then of both."""
    every = [each for several in told.values() for each in several]
    if len(every) == 1:
        yield key, told
        return
    found: dict[str, dict[str, list[Observed]]] = {}
    for text, several in told.items():
        for each in several:
            found.setdefault(way(each), {}).setdefault(text, []).append(each)
    for which, part in found.items():
        yield f"{key}:{crc32(which.encode()):08x}" if len(found) > 1 else key, part


def _cause(key: str, told: _Told) -> Cause:
    head = next(iter(told.values()))[0]
    alone = len({each.item for several in told.values() for each in several}) == 1
    sentences: dict[str, tuple[Observed, ...]] = {}
    for text, several in told.items():
        words = _with_names(text, several) if alone else text
        sentences[words] = (*sentences.get(words, ()), *several)
    return Cause(key, head.rule, head.status, head.kind, _own_within(sentences))


def _own_within(sentences: Mapping[str, tuple[Observed, ...]]) -> Mapping[str, tuple[Observed, ...]]:
    """What a machine says of itself is not said again where others say the same of it, and more."""
    if len({each.object for several in sentences.values() for each in several}) > 1:
        return sentences
    joined = dict(sentences)
    for text, several in sentences.items():
        if any(each.object != each.item for each in several):
            continue
        if longer := next((each for each in joined if each.startswith(f"{text}, ")), ""):
            joined[longer] = (*joined.pop(text), *joined[longer])
    return joined


def _with_names(told: str, several: Sequence[Observed]) -> str:
    """As it was seen, where it was seen once: a cause of one machine has no need to leave the name out."""
    original = {each.sentence for each in several}
    return told if len(original) > 1 else original.pop().removeprefix(f"{several[0].object}: ")


def _key(each: Observed, told: str, stops_others: bool) -> str:
    """A machine that stops others is one cause with what it stops itself."""
    if each.status in STOPS and stops_others:
        return f"{each.rule}:{each.object}" + ("" if each.status == "blocks" else f":{each.status}")
    return f"{each.rule}:{_digest(f'{each.status} {each.kind} {told}')}"


@lru_cache(maxsize=4096)
def _digest(told: str) -> str:
    """Short and the same tomorrow; of the words without their numbers."""
    return f"{crc32(_NUMBER.sub('#', told).encode()):08x}"


def _told(each: Observed, is_shared: bool) -> str:
    """The sentence without names that the list names anyway; as it is where it names the same for several machines."""
    text = each.sentence.removeprefix(f"{each.object}: ")
    if each.item in text and not (is_shared and each.object != each.item):
        text = _whole(each.item).sub("the machine", text)
    if each.object != each.item and each.status not in STOPS and each.object in text:
        text = _whole(each.object).sub(f"the {each.kind}", text).replace("the the ", "the ")
    return text


@lru_cache(maxsize=256)
def _whole(name: str) -> re.Pattern[str]:
    """The name where it stands alone, so that vm-1 is not found in vm-17."""
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
