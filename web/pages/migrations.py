"""Running cases go on by another version: where each element goes, a trial in words, the batch, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.batches import BatchKind, DryRun
from engine.commands.batches import Asked, CreateBatch, PreviewBatch
from engine.errors import EngineError, NotFound
from engine.operation_errors import BatchExtentChanged
from engine.operation_queries import BatchLine, VersionLine
from engine.submissions import sender_key
from web.authentication import current_actor, permits
from web.labels import definition_name, in_language
from web.migrating import MigrationView, drawn_version, element_names, migration_view, version_name
from web.migration_form import TRIED, MigrationForm, reason_objections, seen_of
from web.pages.process_instances import uuid_of
from web.refusals import refusal
from web.services import services
from web.submissions import key_of_form
from workflows.casework.county import TOWNS
from workflows.organisation.rights import Right

blueprint = Blueprint("migrations", __name__)
MOST_UNDONE = 100  # of what is tried of a reversal

Answer = AnyResponse | tuple[str, int] | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is shown before it is confirmed: how many are meant, what a trial found, and what was wrong, by field.

    Without `tried`, the trial shown before is what counts.
    """

    total: int
    faults: Mapping[str, str]
    tried: DryRun | None = None

    @property
    def status(self) -> int:
        """Return the HTTP status of the page that shows it."""
        return 422 if self.faults else 200


@blueprint.get("/migrations")
@permits(Right.ADMINISTER)
def plan_page() -> str:
    """Show which cases run by an old version; with one of them named, where its elements would go."""
    form = MigrationForm.of(request.args)
    if not form["source"]:
        return _versions()
    source = _named(form, "source")
    versions = services().operations.movable_versions(drawn_version(source)[0].key, current_actor())
    others = [one.definition.id for one in versions if one.definition.id != source]
    if not others:
        return render_template("migration.html", view=None)
    is_named = form["target"] and form["target"] != form["source"]
    target = _named(form, "target") if is_named else others[0]
    view = migration_view(source, target, form.chosen, current_actor())
    return _plan(form, view, versions, errors=view.errors)


@blueprint.post("/migrations")
@permits(Right.ADMINISTER)
def migrate() -> Answer:
    """Go back to the plan, try it, or do what was shown."""
    form, asked_for = MigrationForm.of(request.form), request.form.get("do")
    if asked_for == "change":
        return _changed(form)
    view = migration_view(_named(form, "source"), _named(form, "target"), form.chosen, current_actor())
    if asked_for == "edit":
        return _plan(form, view, errors=view.errors)
    errors = {**form.objections({one.id for one in view.elements}), **view.errors}
    if errors:
        return _plan(form, view, errors=errors), 422
    asked = form.asked(view.source.id, view.target.id, view.mapping)
    missing = {**_missing_word(migrating_word()), **_missing_leave(form, view)}
    try:
        outcome = _outcome(asked, missing, most=form.tried)
    except EngineError as refused:
        return _plan(form, view, errors={"": refusal(refused).text}), 422
    return outcome if isinstance(outcome, AnyResponse) else (_tried(form, view, outcome), outcome.status)


def _changed(form: MigrationForm) -> str:
    """Show the plan between other versions, with all that was typed and of what was chosen that which can still be."""
    source = _named(form, "other_source")
    versions = services().operations.movable_versions(drawn_version(source)[0].key, current_actor())
    others = [one.definition.id for one in versions if one.definition.id != source]
    wanted = _named(form, "other_target")
    target = next(iter(others), wanted) if wanted == source else wanted
    view = migration_view(source, target, form.chosen, current_actor())
    return _plan(form, view, versions, errors={})


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
        outcome = _outcome(asked, _missing_word(reverting_word()), most=MOST_UNDONE)
    except EngineError as refused:
        return _reversal(line, errors={"": refusal(refused).text}), 422
    return outcome if isinstance(outcome, AnyResponse) else (_reversal(line, trial=outcome), outcome.status)


def migrating_word() -> str:
    """Return what is typed by whoever means to migrate."""
    return in_language("迁移", "MIGRATE")


def reverting_word() -> str:
    """Return what is typed by whoever means to undo a migration."""
    return in_language("撤销", "REVERT")


