"""Everything FEEL says of a mistake, by stable codes, in Chinese and English."""

from engine.feel.messages.filling import KINDS_IN_CHINESE, Field, Telling, Texts, Words, fill
from engine.feel.messages.message import Message
from engine.feel.messages.texts import TEXTS

__all__ = ["KINDS_IN_CHINESE", "TEXTS", "Field", "Message", "Telling", "Texts", "Words", "fill"]
