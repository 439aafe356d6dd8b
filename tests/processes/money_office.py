"""Stand-ins for what handlers keep of money, as docs/reference/service-tasks.md promises it."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.rules.calendars import COUNTY
from workflows.casework.parameters import TEST_PARAMETERS

HEARING_DAYS = next(each.value for each in TEST_PARAMETERS if each.key == "hearing_days")
MONEY_STEPS = {
    "prepare_roster", "record_roster_step", "send_payment_batch", "read_bank_answer", "correct_accounts",
    "record_price_index", "list_price_persons", "grant_price_subsidy", "close_price_link",
    "list_standard_lines", "next_standard_lines", "keep_standard_preview", "decide_standard", "apply_standard_lines",
    "read_recovery", "set_fine_limits", "issue_recovery_hearing", "decide_recovery", "plan_instalments",
    "check_instalments", "lift_payment_hold", "count_overpaid", "open_recovery",
    "start_winter_towns", "warn_winter_town", "report_winter_town", "return_winter_town", "confirm_winter_town",
    "draw_winter_plan", "grant_winter_relief", "drop_winter_plan", "list_winter_town", "record_winter_town_notice",
    "record_winter_publication",
}  # fmt: skip
LINE = {
    "number": 1, "programme": "dibao", "persons": 3, "base": 1640, "add_ons": 324,
    "key": "dibao_standard", "old_value": 1080, "new_value": 1120,
}  # fmt: skip


class MoneyOffice:
    """Part of the county in memory: what its handlers answer about money."""

    roster_count = 1
    file_count = 1
    bank_answers: list = [{"settled": True, "paid": 1, "failures": []}]  # noqa: RUF012  (replaced, never changed)
    overpaid = 0
    winter_households = 2
    dues: list = []  # noqa: RUF012  (replaced, never changed)
    pages_left: int = 1
    applied_left: int = 1

    def _prepare_roster(self, _inputs):
        town = {"town": "昆仑街道", "lines": 1, "persons": 3, "amount": 1964}
        counted = {"count": self.roster_count, "total": 1964 * self.roster_count, "towns": [town]}
        return {"roster": counted | {"without_account": "", "held": ""}}

    def _record_roster_step(self, inputs):
        return {"batch_state": inputs["step"]}

    def _send_payment_batch(self, _inputs):
        written = "0" * 64 if self.file_count else None
        return {"checksum": written, "count": self.file_count, "total": 1964 * self.file_count}

    def _read_bank_answer(self, _inputs):
        answer, *self.bank_answers = self.bank_answers
        return answer

    def _correct_accounts(self, inputs):
        return {"corrected": len(inputs["failures"])}

    def _record_price_index(self, _inputs):
        return {"link_id": "L"}

    def _list_price_persons(self, inputs):
        return {"reached": {"households": 1, "persons": 3, "doubles": 0, "total": 3 * inputs["per_person"]}}

    def _grant_price_subsidy(self, _inputs):
        return {"granted": 1}

    def _close_price_link(self, inputs):
        return {"price_outcome": inputs["outcome"]}

    def _list_standard_lines(self, _inputs):
        return {"line_count": 2, "after": 0}

    def _next_standard_lines(self, inputs):
        return {"lines": [LINE], "page_end": inputs["after"] + 1}

    def _keep_standard_preview(self, inputs):
        self.computed = [*getattr(self, "computed", []), *inputs["computed"]]
        left, self.pages_left = self.pages_left, 0
        preview = {
            "key": "dibao_standard", "old_value": 1080, "new_value": 1120, "effective_from": "2026-07-01",
            "document": "溧政发", "benefits": 1, "old_total": 1964, "new_total": 2096, "flagged": "",
        }  # fmt: skip
        return {"after": inputs["page_end"], "left": left, "preview": preview}

    def _decide_standard(self, inputs):
        return {"change_state": "approved" if inputs["decision"] == "adopt" else "refused", "after": 0}

    def _apply_standard_lines(self, inputs):
        left, self.applied_left = self.applied_left, 0
        return {"after": inputs["after"] + 1, "left": left, "skipped": []}

    def _read_recovery(self, _inputs):
        return {"wrongly_paid": 9840, "months": 6, "from_month": "2026-05", "until_month": "2026-10"}

    def _set_fine_limits(self, inputs):
        return {"fine_least": 9840 * inputs["least_factor"], "fine_most": 9840 * inputs["most_factor"]}

    def _issue_recovery_hearing(self, _inputs):
        until = COUNTY.add_working_days(self.now.date(), HEARING_DAYS)
        return {"notice_id": "N", "hearing_until": until.isoformat()}

    def _decide_recovery(self, inputs):
        return {"owed": 0 if inputs["decision"] == "drop" else 9840 + (inputs["fine"] or 0)}

    def _plan_instalments(self, inputs):
        return self._dues(check_on=inputs["first_due_on"])

    def _check_instalments(self, _inputs):
        told, *self.dues = self.dues
        return self._dues(check_on=(self.now + timedelta(days=7)).date().isoformat()) | told

    def _dues(self, *, check_on):
        standing = {"settled": False, "overdue": 0, "outstanding": 9840}
        return standing | {"check_on": check_on, "plan": "2026-11-30 820.00"}

    def _lift_payment_hold(self, _inputs):
        return {"lifted": 1}

    def _count_overpaid(self, _inputs):
        return {"overpaid": self.overpaid}

    def _open_recovery(self, _inputs):
        return {"recovery_id": "R"}

    def _start_winter_towns(self, _inputs):
        return {"towns": 12}

    def _warn_winter_town(self, _inputs):
        return {"warned": 3}

    def _report_winter_town(self, _inputs):
        return {"town_needs": self._winter_sums()}

    def _return_winter_town(self, _inputs):
        return {"town_state": "survey"}

    def _confirm_winter_town(self, _inputs):
        return {"town_state": "confirmed"}

    def _draw_winter_plan(self, _inputs):
        return {"plan": {**self._winter_sums(), "lines": "上兴镇：2 户 5 人，2000 元"}}

    def _grant_winter_relief(self, _inputs):
        return {"granted": self._winter_sums()}

    def _drop_winter_plan(self, inputs):
        return {"winter_outcome": inputs["outcome"]}

    def _list_winter_town(self, _inputs):
        return {"town_list": "涧西村：\n  周*力，2 人，1200 元"}

    def _record_winter_town_notice(self, _inputs):
        return {"town_state": "published"}

    def _record_winter_publication(self, _inputs):
        return {"winter_outcome": "published"}

    def _winter_sums(self):
        return {"households": self.winter_households, "persons": 5, "amount": 2500, "granted": 2000}
