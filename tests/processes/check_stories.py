"""What happens in an economic check, told by answers to the shipped forms."""

from __future__ import annotations

from tests.processes.office import Office, at, case_of, member

MEANS = {
    "monthly_income": 2000,
    "income_per_capita": 667,
    "assets": 9000,
    "has_vehicle": False,
    "complete": True,
    "wages": [],
}
RICH = MEANS | {"assets": 86000}


def household(**facts):
    """A household of two that applied on 2026-09-14."""
    people = [member(1, authorised=True), member(2, authorised=True)]
    return case_of(people, received_on="09-14", accepted_on="2026-09-14", **facts)


def unsigned():
    """The household, of whom one has not consented."""
    people = [member(1, authorised=True), member(2, authorised=False)]
    return case_of(people, received_on="09-14", accepted_on="2026-09-14")


def consent_missing_and_obtained():
    office = Office(unsigned(), now=at("09-14"), agencies=("bank",), means=MEANS).start("verification")
    rows = office.shown("Task_RenewAuthorisations")["authorisations"]
    assert office.shown("Task_RenewAuthorisations")["unauthorised_count"] == 1
    office.do("Task_RenewAuthorisations", authorisations=rows, consent_refused="no")
    office.do("Task_RenewAuthorisations", authorisations=signed(rows), consent_refused="no")
    office.finish("Service_AskAgency", answer={"status": "hit", "assets": 9000})
    office.do("Task_ReviewReport", review="usable")
    return office


def signed(rows):
    """Return the rows of a form once everybody has signed."""
    return [row | {"authorised": "yes", "signed_on": "2026-09-14"} for row in rows]


def consent_refused():
    """A member refuses to sign; the check waits for what becomes of the case."""
    office = Office(unsigned(), now=at("09-14"), agencies=("bank",), means=MEANS).start("verification")
    rows = office.shown("Task_RenewAuthorisations")["authorisations"]
    refusal = {"consent_refused": "yes", "authorisation_note": "不同意查询存款"}
    office.do("Task_RenewAuthorisations", authorisations=rows, **refusal)
    return office


def consent_refused_and_the_case_ended():
    office = consent_refused()
    office.hear("case_finished", "JZ-1")
    return office


def consent_refused_and_given_after_all():
    office = consent_refused()
    office.case["members"][1]["authorised"] = True
    office.hear("authorisation_restored", "JZ-1")
    office.finish("Service_AskAgency", answer={"status": "hit", "assets": 9000})
    office.do("Task_ReviewReport", review="usable")
    return office


def consent_refused_when_sources_are_asked_again():
    office = Office(unsigned(), now=at("09-15"), agencies=("bank",), means=MEANS)
    office.start("report_objection", objection_id="O1", objected_report_id="B1")
    office.do("Task_AssessObjection", assessment="admit", assessment_reason="凭证与项目有关")
    rows = office.shown("Task_RenewAuthorisations")["authorisations"]
    office.do("Task_RenewAuthorisations", authorisations=rows, consent_refused="no")
    office.do("Task_RenewAuthorisations", authorisations=rows, consent_refused="yes")
    return office


def consent_missing_when_sources_are_asked_again():
    office = Office(unsigned(), now=at("09-15"), agencies=("bank",), means=MEANS)
    office.start("report_objection", objection_id="O1", objected_report_id="B1")
    office.do("Task_AssessObjection", assessment="admit", assessment_reason="凭证与项目有关")
    rows = office.shown("Task_RenewAuthorisations")["authorisations"]
    office.do("Task_RenewAuthorisations", authorisations=signed(rows), consent_refused="no")
    office.finish("Service_AskAgency", answer={"status": "hit", "assets": 36000})
    return office


def checked(*, means=MEANS, agencies=("bank",), desks=()):
    """Start a check."""
    office = Office(household(), now=at("09-14"), agencies=agencies, desks=desks, means=means)
    return office.start("verification")


def agencies_fail_and_a_report_is_supplemented():
    office = checked(agencies=("tax", "bank", "vehicle"), means=MEANS | {"complete": False})
    office.throw("Service_AskAgency", "WRONG_ANSWER")
    office.throw("Service_AskAgency", "REFUSED")
    office.wait_until(at("09-22"))
    answers = {"as_of": "2026-09-15", "monthly_income": 2000, "has_vehicle": "no"}
    assert office.shown("Task_EnterAnswer")["failure"] == "wrong_answer"
    office.do("Task_EnterAnswer", answer_kind="data", **answers)
    office.do("Task_EnterAnswer", answer_kind="no_data", no_data_reason="拒绝提供")
    assert office.shown("Task_EnterAnswer")["failure"] == "overdue"
    office.do("Task_EnterAnswer", answer_kind="no_data", no_data_reason="逾期")
    office.do("Task_ReviewReport", review="supplement", supplement_request="租房合同")
    office.do("Task_SupplementEvidence", supplement="租金每月 500")
    office.do("Task_ReviewReport", review="usable", proceed_reason="一家银行未答复，不影响结论")
    return office


