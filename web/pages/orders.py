"""Supervising on pages: acting on ticked tasks or a case, and the register of supervision orders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.model import Actor, UserTask
from engine.permissions import whose_right
from web import i18n
from web.authentication import current_actor, may, permits
from web.labels import in_language, unit_kind
from web.lists import PAGE_SIZE, page_count, page_number, search_text
from web.pages.session import safe_target
from web.services import services
from web.supervising import Chosen, Outcome, addressable, cases_of, chosen_tasks, each_by_itself
from web.supervision import days_of_orders, office_names
from web.task_sight import seen_task
from web.terms import Terms
from web.unread_filters import is_search, tell_unread
from workflows.casework.orders.commands import IssueSupervisionOrder, RemindOfTask, WithdrawSupervisionOrder
from workflows.casework.orders.errors import OrderKeyTaken
from workflows.casework.orders.model import OVER, BasisKind, SupervisionOrder, supervising_post
from workflows.casework.orders.queries import OrderFilter, OrderSituation
from workflows.organisation.rights import Right

blueprint = Blueprint("orders", __name__)

MOST_DAYS_TYPED = 4  # signs of a number of days that somebody may mean


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """What the register of orders shows, as its address says."""

    situation: OrderSituation | None
    text: str
    page: int

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> ListState:
        """Read an address; without a word about the situation what is in work is shown."""
        named = arguments.get("situation", OrderSituation.IN_WORK.value)
        return cls(
            situation=next((one for one in OrderSituation if one.value == named), None),
            text=search_text(arguments.get("q")),
            page=page_number(arguments.get("page")),
        )

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some things changed; the first page unless told."""
        shown = replace(self, **({"page": 1} | changes))
        return url_for(
            "orders.order_list",
            situation=shown.situation.value if shown.situation else "all",
            q=shown.text or None,
            page=shown.page if shown.page > 1 else None,
        )

    def page_url(self, number: int) -> str:
        """Return the address of another page of this list."""
        return self.url(page=number)


