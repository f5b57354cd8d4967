"""A step says where it is done and is told up to what closes it; who does it follows from where it is done."""

import re
from collections.abc import Iterator
from itertools import chain, product
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
    assert "datastore cluster: vSphere client > Storage > that cluster > Configure > VM Overrides" in steps[-1]
    assert "DRS automation level: Override, Manual" not in told.replace("Storage DRS", "")


def test_a_rehearsal_says_what_to_wait_for_and_what_to_do_if_the_return_is_tonight() -> None:
    asked, clicked, tonight = STEPS["F09"][1:]
    assert "a yes in writing" in asked
    assert clicked.count("wait until") == 2
    assert "if the return is tonight" in tonight


CASE: Final = re.compile(r"\[\[(\w+)\?")
NAMES: Final = {"host": "esx", "own_host": "esx", "owner": "the owner of web-01", "machine": "web-01", "object": "it"}


def told(rule: str) -> Iterator[str]:
    """Every step of the rule, in every combination of the cases that its steps tell apart."""
    cases = sorted({case for step in STEPS[rule] for case in CASE.findall(step)})
    for holds in product((True, False), repeat=len(cases)):
        known = dict(zip(cases, holds, strict=True))
        yield from dict.fromkeys(filter(None, (filled(step, NAMES, known) for step in STEPS[rule])))


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_no_step_leaves_its_condition_to_the_one_before(rule: str) -> None:
    """Behind `only if the owner says no`, a step `then Stop` read alone is an order to everybody."""
    assert [step for step in told(rule) if step.startswith("then ")] == []


ASIDE: Final = re.compile(r"\([^()]*\)|`[^`]*`|\b(?:name[sd]?|with|from) [^;>]*")
ACT: Final = re.compile(
    r"(?:^|; |, then |: )(?:then )?((?:vSphere client|PowerCLI|Azure portal|sign in to|in the backup software"
    r"|the network team|the storage administrator|in \S+\.yaml|on \S+, as (?:root|administrator))[^;]*)"
)


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_a_step_has_the_acts_of_one_person_alone(rule: str) -> None:
    for step in told(rule):
        acts = ACT.findall(
            ASIDE.sub("", re.sub(r"^only if [^:]*: ", "", step)).replace("Refresh Server", f"{PORTAL}it")
        )
        persons = {with_helpers(FIRST, [act]).partition(" (")[0] for act in acts}
        assert len(persons) <= 1, (step, persons)


PORTAL: Final = "Azure portal > "
GROWS: Final = re.compile(
    r"Edit Settings > the hard disk of that size|enlarge the last hard disk|enlarges the LUN|presents? an empty LUN"
)
SCANS: Final = re.compile(r"device/rescan|Rescan (?:Disks|Storage)")


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_storage_that_grew_or_is_new_is_scanned_afterwards(rule: str) -> None:
    steps = list(STEPS[rule])
    for n, step in enumerate(steps):
        assert not GROWS.search(step) or any(SCANS.search(after) for after in steps[n + 1 :]), step


@pytest.mark.parametrize("rule", ["R24", "M12", "T04", "T09"])
def test_the_vault_learns_of_a_new_datastore_by_a_refresh(rule: str) -> None:
    known = {"classic": True, "other_datastore": False, "other_server": False, "raw": False, "gone": True}
    steps = [filled(step, NAMES, known) for step in STEPS[rule]]
    made = max(n for n, step in enumerate(steps) if re.search("Mount Datastore|New Datastore", step))
    assert any("> Refresh Server" in step for step in steps[made + 1 :])


@pytest.mark.parametrize("rule", ["N04", "A05", "A06", "R23", "R31"])
def test_the_way_out_of_azure_is_opened_by_whom_its_network_belongs_to(rule: str) -> None:
    known = {"classic": rule != "A06", "server_in_azure": True}
    steps = [filled(step, NAMES, known) for step in STEPS[rule]]
    assert "Azure network administrator" in with_helpers(FIRST, steps)


def test_whether_a_machine_stays_off_is_looked_at_twice() -> None:
    assert "> Summary: Powered Off, and 15 minutes later still" in PROOFS["R33"].seen_by
    steps = " ".join(STEPS["R33"])
    assert "only if the copy in Azure counts" in steps
    assert "only if the copy on site counts" in steps


NEW: Final = re.compile(r"New Virtual Machine|\+ Process server")


@pytest.mark.parametrize("rule", sorted(rule for rule, steps in STEPS.items() if NEW.search(" ".join(steps))))
def test_the_vault_learns_of_a_new_server_by_a_refresh(rule: str) -> None:
    known = {"other_server": False, "other_process_server": False, "no_release": False, "physical_target": True}
    steps = [filled(step, NAMES, {**known, "server_clash": True, "machine_clash": False}) for step in STEPS[rule]]
    made = max(n for n, step in enumerate(steps) if NEW.search(step))
    assert any("> Refresh Server" in step for step in steps[made + 1 :])


@pytest.mark.parametrize("rule", ["78022", "806", "78093", "A19", "P07", "P08", "R02", "R09", "R31"])
def test_where_all_was_started_and_it_still_does_not_work_somebody_is_asked(rule: str) -> None:
    steps = [filled(step, NAMES, {"other_server": False}) for step in STEPS[rule]]
    assert any(re.match("only if .*: Azure portal > Help", step) for step in steps[-2:])


def test_a_physical_master_target_is_replaced_and_nobody_waits_for_its_discovery() -> None:
    known = {"physical_target": True, "other_server": True, "classic": True}
    steps = list(filter(None, (filled(step, NAMES, known) for step in STEPS["M14"])))
    assert [step.partition(":")[0] for step in steps] == ["at the reprotect of web-01"]


@pytest.mark.parametrize("rule", sorted(STEPS))
def test_what_has_to_be_so_is_said_before_the_click_and_not_within_its_field(rule: str) -> None:
    assert [step for step in told(rule) if re.search(r"> Re-protect > [^>(]*, if [^>]*> OK", step)] == []


def test_who_does_not_know_the_uuid_of_a_disk_finds_its_file_in_the_backup() -> None:
    steps = [filled(step, NAMES, {"raw": False, "classic": True}) for step in STEPS["T03"]]
    assert any(step.startswith("only if nobody knows that UUID") and "fileName" in step for step in steps)
    assert "backup administrator for steps 2" in with_helpers(FIRST, steps)
