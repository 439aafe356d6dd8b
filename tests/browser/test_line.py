"""The whole line in a real browser on real servers: a household's way through the house, and what can go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from api.demo.check import ServedCounty, running_county, shipped
from api.demo.servers import Servers
from api.demo.staff import Occasion, answer
from api.scenario.course import LOCAL, Office
from engine.json_values import JsonObject
from tests.browser.person import Person

pytestmark = pytest.mark.browser

A10 = shipped("a10")
WINDOW = "licheng.clerk"
LATER = datetime(2026, 7, 6, 9, 0, tzinfo=LOCAL)
MUCH_LATER = datetime(2026, 7, 20, 9, 0, tzinfo=LOCAL)
OVERDUE = 1  # of the cells beside a unit's name
CASE_NUMBER = r"溧民救\d{9}-\d{4}-\d{6}"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS_OF_THE_PAGE = "nav a, h1, h2, th, dt, label, legend, button, .tabs a, .message, .badge-tone, .term"

Opens = Callable[..., Person]


class County:
    """A running county, its clock and its programs."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.office = Office(ServedCounty(servers))
        self._handed_in = 0

    @property
    def url(self) -> str:
        return self.servers.base_url

    def at(self, moment: datetime | str) -> None:
        instant = datetime.fromisoformat(f"2026-{moment}:00+08:00") if isinstance(moment, str) else moment
        self.servers.clock.set(instant)

    def hand_in(self, application: JsonObject | None = None) -> str:
        """Hand in an application at the window by a program and return the case's number."""
        self._handed_in += 1
        desk = self.office.desk(WINDOW)
        case = desk.submit(application or A10.application, key=f"line-test-{self._handed_in}")
        return str(case["number"])

    def complete_by_program(self, case: str, login: str) -> None:
        """Complete somebody's task as a program or a second window would."""
        desk = self.office.desk(login)
        [task] = desk.tasks(tab="mine", case=case)
        shown = desk.open(task["id"])["values"]
        occasion = Occasion(element_id=task["element_id"], shown=shown, today=LATER.date())
        desk.complete(task["id"], answer(occasion))


@pytest.fixture(scope="module")
def county(bundles: None, cheap_passwords: None) -> Iterator[County]:
    with running_county(A10.starts_at, say=print) as servers:
        county = County(servers)
        yield county
        county.office.close()


@pytest.fixture
def opens(chromium: Browser, county: County) -> Iterator[Opens]:
    """Lets somebody sign in in a browser of their own; at the end nobody's console may hold a complaint."""
    people: list[Person] = []

    def opens(login: str, **options: str) -> Person:
        person = Person(chromium, county.url, **options)
        people.append(person)
        person.expect_refusal(401)  # a list left open asks for changes while the clock jumps past the session's end
        person.sign_in(login)
        return person

    yield opens
    for person in people:
        person.leave()


def test_a_household_is_taken_through_the_house_from_window_to_answer(county: County, opens: Opens) -> None:
    county.at(A10.starts_at)
    case = take_in(opens(WINDOW))
    medical_answers(county, opens, case)
    employment_answers(county, opens, case)
    education_answers(county, opens, case)
    housing_answers(county, opens, case)
    county.at("06-30T10:00")
    supervisor_reads(opens("supervisor"), case)


def take_in(clerk: Person) -> str:
    case = clerk.register(A10.application)
    clerk.claim(case, "核对材料是否齐全")
    clerk.choose("材料是否齐全", "齐全，可以受理")
    clerk.complete()
    clerk.claim(case, "登记家庭成员核对授权")
    clerk.choose("申请人是否撤回申请", "不撤回，继续办理")
    for row, signer in enumerate(("本人", "监护人", "监护人")):
        clerk.choose("是否已签署授权书", "是", row=row)
        clerk.select("签署人", signer, row=row)
        clerk.pick_day("签署日期", A10.starts_at.date(), row=row)
    clerk.complete()
    clerk.claim(case, "确认转办事项")
    expect(clerk.form.get_by_role("checkbox", checked=True)).to_have_count(4)
    clerk.complete()
    clerk.page.get_by_role("navigation", name="主导航").get_by_role("link", name="案件清单").click()
    clerk.row(case).click()
    badges = clerk.page.locator("#diagram-1 .diagram-badge-active")
    expect(badges).to_have_text(["4", "1"])  # the referrals, and the token that waits for them where all comes together
    return case


