"""The pages of spot checks: the list, drawing one, and one with its sample and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.submissions import sender_key
from web import i18n
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.labels import choices, unit_kind
from web.lists import PAGE_SIZE, chosen, page_count, page_number
from web.schemas.base import EARLIEST_DAY, LATEST_DAY
from web.services import services
from web.spot_checks import exported, programme_name, region_name, regions_to_draw_in
from web.terms import Terms
from web.unread_filters import tell_unread
from workflows.casework.county import PROGRAMME_NAMES, UNIT_KIND_NAMES
from workflows.casework.figures.periods import Period
from workflows.casework.spot_checks.commands import DrawSpotCheck, WithdrawSpotCheck
from workflows.casework.spot_checks.errors import SpotCheckKeyTaken
from workflows.casework.spot_checks.model import Basis, ItemState, Population, checking_post
from workflows.casework.spot_checks.queries import SpotCheckFilter
from workflows.casework.spot_checks.sampling import Way
from workflows.casework.verification.model import FileFormat
from workflows.organisation.rights import Right

blueprint = Blueprint("spot_checks", __name__)

MOST_SIGNS = 4  # of a number of cases that somebody may mean
USUAL_SIZE = "10"
OPEN_TONES = {ItemState.OPEN: "warn", ItemState.FOUND: "danger", ItemState.DONE: "ok", ItemState.WITHDRAWN: "neutral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody typed to draw a sample; the days as they were typed."""

    basis: Basis
    since: str
    until: str
    region: str
    programme: str
    unit_kind: str
    way: Way
    size: str
    is_share: bool
    seed: str
    reason: str

    @classmethod
    def from_given(cls, given: MultiDict[str, str], usual_region: str) -> Wanted:
        """Read a form or an address; without days the last month is meant."""
        last = _last_month()
        programme, unit = given.get("programme", ""), given.get("unit", "")
        return cls(
            basis=chosen(Basis, given.get("basis"), Basis.FINISHED),
            since=given.get("since", last.since.isoformat())[:10],
            until=given.get("until", last.until.isoformat())[:10],
            region=given.get("region", usual_region)[:12],
            programme=programme if programme in PROGRAMME_NAMES else "",
            unit_kind=unit if unit in UNIT_KIND_NAMES else "",
            way=chosen(Way, given.get("way"), Way.RANDOM),
            size=given.get("size", USUAL_SIZE)[:20],
            is_share=given.get("measure") == "share",
            seed=given.get("seed", "").strip()[:100],
            reason=given.get("reason", ""),
        )

    @property
    def population(self) -> Population | None:
        """Return what is drawn from; None where nobody can mean the days."""
        period = _period(self.since, self.until)
        if period is None:
            return None
        return Population(
            basis=self.basis,
            since=period.since,
            until=period.until,
            region=self.region,
            programme=self.programme,
            unit_kind=self.unit_kind,
        )

    @property
    def number(self) -> int:
        """Return how many or which share; 0 where no number was typed, which no sample has."""
        is_number = self.size.isascii() and self.size.isdecimal() and len(self.size) <= MOST_SIGNS
        return int(self.size) if is_number else 0

    def command(self, population: Population, key: str) -> DrawSpotCheck:
        """Return the draw that is meant."""
        return DrawSpotCheck(
            population=population,
            way=self.way,
            reason=self.reason,
            submission_key=key,
            size=None if self.is_share else self.number,
            share=self.number if self.is_share else None,
            seed=self.seed or None,
        )


