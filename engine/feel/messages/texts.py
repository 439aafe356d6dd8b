"""The whole catalogue of FEEL: every family's texts by their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.messages.analysis_texts import ANALYSIS_TEXTS
from engine.feel.messages.evaluation_texts import EVALUATION_TEXTS
from engine.feel.messages.function_texts import FUNCTION_TEXTS
from engine.feel.messages.syntax_texts import SYNTAX_TEXTS
from engine.feel.messages.value_texts import VALUE_TEXTS

if TYPE_CHECKING:
    from engine.feel.messages.filling import Texts

TEXTS: Texts = {**SYNTAX_TEXTS, **EVALUATION_TEXTS, **VALUE_TEXTS, **FUNCTION_TEXTS, **ANALYSIS_TEXTS}
