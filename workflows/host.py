"""What this office lends the engine: its handlers, the objects `case` and `standard`, functions over its calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.office import Office
from engine.feel import FeelType
from engine.host import Context, Duty, FeelFunction, Host, InsideHandler
from engine.json_values import JsonValue
from engine.model import ProcessInstance
from workflows.casework.advice.commands import withdraw_for_ended_tasks
from workflows.casework.case_reading import case_on
from workflows.casework.case_shape import expression_objects
from workflows.casework.correspondence import Execute
from workflows.casework.county import COUNTY_REGION, GROUPS, is_place
from workflows.casework.days import day_of_figures, local_day
from workflows.casework.distribution.duties import LOOK_EVERY, TAKE_BACK_EVERY, GiveOutTasks, TakeBackTasks
from workflows.casework.examining import examine
from workflows.casework.finding import LOOK_EVERY as FINDING_EVERY
from workflows.casework.finding import RenewSearches
from workflows.casework.mail.duties import FORGET_EVERY, ForgetOldDigests, SendDigests
from workflows.casework.mail.duties import LOOK_EVERY as MAIL_EVERY
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import guard_task
from workflows.casework.programmes.cancelling import let_case_go_on
from workflows.connectors.ports import Agencies, Insurer, MailServer, MessageGateway
from workflows.form_texts import english_texts
from workflows.handlers import (
    advice,
    allowance,
    benefits,
    bills,
    check_objections,
    circumstances,
    clock,
    conference,
    conference_items,
    deaths,
    decision_letters,
    decisions,
    documents,
    intake,
    job_offers,
    means_check,
    new_standard,
    orders,
    paper_letters,
    pauses,
    payments,
    price_link,
    public_notice,
    recoveries,
    referrals,
    relief,
    results,
    schemes,
    single_persons,
    spot_checks,
    status_ends,
    surveys,
    terms,
    window,
    winter,
)
from workflows.handlers.outside import AskAgency, PushMedicalStatus, SendNotice, SendObjectionAnswers
from workflows.playing.duties import ForgetUntouchedPlays
from workflows.rules.calendar import WorkingCalendar
from workflows.rules.host_functions import host_functions

INSIDE: Mapping[str, InsideHandler[CaseworkUnitOfWork]] = {
    handler.__name__: handler
    for handler in (
        intake.issue_correction_notice,
        intake.accept_application,
        intake.decline_application,
        intake.record_authorisations,
        intake.register_kin,
        means_check.start_means_check,
        means_check.record_agency_answer,
        means_check.compile_check_report,
        means_check.conclude_check_report,
        means_check.tell_findings,
        check_objections.read_check_report,
        check_objections.read_report_objection,
        check_objections.ask_disputed_sources,
        check_objections.settle_report_objection,
        check_objections.remind_of_withdrawal,
        check_objections.await_consent,
        check_objections.close_for_withdrawal,
        referrals.open_referrals,
        referrals.open_referrals_at_once,
        referrals.open_urgent_referral,
        referrals.send_referral,
        referrals.record_returned_referral,
        referrals.reroute_referral,
        referrals.record_referral_result,
        referrals.open_next_referral,
        referrals.open_added_referral,
        referrals.find_added_referrals,
        pauses.pause_referral,
        pauses.resume_referral,
        job_offers.record_job_offer,
        job_offers.notify_refusals,
        window.join_housing_queue,
        window.record_satisfaction,
        bills.record_medical_status,
        bills.look_up_medical_status,
        bills.record_medical_bill,
        terms.record_term_grants,
        terms.list_term_grants,
        terms.pay_term_grants,
        results.issue_result_notice,
        benefits.grant_benefit,
        allowance.compare_benefit,
        allowance.change_benefit,
        allowance.plan_recheck,
        allowance.check_benefit,
        allowance.tell_decider,
        allowance.start_recheck_plan,
        allowance.recognise_status,
        allowance.check_recognition,
        status_ends.tell_status_end,
        status_ends.read_status_end,
        status_ends.record_status_end,
        status_ends.end_dependent_aid,
        single_persons.open_single_entry,
        circumstances.record_household_facts,
        circumstances.draw_county_sample,
        circumstances.record_minutes,
        decision_letters.issue_decision_notice,
        decision_letters.issue_hearing_notice,
        decision_letters.issue_expiry_notice,
        decisions.record_decision,
        decisions.record_decision_service,
        documents.issue_document,
        paper_letters.record_letter_delivery,
        paper_letters.remind_of_letter,
        results.close_case,
        clock.pause_clock,
        clock.resume_clock,
        clock.request_extension,
        clock.decide_extension,
        relief.register_relief_claim,
        relief.record_relief_payment,
        relief.record_relief_file,
        schemes.list_active_schemes,
        schemes.end_replaced_benefits,
        schemes.read_disability_cards,
        schemes.grant_scheme,
        schemes.read_scheme,
        schemes.change_scheme,
        schemes.start_follow_up,
        surveys.record_survey,
        surveys.count_survey,
        surveys.record_appraisal,
        public_notice.prepare_public_notice,
        public_notice.record_notice_posted,
        public_notice.gather_objections,
        public_notice.answer_objections,
        public_notice.reopen_notice,
        public_notice.close_notice,
        public_notice.record_notice_removed,
        payments.prepare_roster,
        payments.record_roster_step,
        payments.send_payment_batch,
        payments.read_bank_answer,
        payments.correct_accounts,
        price_link.record_price_index,
        price_link.list_price_persons,
        price_link.grant_price_subsidy,
        price_link.close_price_link,
        new_standard.list_standard_lines,
        new_standard.next_standard_lines,
        new_standard.keep_standard_preview,
        new_standard.decide_standard,
        new_standard.apply_standard_lines,
        recoveries.read_recovery,
        recoveries.set_fine_limits,
        recoveries.issue_recovery_hearing,
        recoveries.decide_recovery,
        recoveries.plan_instalments,
        recoveries.check_instalments,
        deaths.lift_payment_hold,
        deaths.count_overpaid,
        deaths.open_recovery,
        deaths.recover_overpaid,
        orders.record_order_answer,
        orders.accept_order_answer,
        orders.return_order_answer,
        orders.remind_of_order,
        orders.escalate_order,
        spot_checks.record_spot_check,
        spot_checks.order_correction,
        spot_checks.keep_findings,
        conference.close_issues,
        conference.lock_agenda,
        conference.call_off_meeting,
        conference.record_meeting,
        conference.return_minutes,
        conference.issue_minutes,
        conference.record_report_up,
        conference_items.record_item_progress,
        conference_items.close_item,
        conference_items.return_item,
        conference_items.remind_of_item,
        conference_items.order_item,
        conference_items.assign_problem,
        conference_items.record_problem_answer,
        conference_items.tell_problem_overdue,
        conference_items.settle_problem,
        winter.start_winter_towns,
        winter.warn_winter_town,
        winter.report_winter_town,
        winter.return_winter_town,
        winter.confirm_winter_town,
        winter.draw_winter_plan,
        winter.grant_winter_relief,
        winter.drop_winter_plan,
        winter.list_winter_town,
        winter.record_winter_town_notice,
        winter.record_winter_publication,
        advice.record_advice,
        advice.return_advice,
    )
}
OUTSIDE_NAMES = ("ask_agency", "send_notice", "push_medical_status", "send_objection_answers")
OFFICE = Office(groups=GROUPS, job_types=frozenset((*INSIDE, *OUTSIDE_NAMES)))
"""Who works in this county and what its service tasks do, to check a diagram against without a house."""

FUNCTION_NAMES = tuple(host_functions(WorkingCalendar(days=())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Connectors:
    """The outside as the county reaches it."""

    agencies: Agencies
    gateway: MessageGateway
    insurer: Insurer
    mail: MailServer | None = None  # None: nobody is told anything by mail
    pages: str | None = None  # where the pages are reached, as it stands in mails


def build_host(connectors: Connectors, *, execute: Execute) -> Host[CaseworkUnitOfWork]:
    """Return the host of this office.

    `execute` runs a command as the system in a transaction of its own: jobs read and write through it.
    """
    return Host(
        inside=INSIDE,
        outside={
            "ask_agency": AskAgency(execute=execute, agencies=connectors.agencies),
            "send_notice": SendNotice(execute=execute, gateway=connectors.gateway),
            "push_medical_status": PushMedicalStatus(execute=execute, insurer=connectors.insurer),
            "send_objection_answers": SendObjectionAnswers(execute=execute, gateway=connectors.gateway),
        },
        roots=CaseRoots,
        root_names=frozenset(CaseRoots.NAMES),
        objects=object_types,
        functions=calendar_functions,
        guard=guard_task,
        examine=examine,
        tasks_over=withdraw_for_ended_tasks,
        cancelled=let_case_go_on,
        form_texts=english_texts,
        duties=_duties(connectors, execute),
        groups=GROUPS,
        region=COUNTY_REGION,
        is_place=is_place,
    )


def _duties(connectors: Connectors, execute: Execute) -> tuple[Duty, ...]:
    without_mail = (
        Duty(some=GiveOutTasks(execute=execute), every=LOOK_EVERY),
        Duty(some=TakeBackTasks(execute=execute), every=TAKE_BACK_EVERY),
        Duty(some=ForgetOldDigests(execute=execute), every=FORGET_EVERY),
        Duty(some=RenewSearches(execute=execute), every=FINDING_EVERY),
        Duty(some=ForgetUntouchedPlays(execute=execute), every=FORGET_EVERY),
    )
    if connectors.mail is None:
        return without_mail
    digests = SendDigests(execute=execute, server=connectors.mail, pages=connectors.pages)
    return (*without_mail, Duty(some=digests, every=MAIL_EVERY, is_aside=True))


class CaseRoots(Mapping[str, JsonValue]):
    """`case` and `standard` of an instance, read when an expression names them, again only after a change.

    The case is the one whose number is the instance's business key; an instance of no case sees null.
    """

    NAMES = ("case", "standard")

    def __init__(self, context: Context[CaseworkUnitOfWork], instance: ProcessInstance) -> None:
        self._context = context
        self._instance = instance
        self._number = instance.business_key
        self._read_at: tuple[int, int] | None = None
        self._values: dict[str, JsonValue] = {}

    def __getitem__(self, name: str) -> JsonValue:
        """Return the object of a name."""
        if name not in self.NAMES:
            raise KeyError(name)
        revision = (self._context.unit_of_work.cases.revision, self._context.unit_of_work.referrals.revision)
        if revision != self._read_at:
            self._values, self._read_at = {}, revision
        if name not in self._values:
            self._values[name] = self._case_file() if name == "case" else self._standard()
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        """Say whether there is such an object, without reading it."""
        return name in self.NAMES

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self.NAMES)

    def __len__(self) -> int:
        """Count the names."""
        return len(self.NAMES)

    def _case(self) -> Case | None:
        return self._context.unit_of_work.cases.by_number(self._number)

    def _case_file(self) -> JsonValue:
        case = self._case()
        if case is None:
            return None
        return case_on(self._context.unit_of_work, case, local_day(self._context.now()))

    def _standard(self) -> JsonValue:
        case = self._case()
        is_its_own = case is not None and case.process_instance_id in (None, self._instance.id)
        accepted_on = case.accepted_on if case is not None and is_its_own else None
        day = day_of_figures(accepted_on, local_day(self._context.now()))
        return dict(self._context.unit_of_work.policy.parameters_on(day))


def object_types(context: Context[CaseworkUnitOfWork]) -> Mapping[str, FeelType]:
    """Return the types of `case` and `standard`, which has the parameters of policy in force today."""
    return expression_objects(context.unit_of_work.policy.parameters_on(local_day(context.now())))


def calendar_functions(context: Context[CaseworkUnitOfWork]) -> Mapping[str, FeelFunction]:
    """Return the functions over the county's calendar, which is read when one of them is called."""

    def lazily(name: str) -> FeelFunction:
        def call(*arguments: object) -> object:
            functions: Mapping[str, FeelFunction] = host_functions(context.unit_of_work.policy.calendar())
            return functions[name](*arguments)

        return call

    return {name: lazily(name) for name in FUNCTION_NAMES}
