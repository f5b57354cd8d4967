"""A step says where it is done and is told up to what closes it; who does it follows from where it is done."""

import re
from itertools import chain
from typing import Final

import pytest

from failback.reprotect import PERSONS, PROOFS, STEPS, filled, who_looks, with_helpers, with_prover
from failback.reprotect.requirements.cases import CASES, decided

OPENS: Final = re.compile(
    r"Edit Settings > Add New Device|> Re-protect >|> Customize: (?:take|move)|> \+ vCenter|> Add Account|Create port"
)
"""Where a dialog opens: what is entered there counts only once it is closed."""
CLOSED: Final = re.compile(
    r"> (?:OK|Save|Finish|Yes|Run|Add|Create|Register|Disconnect|remove)\b|Re-protect: the dialog"
)
FIRST: Final = "VMware administrator (vCenter and ESXi)"


def sentences(rule: str) -> list[str]:
    return [part for step in STEPS[rule] for part in decided(step).split("; only if")]


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_a_dialog_that_is_opened_is_closed(rule: str) -> None:
    assert [step for step in sentences(rule) if OPENS.search(step) and not CLOSED.search(step)] == []


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_no_step_and_no_proof_speaks_of_a_file_without_its_name(rule: str) -> None:
    texts = (*STEPS[rule], PROOFS[rule].seen_by)
    assert [text for text in texts if re.search(r"\bin the file\b|\binto the file\b|ESTATE\.yaml", text)] == []


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_a_proof_is_seen_and_not_asked_for(rule: str) -> None:
    assert not re.search(r"\bask\b|\bconfirms?\b", PROOFS[rule].seen_by)


IN_A_MACHINE: Final = re.compile(r"Launch Web Console[^;]*, and sign in|> Launch Web Console, sign in: setup64")


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_who_opens_a_console_does_not_sign_in_there_too(rule: str) -> None:
    assert [step for step in sentences(rule) if IN_A_MACHINE.search(step)] == []


@pytest.mark.parametrize("rule", sorted(rule for rule in STEPS if rule[0] in "ABFG"))
def test_who_signs_in_to_a_server_does_not_act_in_the_portal_in_the_same_step(rule: str) -> None:
    both = [step for step in sentences(rule) if "cspsconfigtool >" in step and "Azure portal" in step]
    assert both == []


def test_inside_a_protected_machine_its_administrator_acts() -> None:
    told = with_helpers(
        FIRST, ["vSphere client > m > Launch Web Console", "in that console, sign in to m as its administrator: `dir`"]
    )
    assert told == f"{FIRST} for step 1; administrator of m for step 2"
    several = with_helpers(FIRST, ["sign in to m as its administrator: `dir`; do the same for n"])
    assert several == "administrator of each machine"


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_where_no_case_is_known_its_condition_does_not_stick_to_the_word_before(rule: str) -> None:
    words = "|".join(map(re.escape, chain.from_iterable(CASES.values())))
    texts = [decided(text) for text in (*STEPS[rule], *PROOFS[rule])]
    assert [text for text in texts if re.search(rf"[\w`)}}](?:{words}): |(?:{words}):  ", text)] == []


def test_an_owner_is_asked_by_somebody() -> None:
    told = who_looks(["application owner"], ["m"], {})
    assert re.match(r"Azure administrator .*, who asks the owner of the application on m$", told)


def test_who_looks_at_two_places_is_two_persons_with_their_steps() -> None:
    told = who_looks(["VMware administrator", "administrator of m", "administrator of n"], ["m", "n"], {})
    assert told == "VMware administrator (vCenter and ESXi) for step 1; administrator of each machine for steps 2 and 3"
    assert who_looks(["network team"] * 2, ["m"], {}) == PERSONS["network team"]


def test_who_does_a_step_follows_from_where_it_is_done() -> None:
    steps = [
        "sign in to cs by Remote Desktop, in PowerShell as administrator: `dir`",
        "only if it fails: the network team opens TCP 443",
        "sign in to web in Azure, and copy it",
        "vSphere client > box > Power > Power On",
    ]
    told = with_helpers(FIRST, steps)
    assert [re.sub(r" \(.*\)", "", part) for part in told.split("; ")] == [
        "server administrator for step 1",
        "network team for step 2",
        "owner of the application on web for step 3",
        "VMware administrator for step 4",
    ]