def acknowledge(person: Person, case: str, *, following: str | None = None) -> None:
    person.claim(case, "接收转办单")
    person.choose("是否接收", "属于本单位，接收")
    person.complete(following)


def medical_answers(county: County, opens: Opens, case: str) -> None:
    county.at("06-15T14:00")
    acknowledge(opens("medical.clerk"), case)
    county.at("06-16T08:40")
    clerk = opens("medical.clerk")
    clerk.claim(case, "确认医疗救助身份")
    clerk.choose("身份是否生效", "已生效")
    clerk.complete()


def employment_answers(county: County, opens: Opens, case: str) -> None:
    county.at("06-16T09:30")
    acknowledge(opens("employment.clerk"), case, following="办理失业登记")
    county.at("06-22T15:00")
    clerk = opens("employment.clerk")
    clerk.claim(case, "办理失业登记")
    clerk.pick_day("登记日期", datetime(2026, 6, 22, tzinfo=LOCAL).date())
    clerk.write("求职意愿", "离家近、可照顾孩子的岗位")
    clerk.write("技能", "缝纫")
    clerk.complete("推荐岗位并登记结果")
    clerk.page.get_by_role("button", name="签收").click()
    clerk.is_at("推荐岗位并登记结果")
    clerk.choose("推荐结果", "接受岗位")
    clerk.write("岗位", "社区保洁员")
    clerk.write("月工资（元）", "2200")
    clerk.complete()


def education_answers(county: County, opens: Opens, case: str) -> None:
    county.at("06-24T10:10")
    clerk = opens("education.clerk")
    acknowledge(clerk, case, following="核对学籍")
    clerk.page.get_by_role("button", name="签收").click()
    clerk.is_at("核对学籍")
    for row, school in enumerate(("溧阳市实验小学", "溧阳市实验初中")):
        clerk.choose("是否在籍", "是", row=row)
        clerk.write("就读学校", school, row=row)
    clerk.complete()
    reviewer = opens("education.reviewer")
    reviewer.claim(case, "复核确认")
    expect(reviewer.form.get_by_label("一学年资助（元）")).to_have_value("3500")
    reviewer.choose("复核意见", "同意")
    reviewer.complete()


def housing_answers(county: County, opens: Opens, case: str) -> None:
    county.at("06-29T09:00")
    clerk = opens("housing.clerk")
    acknowledge(clerk, case, following="核实住房状况")
    clerk.page.get_by_role("button", name="签收").click()
    clerk.is_at("核实住房状况")
    clerk.pick_day("核实日期", datetime(2026, 6, 29, tzinfo=LOCAL).date())
    clerk.write("居住人数", "0")
    clerk.page.get_by_role("button", name="完成办理").click()
    alert = clerk.page.get_by_role("alert")
    expect(alert.get_by_role("listitem")).to_have_text([re.compile("居住人数 — .*1"), "出租人 — 此项必填。"])
    clerk.write("居住人数", "3")
    clerk.write("出租人", "王建国")
    clerk.complete()
    reviewer = opens("housing.reviewer")
    reviewer.claim(case, "复核确认")
    expect(reviewer.form.get_by_label("月补贴（元）")).to_have_value("720")
    reviewer.choose("复核意见", "同意")
    reviewer.complete()


def supervisor_reads(supervisor: Person, case: str) -> None:
    page = supervisor.page
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="案件清单").click()
    supervisor.row(case, "已办结").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已办结")
    referrals = (
        page.locator("section").filter(has=page.get_by_role("heading", name="转办", exact=True)).locator("tbody tr")
    )
    expect(referrals).to_have_count(4)
    expect(referrals.filter(has_text="给予救助")).to_have_count(4)
    expect(referrals.filter(has_text="教育救助")).to_contain_text("3,500.00 元/年")
    expect(referrals.filter(has_text="住房救助")).to_contain_text("720.00 元/月")
    for figure in page.locator("figure[data-diagram]").all():
        expect(figure).to_have_attribute("data-ready", "true")
        assert figure.locator(".djs-shape.is-completed").count()
        assert figure.locator(".djs-connection.is-taken").count()
    page.get_by_text("操作记录").first.click()
    expect(page.get_by_role("table", name="操作记录")).to_contain_text("复核确认")
    supervisor.is_tidy()