@blueprint.get("/spot-checks")
@permits(Right.SUPERVISE)
def check_list() -> str:
    """Show the spot checks of the regions one supervises."""
    tell_unread(show=("open", "all"))
    actor, page = current_actor(), page_number(request.args.get("page"))
    open_only = request.args.get("show") == "open"
    wanted = SpotCheckFilter(actor=actor, open_only=open_only, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    found = services().spot_checks.spot_checks(wanted)
    return render_template(
        "spot_checks.html",
        lines=found.spot_checks,
        total=found.total,
        open_only=open_only,
        page=page,
        pages=page_count(found.total),
        page_url=lambda number: url_for("spot_checks.check_list", show="open" if open_only else None, page=number),
        region_name=region_name,
        may_draw=bool(regions_to_draw_in(actor)),
    )


@blueprint.get("/spot-checks/new")
@permits(Right.SUPERVISE)
def draw_page() -> str | tuple[str, int]:
    """Show the form to draw a sample, with how many it would be drawn from where that is asked."""
    wanted = _wanted(request.args)
    if "since" not in request.args:
        return _draw_page(wanted)
    if wanted.population is None:
        return _draw_page(wanted, error=_period_wrong()), 422
    return _draw_page(wanted, found=services().spot_checks.population_size(wanted.population, current_actor()))


@blueprint.post("/spot-checks")
@permits(Right.SUPERVISE)
def draw() -> AnyResponse | tuple[str, int]:
    """Draw a sample."""
    actor, wanted = current_actor(), _wanted(request.form)
    key = request.form.get("submission_key", "")[:64] or uuid4().hex
    if wanted.population is None:
        return _draw_page(wanted, error=_period_wrong(), key=key), 422
    try:
        drawn = services().engine.execute(wanted.command(wanted.population, sender_key(actor.id, key)), actor=actor)
    except EngineError as refused:
        fresh = None if isinstance(refused, SpotCheckKeyTaken) else key
        return _draw_page(wanted, error=i18n.refusal_text(refused), key=fresh), 422
    flash(_("已抽取，核查任务已发给没有经手的人员。"), "success")
    return redirect(url_for("spot_checks.check_page", spot_check_id=drawn.id), 303)


@blueprint.get("/spot-checks/<uuid:spot_check_id>")
@permits(Right.SUPERVISE)
def check_page(spot_check_id: UUID) -> str:
    """Show a spot check with its sample."""
    actor = current_actor()
    view = services().spot_checks.spot_check(spot_check_id, actor)
    is_open = any(one.state in (ItemState.OPEN, ItemState.FOUND) for one in view.items)
    may_withdraw = checking_post(actor, view.line.population.region) is not None
    return render_template(
        "spot_check.html",
        view=view,
        line=view.line,
        counts=view.line.counts,
        formats=FileFormat,
        tones=OPEN_TONES,
        region_name=region_name,
        programme_name=programme_name,
        unit_kind=unit_kind,
        can_withdraw=is_open and not view.line.is_withdrawn and may_withdraw,
    )


@blueprint.post("/spot-checks/<uuid:spot_check_id>/withdrawal")
@permits(Right.SUPERVISE)
def withdraw(spot_check_id: UUID) -> AnyResponse:
    """Take a spot check back."""
    actor = current_actor()
    services().spot_checks.spot_check(spot_check_id, actor)
    try:
        command = WithdrawSpotCheck(spot_check_id=spot_check_id, reason=request.form.get("reason", ""))
        services().engine.execute(command, actor=actor)
        flash(_("抽查已撤回，未完成的核查已结束。"), "success")
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    return redirect(url_for("spot_checks.check_page", spot_check_id=spot_check_id), 303)


@blueprint.post("/spot-checks/<uuid:spot_check_id>/exports")
@permits(Right.SUPERVISE)
def export(spot_check_id: UUID) -> Response:
    """Give the result as a file; who took it stands in the record of access."""
    kind = next((one for one in FileFormat if one.value == request.form.get("format")), None)
    if kind is None:
        raise BadRequest(Words("文件格式无法识别", "format"))
    file = exported(spot_check_id, current_actor(), kind)
    answer = Response(file.content, content_type=file.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return answer


def _draw_page(wanted: Wanted, *, error: str = "", found: int | None = None, key: str | None = None) -> str:
    regions = regions_to_draw_in(current_actor())
    shown: dict[str, Any] = {
        "wanted": wanted,
        "error": error,
        "found": found,
        "regions": regions,
        "programmes": [("", _("全部项目")), *choices("programme")],
        "units": [("", _("全部单位")), *((kind, unit_kind(kind)) for kind in UNIT_KIND_NAMES)],
        "submission_key": key or uuid4().hex,
    }
    return render_template("spot_check_new.html", **shown)


def _wanted(given: MultiDict[str, str]) -> Wanted:
    regions = regions_to_draw_in(current_actor())
    return Wanted.from_given(given, regions[0][0] if regions else "")


def _period(since: str, until: str) -> Period | None:
    try:
        period = Period(since=date.fromisoformat(since), until=date.fromisoformat(until))
    except ValueError:
        return None
    return period if period.since >= EARLIEST_DAY and period.until <= LATEST_DAY and period.makes_sense else None


def _period_wrong() -> str:
    return str(_("期间无法识别：请填写起止日期，截止日期不早于起始日期，最长十年。"))


def _last_month() -> Period:
    today = Terms().today
    return Period.of_month(today.year - (today.month == 1), (today.month - 2) % 12 + 1)