@blueprint.get("/supervision/orders")
@permits(Right.WORK)
def order_list() -> str:
    """Show the orders in sight."""
    tell_unread(situation=("all", *(one.value for one in OrderSituation)), q=is_search)
    actor, state, days = current_actor(), ListState.from_arguments(request.args), days_of_orders()
    wanted = OrderFilter(
        actor=actor,
        days=days,
        situation=state.situation,
        text=state.text or None,
        offset=(state.page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    found = services().supervision.orders(wanted)
    return render_template(
        "supervision_orders.html",
        state=state,
        situations=OrderSituation,
        counts=services().supervision.order_counts(actor, days),
        lines=found.orders,
        total=found.total,
        pages=page_count(found.total),
        units=office_names(),
        terms=Terms(),
        can_supervise=may(Right.SUPERVISE),
    )


@blueprint.get("/supervision/orders/<uuid:order_id>")
@permits(Right.WORK)
def order_page(order_id: UUID) -> str:
    """Show an order with its course."""
    actor = current_actor()
    view = services().supervision.order(order_id, actor)
    open_task = seen_task(services().queries, view.line.open_task, actor)
    is_case = bool(services().casework.summaries([view.line.order.matter], actor))
    return render_template(
        "supervision_order.html",
        order=view.line.order,
        view=view,
        open_task=open_task,
        is_to_do=open_task is not None and _is_to_do(open_task, actor),
        about_task=seen_task(services().queries, view.line.order.task_id, actor),
        is_case=is_case,
        units=office_names(),
        terms=Terms(),
        can_withdraw=may(Right.SUPERVISE) and _can_withdraw(view.line.order, actor),
    )


@blueprint.post("/supervision/orders/<uuid:order_id>/withdrawal")
@permits(Right.SUPERVISE)
def withdraw(order_id: UUID) -> AnyResponse:
    """Take an order back."""
    actor = current_actor()
    services().supervision.order(order_id, actor)
    try:
        command = WithdrawSupervisionOrder(order_id=order_id, reason=request.form.get("reason", ""))
        services().engine.execute(command, actor=actor)
        flash(_("督办单已撤回。"), "success")
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    return redirect(url_for("orders.order_page", order_id=order_id), 303)


def _can_withdraw(order: SupervisionOrder, actor: Actor) -> bool:
    return order.state not in OVER and supervising_post(actor, order.region, order.unit_kind) is not None


@blueprint.get("/supervision/act")
@permits(Right.SUPERVISE)
def act_page() -> AnyResponse | str:
    """Show what can be done about the tasks that were ticked, or about a case."""
    back = safe_target(request.args.get("back"))
    chosen = _chosen(request.args)
    if not chosen.tasks and chosen.case is None:
        flash(_("请先勾选要督办的任务；已办结的任务不能督办。"), "warning")
        return redirect(back, 303)
    return _act_page(chosen, back)


@blueprint.post("/supervision/act/remind")
@permits(Right.SUPERVISE)
def remind() -> AnyResponse | tuple[str, int]:
    """Remind whoever holds the tasks, or their units."""
    chosen, text = _chosen(request.form), request.form.get("text", "")
    key = _own_key()

    def send(task: UserTask) -> None:
        command = RemindOfTask(task_id=task.id, text=text, submission_key=f"{key}:{task.id}")
        services().engine.execute(command, actor=current_actor())

    outcome = each_by_itself(chosen.tasks, send)
    told = ngettext("已催办 %(num)s 项任务。", "已催办 %(num)s 项任务。", outcome.done)
    return _answered(chosen, outcome, told, "text")


@blueprint.post("/supervision/act/order")
@permits(Right.SUPERVISE)
def order() -> AnyResponse | tuple[str, int]:
    """Issue an order for each of the tasks, or for the case."""
    chosen = _chosen(request.form)
    if chosen.case is not None:
        return _order_of_case(chosen)
    key = _own_key()

    def issue(task: UserTask) -> None:
        command = _order(f"{key}:{task.id}", task_id=task.id)
        services().engine.execute(command, actor=current_actor())

    outcome = each_by_itself(chosen.tasks, issue)
    told = ngettext("已下发 %(num)s 份督办单。", "已下发 %(num)s 份督办单。", outcome.done)
    return _answered(chosen, outcome, told, "demand")


def _order_of_case(chosen: Chosen) -> AnyResponse | tuple[str, int]:
    number = chosen.case.summary.number if chosen.case else ""
    command = _order(_own_key(), case_number=number, unit_kind=request.form.get("unit_kind", "")[:40])
    try:
        issued = services().engine.execute(command, actor=current_actor())
    except EngineError as refused:
        said = {"demand": i18n.refusal_text(refused)}
        return _refused(chosen, said, is_key_taken=isinstance(refused, OrderKeyTaken))
    flash(_("已下发督办单 %(number)s。", number=issued.number), "success")
    return redirect(url_for("orders.order_page", order_id=issued.id), 303)


def _order(key: str, **about: Any) -> IssueSupervisionOrder:
    form = request.form
    days = form.get("working_days", "").strip()
    is_number = days.isdecimal() and len(days) <= MOST_DAYS_TYPED
    return IssueSupervisionOrder(
        demand=form.get("demand", ""),
        basis_kind=next((one for one in BasisKind if one.value == form.get("basis_kind")), BasisKind.LEGAL),
        basis=form.get("basis", ""),
        working_days=int(days) if is_number else 0,
        addressee=form.get("addressee", "")[:64] or None,
        submission_key=key,
        **about,
    )


def _answered(chosen: Chosen, outcome: Outcome, told: str, field: str) -> AnyResponse | tuple[str, int]:
    if not outcome.done:
        return _refused(chosen, {field: _what_was_said(outcome)}, is_key_taken=outcome.is_key_taken)
    flash(told, "success")
    for name, text in outcome.refused:
        flash(_("%(task)s 未成功：%(reason)s", task=name, reason=text), "danger")
    if chosen.left_out:
        flash(_left_out(chosen), "warning")
    return redirect(safe_target(request.form.get("back")), 303)


def _what_was_said(outcome: Outcome) -> str:
    """Return why nothing was done: what holds of all tasks once, without their names."""
    texts = list(dict.fromkeys(text for _name, text in outcome.refused))
    if len(texts) > 1:
        return " ".join(in_language(f"{name}：{text}", f"{name}: {text}") for name, text in outcome.refused)
    return texts[0] if texts else _("没有可督办的任务。")


def _left_out(chosen: Chosen) -> str:
    told = ngettext(
        "另有 %(num)s 项未处理：已办结、不在可见范围，或超出一次可选的数量。",
        "另有 %(num)s 项未处理：已办结、不在可见范围，或超出一次可选的数量。",
        chosen.left_out,
    )
    return str(told)


def _refused(chosen: Chosen, errors: dict[str, str], *, is_key_taken: bool = False) -> tuple[str, int]:
    return _act_page(chosen, safe_target(request.form.get("back")), errors, is_key_taken=is_key_taken), 422


def _act_page(chosen: Chosen, back: str, errors: dict[str, str] | None = None, *, is_key_taken: bool = False) -> str:
    actor, given = current_actor(), request.form
    return render_template(
        "supervise.html",
        chosen=chosen,
        cases=cases_of(chosen, actor),
        people=[("", _("不指定，由单位签收")), *((one.login, one.name) for one in addressable(chosen))],
        units=[(kind, unit_kind(kind)) for kind in chosen.unit_kinds],
        bases=BasisKind,
        terms=Terms(),
        back=back,
        left_out=_left_out(chosen) if chosen.left_out else "",
        errors=errors or {},
        given=given,
        submission_key=(None if is_key_taken else given.get("submission_key")) or uuid4().hex,
    )


def _chosen(source: MultiDict[str, str]) -> Chosen:
    number = source.get("case", "")[:100]
    if number:
        return Chosen(case=services().casework.case(number, current_actor()))
    return chosen_tasks(source.getlist("task"), current_actor())


def _own_key() -> str:
    given = request.form.get("submission_key", "")[:64] or uuid4().hex
    return f"{current_actor().id}:{given}"


def _is_to_do(task: UserTask, actor: Actor) -> bool:
    return whose_right(task, actor) is not None
