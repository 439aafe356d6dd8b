"""What is shown where a draft or version cannot be played now: why, and the ways on."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from engine.errors import EngineError
from web import i18n
from web.play_forms import arguments_of
from workflows.playing.errors import NotPlayable, PlayedDraftOver
from workflows.playing.model import PlaySource

CANNOT_BE_PLAYED = (NotPlayable, PlayedDraftOver)


def stopped(source: PlaySource, reason: EngineError, *, play_id: UUID | None = None) -> tuple[str, int]:
    """Say why something cannot be played, with the way to the editor, and to give a play up."""
    is_over = isinstance(reason, PlayedDraftOver)
    return (
        render_template(
            "play_stopped.html",
            reason=i18n.refusal_text(reason),
            source=arguments_of(source),
            may_edit=source.draft_id is not None and not is_over,
            play_id=play_id,
        ),
        422,
    )
