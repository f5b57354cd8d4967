"""The lines of a finding, in one order: its object, what is wrong, who acts, what they do, the proof, why."""

import re
from collections.abc import Iterator
from typing import Final

from failback.reprotect import OWN_FILE, Certainty, does
from failback.scenarios.judging.check import Status

from .again import again_words
from .as_json import asked_for
from .finding_words import NAMED_MAX, counted, found_words, numbered, object_words, proof_words, what_to_do
from .plan_causes import PLAN
from .told import ToldCause
from .why import why_words, worded

PIECES_MAX: Final = 40
"""Names, or ranges of names, of one list; what is left is counted, and `--rule` shows it."""
DOES_NOT_BLOCK: Final = {
    Status.ADVICE.value: " (advice: does not block)",
    Status.BEFORE_RETURN.value: " (does not block, but data is lost if nobody acts before the return)",
    Status.AFTER_RETURN.value: " (work after the failback: does not block)",
}
"""Behind the rule of what does not block, so that the first line says it."""
LATER_ALONE: Final = "known only after the reprotect has finished: then {seen}, in {file} (key: {key}); then {proof}"
_VAULT: Final = re.compile(
    r"Azure portal > Recovery Services (?:vault|vaults(?! > \+))(?: > [\w-]+(?= > (?:Rep|Site|Rec|Get)))?(?= >)"
)
"""The way to the vault in the portal, with its name where it is known."""
SAME_VAULT: Final = "same vault"
SENTENCES_MAX: Final = 6


def cause_head(told: ToldCause) -> str:
    """The rule, and whether what it asks for is not met or not known."""
    if told.cause.status != Status.UNKNOWN.value:
        mark = DOES_NOT_BLOCK.get(told.cause.status, "")
        return f"{told.cause.rule} not met{mark}: {told.requirement.title}"
    mark = "" if told.can_block else " (advice)"
    return f"{told.cause.rule}{mark} not known: {told.requirement.title}"


def lines_of(
    told: ToldCause, *, whole: bool, checked: tuple[str, str] | None = None, everybody: int = 0
) -> Iterator[tuple[str, str]]:
    """Label and text of each line of a cause, in one order: what is wrong, who acts, what they do, the proof, why.

    `whole`: no list is shortened. `checked`: file and world. `everybody`: so many machines are all, and are not named.
    """
    vault_is_named = False
    for label, text in _lines_of(told, whole=whole, checked=checked, everybody=everybody):
        yield label, _vault_once(text, is_named=vault_is_named)
        vault_is_named = vault_is_named or bool(_VAULT.search(text))


def _vault_once(text: str, *, is_named: bool) -> str:
    """The way to the vault in full where a finding names it first; its pages behind that alone afterwards."""
    first = None if is_named else _VAULT.search(text)
    rest = first.end() if first else 0
    return text[:rest] + _VAULT.sub(SAME_VAULT, text[rest:])


def _lines_of(
    told: ToldCause, *, whole: bool, checked: tuple[str, str] | None, everybody: int
) -> Iterator[tuple[str, str]]:
    cause, unknown = told.cause, told.cause.status == Status.UNKNOWN.value
    if told.not_yet and not whole:
        yield from _later_lines(told, checked)
        return
    yield "object", told.link or object_words(cause, _most(whole), everybody)
    yield from (_unknown_lines if unknown else _broken_lines)(told, None if whole else SENTENCES_MAX)
    yield "who", told.person
    if told.called:
        yield "named", "; ".join(told.called)
    if told.careful and not unknown:
        yield "careful", told.careful
    yield "do", _do(told, checked)
    yield "proof", _own(proof_words(told), checked)
    if checked is not None and cause.rule != PLAN:
        yield "again", again_words(told, *checked)
    yield "why", why_words(told)
    yield from (("failback", ours) for ours in _ourselves(told))
    if not cause.is_the_machines_own:
        every = everybody > NAMED_MAX and len(cause.items) == everybody
        yield (
            "machines",
            f"all {everybody:,} (named at the end)" if every else counted(cause.items, cause.rule, _most(whole)),
        )


def _later_lines(told: ToldCause, checked: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    """What nobody has to look up now: when, who sees it where, into which key of which file it goes, and the proof."""
    yield "who", told.person
    seen, key = worded("; ".join(told.looks or told.hows)), "; ".join(told.keys) or _no_key(told)
    yield (
        "later",
        _own(
            LATER_ALONE.format(seen=seen, file=told.estate_file or OWN_FILE, key=key, proof=proof_words(told)), checked
        ),
    )


def _most(whole: bool) -> int | None:
    return None if whole else PIECES_MAX


def _broken_lines(told: ToldCause, most: int | None) -> Iterator[tuple[str, str]]:
    yield "found", worded(found_words(told, most))
    yield "wanted", worded(told.proof.wanted)


def _do(told: ToldCause, checked: tuple[str, str] | None) -> str:
    return _own(numbered(what_to_do(told)), checked)


def _own(text: str, checked: tuple[str, str] | None) -> str:
    """With the name of the file that was checked."""
    return text if checked is None else text.replace(OWN_FILE, checked[0])


def _is_open(told: ToldCause) -> bool:
    return any(Certainty.OPEN.value in sure for sure in told.sure)


def _no_key(told: ToldCause) -> str:
    if _is_open(told):
        return "none: none of Microsoft's pages answers this, so no fact of the estate can"
    return "none of its own: it hangs on other machines"


def _unknown_lines(told: ToldCause, most: int | None) -> Iterator[tuple[str, str]]:
    found = found_words(told, most)
    yield "unknown", f"{found}; seen: {worded(told.seen)}" if told.reading and told.seen else found
    yield "key", "; ".join(told.keys) or _no_key(told)


def _ourselves(told: ToldCause) -> Iterator[str]:
    """What failback could do, and how to ask for it."""
    for target in told.remedy_targets:
        act = does(target.remedy.act, target.object, target.beside)
        yield f"can {act} itself, if the plan says remedies: {asked_for(told.cause.rule)}"
