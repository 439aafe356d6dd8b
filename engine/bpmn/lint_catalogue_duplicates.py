"""Findings on what is drawn twice where only one of the two would have an effect."""

from __future__ import annotations

from engine.findings import error_rule

DUPLICATE_RULES = {
    "duplicate-catch-event": error_rule(
        "“{id}”与“{other}”在同一处等待同一事件（{kind}），只有一个会触发。",
        "{id!r} waits for the same event ({kind}) as {other!r} in the same place: only one of them would fire.",
        "请合并为一个事件，或改用不同的代码、名称、关联键或条件。",
        "Make one event of the two, or give them different codes, names, correlation keys or conditions.",
    ),
    "drawn-twice": error_rule(
        "“{id}”中的“{tag}”出现了不止一次，只有第一个起作用。",
        "{id!r} holds more than one {tag}; only the first would have an effect.",
        "请合并为一个。",
        "Make one of them.",
    ),
}