def test_what_is_missing_is_said_at_its_field_and_the_draft_stays(county: County, opens: Opens) -> None:
    county.at(LATER)
    clerk = opens(WINDOW)
    clerk.claim(county.hand_in(), "核对材料是否齐全")
    clerk.page.get_by_role("button", name="完成办理").click()
    expect(clerk.page.get_by_role("alert").get_by_role("listitem")).to_have_text(["材料是否齐全 — 此项必填。"])
    clerk.choose("材料是否齐全", "不齐全，需要补正")
    clerk.write("补正说明", "请补交租赁合同原件。")
    clerk.page.get_by_role("button", name="保存草稿").click()
    expect(clerk.page.locator("[data-form-status]")).to_contain_text("已保存")
    clerk.page.get_by_role("button", name="完成办理").click()
    expect(clerk.page.get_by_role("alert").get_by_role("listitem")).to_have_text(["缺少的材料 — 此项必填。"])
    clerk.page.reload()
    clerk.is_at("核对材料是否齐全")
    expect(clerk.form.get_by_label("不齐全，需要补正")).to_be_checked()
    expect(clerk.form.get_by_label("补正说明")).to_have_value("请补交租赁合同原件。")


def test_a_wrong_application_is_shown_again_with_every_error_at_its_field(county: County, opens: Opens) -> None:
    county.at(LATER)
    clerk = opens(WINDOW)
    clerk.expect_refusal(422)
    page = clerk.page
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="登记申请").click()
    applicant = A10.application["members"][0] | {"identity_number": "320499198603121027", "phone": "123"}
    clerk.enter("居住情况", A10.application["household"])
    clerk.enter("家庭成员 1", applicant)
    page.get_by_role("checkbox", name="医疗", exact=True).check()
    page.get_by_role("button", name="提交登记").last.click()
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("listitem").filter(has_text="身份证号码")).to_contain_text("校验")
    member = page.get_by_role("group", name="家庭成员 1")
    expect(member.get_by_label("身份证号码")).to_have_attribute("aria-invalid", "true")
    expect(member.get_by_label("手机号码")).to_have_attribute("aria-invalid", "true")
    expect(member.get_by_label("姓名")).to_have_value("周玉兰")
    alert.get_by_role("link", name="身份证号码").click()
    expect(member.get_by_label("身份证号码")).to_be_focused()
    clerk.is_tidy()


def test_who_comes_too_late_is_told_who_did_it_and_shown_the_way_back(county: County, opens: Opens) -> None:
    county.at(LATER)
    case = county.hand_in()
    clerk = opens(WINDOW)
    clerk.expect_refusal(409)
    clerk.claim(case, "核对材料是否齐全")
    clerk.choose("材料是否齐全", "齐全，可以受理")
    county.complete_by_program(case, WINDOW)
    clerk.page.get_by_role("button", name="完成办理").click()
    name = clerk.page.locator(".topbar-account strong").inner_text()
    expect(clerk.page.get_by_role("alert")).to_contain_text(name)
    expect(clerk.page.get_by_role("alert").get_by_role("link", name="打开案件")).to_be_visible()
    clerk.page.reload()
    expect(clerk.page.locator(".task-work")).to_contain_text("已办结")
    expect(clerk.page.get_by_role("button", name="完成办理")).to_have_count(0)
    clerk.page.get_by_role("link", name="返回清单").click()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text("工作清单")


def test_going_back_after_completing_shows_that_it_is_done(county: County, opens: Opens) -> None:
    county.at(LATER)
    case = county.hand_in()
    clerk = opens(WINDOW)
    clerk.claim(case, "核对材料是否齐全")
    clerk.choose("材料是否齐全", "齐全，可以受理")
    clerk.complete()
    clerk.page.go_back()
    expect(clerk.page.locator(".task-work")).to_contain_text("已办结")
    expect(clerk.page.get_by_role("button", name="完成办理")).to_have_count(0)
    clerk.is_tidy()


def test_the_longest_names_and_remarks_stay_on_the_screen(county: County, opens: Opens) -> None:
    county.at(LATER)
    members = [member | {"name": "欧阳" * 25} for member in A10.application["members"]]
    case = county.hand_in(
        A10.application
        | {
            "members": members,
            "household": A10.application["household"] | {"address": "路" * 200},
            "account": A10.application["account"] | {"bank": "B" * 80, "holder": "欧阳" * 25},
            "remark": "W" * 2000,
        }
    )
    clerk = opens(WINDOW)
    clerk.claim(case, "核对材料是否齐全")
    clerk.choose("材料是否齐全", "不齐全，需要补正")
    clerk.write("补正说明", "M" * 500)
    clerk.is_tidy()
    clerk.open_list("我的")
    clerk.page.get_by_role("navigation", name="主导航").get_by_role("link", name="案件清单").click()
    clerk.is_tidy()
    clerk.row(case).click()
    expect(clerk.page.get_by_text("W" * 2000)).to_be_visible()
    clerk.is_tidy()


