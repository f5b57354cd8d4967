"""The table of checks, and how a file goes through it."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from failback.scenarios.files.yaml_source import KeyPath, Mistake

from .answers import a_remedy_has_no_port, a_rule_is_not_an_id, an_answer_contradicts_itself, an_answer_has_no_question
from .applications import a_machine_serves_two_applications, an_application_is_unknown, an_application_waits_for_itself
from .doubtful import (
    a_deleted_machine_runs_in_azure,
    a_mac_address_is_there_twice,
    a_machine_that_is_gone_has_facts_of_one_that_is_there,
    a_part_is_in_another_vcenter_than_its_datastore,
    a_vcenter_has_nothing,
    there_are_more_consistent_points_than_points,
)
from .fact_words import a_word_is_unknown
from .faults import a_fault_lacks_a_field, a_fault_names_no_task
from .groups import a_group_has_two_architectures, a_group_is_mixed, a_machine_is_in_two_groups
from .machines import (
    a_disk_is_larger_than_its_datastore,
    a_machine_has_no_disk,
    a_phase_is_not_of_the_architecture,
    a_phase_says_nothing_to_that,
    a_physical_server_is_a_machine_on_site,
    an_architecture_lacks_a_part,
    no_machine,
)
from .names import a_list_has_a_name_twice, a_name_is_empty, a_name_is_taken, a_name_is_unfit, a_name_looks_like_another
from .numbers import (
    a_duration_is_unknown,
    a_number_is_out_of_range,
    a_time_zone_is_unknown,
    the_start_has_no_offset,
    the_start_is_far_away,
)
from .people import a_gate_has_the_name_of_ours, nobody_is_there_to_fail_back
from .places import (
    a_datastore_has_more_free_than_it_holds,
    a_datastore_is_read_only_and_not_mounted,
    a_host_does_not_mount_that,
)
from .plans import (
    a_freeze_has_no_length,
    a_recovery_plan_is_too_large,
    a_wave_closes_before_it_opens,
    a_wave_closes_before_its_turn,
    a_wave_seeds_at_the_wrong_time,
    an_item_is_in_two_waves,
    an_item_is_planned_twice,
    the_goals_are_not_connected,
)
from .references import a_name_refers_to_nothing, a_retention_drive_is_nowhere, a_tier_is_nowhere, an_account_is_nowhere
from .subject import Check, Subject
from .together import (
    a_machine_fails_back_with_two,
    an_entry_is_planned_twice,
    an_entry_spans_two_waves,
    an_entry_splits_a_group,
    the_order_is_not_that_of_a_recovery_plan,
)
from .unusual import a_disk_changes_faster_than_it_can, a_number_is_unusual, the_start_is_unusual

CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        a_name_is_empty,
        a_name_is_unfit,
        a_name_is_taken,
        a_name_looks_like_another,
        a_list_has_a_name_twice,
        a_name_refers_to_nothing,
        a_retention_drive_is_nowhere,
        an_account_is_nowhere,
        a_tier_is_nowhere,
        an_application_is_unknown,
        an_application_waits_for_itself,
        a_machine_serves_two_applications,
        an_answer_has_no_question,
        a_rule_is_not_an_id,
        a_remedy_has_no_port,
        an_answer_contradicts_itself,
        a_number_is_out_of_range,
        the_start_has_no_offset,
        a_time_zone_is_unknown,
        the_start_is_far_away,
        a_duration_is_unknown,
        no_machine,
        a_machine_has_no_disk,
        a_disk_is_larger_than_its_datastore,
        a_host_does_not_mount_that,
        a_datastore_is_read_only_and_not_mounted,
        a_datastore_has_more_free_than_it_holds,
        a_physical_server_is_a_machine_on_site,
        a_phase_is_not_of_the_architecture,
        a_phase_says_nothing_to_that,
        a_word_is_unknown,
        a_group_is_mixed,
        a_group_has_two_architectures,
        a_machine_is_in_two_groups,
        an_architecture_lacks_a_part,
        a_recovery_plan_is_too_large,
        an_item_is_planned_twice,
        an_item_is_in_two_waves,
        a_machine_fails_back_with_two,
        an_entry_spans_two_waves,
        an_entry_is_planned_twice,
        an_entry_splits_a_group,
        a_freeze_has_no_length,
        a_wave_closes_before_it_opens,
        a_wave_closes_before_its_turn,
        a_wave_seeds_at_the_wrong_time,
        the_goals_are_not_connected,
        nobody_is_there_to_fail_back,
        a_gate_has_the_name_of_ours,
        a_fault_lacks_a_field,
        a_fault_names_no_task,
    )
}
"""The table: each check by its name, which is the mistake it finds."""
QUESTIONS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        a_number_is_unusual,
        a_disk_changes_faster_than_it_can,
        the_start_is_unusual,
        the_order_is_not_that_of_a_recovery_plan,
        a_part_is_in_another_vcenter_than_its_datastore,
        a_vcenter_has_nothing,
        a_mac_address_is_there_twice,
        a_machine_that_is_gone_has_facts_of_one_that_is_there,
        a_deleted_machine_runs_in_azure,
        there_are_more_consistent_points_than_points,
    )
}
"""What is asked about a file without a mistake: it can be so, and hardly is."""
LEFT_TO_RULES: Final = frozenset({"a_group_is_mixed", "an_architecture_lacks_a_part"})
"""Checks of what is a rule as well (R06; R01, R02, M01, A01): for who judges by the rules, no mistake of the file."""


def lint(
    subject: Subject, mistake: Callable[[KeyPath, str], Mistake], leave: Collection[str] = frozenset()
) -> tuple[Mistake, ...]:
    """All mistakes that the table's checks find, in the table's order; `mistake` knows the lines.

    `leave` names checks that are left out, because somebody else says the same (`LEFT_TO_RULES`).
    """
    checks = (check for name, check in CHECKS.items() if name not in leave)
    return tuple(mistake(path, message) for check in checks for path, message in check(subject))


def questions(subject: Subject, mistake: Callable[[KeyPath, str], Mistake]) -> tuple[Mistake, ...]:
    """All that is asked about, in the table's order."""
    return tuple(mistake(path, message) for check in QUESTIONS.values() for path, message in check(subject))