def answers_by_file_and_on_paper():
    office = checked(agencies=("bank", "securities", "court"), desks=("court",))
    assert office.shown("Task_EnterAnswer")["failure"] == "desk"
    office.hear("agency_answered", "Q-bank", answer={"status": "hit", "assets": 9000})
    office.wait_until(at("09-22"))
    office.hear("agency_answered", "Q-securities", answer={"status": "no_hit"})
    office.do("Task_EnterAnswer", answer_kind="no_data", no_data_reason="来函答复无记录")
    office.do("Task_ReviewReport", review="usable")
    return office


def over_a_limit_then_objected_to_then_late():
    office = checked(means=RICH)
    office.finish("Service_AskAgency", answer={"status": "hit", "assets": 86000})
    assert office.conclusion == "over"
    assert office.shown("Task_ReviewReport")["conclusion"] == "over"
    office.hear("report_objected", "B1")
    assert office.open() == []
    office.version, office.means, office.conclusion = 2, MEANS, "within"
    office.hear("report_settled", "B1")
    assert office.shown("Task_ReviewReport")["report_version"] == 2
    office.version = 3
    office.hear("report_superseded", "B2")
    assert office.shown("Task_ReviewReport")["report_version"] == 3
    office.do("Task_ReviewReport", review="usable")
    return office


def objected(assessment, *, means=MEANS):
    """An objection that somebody looked into."""
    office = Office(household(), now=at("09-15"), agencies=("bank",), means=means)
    office.start("report_objection", objection_id="O1", objected_report_id="B1")
    office.do("Task_AssessObjection", assessment=assessment, assessment_reason="凭证与项目有关")
    return office


def objection_answered_by_a_new_version():
    office = objected("admit")
    office.finish("Service_AskAgency", answer={"status": "hit", "assets": 36000})
    return office


def objection_dismissed():
    return objected("dismiss")


def late(*, means=RICH):
    """An answer after its day."""
    office = Office(household(), now=at("09-28"), means=means)
    return office.start("late_answer", late_agency="bank", superseded_report_id="B1")


def late_answer_over_a_limit_told():
    office = late()
    office.do("Task_RecheckLateAnswer", recheck="tell", recheck_note="超过限额")
    return office


def late_answer_over_a_limit_kept():
    office = late()
    office.do("Task_RecheckLateAnswer", recheck="keep", recheck_note="当事人已说明")
    return office


def late_answer_without_effect():
    return late(means=MEANS)


def consent_withdrawn():
    """A member takes the consent back."""
    office = Office(household(), now=at("09-16"))
    return office.start("withdrawn_authorisation", person=2)


def consent_restored_in_time():
    office = consent_withdrawn()
    office.hear("authorisation_restored", "JZ-1")
    return office


def consent_restored_before_the_decision():
    office = consent_withdrawn()
    office.wait_until(at("09-24"))
    office.hear("authorisation_restored", "JZ-1")
    return office


def consent_stays_withdrawn():
    office = consent_withdrawn()
    office.wait_until(at("09-24"))
    office.do("Task_DecideWithdrawal", withdrawal_decision="wait")
    office.wait_until(at("10-13"))
    office.do("Task_DecideWithdrawal", withdrawal_decision="terminate", withdrawal_note="家庭不同意核对")
    return office


WHOLE = (
    agencies_fail_and_a_report_is_supplemented,
    answers_by_file_and_on_paper,
    over_a_limit_then_objected_to_then_late,
    objection_answered_by_a_new_version,
    objection_dismissed,
    consent_missing_and_obtained,
    consent_missing_when_sources_are_asked_again,
    consent_refused_and_the_case_ended,
    consent_refused_and_given_after_all,
    consent_refused_when_sources_are_asked_again,
    late_answer_over_a_limit_told,
    late_answer_over_a_limit_kept,
    late_answer_without_effect,
    consent_restored_in_time,
    consent_restored_before_the_decision,
    consent_stays_withdrawn,
)
