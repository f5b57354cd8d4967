"""Each answer to a question has its way on, and each thing to make is told with what it needs."""

import re
from typing import Final

import pytest

from failback.reprotect import CAREFUL, PROOFS, STEPS, steps_for_all
from failback.reprotect.requirements.cases import decided

ASKS: Final = re.compile(r"\bask (?:\{|for a yes|its owner)")
ANSWERED: Final = re.compile(
    r"says? no|[Aa]fter a no|If not|refuses|no answer counts|only if yes|only if somebody|second case|if the answer"
    r"|only if \{asked|only if the copy|only if it goes|only if files|a no goes|or for another|Only then|said no"
)
NO_ANSWER_STOPS: Final = {"B10", "G02"}
"""Who asks only when, or to whom a no means that it takes longer."""
SAID: Final = {
    "F06": ("fail back all the same?", "before the administrator of {machine} has mended its boot"),
    "F07": ("or its job is Failed", "note what they show", "with what was noted", "Create a support request"),
    "G07": ("Firmware EFI", "wait until its Status is Protected", "then > Commit"),
    "G08": ("process server {process_server}",),
    "B14": ("enlarges the LUN of {object}", "once {object} has room"),
    "N01": ("> Address space", "Local network gateways > + Create", "Gateway type VPN", "names the public address"),
    "N02": ("from configuration server {configuration_server}",),
    "R17": ("the one that", "> Compute shows > Move"),
    "R28": ("presents the LUN of {asked_datastore} to {host}", "Rescan Storage"),
    "R02": ("write to its owner, and ask for a yes", "only if there is none, or an owner said no"),
    "R03": ("> Power > Shut Down Guest OS > Yes, so that the two never run",),
    "R09": ("the address of the one that is not Connected, as VCENTER",),
    "A19": ("the address of its vCenter, as VCENTER",),
    "T05": ("give that time to the backup administrator", "tell the VMware administrator"),
    "A10": ("Create a support request",),
    "A23": ("Active Directory Domain Services, Hyper-V", "Physical path is in no Microsoft Azure folder > Stop"),
    "B11": ("only if it ends as Failed",),
    "B16": ("only if it cannot be enlarged",),
    "P04": ("still has a version above it",),
    "78093": ("write to {owner}:",),
    "M01": ("a Windows Server not older than {members}",),
    "M04": ("once Azure portal > Recovery Services vault > Site Recovery jobs shows the commits",),
    "A02": ("another host that mounts their datastores", "only as many as there is room for"),
}
"""Rule -> what somebody had to ask before it was said."""
CASES: Final = {"classic": True, "server_in_azure": True, "windows": True, "no_release": False, "other_server": False}


@pytest.mark.parametrize("rule", sorted(rule for rule in STEPS if ASKS.search(" ".join(STEPS[rule]))))
def test_a_question_says_what_follows_from_its_answers(rule: str) -> None:
    assert ANSWERED.search(" ".join(STEPS[rule])) or rule in NO_ANSWER_STOPS


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_a_rule_of_a_network_security_group_has_a_priority(rule: str) -> None:
    assert [step for step in STEPS[rule] if "port rule:" in step and "a Priority below" not in step] == []


@pytest.mark.parametrize("rule", SAID)
def test_nobody_has_to_ask_for_what_a_step_needs(rule: str) -> None:
    told = " ".join(
        decided(text, {**CASES, "queues": queues, "no_vcenter": True})
        for queues in (True, False)
        for text in STEPS[rule]
    )
    assert [words for words in SAID[rule] if words not in told] == []


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_a_server_is_restored_only_where_the_present_one_is_off_or_gone(rule: str) -> None:
    restored = [step for step in STEPS[rule] if re.search(r"restore .*with (?:the same|its) name and IP address", step)]
    assert not restored or re.search(
        r"Shut Down Guest OS|\{configuration_server\} no longer exists", " ".join(STEPS[rule])
    )


@pytest.mark.parametrize("rule", sorted(CAREFUL))
def test_what_somebody_has_to_do_is_a_step_and_no_warning(rule: str) -> None:
    assert not re.search(r"\b(?:tell|take a|make a|write to|back up)\b", CAREFUL[rule])


def test_a_step_that_is_done_for_each_machine_names_them_all() -> None:
    """A port towards a process server is opened for each machine that sends to it."""
    names = {"machine": "a", "sender": "a", "object": "ps", "ports": "9443"}
    cases = {"from_server": False, "object_windows": True}
    *_, last = steps_for_all(STEPS["R08"], names, machines="abc", objects=["ps"], cases=cases)
    assert last == "do steps 1, 2, 3 and 4 for b, c too"


def test_a_resource_group_is_the_one_that_a_page_shows() -> None:
    assert [rule for rule, proof in PROOFS.items() if "Resource group is the one into" in proof.seen_by] == []


QUESTION: Final = re.compile(r"(?:^|: )(?:write to|ask) \{owner\}")
SAYS_WHAT_A_NO_DOES: Final = re.compile(r"[Aa] no means|\(no\)|[Aa]fter a no")


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_an_owner_who_is_asked_is_told_what_a_no_deletes_or_loses(rule: str) -> None:
    """Who reads the question alone has to know that an old backup is restored then, or a machine deleted."""
    steps = [decided(step) for step in STEPS[rule]]
    costs = [re.search(r"is lost|Delete from Disk", step) and "{machine}-test" not in step for step in steps]
    last = max((n for n, cost in enumerate(costs) if cost), default=-1)
    questions = " ".join(step for step in steps[: last + 1] if QUESTION.search(step))
    assert not questions or SAYS_WHAT_A_NO_DOES.search(questions)
