"""The payments of a month: batches, the roster of one, the file for the bank, what comes back, the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.model import Actor
from web.authentication import accepts_body_up_to, current_actor, permits
from web.bank_files import handed_out
from web.days import month_named
from web.files import attached, uploaded_file
from web.lists import PAGE_SIZE, page_count, page_number
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.schemas.payments import OfMonthSchema
from web.services import services
from web.staff_names import staff_names
from web.terms import Terms
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION
from workflows.casework.days import month_of
from workflows.casework.model import ZERO
from workflows.casework.payments.commands import AT_BANK, FINANCE, STAFF, ImportReturn, StartPayments
from workflows.casework.payments.model import BatchSums, PaymentState
from workflows.casework.payments.views import BatchView, ListBatches, PaymentView, ReadBatch, ReadBooks, SumBatches
from workflows.casework.verification.table_files import LARGEST_FILE
from workflows.organisation.rights import Right

blueprint = Blueprint("payments", __name__)

HELD_BACK = "held-back"
CSV = "text/csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterState:
    """Which lines of a batch are shown, as its address says."""

    number: str
    shown: str  # a state of payments, held back, or empty: all
    page: int

    @classmethod
    def from_arguments(cls, number: str, arguments: MultiDict[str, str]) -> RosterState:
        """Read an address; what it does not know is left out."""
        shown = arguments.get("shown", "")
        known = {HELD_BACK, *(one.value for one in PaymentState)}
        return cls(number=number, shown=shown if shown in known else "", page=page_number(arguments.get("page")))

    def url(self, **changes: Any) -> str:
        """Return the address with some things changed; the first page unless told."""
        other = replace(self, **({"page": 1} | changes))
        return url_for(
            "payments.batch_page",
            number=other.number,
            shown=other.shown or None,
            page=other.page if other.page > 1 else None,
        )

    def page_url(self, number: int) -> str:
        """Return the address of another page of the roster."""
        return self.url(page=number)

    def chosen(self, lines: Sequence[PaymentView]) -> list[PaymentView]:
        """Return the lines that are shown, over all pages."""
        if self.shown == HELD_BACK:
            return [one for one in lines if is_held_back(one)]
        return [one for one in lines if self.shown in ("", one.state.value) and not is_held_back(one)]

    def on_page(self, lines: Sequence[PaymentView]) -> Sequence[PaymentView]:
        """Return the lines of this page."""
        return lines[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]


def is_held_back(line: PaymentView) -> bool:
    """Say whether the file for the bank was written without a line."""
    return line.state is PaymentState.FAILED and line.line is None


@blueprint.get("/payments")
@permits(Right.WORK)
def batch_list() -> str:
    """Show the batches, the newest first."""
    return _list_page()


@blueprint.post("/payments")
@permits(Right.WORK)
def start() -> AnyResponse | tuple[str, int]:
    """Begin the payments of a month."""
    try:
        month = loaded(OfMonthSchema(), typed(request.form, only=("month",)))["month"]
        batch = services().engine.execute(StartPayments(month=date.fromisoformat(f"{month}-01")), actor=current_actor())
    except EngineError as error:
        return _list_page(refusal(error)), 422
    flash(_("批次 %(number)s 已开始，花名册由经办人员编制。", number=batch.number), "success")
    return redirect(url_for("payments.batch_page", number=batch.number), 303)


@blueprint.get("/payments/batches/<number>")
@permits(Right.WORK)
def batch_page(number: str) -> str:
    """Show a batch with a page of its roster."""
    return _batch_page(number)


@blueprint.post("/payments/batches/<number>/bank-file")
@permits(Right.WORK)
def take_bank_file(number: str) -> AnyResponse | tuple[str, int]:
    """Give the file for the bank; who took it stands in the record of access."""
    try:
        given = handed_out(number)
    except EngineError as error:
        return _batch_page(number, refusal(error)), 422
    return attached(given.content, name=given.name, media_type=CSV)


@blueprint.post("/payments/batches/<number>/returns")
@accepts_body_up_to(LARGEST_FILE)
@permits(Right.WORK)
def take_return(number: str) -> AnyResponse | tuple[str, int]:
    """Take in what the bank says of the batch, as a whole or not at all."""
    try:
        command = ImportReturn(number=number, content=uploaded_file(request))
        services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _batch_page(number, refusal(error)), 422
    flash(_("回盘文件已导入。"), "success")
    return redirect(url_for("payments.batch_page", number=number), 303)


@blueprint.get("/payments/books")
@permits(Right.WORK)
def books_page() -> str:
    """Compare what benefits owe in a month with what was paid for it."""
    month = month_named(request.args.get("month"), month_of(Terms().today))
    page = page_number(request.args.get("page"))
    books = services().engine.execute(ReadBooks(month=month), actor=current_actor())
    named = f"{month:%Y-%m}"
    return render_template(
        "payment_books.html",
        month=named,
        books=books,
        shown=books.differences[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=page,
        pages=page_count(len(books.differences)),
        page_url=lambda number: url_for("payments.books_page", month=named, page=number),
    )


def _list_page(refused: Refusal | None = None) -> str:
    actor, engine = current_actor(), services().engine
    batches = engine.execute(ListBatches(), actor=actor)
    page = page_number(request.args.get("page"))
    listed = batches[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    sums: Sequence[BatchSums] = engine.execute(SumBatches(batch_ids=[one.id for one in listed]), actor=actor)
    return render_template(
        "payments.html",
        batches=listed,
        sums={one.number: one for one in sums},
        total=len(batches),
        page=page,
        pages=page_count(len(batches)),
        page_url=lambda number: url_for("payments.batch_list", page=number),
        may_start=_works_in(actor, CIVIL_AFFAIRS, FINANCE),
        month=f"{Terms().today:%Y-%m}",
        refused=refused,
        given=request.form,
    )


def _batch_page(number: str, refused: Refusal | None = None) -> str:
    actor, state = current_actor(), RosterState.from_arguments(number, request.args)
    view: BatchView = services().engine.execute(ReadBatch(number=number), actor=actor)
    batch, chosen = view.batch, state.chosen(view.lines)
    may_take = _works_in(actor, FINANCE) and batch.state in AT_BANK
    return render_template(
        "payment_batch.html",
        view=view,
        batch=batch,
        state=state,
        counts=_counts(view.lines),
        held_back=HELD_BACK,
        lines=state.on_page(chosen),
        total=len(chosen),
        shown_total=sum((one.amount for one in chosen), ZERO),
        pages=page_count(len(chosen)),
        names=staff_names([batch.prepared_by, batch.checked_by, batch.approved_by]),
        may_take=may_take,
        seen=services().casework.summaries([one.case_number for one in state.on_page(chosen)], actor),
        refused=refused,
    )


def _counts(lines: Sequence[PaymentView]) -> list[tuple[str, str, int]]:
    """Return how many lines stand where: what a tab names, its words, and the count."""
    held = [one for one in lines if is_held_back(one)]
    found = [("", _("全部"), len(lines) - len(held))]
    for state in PaymentState:
        count = sum(1 for one in lines if one.state is state and not is_held_back(one))
        if count:
            found.append((state.value, "", count))
    return [*found, (HELD_BACK, _("扣下未送"), len(held))] if held else found


def _works_in(actor: Actor, *kinds: str) -> bool:
    return any(
        one.unit_kind in kinds and one.role in STAFF and COUNTY_REGION.startswith(one.region)
        for one in actor.memberships
    )
