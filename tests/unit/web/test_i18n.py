"""Pages are Chinese in the source and English by the catalogue."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string

from web import i18n


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    i18n.init_app(app)
    source = (
        '{{ html_lang }}|{{ _("退出") }}|{{ ngettext("共 %(num)s 条", "共 %(num)s 条", 2) }}|{{ language_url("en") }}'
    )
    app.add_url_rule("/", endpoint="page", view_func=lambda: render_template_string(source))
    return app


def shown(app: Flask, url: str = "/", **headers: str) -> list[str]:
    return app.test_client().get(url, headers=headers).text.split("|")


def test_every_text_of_the_pages_has_an_english_translation() -> None:
    missing = i18n.missing_translations()
    assert not missing, "run `python -m web.i18n` and translate: " + ", ".join(missing)


def test_the_catalogue_holds_no_text_that_is_no_longer_used() -> None:
    used = {text if isinstance(text, str) else text[0] for text in i18n.used_messages()}
    kept = {message.id if isinstance(message.id, str) else message.id[0] for message in i18n.read_catalogue()}
    assert kept - {""} <= used


def test_a_page_is_chinese_unless_something_else_is_asked(app: Flask) -> None:
    assert shown(app)[:3] == ["zh-CN", "退出", "共 2 条"]


def test_a_browser_that_prefers_english_gets_english(app: Flask) -> None:
    assert shown(app, **{"Accept-Language": "en-GB,en;q=0.9"})[:3] == ["en", "Sign out", "2 entries"]


def test_a_chosen_language_is_remembered(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/?lang=en").text.startswith("en|Sign out")
    assert client.get("/").text.startswith("en|Sign out")
    assert client.get("/?lang=zh").text.startswith("zh-CN|退出")
    assert client.get("/", headers={"Accept-Language": "en"}).text.startswith("zh-CN|退出")


def test_an_unknown_language_is_ignored(app: Flask) -> None:
    response = app.test_client().get("/?lang=xx")
    assert response.text.startswith("zh-CN")
    assert "Set-Cookie" not in response.headers


def test_switching_the_language_keeps_the_rest_of_the_address(app: Flask) -> None:
    assert shown(app, "/?q=王&page=2&lang=zh")[3] == "/?q=%E7%8E%8B&amp;page=2&amp;lang=en"
