from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.core import model, timers
from engine.core.texts import both, discreet, said, tell_in, under
from engine.core.timers import TimerUnreadable, parse_moment
from engine.core.variables import describe
from tests.processes.diagrams import catch, duration, end, exclusive, flows, one_process, start, user
from tests.processes.player import Player


def test_an_incident_tells_its_reason_in_both_languages():
    player = Player(one_process(start(), exclusive("g"), user("a"), end(), flows("s>g>a[=x]>e g>e[=y]")))
    player.start(x=False, y=False)
    [incident] = player.told(model.IncidentRaised)
    assert incident.kind == "condition"
    assert incident.reason == ("没有条件成立的分支，也没有默认分支 / no condition is true and there is no default flow")


def test_the_kind_of_a_value_is_named_in_both_languages_and_the_value_kept_private():
    player = Player(one_process(start(), catch("c", duration("=x")), end(), flows("s>c>e")))
    player.start(x=["secret"])
    [incident] = player.told(model.IncidentRaised)
    assert "现为列表" in incident.reason
    assert "found a list" in incident.reason
    assert "secret" not in incident.reason


def test_a_time_that_cannot_be_read_says_so_in_the_language_asked_for():
    with pytest.raises(TimerUnreadable) as unreadable:
        parse_moment("tomorrow", datetime(2026, 1, 1, tzinfo=UTC))
    assert unreadable.value.text("zh").startswith("“tomorrow”不是 ISO 8601 日期")
    assert unreadable.value.text("en").startswith("'tomorrow' is not an ISO 8601 date")


def test_a_text_of_both_languages_gives_back_either_whatever_it_quotes():
    kept = under("=a / b", both("“收入 / 支出”不是文本", "'收入 / 支出' is no text"))
    assert said(kept, "zh") == "=a / b: “收入 / 支出”不是文本"
    assert said(kept, "en") == "=a / b: '收入 / 支出' is no text"


@pytest.mark.parametrize("text", ["timeout", "read a / b", "没有 / 也没有 / 还是没有"])
def test_a_text_of_one_language_stays_as_it_is(text: str):
    assert (said(text, "zh"), said(text, "en")) == (text, text)


def test_an_empty_text_is_called_empty_where_a_text_is_needed():
    assert (describe("").zh, describe("").en) == ("空文本", "an empty text")
    assert describe("x").zh == "文本"


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        ("no_such", True),
        ("2026-13-45", True),
        ("", True),
        ("张三320481199001011234", False),
        ("13800138000", False),
        ("021-62345678", False),
        ("11010119-90010112-34", False),
        ("2026-05-01T09:00:00+08:00", True),
        ("R3/P1D", True),
        ("John Smith", False),
        ("e" * 41, False),
    ],
)
def test_an_incident_quotes_machines_words_and_of_others_the_length_alone(text: str, is_shown: bool) -> None:
    zh, en = (
        tell_in(language, "error-not-caught", {"error": discreet(text), "caught": "-"}) for language in ("zh", "en")
    )
    assert (text in zh, text in en) == ((True, True) if is_shown else (False, False))
    assert is_shown or (f"{len(text)} 个字" in zh and f"length {len(text)}" in en)


def test_a_timer_that_cannot_be_read_keeps_the_persons_name_out_of_its_incident() -> None:
    with pytest.raises(timers.TimerUnreadable) as unreadable:
        timers.parse_duration("张三")
    assert "张三" in str(unreadable.value)  # as the analyst reads it who drew it
    assert "张三" not in unreadable.value.reason()
    assert "length 2" in unreadable.value.reason()
