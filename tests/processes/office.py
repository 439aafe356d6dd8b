"""A county in memory: every shipped diagram, decision and form at work, with stand-ins for what handlers keep.

The stand-ins give back what docs/reference/service-tasks.md promises and nothing else.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from engine import feel
from engine.bpmn.reader import read
from engine.core import model
from engine.core.interpreter import run
from engine.dmn import parse as parse_decisions
from engine.expressions import FeelEvaluator
from engine.feel.analysis import Surroundings
from engine.forms import parse as parse_form
from engine.forms import validate
from tests.processes.money_office import MONEY_STEPS, MoneyOffice
from tests.processes.views import open_work
from tests.unit.rules.calendars import COUNTY
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.rules.host_functions import CHINA, host_functions

ROOT = Path(__file__).parents[2] / "workflows"
FUNCTIONS = host_functions(COUNTY)
PROCESSES = {
    process_id: process
    for path in sorted((ROOT / "bpmn").glob("*.bpmn"))
    for process_id, process in read(
        path.read_bytes(), surroundings=Surroundings(functions=frozenset(FUNCTIONS))
    ).processes.items()
}
MODELS = {
    decision: (UUID(int=number), parsed)
    for number, path in enumerate(sorted((ROOT / "dmn").glob("*.dmn")))
    for parsed in [parse_decisions(path.read_bytes())]
    for decision in parsed.decisions
}
FORMS = {path.stem: parse_form(path.read_text("utf-8")) for path in (ROOT / "forms").glob("*.form")}
STANDARD = {each.key: each.value for each in TEST_PARAMETERS}
INSIDE = {
    "issue_correction_notice", "accept_application", "decline_application", "record_authorisations",
    "start_means_check", "record_agency_answer", "compile_check_report", "conclude_check_report", "tell_findings",
    "read_check_report", "read_report_objection", "ask_disputed_sources", "settle_report_objection",
    "remind_of_withdrawal", "await_consent", "close_for_withdrawal", "open_referrals", "send_referral",
    "record_returned_referral", "reroute_referral", "record_referral_result", "issue_result_notice",
    "grant_benefit", "close_case",
    "record_decision", "record_decision_service", "recognise_status", "start_recheck_plan", "compare_benefit",
    "change_benefit", "recover_overpaid", "plan_recheck", "check_benefit", "check_recognition", "open_single_entry",
    "record_household_facts", "draw_county_sample", "record_minutes", "issue_decision_notice", "issue_hearing_notice",
    "issue_expiry_notice", "tell_status_end", "read_status_end", "record_status_end", "end_dependent_aid",
    "register_relief_claim", "record_relief_payment", "record_relief_file", "list_active_schemes",
    "end_replaced_benefits", "grant_scheme", "read_disability_cards", "start_follow_up",
    "read_scheme", "change_scheme", "open_next_referral", "open_added_referral", "find_added_referrals",
    "pause_referral", "resume_referral",
    "record_job_offer", "join_housing_queue", "record_satisfaction", "record_medical_status",
    "look_up_medical_status", "record_medical_bill", "record_term_grants", "list_term_grants", "pay_term_grants",
    "prepare_public_notice", "record_notice_posted", "gather_objections", "answer_objections", "reopen_notice",
    "close_notice", "record_notice_removed", "record_survey", "count_survey", "record_appraisal",
    "open_referrals_at_once", "register_kin", "decide_extension", "notify_refusals", "issue_document",
    "record_order_answer", "accept_order_answer", "return_order_answer", "remind_of_order", "escalate_order",
    "record_spot_check", "order_correction", "keep_findings",
    "record_advice", "return_advice", "record_letter_delivery", "remind_of_letter", "tell_decider",
    "close_issues", "lock_agenda", "call_off_meeting", "record_meeting", "return_minutes", "issue_minutes",
    "record_report_up", "record_item_progress", "close_item", "return_item", "remind_of_item", "order_item",
    "assign_problem", "record_problem_answer", "tell_problem_overdue", "settle_problem",
}  # fmt: skip


def at(day, hour=9):
    """Return a moment of 2026 in China, the day written as 09-14."""
    return datetime.combine(date.fromisoformat(f"2026-{day}"), datetime.min.time(), tzinfo=CHINA) + timedelta(
        hours=hour
    )


def member(number, **facts):
    """Return a member of the household without anything special; state only what matters."""
    plain = {
        "number": number, "relation": "self" if number == 1 else "other", "age": 40, "sex": "female",
        "labour_capacity": "full", "employment": "employed", "net_monthly_wage": 0, "other_monthly_income": 0,
        "basic_pension": 0, "school_stage": "none", "grade": None, "disability_kind": "none", "disability_level": 0,
        "serious_illness": False, "presence": "home", "authorised": False,
        "card_expires_on": None, "failed_self_care": [],
    }  # fmt: skip
    return plain | facts


def case_of(members, *, received_on, **facts):
    """Return a case file as expressions see it."""
    household = {
        "size": len(members), "tenure": "owned", "own_area": 90, "settlement": "town", "dangerous_dwelling": False,
        "monthly_rent": 0, "assets_declared": 0, "has_vehicle": False,
        "yearly_spending": {"medical": 0, "education": 0, "rehabilitation": 0}, **facts.pop("household", {}),
    }  # fmt: skip
    papers = ["application_form", "identity_papers", "authorisation", "truth_promise", "bank_account"]
    return {
        "number": "JZ-1", "region": "320481001", "channel": "window", "received_on": f"2026-{received_on}",
        "accepted_on": None, "due_on": None, "recognised_status": "none", "needs": [], "documents": papers,
        "household": household, "members": members, "means": None, "supporters": [], "event": None, "bills": [],
        "referrals": [],
    } | facts  # fmt: skip


class Office(MoneyOffice):
    """One process instance in a county with a clock; people, agencies and time act by the methods."""

    def __init__(self, case, *, now, agencies=("tax",), desks=(), means=None):
        self.case, self.now = case, now
        self.definitions = _Shipped()
        self.agencies, self.means = agencies, means
        self.benefit = {"base": 1640, "add_ons": 324, "amount": 1964, "persons": [1, 2, 3], "count": 3}
        self.benefit_state, self.holds, self.sampled = "in_payment", True, False
        self.stopped_before = False
        self.agencies, self.desks, self.means = agencies, desks, means
        self.version, self.conclusion, self.survey_counts = 0, None, False
        self.snapshot = None
        self.facts = []
        self.calls = []
        self.notices = 0
        self.active, self.disabled, self.duplicates, self.granted_this_year = [], [], [], 0
        self.renewed, self.pushes, self.units = False, [], []
        self.refusals = 0
        self.added_open = 0  # how often something referred on the way is still unanswered
        self.unanswered = []  # how many objections came meanwhile, for each answer

    # ---- what happens

    def start(self, process_id, **variables):
        self.run(model.Start(definition=process_id, variables={"caseId": "case-1", **variables}))
        return self

    def start_by(self, event, process_id, **variables):
        """Begin where a message, signal or timer starts the process."""
        given = {"caseId": "case-1", **variables}
        self.run(model.Start(definition=process_id, variables=given, start_event=event, event=given))
        return self

    def do(self, task, turn=None, **answers):
        """Complete a user task through its form; what the form would refuse fails the test."""
        key = self._key(task, turn)
        opened = self.task(key)
        cleaned = validate(FORMS[opened.form_id], answers, data=opened.variables, settings=self._settings())
        assert cleaned.errors == (), [f"{each.path}: {each.message_en}" for each in cleaned.errors]
        self.run(model.CompleteWork(key=key, variables=cleaned.values))

    def run_task(self, task, **results):
        """Complete a user task that has no form."""
        self.run(model.CompleteWork(key=self._key(task), variables=results))

    def finish(self, job, **results):
        """Complete every open job of an element."""
        for key in self._keys(job):
            self.run(model.CompleteWork(key=key, variables=results))

    def hear(self, name, key=None, **variables):
        """Let a message arrive for whoever in this instance waits for it, whatever its key if none is named."""
        waiting = [each for one in self.snapshot.instances for each in one.subscriptions if each.kind == "message"]
        found = [each for each in waiting if each.name == name and key in (None, each.correlation_key)]
        assert found, f"nobody waits for {name} {key}; open are {[(one.name, one.correlation_key) for one in waiting]}"
        self.run(model.Trigger(subscription=found[0].key, variables=variables))

    def throw(self, job, code):
        """End a job in a BPMN error."""
        self.run(model.ThrowError(key=self._key(job), code=code))

    def wait_until(self, moment):
        """Let time pass; timers fire in their order."""
        while due := sorted((each.due, each.key) for each in self._timers() if each.due <= moment):
            self.now = max(self.now, due[0][0])
            self.run(model.Trigger(subscription=due[0][1]))
        self.now = max(self.now, moment)

    def run(self, command):
        """Run a command, then deliver every notice: its job is always the same."""
        outcome = run(self.snapshot, command, self._environment())
        self.snapshot = outcome.snapshot
        self.facts.extend(outcome.facts)
        for fact in outcome.facts:
            assert not isinstance(fact, model.IncidentRaised), f"{fact.element}: {fact.reason}"
        for fact in outcome.facts:
            if isinstance(fact, model.JobOpened) and fact.type == "send_notice":
                self.notices += 1
                self.run(model.CompleteWork(key=fact.key, variables={"delivered": True, "channel": "sms"}))

    # ---- what can be seen

    @property
    def is_done(self):
        return self.snapshot is None

    def open(self):
        """Return the open user tasks and jobs, by element id."""
        return sorted(self._instance(key).element for key in self._work())

    def due(self, task):
        """Return the day by which a task is to be done."""
        return self.task(self._key(task)).due.astimezone(CHINA).date().isoformat()[5:]

    def task(self, key):
        return next(each for each in reversed(self.facts) if isinstance(each, model.UserTaskOpened) and each.key == key)

    def shown(self, task):
        """Return the variables a user task's form is filled with."""
        return self.task(self._key(task)).variables

    def properties(self, task):
        """Return what is drawn on a user task for those who guard it."""
        return self.task(self._key(task)).properties

    def passed(self):
        """Return how often each element completed and each flow was taken."""
        return Counter(each.element for each in self.facts if isinstance(each, model.Left | model.FlowTaken))

    def called(self, job_type):
        """Return the inputs of every call of a handler, in order."""
        return [variables for each, variables in self.calls if each == job_type]

    def variables(self):
        return self.facts[-1].variables

    # ---- the stand-ins

    def runs_inside(self, job_type):
        return job_type in INSIDE or job_type in MONEY_STEPS

    def call(self, call):
        self.calls.append((call.type, call.variables))
        answer = getattr(self, f"_{call.type}", None)
        return answer(call.variables) if answer else {"notice_id": f"N{len(self.calls)}"}

    def _register_relief_claim(self, _inputs):
        return {"claim_id": "K", "duplicates": self.duplicates, "granted_this_year": self.granted_this_year}

    def _record_relief_payment(self, _inputs):
        due = COUNTY.add_working_days(self.now.date(), STANDARD["temporary_makeup_days"])
        return {
            "paid_on": self.now.date().isoformat(),
            "make_up_due_on": due.isoformat(),
            "duplicates": self.duplicates,
        }

    def _record_relief_file(self, _inputs):
        return {"made_up_on": self.now.date().isoformat()}

    def _recover_overpaid(self, _inputs):
        return {"overpaid": 0}

    def _list_active_schemes(self, _inputs):
        drawn = [{"benefit_id": f"B-{each}", "programme": each, "case_number": "JZ-0"} for each in self.active]
        return {"active": self.active, "benefits": drawn}

    def _end_replaced_benefits(self, inputs):
        return {"ended": [f"B-{inputs['programme']}"], "last_month": f"{self.now:%Y-%m}"}

    def _grant_scheme(self, inputs):
        return self._grant_benefit(inputs)

    def _read_disability_cards(self, _inputs):
        return {"disabled": self.disabled}

    def _read_scheme(self, _inputs):
        referral = {"id": "Z1", "number": "JZ-1-01", "need": "care", "programme": "tekun", "unit_kind": "civil_affairs"}
        sums = {"base": 1512, "add_ons": 498, "amount": 2010}
        return {"scheme": {"referral": referral | {"process_id": "extremely_poor_support"}} | sums}

    def _change_scheme(self, _inputs):
        return {"from_month": f"{self.now.year}-{self.now.month + 1:02d}"}

    def _start_follow_up(self, inputs):
        return {"followed_by": inputs["process_id"]}

    def _prepare_public_notice(self, _inputs):
        today = self.now.date().isoformat()
        texts = {"notice_text": "公示", "notice_proposal": "拟给予救助", "notice_amount": "每月1,964元"}
        return {"notice_id": "N", "notice_number": "GS01", "prepared_on": today, **texts}

    def _record_notice_posted(self, _inputs):
        return {"posted": True}

    _reopen_notice = _record_notice_posted

    def _gather_objections(self, _inputs):
        return {"objections": [{"id": "O1", "number": "YY01", "text": "名下有店铺"}]}

    def _answer_objections(self, _inputs):
        return {"unanswered": self.unanswered.pop(0) if self.unanswered else 0}

    def _close_notice(self, inputs):
        return {"notice_outcome": inputs["outcome"]}

    def _record_notice_removed(self, inputs):
        return {"removed_on": inputs["taken_down_on"]}

    def _record_survey(self, _inputs):
        return {"survey_id": "S"}

    def _issue_document(self, inputs):
        return {"document_id": "D", "document_number": f"{inputs['kind']} 001", "document_version": 1}

    def _count_survey(self, _inputs):
        self.version += self.survey_counts
        return {
            "report_id": f"B{self.version}",
            "report_version": self.version,
            "counted": self.survey_counts,
        }

    def _notify_refusals(self, _inputs):
        return {"benefit_id": "B" if self.benefit_state == "in_payment" else None}

    def _record_appraisal(self, inputs):
        is_valid = len(inputs["appraisal"]["participants"]) >= STANDARD["appraisal_people_least"]
        fault = None if is_valid else "人数不足"
        supported = inputs["appraisal"]["votes_for"] > inputs["appraisal"]["votes_against"]
        return {"appraisal_valid": is_valid, "appraisal_fault": fault, "appraisal_id": "P", "supported": supported}

    def _open_referrals_at_once(self, inputs):
        return {"referrals": [self._referral(each, number) for number, each in enumerate(inputs["at_once"], 1)]}

    def _register_kin(self, inputs):
        return {"registered": len(inputs["kin"])}

    def _record_order_answer(self, _inputs):
        return {"answered_on": self.now.date().isoformat()}

    def _record_advice(self, _inputs):
        return {"answered_on": self.now.date().isoformat()}

    def _return_advice(self, _inputs):
        return {"returned_on": self.now.date().isoformat()}

    def _close_issues(self, _inputs):
        return {"issues": [{"no": 1, "unit": "教育局", "title": "名单比对", "text": "请提供名单", "place": "agenda"}]}

    def _lock_agenda(self, inputs):
        rows = [each for each in inputs["rows"] if each["place"] == "agenda"]
        return {"agenda": [{"no": each["no"], "title": each["title"], "outcome": "decided"} for each in rows]}

    def _record_meeting(self, inputs):
        major = [each["text"] for each in inputs["rows"] if each.get("is_major")]
        due = COUNTY.add_working_days(date.fromisoformat(inputs["held_on"]), STANDARD["conference_minutes_days"])
        lists = {"decided_list": "1. 完成名单比对", "major_list": "；".join(major) or None}
        return {**lists, "minutes_due_on": due.isoformat()}

    def _call_off_meeting(self, _inputs):
        return {"called_off": True}

    def _return_minutes(self, _inputs):
        return {"returned": True}

    _return_item = _return_minutes

    def _issue_minutes(self, _inputs):
        return {"document_number": "溧救纪〔2026〕001"}

    def _record_report_up(self, _inputs):
        return {"reported": True}

    def _record_item_progress(self, _inputs):
        return {"recorded_on": self.now.date().isoformat()}

    def _close_item(self, _inputs):
        return {"closed_on": self.now.date().isoformat()}

    def _remind_of_item(self, _inputs):
        return {"reminded": True}

    def _order_item(self, _inputs):
        return {"order_number": "溧督〔2026〕1号"}

    def _assign_problem(self, inputs):
        if inputs["decision"] != "assign":
            return {"due_on": None, "answering_group": None}
        due = COUNTY.add_working_days(self.now.date(), STANDARD["conference_problem_days"])
        return {"due_on": due.isoformat(), "answering_group": f"{inputs['unit_kind']}/clerk"}

    def _record_problem_answer(self, _inputs):
        return {"answered_on": self.now.date().isoformat()}

    def _tell_problem_overdue(self, _inputs):
        return {"told": True}

    def _settle_problem(self, inputs):
        return {"settled": inputs["is_settled"]}

    def _accept_order_answer(self, _inputs):
        return {"closed_on": self.now.date().isoformat()}

    def _remind_of_order(self, _inputs):
        return {"reminded": True}

    def _escalate_order(self, _inputs):
        return {"escalated": True}

    def _record_spot_check(self, inputs):
        found = {row["severity"] for row in inputs["checklist"] if row["verdict"] == "finding"}
        return {"severity": next((one for one in ("severe", "serious", "minor") if one in found), "none")}

    def _order_correction(self, _inputs):
        return {"order_number": "溧督〔2026〕1号"}

    def _keep_findings(self, _inputs):
        return {"order_number": None}

    def _return_order_answer(self, _inputs):
        return {"due_on": COUNTY.add_working_days(self.now.date(), STANDARD["order_return_days"]).isoformat()}

    def _decide_extension(self, _inputs):
        return {"due_on": None}

    def _issue_correction_notice(self, _inputs):
        due = COUNTY.add_working_days(self.now.date(), STANDARD["correction_days"])
        return {"notice_id": "N", "correction_due_on": due.isoformat()}

    def _accept_application(self, _inputs):
        self.case["accepted_on"] = self.now.date().isoformat()
        due = COUNTY.add_working_days(self.now.date(), STANDARD["total_days"])
        accepted_on = self.case["accepted_on"]
        return {"accepted_on": accepted_on, "receipt_number": "R", "due_on": due.isoformat(), "notice_id": "N"}

    def _record_authorisations(self, inputs):
        for stated in inputs["authorisations"]:
            next(each for each in self.case["members"] if each["number"] == stated["number"])["authorised"] = stated[
                "authorised"
            ]
        missing = [each["number"] for each in self.case["members"] if not each["authorised"]]
        return {"all_authorised": not missing, "unauthorised": missing}

    def _start_means_check(self, _inputs):
        if not all(each["authorised"] for each in self.case["members"]):
            raise model.BpmnError("AUTHORISATION_MISSING", "somebody has not consented")
        deadline = COUNTY.add_working_days(self.now.date(), STANDARD["agency_answer_days"])
        asked = [
            {
                "agency": each,
                "title": each,
                "request_id": f"Q-{each}",
                "channel": "desk" if each in self.desks else "exchange",
            }
            for each in self.agencies
        ]
        return {"agencies": asked, "check_deadline": deadline.isoformat()}

    _ask_disputed_sources = _start_means_check

    def _record_agency_answer(self, inputs):
        return {"answer_status": inputs["answer"]["status"]}

    def _compile_check_report(self, _inputs):
        self.case["means"] = self.means | {"needs_explanation": self.means.get("needs_explanation", False)}
        self.version += 1
        return {"report_id": f"B{self.version}", "means": self.means}

    def _conclude_check_report(self, inputs):
        self.conclusion = inputs["findings"]["conclusion"]
        return {"conclusion": self.conclusion, "report_version": self.version, "summary": ""}

    def _tell_findings(self, _inputs):
        until = COUNTY.add_working_days(self.now.date(), STANDARD["report_objection_days"])
        return {"notice_id": "N", "objection_until": until.isoformat()}

    def _read_check_report(self, _inputs):
        read = {"report_id": f"B{self.version}", "report_version": self.version, "means": self.means}
        return read | {"conclusion": self.conclusion, "summary": ""}

    def _read_report_objection(self, _inputs):
        return {"report_version": 1, "disputed": "银行", "grounds": "账户已销户", "evidence": "销户凭证"}

    def _await_consent(self, _inputs):
        return {"unauthorised": [each["number"] for each in self.case["members"] if not each["authorised"]]}

    def _tell_decider(self, _inputs):
        return {"told": True}

    def _remind_of_withdrawal(self, _inputs):
        until = COUNTY.add_working_days(self.now.date(), STANDARD["withdrawal_reminder_days"])
        return {"notice_id": "N", "remind_until": until.isoformat()}

    def _open_referrals(self, inputs):
        return {"referrals": [self._referral(each, number) for number, each in enumerate(inputs["confirmed"], 1)]}

    def _send_referral(self, inputs):
        shared = {each["fact"]: each["value"] for each in inputs["facts"]}
        titles = "、".join(each["title"] for each in inputs["facts"])
        return {"sent_on": self.now.date().isoformat(), "shared": shared | {"titles": titles}}

    def _record_returned_referral(self, _inputs):
        return {"returned_on": self.now.date().isoformat()}

    def _reroute_referral(self, inputs):
        return {"referral": self._referral(inputs, 9)}

    def _open_next_referral(self, inputs):
        return {"referral": self._referral(inputs, 8), "earlier_outcome": inputs["earlier_outcome"]}

    def _record_letter_delivery(self, _inputs):
        return {"recorded": True}

    def _remind_of_letter(self, _inputs):
        return {"reminded": True}

    def _open_added_referral(self, inputs):
        return {"referral": self._referral(inputs, 7)}

    def _find_added_referrals(self, _inputs):
        self.added_open -= 1
        return {"added_open": self.added_open >= 0}

    def _pause_referral(self, _inputs):
        return {"paused_on": self.now.date().isoformat()}

    def _resume_referral(self, _inputs):
        return {"resumed_on": self.now.date().isoformat()}

    def _record_job_offer(self, inputs):
        self.refusals = 0 if inputs["resets"] else self.refusals + inputs["counts"]
        reached = inputs["counts"] and self.refusals == inputs["limit"]
        return {"refusals_in_row": self.refusals, "refusal_days": ["2026-07-06"], "limit_reached": reached}

    def _join_housing_queue(self, inputs):
        return {"result": {"way": "public_rental", "queue_number": 7, "priority": inputs["priority"]}}

    def _record_satisfaction(self, _inputs):
        return {"call_id": "C"}

    def _record_medical_status(self, _inputs):
        return {"persons": len(self.case["members"])}

    def _look_up_medical_status(self, _inputs):
        settled = {"in_scope": 0, "insurance": 0, "critical_illness": 0, "aid": 0}
        return {"status": "dibao", "year": settled}

    def _record_medical_bill(self, _inputs):
        return {"bill_id": "B"}

    def _record_term_grants(self, inputs):
        return {"grant_count": len(inputs["grants"])}

    def _list_term_grants(self, _inputs):
        row = {"case_number": "JZ-1", "number": 2, "school_stage": "primary", "on_roll": "yes"}
        return {"pupils": [row | {"grant_id": "G1", "amount": 750}, row | {"grant_id": "G2", "amount": 1000}]}

    def _pay_term_grants(self, inputs):
        paid = [each for each in inputs["pupils"] if each["on_roll"] == "yes"]
        return {"paid": len(paid), "unmatched": len(inputs["pupils"]) - len(paid)}

    def _record_referral_result(self, _inputs):
        return {"decided_on": self.now.date().isoformat()}

    def _grant_benefit(self, _inputs):
        month = self.now.month % 12 + 1
        return {"benefit_id": "D", "start_month": f"{self.now.year + self.now.month // 12}-{month:02d}"}

    def _record_decision(self, inputs):
        return {"decision_id": f"D{len(self.calls)}", "decision_number": "溧民救〔2026〕001"}

    def _record_decision_service(self, _inputs):
        return {"remedies": getattr(self, "remedies", [])}

    def _recognise_status(self, inputs):
        day = inputs["valid_from"] or self.now.date().isoformat()
        until = None if inputs["months"] is None else f"{int(day[:4]) + 1}{day[4:]}"
        return {"recognition_id": "A", "valid_from": day, "valid_until": until}

    def _start_recheck_plan(self, _inputs):
        return {"planned": True}

    def _compare_benefit(self, inputs):
        if self.benefit_state == "ended":
            raise model.BpmnError("BENEFIT_NOT_PAID", "the benefit has ended by next month")
        by_work = any(each["net_monthly_wage"] for each in self.case["members"])
        current = self.benefit | {"from_month": "2026-10", "suspended": self.benefit_state == "suspended"}
        return {"current": current, "difference": inputs["amount"] - self.benefit["amount"], "by_work": by_work}

    def _change_benefit(self, inputs):
        ends = inputs["action"] in ("phase_out", "stop", "end")
        last, after = ("2027-03", "2027-04-01") if ends else (None, None)
        return {"from_month": "2026-10", "last_month": last, "amount": 0, "status_from": after}

    def _plan_recheck(self, inputs):
        return {"recheck_due_on": (self.now + timedelta(days=30 * int(inputs["months"]))).date().isoformat()}

    def _check_benefit(self, _inputs):
        return {"benefit_state": self.benefit_state}

    def _check_recognition(self, _inputs):
        return {"holds": self.holds, "renewed": self.renewed}

    def _read_status_end(self, _inputs):
        return {"ended": self.holds, "pushes": self.pushes, "units": self.units}

    def _tell_status_end(self, _inputs):
        return {"told_cases": 1}

    def _end_dependent_aid(self, inputs):
        until = date.fromisoformat(inputs["ended_from"]) - timedelta(days=1)
        return {"aid_until": until.isoformat(), "stopped_before": self.stopped_before}

    def _record_status_end(self, inputs):
        return {"persons": len(inputs["persons"])}

    def _open_single_entry(self, _inputs):
        return {"linked_case": "JZ-2"}

    def _record_household_facts(self, inputs):
        for told in inputs["members"]:
            member_of = next(each for each in self.case["members"] if each["number"] == told["number"])
            member_of.update(told)
        home = [each for each in self.case["members"] if each["presence"] == "home"]
        self.case["household"]["size"] = len(home)
        names = ("net_monthly_wage", "other_monthly_income", "basic_pension")
        income = sum(each[name] for each in home for name in names)
        self.case["means"] = (self.case["means"] or self.means) | {"monthly_income": income}
        return {"means": self.case["means"], "report_id": "B1"}

    def _draw_county_sample(self, _inputs):
        return {"sampled": self.sampled, "kin": False}

    def _record_minutes(self, inputs):
        return {"minutes_id": "M", "decision": inputs["decision"], "amount": inputs["amount"]}

    def _issue_hearing_notice(self, _inputs):
        until = COUNTY.add_working_days(self.now.date(), STANDARD["hearing_days"])
        return {"notice_id": "N", "hearing_until": until.isoformat()}

    def _close_case(self, _inputs):
        return {"closed_on": self.now.date().isoformat()}

    def _referral(self, proposal, number):
        names = ("need", "programme", "unit_kind", "process_id")
        return {"id": f"Z{number}", "number": f"JZ-1-0{number}"} | {each: proposal[each] for each in names}

    # ---- inside

    def _environment(self):
        roots = {"case": self.case, "standard": STANDARD}
        evaluator = FeelEvaluator(
            settings=self._settings(), roots=roots, decisions=lambda decision_id, *_: MODELS[decision_id]
        )
        return model.Environment(now=self.now, definitions=self.definitions, evaluator=evaluator, handlers=self)

    def _settings(self):
        return feel.Settings(now=self.now, functions=FUNCTIONS)

    def _work(self):
        return [] if self.is_done else list(open_work(self.snapshot, self.definitions).work)

    def _instance(self, key):
        return next(each for each in self.snapshot.instances if each.key == key)

    def _keys(self, element):
        found = [key for key in self._work() if self._instance(key).element == element]
        assert found, f"{element} is not open; open are {self.open()}"
        return found

    def _key(self, element, turn=None):
        return self._keys(element)[turn or 0]

    def _timers(self):
        instances = () if self.is_done else self.snapshot.instances
        return [each for one in instances for each in one.subscriptions if each.kind == "timer"]


class _Shipped:
    """All shipped processes, each in its one version."""

    def get(self, definition):
        return PROCESSES[definition]

    def called(self, process_id, *, caller, binding, version_tag):
        return process_id
