"""Taking figures away: written down first, then the same tables as on the page, as a file."""

from __future__ import annotations

from flask_babel import gettext as _

from engine.model import Actor
from web.figures.files import FigureFile, Rows, figure_file
from web.figures.sections import sections
from web.formats import minute
from web.labels import town, unit_kind
from web.services import services
from web.terms import Terms
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION
from workflows.casework.figures.model import SupervisorFigures
from workflows.casework.figures.ports import FigureFilter
from workflows.casework.payments.commands import FINANCE
from workflows.casework.payments.views import Books, ReadBooks
from workflows.casework.verification.model import FileFormat
from workflows.organisation.exports import ExportFigures
from workflows.organisation.model import SUPERVISOR

MONEY_KINDS = frozenset({CIVIL_AFFAIRS, FINANCE})


def exported(wanted: FigureFilter, kind: FileFormat) -> FigureFile:
    """Return the figures as a file; the act stands in the record of access before anything is handed out.

    Raises:
        NotPermitted: the actor supervises nothing.
    """
    taken = ExportFigures(
        since=wanted.since,
        until=wanted.until,
        region=wanted.region,
        unit_kind=wanted.unit_kind,
        format=kind.value,
    )
    services().engine.execute(taken, actor=wanted.actor)
    figures = services().figures.figures(wanted)
    tables = sections(figures, books_of(wanted))
    return figure_file(tables, head=_head(figures, wanted), since=wanted.since, until=wanted.until, kind=kind)


def books_of(wanted: FigureFilter) -> Books | None:
    """Return the books of the last month of a period that has begun; None where they are not of what is asked for.

    They are of the whole county: there are none of a town, and none for whoever supervises less than its money.
    """
    today = Terms().today
    if wanted.region or wanted.since > today or not _supervises_money(wanted.actor):
        return None
    month = min(wanted.until, today).replace(day=1)
    return services().engine.execute(ReadBooks(month=month), actor=wanted.actor)


def _supervises_money(actor: Actor) -> bool:
    return any(
        one.role == SUPERVISOR and one.unit_kind in MONEY_KINDS and COUNTY_REGION.startswith(one.region)
        for one in actor.memberships
    )


def _head(figures: SupervisorFigures, wanted: FigureFilter) -> Rows:
    return [
        [_("业务统计"), services().county],
        [_("期间"), f"{wanted.since.isoformat()} – {wanted.until.isoformat()}"],
        [_("地区"), town(wanted.region) if wanted.region else _("全部可见地区")],
        [_("单位"), unit_kind(wanted.unit_kind) if wanted.unit_kind else _("全部单位")],
        [_("统计时间"), minute(figures.counted_at)],
        [_("导出人"), wanted.actor.name],
    ]
