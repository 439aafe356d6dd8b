"""Somebody at a browser: signs in, reads lists, fills forms by what is written beside the fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from api.demo.county import DEMO_PASSWORD
from tests.browser.conftest import Watch
from web.label_texts import LABELS
from workflows.casework.county import TOWN_BY_REGION

RELOADS = 300
SCREEN = ViewportSize(width=1366, height=768)
FIELDS = {
    "region": "街道（镇）",
    "channel": "申请渠道",
    "recognised_status": "已认定身份",
    "remark": "备注",
    "address": "居住地址",
    "settlement": "城乡",
    "tenure": "住房性质",
    "own_area": "自有住房面积（平方米）",
    "monthly_rent": "月租金（元）",
    "assets_declared": "申报财产（元）",
    "has_vehicle": "名下有机动车",
    "name": "姓名",
    "identity_number": "身份证号码",
    "relation": "与申请人关系",
    "phone": "手机号码",
    "labour_capacity": "劳动能力",
    "employment": "就业状况",
    "school_stage": "就学阶段",
    "grade": "年级",
    "bank": "开户银行",
    "holder": "户名",
    "number": "账号",
}
"""What is written beside the fields of an application, by their names in its JSON."""
STAYS_WITHIN = "() => document.documentElement.scrollWidth <= window.innerWidth"


def open_from_menu(page: Page, menu: str, entry: str) -> None:
    """Unfold a menu of the top bar and follow one of its entries, by keys alone."""
    place = page.get_by_role("navigation", name=menu, exact=True)
    place.locator("summary").press("Enter")
    place.get_by_role("link", name=entry, exact=True).press("Enter")


class Person:
    """One member of staff with a browser profile of their own; every page they open is watched."""

    def __init__(self, browser: Browser, url: str, *, locale: str = "zh-CN") -> None:
        self.context: BrowserContext = browser.new_context(
            viewport=SCREEN, locale=locale, timezone_id="Asia/Shanghai", base_url=url
        )
        self.context.set_default_timeout(15_000)
        self.watch = Watch()
        self.context.on("page", self.watch.listen)
        self.page: Page = self.context.new_page()
        self.host = url.removeprefix("http://")
        self.refusals: set[str] = set()

    def leave(self) -> None:
        """Close the browser; what went wrong on any page is told now, but for the refusals that were expected."""
        self.context.close()
        complaints = [
            one for one in self.watch.console if not any(f"status of {code}" in one for code in self.refusals)
        ]
        told = self.watch.errors + complaints
        assert told == [], told
        assert self.watch.hosts <= {self.host}

    def sign_in(self, login: str) -> None:
        """Open the first page, be asked who one is, and answer."""
        if "/sign-in" not in self.page.url:
            self.page.goto("/")
        self.page.get_by_label(re.compile("^(登录名|Login)")).fill(login)
        self.page.get_by_label(re.compile("^(密码|Password)")).fill(DEMO_PASSWORD)
        self.page.get_by_label(re.compile("^(密码|Password)")).press("Enter")
        expect(self.page.get_by_role("button", name=re.compile("退出|Sign out"))).to_be_visible()

    def open_list(self, tab: str) -> None:
        """Go to a tab of the work list by the navigation."""
        self.page.get_by_role("navigation", name="主导航").get_by_role("link", name="工作清单").click()
        self.page.get_by_role("navigation", name="工作清单").get_by_role("link", name=tab).click()
        expect(self.page.get_by_role("navigation", name="工作清单").locator("[aria-current]")).to_contain_text(tab)
        self.is_tidy()

    def row(self, *texts: str) -> Locator:
        """The row of a list that holds all these texts."""
        rows = self.page.locator("[data-rows] tbody tr")
        for text in texts:
            rows = rows.filter(has_text=text)
        return rows

    def claim(self, case: str, task: str) -> None:
        """Find a task among those to claim, take it, and see its form ready."""
        self.open_list("待签收")
        wanted = self.row(case, task)
        for _ in range(RELOADS):  # a letter may still be on its way, and a list shows what was there when it was asked
            if wanted.count():
                break
            self.page.reload()
        wanted.get_by_role("button", name="签收").click()
        self.is_at(task)
        expect(self.page.locator("#messages")).to_contain_text(f"已签收“{task}”")

    def is_at(self, task: str) -> None:
        """See the page of this task, its form ready and nothing out of place."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(task)
        expect(self.page.locator("[data-form]")).to_have_attribute("data-ready", "true")
        self.is_tidy()

    def expect_refusal(self, status: int) -> None:
        """Say that a request of this test is to be refused; the browser writes that to its console."""
        self.refusals.add(str(status))

    def is_tidy(self) -> None:
        """See that no page is wider than the screen."""
        assert self.page.evaluate(STAYS_WITHIN), self.page.url

    @property
    def form(self) -> Locator:
        """The form of the task."""
        return self.page.locator("[data-form]")

    def choose(self, question: str, *options: str, row: int = 0) -> None:
        """Tick options of a question that shows them all."""
        questions = self.form.locator(".fjs-form-field-radio, .fjs-form-field-checklist").filter(has_text=question)
        field = questions.locator("visible=true").nth(row)
        for option in options:
            field.get_by_label(option, exact=True).check()

    def select(self, question: str, option: str, *, row: int = 0) -> None:
        """Pick from a list that opens."""
        field = self.form.locator(".fjs-form-field-select").filter(has_text=question).locator("visible=true").nth(row)
        field.locator(".fjs-input-group").click()
        field.locator(".fjs-dropdownlist-item").get_by_text(option, exact=True).click()

    def write(self, question: str, text: str, *, row: int = 0) -> None:
        """Type into a field."""
        self._field(question, row).fill(text)

    def pick_day(self, question: str, day: date, *, row: int = 0) -> None:
        """Type a day into a field that also opens a calendar."""
        field = self._field(question, row)
        field.click()
        field.fill(day.strftime("%Y/%m/%d"))
        field.press("Enter")

    def _field(self, question: str, row: int) -> Locator:
        return self.form.get_by_label(re.compile(rf"^{re.escape(question)}\*?$")).nth(row)

    def complete(self, following: str | None = None) -> None:
        """Hand the form in, and see the next task or the list."""
        left = self.page.url
        self.page.get_by_role("button", name="完成办理").click()
        self.page.wait_for_url(lambda url: url != left)
        expect(self.page.locator("#messages")).to_contain_text("已完成")
        if following is not None:
            self.is_at(following)
        self.is_tidy()

    def register(self, application: Mapping[str, Any]) -> str:
        """Enter an application on its page and return the number of the case."""
        page = self.page
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="登记申请").click()
        for _ in application["members"][1:]:
            page.get_by_role("button", name="添加家庭成员").click()
        self.enter("申请", application)
        self.enter("居住情况", application["household"])
        for number, member in enumerate(application["members"], start=1):
            self.enter(f"家庭成员 {number}", {"labour_capacity": "none"} | member)
        self.enter("发放账户（可稍后补填）", application["account"])
        for kind, plural in (("need", "needs"), ("document", "documents")):
            for value in application[plural]:
                page.get_by_role("checkbox", name=LABELS[kind][value][0], exact=True).check()
        self.is_tidy()
        page.get_by_role("button", name="提交登记").last.click()
        expect(page.locator("#messages")).to_contain_text("申请已登记")
        self.is_tidy()
        found = re.search(r"案件编号 (\S+?)。", page.locator("#messages").inner_text())
        assert found
        return found[1]

    def enter(self, section: str, facts: Mapping[str, Any]) -> None:
        """Fill the fields of one section of the application."""
        place = self.page.get_by_role("group", name=section, exact=True)
        for name, value in facts.items():
            if name not in FIELDS:
                continue
            field = place.get_by_label(re.compile(rf"^\s*{re.escape(FIELDS[name])}\*?$"))
            if isinstance(value, bool):
                field.set_checked(value)
            elif name == "region":
                field.select_option(label=TOWN_BY_REGION[value].name)
            elif name in LABELS:
                field.select_option(label=LABELS[name][value][0])
            else:
                field.fill(str(value))
