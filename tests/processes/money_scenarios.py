"""What happens to money, told by answers to the shipped forms: each function plays one story."""

from __future__ import annotations

from tests.processes import scenarios
from tests.processes.office import Office, at

MONTH = {"batch_number": "PAY-2026-09", "month": "2026-09"}


def county(now="09-07"):
    return Office(scenarios.family(), now=at(now))


def roster_sent(office=None):
    office = (office or county()).start("monthly_payment", **MONTH)
    office.do("Task_PrepareRoster", prepared_note="与上月比对")
    office.do("Task_CheckRoster", roster_check="wrong", send_back_note="漏一户")
    office.do("Task_PrepareRoster", prepared_note="已补")
    office.do("Task_CheckRoster", roster_check="right")
    office.do("Task_PrepareFunds", budget_line="2081901", encoding="utf-8")
    office.do("Task_ApproveFunds", funds_decision="send_back", send_back_note="科目不对")
    office.do("Task_PrepareRoster", prepared_note="已改")
    office.do("Task_CheckRoster", roster_check="right")
    office.do("Task_PrepareFunds", budget_line="2081901", encoding="gbk")
    office.do("Task_ApproveFunds", funds_decision="approve")
    return office


def everybody_is_paid():
    office = roster_sent()
    office.do("Task_DeliverBankFile", delivered_on="2026-09-07")
    assert office.is_done
    return office


def a_payment_comes_back():
    office = county()
    failure = {"case_number": "JZ-1", "amount": 1964, "failure_code": "E102", "account_tail": "0012"}
    office.bank_answers = [
        {"settled": False, "paid": 0, "failures": []},
        {"settled": True, "paid": 1, "failures": [failure | {"bank": "", "holder": "", "account": ""}]},
    ]
    roster_sent(office).do("Task_DeliverBankFile", delivered_on="2026-09-07")
    office.hear("BankReturned")
    row = failure | {"bank": "江苏农商银行", "holder": "钱国平", "account": "6229990000000000020"}
    office.do("Task_CorrectAccounts", failures=[row])
    return office


def everything_is_held_back():
    office = county()
    office.file_count = 0
    failure = {"case_number": "JZ-1", "amount": 1964, "failure_code": "户名含该编码没有的字", "account_tail": "0012"}
    office.bank_answers = [
        {"settled": True, "paid": 0, "failures": [failure | {"bank": "", "holder": "", "account": ""}]}
    ]
    roster_sent(office)
    assert office.shown("Task_CorrectAccounts")["failures"][0]["failure_code"] == failure["failure_code"]
    row = failure | {"bank": "江苏农商银行", "holder": "钱国平", "account": "6229990000000000020"}
    office.do("Task_CorrectAccounts", failures=[row])
    return office


def nothing_is_owed():
    office = county()
    office.roster_count = 0
    return office.start("monthly_payment", **MONTH)


def price_link(index, **decided):
    office = county().start("price_link", month="2026-07")
    office.do("Task_EnterPriceIndex", price_index=index, index_source="统计局月报")
    if decided:
        office.do("Task_ConfirmPriceSubsidy", **decided)
    return office


def prices_rose():
    return price_link(3.4, price_decision="grant")


def prices_rose_but_it_was_dropped():
    return price_link(5.2, price_decision="drop")


def prices_hardly_rose():
    return price_link(2.9)


def a_new_standard(decision="adopt", **more):
    office = county().start("standard_change", change_id="C")
    office.do("Task_ReviewPreview", preview_note="逐户测算无误")
    office.do("Task_DecideStandard", standard_decision=decision, **more)
    return office


def a_new_standard_is_refused():
    return a_new_standard("refuse", standard_reason="资金未落实")


def death(confirmed="yes", *, alone=True, overpaid=0):
    case = scenarios.family(accepted_on="2026-04-13", means=dict(scenarios.MEANS))
    for each in case["members"]:
        each.update(authorised=True, net_monthly_wage=2000 if each["number"] == 1 else 0)
    office = Office(case, now=at("09-07"), means=dict(scenarios.MEANS))
    office.overpaid = overpaid
    told = {"programme": "dibao", "died_on": "2026-08-20", "death_source": "火化信息"}
    office.start("death_found", benefit_id="B", member=2, alone=alone, death_id="T", **told)
    office.do("Task_ConfirmDeath", death_confirmed=confirmed, death_note="与火化证明一致")
    return office


def a_single_person_died():
    return death()


def a_single_person_died_and_was_paid():
    return death(overpaid=1080)


def somebody_is_not_dead():
    return death("no")


def a_member_died():
    office = death(alone=False)
    office.do("Task_HoldHearing", heard="waived")
    office.do("Task_DecideChange", change_decision="agree")
    return office


def recovery(cause="fraud", *, established="yes"):
    office = county("10-19")
    office.start("recovery", recovery_id="R", cause=cause, recovery_reason="隐瞒车辆")
    answers = {"act_on": "2026-10-10"} if established == "yes" else {}
    office.do("Task_EstablishRecovery", established=established, facts_found="查明", **answers)
    return office


def nothing_was_wrong():
    return recovery(established="no")


def fraud_is_forgiven():
    office = recovery()
    office.do("Task_HoldRecoveryHearing", heard="stated", statement="家庭说明")
    office.do("Task_DecideRecovery", recovery_decision="drop", recovery_note="情节轻微")
    return office


def planned():
    office = recovery()
    office.do("Task_HoldRecoveryHearing", heard="silent")
    office.do("Task_DecideRecovery", recovery_decision="recover", fine=9840, recovery_note="事实清楚")
    office.do("Task_ServeRecovery", served_on="2026-11-02", served_how="handed")
    office.do("Task_AgreeInstalments", instalments=12, first_due_on="2026-11-30")
    return office


def fraud_is_paid_back():
    office = planned()
    office.hear("RecoverySettled")
    return office


def instalments_are_chased():
    office = planned()
    office.dues = [{"overdue": 820}, {}, {"settled": True}]
    office.wait_until(at("12-02"))
    office.do("Task_ChaseInstalment", chase_note="电话催缴")
    office.wait_until(at("12-20"))
    return office


def a_letter_about_a_new_amount():
    return county().start("change_letter", notice_id="N")


STORIES = (
    everybody_is_paid,
    a_payment_comes_back,
    nothing_is_owed,
    everything_is_held_back,
    prices_rose,
    prices_rose_but_it_was_dropped,
    prices_hardly_rose,
    a_new_standard,
    a_new_standard_is_refused,
    a_letter_about_a_new_amount,
    a_single_person_died,
    a_single_person_died_and_was_paid,
    somebody_is_not_dead,
    a_member_died,
    nothing_was_wrong,
    fraud_is_forgiven,
    fraud_is_paid_back,
    instalments_are_chased,
)
