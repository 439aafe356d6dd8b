"""How often each rule of a decision counted in cases, and what a draft of it would change of the last ones."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from web.authentication import current_actor, permits
from web.decision_replays import DecisionReplayAnswer, table_hits
from web.labels import in_language
from web.play_forms import source_arguments, source_of
from web.services import services
from workflows.diagram_texts import english_decision
from workflows.organisation.rights import Right
from workflows.playing.replays import MOST_REPLAYED, CountRecordedHits, DecisionReplay, RecordedHits, ReplayDecision

blueprint = Blueprint("decision_replays", __name__)


@blueprint.get("/workbench/replays")
@permits(Right.DEPLOY)
def show() -> str:
    """Show how often each rule counted in the last evaluations."""
    command = CountRecordedHits(source=source_of(request.values), decision_id=request.values.get("decision") or None)
    return _page(services().engine.execute(command, actor=current_actor()), None)


@blueprint.post("/workbench/replays")
@permits(Right.DEPLOY)
def replay() -> str:
    """Run them on what is shown."""
    command = ReplayDecision(source=source_of(request.values), decision_id=request.values.get("decision") or None)
    replayed: DecisionReplay = services().engine.execute(command, actor=current_actor())
    return _page(replayed.recorded, DecisionReplayAnswer.of(replayed))


def _page(recorded: RecordedHits, answer: DecisionReplayAnswer | None) -> str:
    return render_template(
        "decision_replay.html",
        recorded=recorded,
        answer=answer,
        tables=answer.tables if answer else table_hits(recorded, recorded.tables),
        name=_decision_name(recorded.name),
        decision_name=_decision_name,
        most=MOST_REPLAYED,
        source=source_arguments(request.values),
    )


def _decision_name(name: str) -> str:
    return in_language(name, english_decision(name))
