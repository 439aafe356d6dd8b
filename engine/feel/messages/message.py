"""A reason as a value: its code and what it is about; the text is made only when somebody reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.feel.messages.filling import Field, Texts, fill
from engine.feel.messages.texts import TEXTS


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """One thing FEEL has to say; a language built on FEEL makes a subclass with texts of its own."""

    texts: ClassVar[Texts] = TEXTS

    code: str
    fields: Mapping[str, Field]

    def __init__(self, code: str, /, **fields: Field) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "fields", fields)

    def text(self, language: str) -> str:
        """The text in 'zh' or 'en'."""
        return fill(self.texts[self.code], self.fields, language)
