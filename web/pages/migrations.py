"""Running cases go on by another version: where each element goes, a trial in words, the batch, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.batches import BatchKind, DryRun
from engine.commands.batches import Asked, CreateBatch, PreviewBatch
from engine.errors import EngineError, NotFound
from engine.operation_queries import BatchLine, VersionLine
from web.authentication import current_actor, permits
from web.labels import in_language
from web.migrating import MigrationView, element_names, migration_view, version_name
from web.migration_form import TRIED, MigrationForm, reason_objections
from web.pages.process_instances import uuid_of
from web.refusals import refusal
from web.services import services
from web.submissions import key_of_form
from workflows.casework.county import TOWNS
from workflows.organisation.rights import Right

blueprint = Blueprint("migrations", __name__)

Answer = AnyResponse | tuple[str, int] | str


@blueprint.get("/migrations")
@permits(Right.ADMINISTER)
def plan_page() -> str:
    """Show which cases run by an old version; with one of them named, where its elements would go."""
    form = MigrationForm.of(request.args)
    if form.source is None:
        return _versions()
    return _plan(form, _view(form, form.source))


@blueprint.post("/migrations")
@permits(Right.ADMINISTER)
def migrate() -> Answer:
    """Go back to the plan, try it, or do what was shown."""
    form, asked_for = MigrationForm.of(request.form), request.form.get("do")
    if form.source is None:
        raise NotFound("process definition", form["source"])
    view = _view(form, form.source)
    if view is None or asked_for == "edit":
        return _plan(form, view)
    errors = form.objections()
    if errors:
        return _plan(form, view, errors=errors), 422
    asked = form.asked(view.source.id, view.target.id, view.mapping)
    try:
        if asked_for == "apply" and is_confirmed(migrating_word()):
            return _made(asked)
        tried = services().engine.execute(PreviewBatch(asked=asked, tried=form.tried), actor=current_actor())
    except EngineError as refused:
        return _plan(form, view, errors={"": refusal(refused).text}), 422
    shown = _tried(form, view, tried, is_unconfirmed=asked_for == "apply")
    return (shown, 422) if asked_for == "apply" else shown


@blueprint.get("/migrations/<uuid:batch_id>/reversal")
@permits(Right.ADMINISTER)
def reversal_page(batch_id: UUID) -> str:
    """Ask why a migration is to be undone."""
    return _reversal(_migration(batch_id))


@blueprint.post("/migrations/<uuid:batch_id>/reversal")
@permits(Right.ADMINISTER)
def revert(batch_id: UUID) -> Answer:
    """Try to undo a migration, or undo it."""
    line, asked_for = _migration(batch_id), request.form.get("do")
    reason = request.form.get("reason", "")
    errors = reason_objections(reason)
    if errors or asked_for == "edit":
        return _reversal(line, errors=errors if asked_for != "edit" else {}), 422 if errors else 200
    asked = Asked(kind=BatchKind.REVERT_MIGRATION, parameters={"batch_id": str(batch_id)}, reason=reason)
    try:
        if asked_for == "apply" and is_confirmed(reverting_word()):
            return _made(asked)
        tried = services().engine.execute(PreviewBatch(asked=asked), actor=current_actor())
    except EngineError as refused:
        return _reversal(line, errors={"": refusal(refused).text}), 422
    shown = _reversal(line, tried=tried, is_unconfirmed=asked_for == "apply")
    return (shown, 422) if asked_for == "apply" else shown


def migrating_word() -> str:
    """Return what is typed by whoever means to migrate."""
    return in_language("迁移", "MIGRATE")


def reverting_word() -> str:
    """Return what is typed by whoever means to undo a migration."""
    return in_language("撤销", "REVERT")


def is_confirmed(word: str) -> bool:
    """Say whether the word was typed."""
    return request.form.get("word", "").strip().upper() == word


def _made(asked: Asked) -> AnyResponse:
    batch = services().engine.execute(CreateBatch(asked=asked, submission_key=key_of_form()), actor=current_actor())
    return redirect(url_for("batches.batch_page", batch_id=batch.id), 303)


def _migration(batch_id: UUID) -> BatchLine:
    line = services().operations.batch(batch_id, current_actor())
    if line.batch.kind is not BatchKind.MIGRATE:
        raise NotFound("migration", batch_id)
    return line


def _view(form: MigrationForm, source: UUID) -> MigrationView | None:
    return migration_view(source, form.target, form.chosen, current_actor())


def _versions() -> str:
    """Show the versions that something runs by though there is a newer one, of a process where one is named."""
    wanted = request.args.get("process") or None
    found = services().operations.versions(wanted, current_actor())
    several = [each for _key, some in groupby(found, lambda one: one.definition.key) if len(each := list(some)) > 1]
    return render_template(
        "migrations.html",
        behind=[(one, each[0].definition) for each in several for one in each[1:] if one.running],
        several=[(version_name(each[0].definition), _options(each)) for each in several],
        is_narrowed=wanted is not None,
        version_name=version_name,
    )


def _options(versions: Sequence[VersionLine]) -> list[tuple[str, str]]:
    return [
        (
            str(one.definition.id),
            str(_("第 %(version)s 版 · 运行中 %(count)s", version=one.definition.version, count=one.running)),
        )
        for one in versions
    ]


def _plan(form: MigrationForm, view: MigrationView | None, *, errors: Mapping[str, str] | None = None) -> str:
    if view is None:
        return render_template("migration.html", view=None, form=form, errors={})
    return render_template(
        "migration.html",
        view=view,
        form=form,
        errors=errors or {},
        versions=_options(view.versions),
        targets=_options([one for one in view.versions if one.definition.id != view.source.id]),
        places=[(one.id, f"{one.name} · {one.instances}") for one in view.elements if one.instances],
        towns=[("", _("全部街道（镇）")), *((one.region, in_language(one.name, one.name_en)) for one in TOWNS)],
        tried=TRIED,
    )


def _tried(form: MigrationForm, view: MigrationView, tried: DryRun, *, is_unconfirmed: bool) -> str:
    return render_template(
        "migration_trial.html",
        view=view,
        form=form,
        chosen={one.id: one.target_id or "" for one in view.elements},
        tried=tried,
        names={one.id: one.name for one in view.elements},
        word=migrating_word(),
        is_unconfirmed=is_unconfirmed,
        submission_key=form["submission_key"] or uuid4().hex,
    )


def _reversal(
    line: BatchLine,
    *,
    errors: Mapping[str, str] | None = None,
    tried: DryRun | None = None,
    is_unconfirmed: bool = False,
) -> str:
    target = uuid_of(str(line.batch.parameters.get("target")))
    return render_template(
        "migration_reversal.html",
        line=line,
        errors=errors or {},
        reason=request.form.get("reason", ""),
        tried=tried,
        names=element_names(target) if target else {},
        word=reverting_word(),
        is_unconfirmed=is_unconfirmed,
        submission_key=key_of_form() or uuid4().hex,
    )