INSIDE: Final = re.compile(r"cspsconfigtool|, as root|/usr/local/ASR|by Remote Desktop|on its console")
"""What is done inside a server of ours: no role of the portal signs in there."""


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_what_is_done_inside_a_server_is_the_server_administrators(rule: str) -> None:
    names = {"machine": "web-01", "configuration_server": "cs-01", "master_target": "mt-01", "process_server": "ps-01"}
    for windows in (True, False):
        cases = {"target_windows": windows, "object_windows": windows, "windows": windows, "other_server": False}
        for step in (filled(step, names, cases) for step in STEPS[rule]):
            acts = re.sub(r"^(?:only )?if [^:]*: |on the router|the PASSPHRASE that on .* prints", "", step)
            if INSIDE.search(acts) and not re.search(r"in Azure|as its administrator|\[", acts):
                assert with_helpers("Azure administrator", [step]).startswith("server administrator"), step


def test_the_condition_of_a_step_does_not_say_who_does_it() -> None:
    step = "only if Azure portal > Recovery Services vault does not list it: on cs, cspsconfigtool > Add Account"
    assert with_helpers(FIRST, [step]).startswith("server administrator")
    assert with_helpers("network team", ["only if Azure portal > Disks lists one: wait"]).startswith("Azure")


def test_who_sees_the_proof_is_named_where_it_is_nobody_who_acts() -> None:
    network, azure = PERSONS["network team"], PERSONS["Azure administrator"]
    assert (
        with_prover(network, "on mt `nc -zv cs 443` shows succeeded", ())
        == f"{network}; server administrator for the proof"
    )
    assert with_prover(network, "Azure portal > Disks: none; an email or ticket from Ada", ()).endswith(
        "; Azure administrator for the proof"
    )
    assert with_prover(azure, "Azure portal > Disks: none", ()) == azure
    assert with_prover(azure, "after the return, on web `lsblk` shows it", ("web",)) == azure


@pytest.mark.parametrize("rule", sorted(PROOFS))
def test_a_dialog_that_is_opened_to_look_says_how_it_is_closed(rule: str) -> None:
    seen = PROOFS[rule].seen_by
    opened = re.findall(r"> Re-protect[^;¦\]]*", seen)
    assert [place for place in opened if not re.search(r"\(close (?:it )?with (?:X|Cancel)\)|before OK", place)] == []


def test_who_signs_in_to_azure_on_an_appliance_is_the_azure_administrator() -> None:
    logins = [step for step in filled_steps("A02") if "> Login >" in step]
    assert logins
    assert {with_helpers(FIRST, [step]).partition(" (")[0] for step in logins} == {"Azure administrator"}
    assert not [step for step in filled_steps("A02") if "Deploy OVF" in step and "Login" in step]


def filled_steps(rule: str) -> list[str]:
    cases = {"too_big": False, "busy": False, "other_server": False}
    both = ({**cases, "queues": queues} for queues in (True, False))
    return [step for case in both for step in (filled(step, None, case) for step in STEPS[rule]) if step]


@pytest.mark.parametrize("rule", ["M06", "A09"])
def test_disks_that_moved_with_their_server_are_told_apart_by_uuid_and_each_case_has_its_end(rule: str) -> None:
    names = {"object": "mt", "all_machines": "web-01,db-01", "own_datastore": "gold", "estate_file": "site.yaml"}
    steps = [filled(step, names, {"target_windows": False}) for step in STEPS[rule]]
    told = " ".join(steps)
    for said in (
        "SERIAL",
        "`Get-VM mt,web-01,db-01 | Get-HardDisk",
        "belongs to none: leave it there",
        "storage only > gold",
    ):
        assert said.casefold() in told.casefold()
    assert "datastore cluster: that cluster > Configure > VM Overrides" in steps[-1]
    assert "DRS automation level: Override, Manual" not in told.replace("Storage DRS", "")


def test_a_rehearsal_says_what_to_wait_for_and_what_to_do_if_the_return_is_tonight() -> None:
    asked, clicked, tonight = STEPS["F09"][1:]
    assert "a yes in writing" in asked
    assert clicked.count("wait until") == 2
    assert "if the return is tonight" in tonight