def test_a_list_without_tasks_says_so_and_what_to_do(county: County, opens: Opens) -> None:
    county.at(LATER)
    clerk = opens("shezhu.clerk")
    expect(clerk.page.get_by_text("目前没有您正在办理的任务")).to_be_visible()
    clerk.page.get_by_role("link", name="查看待签收").click()
    expect(clerk.page.get_by_text("这里目前没有任务")).to_be_visible()
    clerk.page.get_by_role("searchbox").fill("没有这样的人")
    clerk.page.get_by_role("searchbox").press("Enter")
    expect(clerk.page.get_by_text("没有符合条件的任务")).to_be_visible()
    clerk.page.get_by_role("link", name="清除筛选").last.click()
    expect(clerk.page.get_by_text("这里目前没有任务")).to_be_visible()


def test_whose_session_has_ended_signs_in_and_is_back_where_they_were(county: County, opens: Opens) -> None:
    county.at(LATER)
    clerk = opens(WINDOW)
    clerk.claim(county.hand_in(), "核对材料是否齐全")
    address = clerk.page.url
    clerk.choose("材料是否齐全", "齐全，可以受理")
    clerk.page.get_by_role("button", name="保存草稿").click()
    expect(clerk.page.locator("[data-form-status]")).to_contain_text("已保存")
    county.at(LATER.replace(hour=18))
    clerk.expect_refusal(401)
    clerk.page.get_by_role("button", name="完成办理").click()
    clerk.page.get_by_role("alert").get_by_role("link", name="重新登录").click()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text("登录")
    clerk.sign_in(WINDOW)
    assert clerk.page.url == address
    clerk.is_at("核对材料是否齐全")
    expect(clerk.form.get_by_label("齐全，可以受理", exact=True)).to_be_checked()
    clerk.complete()


def test_an_english_reader_meets_no_chinese_word_of_the_house(county: County, opens: Opens) -> None:
    county.at(LATER)
    case = county.hand_in()
    clerk = opens(WINDOW)
    clerk.claim(case, "核对材料是否齐全")
    task = clerk.page.url
    clerk.page.get_by_role("link", name="English").click()
    expect(clerk.page.locator("html")).to_have_attribute("lang", "en")
    for address in (task, "/tasks", "/tasks?tab=to-claim", f"/cases/{case}", "/cases", "/applications/new", "/profile"):
        reads_english(clerk, address, names=f"{case}|周玉兰")
    supervisor = opens("supervisor")
    supervisor.page.get_by_role("link", name="English").click()
    for address in ("/supervision", "/tasks?tab=unit&situation=unheld&unit=township:320481002", "/incidents?unit=:"):
        reads_english(supervisor, address, names=rf"{CASE_NUMBER}|周玉兰")


def reads_english(reader: Person, address: str, *, names: str) -> None:
    """See that a page says nothing in Chinese but names."""
    reader.page.goto(address)
    reader.is_tidy()
    words = [re.sub(names, "", word) for word in reader.page.locator(WORDS_OF_THE_PAGE).all_inner_texts()]
    assert [word for word in words if CHINESE.search(word)] == [], address


def test_a_supervisor_finds_what_is_late_on_the_board_by_keys_alone(county: County, opens: Opens, axe: str) -> None:
    county.at(LATER)
    case = county.hand_in()
    county.at(MUCH_LATER)
    supervisor = opens("supervisor")
    page = supervisor.page
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="督办").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("督办")
    supervisor.is_tidy()
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found] == []
    window = page.get_by_role("row", name="溧城街道社会救助窗口").first
    number = window.get_by_role("cell").nth(OVERDUE).get_by_role("link")
    overdue = int(number.inner_text())
    assert overdue
    number.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("单位：溧城街道社会救助窗口")).to_be_visible()
    expect(page.locator(".pager")).to_contain_text(f"共 {overdue} 条")
    expect(supervisor.row(case).first).to_be_visible()
    page.get_by_role("link", name="清除筛选").click()
    expect(page.get_by_text("单位：溧城街道社会救助窗口")).to_have_count(0)
