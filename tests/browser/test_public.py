"""A household at its own telephone: enters an application, asks how it stands, all without JavaScript."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from werkzeug.serving import make_server

from api.app import create_app
from api.services import Services

# fixtures of a whole house
from tests.api.conftest import Client, furnished, services, sign_in, surroundings  # noqa: F401
from tests.applications import identity

pytestmark = pytest.mark.browser

TELEPHONE = ViewportSize(width=390, height=844)


@pytest.fixture
def app(services: Services, bundles: None) -> Flask:  # noqa: F811  (the fixture above)
    return create_app(services)


@pytest.fixture
def telephone(app: Flask, chromium: Browser) -> Iterator[Page]:
    """A page of the house on a small screen, with scripts turned off."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    context = chromium.new_context(
        viewport=TELEPHONE,
        locale="zh-CN",
        java_script_enabled=False,
        base_url=f"http://127.0.0.1:{server.server_port}",
    )
    yield context.new_page()
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def fill_in(page: Page) -> None:
    page.get_by_label("街道（镇）").select_option("320481001")
    page.get_by_label("基本生活").check()
    page.get_by_label("居住地址").fill("昆仑街道测试路1号")
    page.get_by_label("城乡").select_option("town")
    page.get_by_label("住房性质").select_option("owned")
    page.get_by_label("姓名").fill("陈建国")
    page.get_by_label("身份证号码").fill(identity(date(1986, 3, 2), count=11))
    page.get_by_label("与申请人关系").select_option("self")
    page.get_by_label("手机号码").fill("19900001234")
    page.get_by_label("劳动能力").select_option("full")
    page.get_by_label("就业状况").select_option("employed")


def ask(page: Page, number: str, code: str) -> None:
    page.goto("/status")
    page.get_by_label("案件编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()


def test_a_household_enters_asks_and_is_told_in_plain_words(
    telephone: Page,
    sign_in: Callable[[str], Client],  # noqa: F811  (the fixture above)
) -> None:
    telephone.goto("/apply")
    fill_in(telephone)
    telephone.get_by_role("button", name="提交申请").last.click()
    expect(telephone.get_by_role("alert")).to_contain_text("请阅读并勾选承诺")
    telephone.get_by_label("我承诺").check()
    telephone.get_by_role("button", name="提交申请").last.click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("已收到您的填报")
    shown = telephone.locator("main").inner_text()
    number = re.search(r"WS\d{9}-\d{4}-\d{6}", shown)
    code = re.search(r"\b\d{8}\b", shown)
    assert number is not None
    assert code is not None

    ask(telephone, number[0], code[0])
    expect(telephone.get_by_role("status").last).to_contain_text("等待窗口与您联系确认")
    clerk = sign_in("clerk")
    case = clerk.post(f"/api/v1/online-entries/{number[0]}/confirmation").json["case_number"]
    ask(telephone, case.removeprefix("溧民救"), code[0])
    expect(telephone.locator("[aria-current=step]")).to_contain_text("核对材料")
    expect(telephone.locator("main")).not_to_contain_text("陈建国")
    telephone.get_by_role("link", name="查询其他申请").click()

    ask(telephone, case, "00000000" if code[0] != "00000000" else "11111111")
    refused = telephone.get_by_role("alert").inner_text()
    ask(telephone, "320481001-2026-999999", code[0])
    assert telephone.get_by_role("alert").inner_text() == refused
