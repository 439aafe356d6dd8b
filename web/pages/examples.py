"""The grid of a decision's examples: typed, handed in as a table, run on a draft or version, kept."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.model import Obstacle
from engine.errors import EngineError
from web.authentication import accepts_body_up_to, current_actor, permits
from web.decision_examples import ExampleResultsAnswer, GridRow, table_examples, typed_examples
from web.labels import in_language
from web.play_forms import source_arguments, source_of
from web.refusals import Refusal, refusal
from web.services import services
from web.spreadsheets import uploaded_rows
from web.uploads import MAX_UPLOAD
from workflows.diagram_texts import english_decision
from workflows.organisation.rights import Right
from workflows.playing.errors import PlayTooLong
from workflows.playing.examples import ExampleResults, KeepExamples, RunExamples
from workflows.playing.model import MOST_EXAMPLES, Example

blueprint = Blueprint("examples", __name__)

EMPTY_ROWS = 3  # at the end of the grid, to be filled in


@blueprint.get("/workbench/examples")
@permits(Right.DEPLOY)
def grid() -> str:
    """Show the examples of a decision with what came out."""
    return _grid(None)


@blueprint.post("/workbench/examples")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def change() -> AnyResponse | tuple[str, int] | str:
    """Run the rows as they stand, keep them, or add those of a file."""
    rows: list[Example] | None = None
    try:
        rows = _rows()
        if request.form.get("do") != "keep":
            return _grid(rows)
        version = request.form.get("version", "")
        command = KeepExamples(
            decision_id=request.form.get("decision", ""),
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            rows=rows,
        )
        services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _grid(rows, refused=refusal(error)), 422
    flash(_("示例已保存，共 %(count)s 行。", count=len(rows)), "success")
    address = url_for("examples.grid", decision=command.decision_id, **source_arguments(request.values))
    return redirect(address, 303)


def _rows() -> list[Example]:
    rows = typed_examples(request.form, most=MOST_EXAMPLES)
    if request.files:
        rows = [*_results(None).kept.rows, *table_examples(uploaded_rows(request))]
    if len(rows) > MOST_EXAMPLES:
        raise PlayTooLong(Obstacle("examples", "示例行数"), MOST_EXAMPLES)
    return rows


def _grid(rows: Sequence[Example] | None, *, refused: Refusal | None = None) -> str:
    results = _results(rows)
    answer = ExampleResultsAnswer.of(results)
    version = request.form.get("version", "")
    return render_template(
        "decision_examples.html",
        results=results,
        answer=answer,
        name=_decision_name(results.name),
        decision_name=_decision_name,
        rows=[GridRow.of(one.example, results.columns, results.outputs) for one in results.results],
        empty=GridRow(name="", cells=[""] * len(results.columns), rest="", expected=[""] * (len(results.outputs) or 1)),
        empty_rows=EMPTY_ROWS,
        is_kept=rows is None,
        version=version if version.isdecimal() else results.kept.version,
        source=source_arguments(request.values),
        refused=refused,
    )


def _decision_name(name: str) -> str:
    return in_language(name, english_decision(name))


def _results(rows: Sequence[Example] | None) -> ExampleResults:
    decision = request.values.get("decision") or None
    command = RunExamples(source=source_of(request.values), decision_id=decision, rows=rows)
    results: ExampleResults = services().engine.execute(command, actor=current_actor())
    return results
