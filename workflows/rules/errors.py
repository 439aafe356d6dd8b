"""The base of every refusal by a rule."""

from __future__ import annotations

from engine.errors import EngineError


class RuleError(EngineError):
    """A value a rule cannot accept; the text says what was asked, what was found and what to do.

    No text repeats an identity number, account or name, so that it may be logged.
    """

    code = "rule-refused"
