"""Each answer to a question has its way on, and each thing to make is told with what it needs."""

import re
from dataclasses import replace
from typing import Final

import pytest

from failback.reprotect import CAREFUL, PROOFS, STEPS, steps_for_all
from failback.reprotect.choices import Choices
from failback.reprotect.estate import Datastore, Disk, Estate, Host, Link, MasterTarget, VirtualMachine
from failback.reprotect.item import OsFamily
from failback.reprotect.requirements.cases import decided
from failback.reprotect.requirements.other_parts import others_of

ASKS: Final = re.compile(r"\bask (?:\{|for a yes|its owner)")
ANSWERED: Final = re.compile(
    r"says? no|[Aa]fter a no|If not|refuses|no answer counts|only if yes|only if somebody|second case|if the answer"
    r"|only if \{asked|only if the copy|only if it goes|only if files|a no goes|or for another|Only then|said yes"
)
NO_ANSWER_STOPS: Final = {"B10", "G02"}
"""Who asks only when, or to whom a no means that it takes longer."""
SAID: Final = {
    "F06": ("fail back all the same?", "before the administrator of {machine} has fixed its boot"),
    "F07": ("or its job is Failed", "note what they show", "with what was noted", "Create a support request"),
    "G07": ("Firmware EFI", "wait until its Status is Protected", "then > Commit"),
    "G08": ("process server {process_server}",),
    "B14": ("enlarges the LUN of {object}", "once {object} has room"),
    "N01": ("> Address space", "Local network gateways > + Create", "Gateway type VPN", "names the public address"),
    "N02": ("from configuration server {configuration_server}",),
    "R17": ("the one that", "> Compute shows > Move"),
    "R28": ("presents the LUN of {asked_datastore} to {host}", "Rescan Storage"),
    "R02": ("write to its owner, and ask for a yes", "only if there is none, or not each of these owners said yes"),
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


def test_nothing_that_needs_a_yes_is_done_because_nobody_said_no() -> None:
    assert [(rule, step) for rule, steps in STEPS.items() for step in steps if "owner said no" in step] == []


def test_no_command_needs_a_program_that_many_machines_lack() -> None:
    texts = {rule: (*STEPS.get(rule, ()), proof.seen_by) for rule, proof in PROOFS.items()}
    assert [(rule, text) for rule, each in texts.items() for text in each if re.search(r"(?:`|; |do )nc ", text)] == []


@pytest.mark.parametrize("rule", ["T04", "T09"])
def test_a_new_lun_has_the_size_that_the_estate_tells(rule: str) -> None:
    assert any("{lun_size}" in step for step in STEPS[rule])


def test_the_size_of_a_lun_is_that_of_all_machines_on_the_datastore_and_some_room() -> None:
    disks = (Disk(size_gib=60), Disk(size_gib=25))
    store = Datastore("gold", kind="NFS")
    machines = {
        name: VirtualMachine(name, os=OsFamily.LINUX, datastore="gold", disks=disks) for name in ("web-01", "web-02")
    }
    estate = Estate(link=Link(bandwidth_mbit_per_s=100), virtual_machines=machines, datastores={"gold": store})
    assert others_of(estate, "web-01", Choices(), "gold")["lun_size"].startswith("200 GiB (")
    good = replace(estate, datastores={"gold": replace(store, kind="VMFS")})
    assert others_of(good, "web-01", Choices(), "gold")["lun_size"] == ""


@pytest.mark.parametrize(
    ("read_only", "proposed"), [((), "silver"), (("silver",), "bronze"), (("silver", "bronze"), "")]
)
def test_another_datastore_is_the_roomiest_that_the_host_may_write(read_only: tuple[str, ...], proposed: str) -> None:
    free_gib = {"gold": 900.0, "silver": 500.0, "bronze": 100.0}
    stores = {name: Datastore(name, free_gib=free) for name, free in free_gib.items()}
    vm = VirtualMachine("web-01", os=OsFamily.LINUX, datastore="gold", disks=(Disk(size_gib=60),))
    estate = Estate(
        link=Link(bandwidth_mbit_per_s=100),
        virtual_machines={"web-01": vm},
        datastores=stores,
        hosts={"esx": Host("esx", datastores=tuple(stores), read_only_datastores=read_only)},
        master_targets={"mt": MasterTarget("mt", os=OsFamily.LINUX, host="esx", datastore="gold")},
    )
    assert others_of(estate, "web-01", Choices(master_target="mt"), "gold")["other_datastore"] == proposed
