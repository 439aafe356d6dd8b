"""The frame around the pages, without a browser."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask, flash
from flask.testing import FlaskClient
from lxml import html

from tests.browser.sample.app import Received, create_app
from web.formats import day, minute, yuan


@pytest.fixture
def app() -> Flask:
    app = create_app(Received())
    app.secret_key = "for the messages only"

    @app.get("/told")
    def told() -> str:
        flash("<b>已保存</b>", "success")
        view = app.view_functions["show_list"]
        return str(view())

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def page(client: FlaskClient, url: str, **headers: str) -> html.HtmlElement:
    return html.fromstring(client.get(url, headers=headers).text)


def test_a_page_says_who_is_signed_in_and_where_one_can_go(client: FlaskClient) -> None:
    document = page(client, "/list")
    assert document.xpath("//header//strong/text()") == ["李强"]
    assert document.xpath("//nav[@aria-label='主导航']/a[@aria-current='page']/text()")[0].strip() == "待办"


def test_signing_out_is_a_post_with_the_token(client: FlaskClient) -> None:
    form = page(client, "/list").xpath("//form[@action='/sign-out']")[0]
    assert form.method == "POST"
    assert form.fields["csrf_token"] == "token-of-this-session"


def test_a_page_has_one_heading_one_main_and_a_way_to_skip_to_it(client: FlaskClient) -> None:
    document = page(client, "/list")
    assert len(document.xpath("//h1")) == 1
    assert document.xpath("//main/@id") == ["main"]
    assert document.xpath("//body/a[1]/@href") == ["#main"]


def test_messages_are_shown_as_text(client: FlaskClient) -> None:
    message = page(client, "/told").xpath("//p[@class='message message-success']")[0]
    assert message.text == "<b>已保存</b>"


def test_pages_need_no_inline_script_and_say_so(client: FlaskClient) -> None:
    for url in ("/list", "/task", "/diagrams"):
        response = client.get(url)
        document = html.fromstring(response.text)
        assert "script-src 'self';" in response.headers["Content-Security-Policy"]
        assert not document.xpath("//script[not(@src)][not(@type='application/json')]")
        assert not document.xpath("//@*[starts-with(name(), 'on')]")
        assert not document.xpath("//@style")


def test_files_named_by_their_content_may_be_kept_for_ever(client: FlaskClient) -> None:
    named = page(client, "/list").xpath("//link[contains(@href, 'app.css')]/@href")[0]
    with client.get(named) as kept, client.get("/static/app.css") as asked_again:
        assert "immutable" in kept.headers["Cache-Control"]
        assert "immutable" not in asked_again.headers["Cache-Control"]


def test_the_same_page_is_english_for_an_english_reader(client: FlaskClient) -> None:
    document = page(client, "/list", **{"Accept-Language": "en"})
    assert document.get("lang") == "en"
    assert "1 working day overdue" in document.text_content()
    assert "3 working days overdue" in document.text_content()


def test_a_term_says_how_it_stands(client: FlaskClient) -> None:
    terms = page(client, "/list").xpath("//tbody//span[starts-with(@class, 'term ')]")
    assert [(term.text, term.get("class").split("term-")[1]) for term in terms[2:8]] == [
        ("超期 1 个工作日", "over"),
        ("今日到期", "today"),
        ("剩 1 个工作日", "soon"),
        ("剩 2 个工作日", "soon"),
        ("剩 3 个工作日", "soon"),
        ("已暂停", "paused"),
    ]


def test_data_in_a_page_cannot_end_its_script(app: Flask) -> None:
    source = '{% import "_components.html" as ui with context %}{{ ui.task_form("work", data) }}'
    with app.test_request_context():
        rendered = app.jinja_env.from_string(source).render(data={"data": {"name": "</script><b>"}})
    assert rendered.count("</script>") == 1


def test_the_pager_shows_the_ends_and_the_neighbours(client: FlaskClient) -> None:
    words = page(client, "/list").xpath("//nav[@aria-label='分页']//li")
    assert [word.text_content() for word in words] == ["上一页", *"1…34567…", "12", "下一页"]


def test_dates_and_money_are_written_short(app: Flask) -> None:
    with app.test_request_context():
        assert minute(datetime(2026, 11, 23, 18, 5, tzinfo=UTC)) == "2026-11-24 02:05"
        assert day(datetime(2026, 11, 23, 18, 5, tzinfo=UTC)) == "2026-11-24"
    assert day(date(2026, 11, 23)) == "2026-11-23"
    assert yuan(Decimal("1234.5")) == "1,234.50"
    assert (day(None), minute(None), yuan(None)) == ("—", "—", "—")