def _outcome(asked: Asked, missing: Mapping[str, str], *, most: int) -> AnyResponse | Trial:
    """Do what was shown and confirmed, or try it. What is missing to confirm it costs no new trial."""
    faults: Mapping[str, str] = {}
    if request.form.get("do") == "apply":
        seen = seen_of(request.form.get("seen", ""))
        if seen is None:
            faults = {"": str(_("没有执行：请先核对试算结果，再确认。"))}
        elif missing:
            return Trial(total=seen, faults=missing)
        else:
            try:
                return _made(asked, seen)
            except BatchExtentChanged as changed:
                faults = {"": refusal(changed).text}
    tried = services().engine.execute(PreviewBatch(asked=asked, tried=most), actor=current_actor())
    return Trial(total=tried.total, faults=faults, tried=tried)


def _missing_word(word: str) -> dict[str, str]:
    """Return what is wrong with the word that confirms it, by its field."""
    if request.form.get("word", "").strip().upper() == word:
        return {}
    return {"word": str(_("没有执行：请输入“%(word)s”再确认。", word=word))}


def _missing_leave(form: MigrationForm, view: MigrationView) -> dict[str, str]:
    """Return what is wrong where finished tasks would not count and nobody said that this is meant, by its field."""
    if form["allowed"] or not view.must_be_allowed:
        return {}
    return {"allowed": str(_("没有执行：请勾选，或返回修改，为已办的环节指定对应环节。"))}


def _made(asked: Asked, seen: int) -> AnyResponse:
    actor = current_actor()
    command = CreateBatch(asked=asked, submission_key=sender_key(actor.id, key_of_form() or uuid4().hex), seen=seen)
    batch = services().engine.execute(command, actor=actor)
    return redirect(url_for("batches.batch_page", batch_id=batch.id), 303)


def _named(form: MigrationForm, name: str) -> UUID:
    """Return the version a field names.

    Raises:
        NotFound: it names none.
    """
    found = uuid_of(form[name])
    if found is None:
        raise NotFound("process definition", form[name])
    return found


def _migration(batch_id: UUID) -> BatchLine:
    line = services().operations.batch(batch_id, current_actor())
    if line.batch.kind is not BatchKind.MIGRATE:
        raise NotFound("migration", batch_id)
    return line


def _versions() -> str:
    """Show the versions that something runs by though there is a newer one, of a process where one is named."""
    wanted = request.args.get("process") or None
    found = services().operations.movable_versions(wanted, current_actor())
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


def _plan(
    form: MigrationForm,
    view: MigrationView,
    versions: Sequence[VersionLine] | None = None,
    *,
    errors: Mapping[str, str],
) -> str:
    if versions is None:
        versions = services().operations.movable_versions(view.source.key, current_actor())
    return render_template(
        "migration.html",
        view=view,
        form=form,
        definition_name=definition_name,
        errors=errors,
        versions=_options(versions),
        targets=_options([one for one in versions if one.definition.id != view.source.id]),
        places=_places(form, view),
        towns=[("", _("全部街道（镇）")), *((one.region, in_language(one.name, one.name_en)) for one in TOWNS)],
        tried=TRIED,
    )


def _places(form: MigrationForm, view: MigrationView) -> list[tuple[str, str]]:
    """Return where something stands, and what was chosen, though by now nothing stands there: it must not be all."""
    places = [(one.id, f"{one.name} · {one.instances}") for one in view.elements if one.instances]
    if form["element"] and form["element"] not in dict(places):
        places += [(one.id, f"{one.name} · 0") for one in view.elements if one.id == form["element"]]
    return places


def _tried(form: MigrationForm, view: MigrationView, trial: Trial) -> str:
    return render_template(
        "migration_trial.html",
        view=view,
        form=form,
        definition_name=definition_name,
        chosen={one.id: one.target_id or "" for one in view.elements},
        trial=trial,
        names={one.id: one.name for one in view.elements},
        word=migrating_word(),
        submission_key=form["submission_key"] or uuid4().hex,
    )


def _reversal(line: BatchLine, *, errors: Mapping[str, str] | None = None, trial: Trial | None = None) -> str:
    target = uuid_of(str(line.batch.parameters.get("target")))
    return render_template(
        "migration_reversal.html",
        line=line,
        errors=errors or {},
        reason=request.form.get("reason", ""),
        trial=trial,
        names=element_names(target) if target else {},
        word=reverting_word(),
        submission_key=key_of_form() or uuid4().hex,
    )
