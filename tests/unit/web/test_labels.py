"""Every value that pages show has a name in both languages."""

from __future__ import annotations

import pytest

from engine.model import HistoryAction
from web.label_texts import LABELS


@pytest.mark.parametrize("action", HistoryAction)
def test_every_action_of_the_history_has_a_name_in_both_languages(action: HistoryAction) -> None:
    chinese, english = LABELS["history_action"][action.value]

    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    assert english
    assert english.isascii()
