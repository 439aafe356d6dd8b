"""A person fills a form: drafts are kept, objections shown where they belong, keys do what they promise."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sample, Watch
from tests.browser.sample.app import ERRORS, TOKEN

pytestmark = pytest.mark.browser


@pytest.fixture
def form(page: Page, sample: Sample) -> Page:
    """The task page with its form ready."""
    page.goto(sample.url + "/task")
    expect(page.locator("[data-form]")).to_have_attribute("data-ready", "true")
    return page


def fill(form: Page) -> None:
    form.get_by_label("身份证号码").fill("510101199001011234")
    form.get_by_label("救助事项").click()
    form.get_by_text("医疗救助").click()


def test_what_was_typed_is_kept_as_a_draft(form: Page, sample: Sample) -> None:
    form.get_by_label("身份证号码").fill("5101")
    expect(form.locator("[data-form-status]")).to_have_text(re.compile(r"^已保存 \d\d:\d\d:\d\d$"))
    draft = sample.received.drafts[-1]
    assert draft["version"] == 7
    assert draft["variables"]["applicant"] == {"name": "王秀英", "identityNumber": "5101"}
    assert "secret" not in draft["variables"]
    assert sample.received.tokens == {TOKEN}


def test_a_draft_that_was_saved_elsewhere_is_kept_apart_until_the_person_decides(form: Page, sample: Sample) -> None:
    sample.received.draft_answer = (409, {"code": "draft-stale"})
    form.get_by_label("身份证号码").fill("5101")
    expect(form.get_by_role("alert")).to_contain_text("这份草稿在别的窗口或电脑上更新过")
    form.get_by_role("button", name="保存草稿").scroll_into_view_if_needed()
    expect(form.get_by_role("button", name="以本页内容为准")).to_be_in_viewport()
    form.get_by_label("身份证号码").fill("510199")
    form.get_by_role("button", name="保存草稿").click()
    assert [one["draft_version"] for one in sample.received.drafts] == ["v1"]

    sample.received.draft_answer = (200, {"version": "v3"})
    form.get_by_role("button", name="以本页内容为准").click()
    expect(form.locator("[data-form-status]")).to_have_text(re.compile(r"^已保存"))
    form.get_by_label("身份证号码").fill("51019")
    expect(form.locator("[data-form-status]")).to_have_text(re.compile(r"^已保存"))
    assert [one["draft_version"] for one in sample.received.drafts[:3]] == ["v1", None, "v3"]


def test_the_question_about_two_drafts_stays_while_answers_are_corrected(form: Page, sample: Sample) -> None:
    sample.received.draft_answer = (409, {"code": "draft-stale"})
    form.get_by_label("身份证号码").fill("5101")
    keep = form.get_by_role("button", name="以本页内容为准")
    expect(keep).to_be_visible()
    form.get_by_label("身份证号码").fill("")
    form.keyboard.press("Control+Enter")
    expect(form.get_by_role("alert").filter(has_text="需要更正")).to_be_visible()
    expect(keep).to_be_visible()


def test_what_the_page_saved_before_is_saved_over_another_draft_all_the_same(form: Page, sample: Sample) -> None:
    sample.received.draft_answer = (200, {"version": "v2"})
    form.get_by_label("身份证号码").fill("5101")
    expect(form.locator("[data-form-status]")).to_have_text(re.compile(r"^已保存"))
    sample.received.draft_answer = (409, {"code": "draft-stale"})
    form.get_by_label("身份证号码").fill("51019")
    expect(form.get_by_role("button", name="以本页内容为准")).to_be_visible()
    form.get_by_label("身份证号码").fill("5101")

    sample.received.draft_answer = (200, {"version": "v4"})
    form.get_by_role("button", name="以本页内容为准").click()
    expect(form.locator("[data-form-status]")).to_have_text(re.compile(r"^已保存"))
    kept = sample.received.drafts[-1]
    assert (kept["draft_version"], kept["variables"]["applicant"]["identityNumber"]) == (None, "5101")


def test_a_draft_that_had_no_answer_is_sent_again_before_what_was_typed_since(form: Page, sample: Sample) -> None:
    sample.received.draft_answer = (503, {})
    form.get_by_label("身份证号码").fill("51")
    expect(form.locator("[data-form-status]")).to_have_text(re.compile("未能保存"))
    form.get_by_label("身份证号码").fill("5101")
    sample.received.draft_answer = (200, {"version": "v2"})
    expect(form.locator("[data-form-status]")).to_have_text(re.compile(r"^已保存"))
    form.wait_for_timeout(300)
    sent = [(one["variables"]["applicant"]["identityNumber"], one["draft_version"]) for one in sample.received.drafts]
    assert sorted(set(sent)) == [("51", "v1"), ("5101", "v2")]


def test_the_draft_that_was_saved_elsewhere_can_be_loaded(form: Page, sample: Sample) -> None:
    sample.received.draft_answer = (409, {"code": "draft-stale"})
    form.get_by_label("身份证号码").fill("5101")
    form.get_by_role("button", name="载入别处的草稿").click()
    expect(form.locator("[data-form]")).to_have_attribute("data-ready", "true")
    expect(form.get_by_label("身份证号码")).to_have_value("")


def test_a_draft_of_a_task_that_is_over_is_told_so_and_not_tried_again(form: Page, sample: Sample) -> None:
    sample.received.draft_answer = (409, {"code": "task-not-open"})
    form.get_by_label("身份证号码").fill("5101")
    expect(form.locator("[data-form-status]")).to_contain_text("草稿未保存，填写的内容仍在页面上")
    form.get_by_label("身份证号码").fill("510199")
    form.get_by_role("button", name="保存草稿").click()
    assert len(sample.received.drafts) == 1


def test_a_draft_of_a_task_that_is_over_is_still_asked_about_before_the_page_is_left(
    form: Page, sample: Sample
) -> None:
    sample.received.draft_answer = (409, {"code": "task-not-open"})
    form.get_by_label("身份证号码").click()
    form.keyboard.type("5101")
    expect(form.locator("[data-form-status]")).to_contain_text("草稿未保存，填写的内容仍在页面上")
    with form.expect_event("dialog") as asked:
        form.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_a_draft_that_met_another_change_is_tried_again(form: Page, sample: Sample) -> None:
    sample.received.draft_answer = (409, {"code": "concurrent-change"})
    form.get_by_label("身份证号码").fill("5101")
    expect(form.locator("[data-form-status]")).to_have_text("未能保存，稍后自动重试")
    sample.received.draft_answer = (200, {})
    expect(form.locator("[data-form-status]")).to_contain_text("已保存")
    assert sample.received.drafts[-1]["variables"]["applicant"]["identityNumber"] == "5101"


def test_nothing_is_saved_while_nothing_changes(form: Page, sample: Sample) -> None:
    form.get_by_label("姓名", exact=False).first.focus()
    form.get_by_role("button", name="保存草稿").click()
    form.get_by_label("身份证号码").fill("1")
    form.get_by_role("button", name="保存草稿").click()
    expect(form.locator("[data-form-status]")).to_contain_text("已保存")
    assert [draft["variables"]["applicant"]["identityNumber"] for draft in sample.received.drafts] == ["1"]


def test_completing_hands_over_the_answers_and_opens_the_next_page(form: Page, sample: Sample) -> None:
    fill(form)
    form.get_by_role("button", name="完成办理").click()
    form.wait_for_url("**/next")
    submission = sample.received.submissions[0]
    assert submission["version"] == 7
    assert submission["variables"]["programme"] == "medical"
    assert submission["variables"]["members"] == [{"name": "李建国", "age": 52}, {"name": "李明", "age": 9}]
    assert "secret" not in submission["variables"]
    assert sample.received.tokens == {TOKEN}


def test_a_list_from_which_every_row_was_removed_is_handed_in_as_empty(form: Page, sample: Sample) -> None:
    fill(form)
    for _ in range(2):
        form.locator(".fjs-repeat-row-remove").first.click()
    expect(form.locator(".fjs-repeat-row-remove")).to_have_count(0)
    form.get_by_role("button", name="完成办理").click()
    form.wait_for_url("**/next")
    assert sample.received.submissions[0]["variables"]["members"] == []


def test_the_answer_may_name_another_page(form: Page, sample: Sample) -> None:
    sample.received.answer = (200, {"redirect": "/list"})
    fill(form)
    form.keyboard.press("Control+Enter")
    form.wait_for_url("**/list")


def test_the_last_keystroke_before_the_shortcut_counts(form: Page, sample: Sample) -> None:
    fill(form)
    form.get_by_label("家庭月收入").fill("1280.5")
    form.keyboard.press("Control+Enter")
    form.wait_for_url("**/next")
    assert sample.received.submissions[0]["variables"]["income"] == 1280.5


def test_enter_in_a_text_field_hands_nothing_in(form: Page, sample: Sample) -> None:
    fill(form)
    form.get_by_label("身份证号码").press("Enter")
    form.get_by_label("成员姓名").first.press("Enter")
    form.get_by_role("button", name="保存草稿").click()
    expect(form.locator("[data-form-status]")).to_contain_text("已保存")
    assert sample.received.submissions == []


def test_a_missing_answer_is_shown_in_chinese_and_gets_the_focus(form: Page, sample: Sample) -> None:
    form.get_by_role("button", name="完成办理").click()
    alert = form.get_by_role("alert")
    expect(alert).to_contain_text("有 2 处需要更正")
    expect(alert.get_by_role("listitem").first).to_have_text("身份证号码 — 此项必填。")
    expect(form.get_by_label("身份证号码")).to_be_focused()
    assert sample.received.submissions == []


def test_objections_of_the_server_stand_at_their_fields(form: Page, sample: Sample, watch: Watch) -> None:
    sample.received.answer = (422, {"title": "表单有误", "errors": ERRORS})
    fill(form)
    form.get_by_role("button", name="完成办理").click()
    items = form.get_by_role("alert").get_by_role("listitem")
    expect(items).to_have_text(
        ["该家庭本月已有在办申请", "身份证号码 — 校验码不正确", "年龄 (2) — 年龄与身份证号不一致"]
    )
    expect(form.get_by_label("身份证号码")).to_be_focused()
    expect(form.get_by_label("身份证号码")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("年龄").nth(1)).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("年龄").nth(0)).to_have_attribute("aria-invalid", "false")
    assert not watch.errors


def test_an_entry_of_the_list_leads_to_its_field(form: Page, sample: Sample) -> None:
    sample.received.answer = (422, {"title": "表单有误", "errors": ERRORS})
    fill(form)
    form.get_by_role("button", name="完成办理").click()
    form.get_by_role("link", name="年龄 (2)").click()
    expect(form.get_by_label("年龄").nth(1)).to_be_focused()


def test_an_objection_stays_until_the_answer_changes(form: Page, sample: Sample) -> None:
    sample.received.answer = (422, {"title": "表单有误", "errors": ERRORS})
    fill(form)
    form.get_by_role("button", name="完成办理").click()
    identity = form.get_by_label("身份证号码")
    expect(identity).to_be_focused()
    form.get_by_label("姓名", exact=False).first.focus()
    expect(identity).to_have_attribute("aria-invalid", "true")
    identity.fill("510101199001011235")
    expect(identity).to_have_attribute("aria-invalid", "false")


def test_answers_may_be_handed_in_again_after_an_objection(form: Page, sample: Sample) -> None:
    sample.received.answer = (422, {"title": "表单有误", "errors": ERRORS})
    fill(form)
    form.get_by_role("button", name="完成办理").click()
    expect(form.get_by_role("alert")).to_be_visible()
    sample.received.answer = (200, {})
    form.keyboard.press("Control+Enter")
    form.wait_for_url("**/next")
    assert len(sample.received.submissions) == 2


def test_a_refusal_is_told_in_the_words_of_the_server(form: Page, sample: Sample) -> None:
    sample.received.answer = (409, {"title": "冲突", "detail": "张伟已于 10:02 完成此任务。"})
    fill(form)
    form.get_by_role("button", name="完成办理").click()
    expect(form.get_by_role("alert")).to_have_text("张伟已于 10:02 完成此任务。")
    expect(form.get_by_role("button", name="完成办理")).to_be_enabled()


def test_a_lost_connection_keeps_the_answers_on_the_page(form: Page, sample: Sample) -> None:
    fill(form)
    form.context.set_offline(True)
    form.get_by_role("button", name="完成办理").click()
    expect(form.get_by_role("alert")).to_contain_text("无法连接服务器")
    expect(form.get_by_label("身份证号码")).to_have_value("510101199001011234")
    form.context.set_offline(False)
    form.get_by_role("button", name="完成办理").click()
    form.wait_for_url("**/next")
