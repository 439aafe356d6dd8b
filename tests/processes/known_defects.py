"""Defects that a study found in the run time of SpiffWorkflow 3.2.0, and the test that keeps each of them away.

A row is a defect and where it is tested: `case:` a conformance case, `lint:` a finding that refuses the diagram (with a
sample in tests/unit/bpmn/samples.py), else a test by its file and name. `test_known_defects.py` checks that all exist.
"""

from __future__ import annotations

ELEMENTS = {
    "a task of no type waits for a human": "case: none task and script pass through",
    "two timers at one event gateway share one due time": "case: event gateway with two timers",
    "the events behind an event gateway are not listed as waiting": "case: WCP-16 Deferred Choice",
    "an event sub-process begins together with its process": "case: esp message interrupts the process",
    "an interrupting event sub-process interrupts nothing": "case: esp timer in a sub-process interrupts it, "
    "flow goes on behind it",
    "a process waits for an unfired event sub-process": "case: esp timer unfired does not hold the process",
    "an event sub-process listens at the top level only": "case: esp on two nested scopes: inner takes the error, "
    "outer the message",
    "an event sub-process changes the shared definition": "test_traps.py::"
    "test_an_event_sub_process_leaves_no_trace_in_other_instances_of_the_definition",
    "an error or escalation start is taken for a none start": "case: esp error catches from a nested scope",
    "one sub-process id in two processes is refused": "test_known_defects.py::"
    "test_two_documents_may_use_one_id_for_different_sub_processes",
    "a transaction runs without compensation": "lint: unsupported-element",
    "the order of an ad-hoc sub-process is ignored": "test_workflow_patterns.py::"
    "test_what_the_table_says_cannot_be_drawn_is_refused",
    "a condition on a flow out of an activity is ignored": "case: conditional flows out of an activity",
    "several flows out of an activity or event are refused": "case: several flows out of a start and a boundary event",
    "a called process without end event hangs its caller": "case: call activity: called process with implicit end",
    "a process without end event is never marked as completed": "case: implicit end",
    "what cannot be reached is dropped silently": "lint: unreachable",
    "a data store is accepted without meaning": "lint: unsupported-element",
}
EVENTS = {
    "a non-interrupting message boundary fires once only": "case: boundary message, not interrupting, again and again",
    "a thrown timer is accepted": "lint: event-definition-not-supported",
    "a signal end event sends nothing": "case: signal end reaches a waiting branch and the outside",
    "a signal that is caught inside is not sent out": "case: signal end reaches a waiting branch and the outside",
    "compensation events do nothing": "case: compensation throw runs the handler of what completed, then goes on",
    "the token at a link event vanishes": "case: link events",
    "several definitions in one event are run somehow": "lint: several-event-definitions",
    "an error is caught at a sibling": "case: error is not caught by a sibling: incident at the error end",
    "an error that nothing catches ends as if all were well": "case: error is not caught by a sibling: "
    "incident at the error end",
    "a named and a catch-all boundary both catch one error": "test_traps.py::"
    "test_a_named_error_beside_a_catch_all_is_caught_once",
    "escalations take no precedence": "test_known_defects.py::"
    "test_an_escalation_goes_to_the_nearest_scope_a_named_code_before_any_and_then_its_event_sub_process_first",
    "a failing worker cannot end in an error of the diagram": "test_service_tasks.py::"
    "test_a_bpmn_error_of_an_inside_handler_takes_the_boundary_event",
    "findings have no line and only the first is told": "../unit/bpmn/test_lint.py::"
    "test_all_mistakes_are_found_at_once_with_element_name_and_line",
    "a wrong reference is a crash": "lint: dangling-reference",
}
EXPRESSIONS = {
    "code in a diagram runs": "test_known_defects.py::test_code_in_an_expression_never_runs",
    "scripts in a diagram run": "lint: script-refused",
    "extensions of Camunda 7 are taken for something else": "lint: camunda-7-extension",
    "an exception with an odd argument crashes the handling of errors": "test_known_defects.py::"
    "test_a_handler_may_fail_with_any_argument",
    "a restored instance evaluates by another engine": "test_random_processes.py::"
    "test_processes_made_of_blocks_do_the_same_in_both_and_end",
}
STATE = {
    "the stored form depends on the order of keys": "test_known_defects.py::"
    "test_the_stored_form_does_not_depend_on_the_order_of_keys",
    "a variable called typename makes a case unreadable": "test_traps.py::test_variables_may_have_any_names_and_shapes",
    "an open multi-instance hangs when it meets a freshly read definition": "test_known_defects.py::"
    "test_an_open_multi_instance_goes_on_by_a_definition_that_is_read_again",
    "a change is missed by whoever saves changes only": "test_random_processes.py::"
    "test_unsound_processes_and_uncaught_errors_do_the_same_in_both_and_cancelling_leaves_nothing",
    "the versions of the stored form do not chain": "../unit/core/test_codec.py::"
    "test_another_format_is_refused_by_its_number",
    "an instance grows with its history": "test_traps.py::test_a_thousand_passes_of_a_loop_neither_stall_nor_grow",
    "a long chain breaks the reader": "test_traps.py::test_a_loop_of_more_than_a_thousand_elements_is_read_and_run",
    "many paths make the check of a diagram explode": "test_known_defects.py::"
    "test_forty_choices_in_a_row_are_checked_and_run_without_walking_every_path",
    "element ids that the library uses itself collide": "test_traps.py::test_an_element_may_have_any_id",
    "two flows between the same elements count as one": "case: two flows from one gateway straight to the join",
}
DATA = {
    "branches and history share one nested object": "test_known_defects.py::"
    "test_branches_and_history_do_not_share_nested_objects",
    "an update is lost at a join": "case: no lost update at a join",
    "lists are merged at a join": "test_known_defects.py::test_lists_are_never_merged_at_a_join",
    "a sub-process replaces all data of its parent": "case: sub-process: local input, result propagates",
    "a called process and its caller share data": "case: call activity: nothing back unless mapped",
    "behaviour depends on whether a save happened between": "test_conformance.py::"
    "test_the_core_behaves_as_the_case_says",
}
TIME_AND_MESSAGES = {
    "missed firings of a cycle come in a burst": "test_events.py::"
    "test_a_cycle_missed_in_an_outage_fires_once_and_then_on_time_again",
    "a cycle leaves something behind with every firing": "test_known_defects.py::"
    "test_a_cycle_that_fired_two_hundred_times_leaves_nothing_behind",
    "a month after the 31st is 31 days": "../unit/core/test_timers.py::test_a_duration_leads_to_its_moment",
    "naive dates take the zone the program began in": "../unit/core/test_timers.py::"
    "test_a_date_is_read_in_its_zone_or_the_zone_of_now",
    "hours are wrong over a change of clocks": "../unit/core/test_timers.py::"
    "test_days_keep_the_wall_clock_and_hours_count_exactly_over_a_change_of_clocks",
    "a negative duration is taken for a positive one": "test_known_defects.py::"
    "test_a_negative_duration_is_due_at_once_and_not_after_its_positive",
    "a timer that fails while arming is never armed": "case: incident while arming a timer on entering, "
    "corrected and retried",
    "one message triggers all that wait for its name": "test_traps.py::"
    "test_a_message_that_came_for_one_of_two_waiting_branches_triggers_only_that",
    "a thrown message takes all variables along": "test_events.py::"
    "test_a_thrown_message_takes_its_key_and_only_its_input_mappings_along",
    "a message that its own instance waits for does not leave it": "test_known_defects.py::"
    "test_a_thrown_message_leaves_the_instance_though_that_waits_for_its_name",
}
TRAPS = {
    "a parallel join in a loop goes on too early": "case: and join in a loop waits for both in pass 2",
    "an excess token destroys completed work": "case: excess token used by the second token of the other flow",
    "an excess token is lost": "case: excess token stays at the and join, instance stays active",
    "an inclusive join does not wait for a running sub-process": "case: or join waits for a running sub-process",
    "an inclusive join overlooks a token behind a merge": "case: or join behind a merge: BPMN rule per flow",
    "at depth 1000 an instance stalls and is told as completed": "test_traps.py::"
    "test_a_thousand_passes_of_a_loop_neither_stall_nor_grow",
    "deep nesting recurses": "test_traps.py::test_deeply_nested_sub_processes_end_without_recursion",
    "going back leaves removed work behind": "test_modification.py::test_a_case_is_moved_on_and_back",
    "a retry with corrected data takes the old": "case: incident in one child, corrected and retried",
    "a failed script leaves the instance neither open nor over": "test_service_tasks.py::"
    "test_a_script_that_fails_is_an_incident_and_is_evaluated_again_on_retry",
    "a failure in the middle leaves half a step": "test_failing_host.py::"
    "test_wherever_the_host_fails_the_snapshot_stays_and_the_same_command_gives_the_same",
    "a failure while leaving loses an element": "case: incident while leaving: output element of a "
    "multi-instance child",
    "the outputs of a multi-instance come in the order of completion": "case: parallel: output in input order",
    "a multi-instance fails at its second pass": "case: second pass of a loop starts a fresh output list",
    "a null item ends a sequential multi-instance": "test_traps.py::"
    "test_null_items_of_a_sequential_multi_instance_do_not_end_it",
    "a missing collection is a crash": "case: multi-instance collection missing: incident, retried",
    "a cancelled multi-instance leaves work alive": "test_known_defects.py::"
    "test_a_cancelled_multi_instance_over_sub_processes_leaves_no_work_alive",
    "two threads on one definition disturb each other": "test_traps.py::test_one_definition_serves_many_threads",
    "there is no limit to the steps of a command": "test_incidents.py::"
    "test_an_endless_loop_stops_at_the_step_limit_with_an_incident_and_nothing_lost",
}
DEFECTS = {**ELEMENTS, **EVENTS, **EXPRESSIONS, **STATE, **DATA, **TIME_AND_MESSAGES, **TRAPS}
