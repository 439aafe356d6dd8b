"""What came of a simulation: what people did, the supervisors' figures, and whether the books hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median

from api.scenario.county import ThrowAwayCounty
from api.schemas.figures import SupervisorFiguresSchema
from api.simulation.office import SimulatedOffice
from api.simulation.plan import Plan
from engine.json_values import JsonObject
from engine.model import SYSTEM
from engine.queries import IncidentFilter
from workflows.casework.figures.books import CHECK_NAMES, Check, Finding
from workflows.casework.figures.ports import FigureFilter

MOST_FINDINGS = 200
MOST_INCIDENTS = 50


def results(county: ThrowAwayCounty, plan: Plan, office: SimulatedOffice) -> JsonObject:
    """Return everything of a county after a simulation; the same for the same plan."""
    services, work = county.house.services, office.work
    wanted = FigureFilter(actor=SYSTEM, since=plan.start, until=plan.end - timedelta(days=1))
    shown: JsonObject = SupervisorFiguresSchema().dump(services.figures.figures(wanted))
    shown.pop("counted_at")
    findings = services.figures.books()
    stuck = services.queries.incidents(IncidentFilter(actor=SYSTEM, limit=MOST_INCIDENTS))
    heard = work.days_to_hear_of_a_death
    return {
        "synthetic": True,
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "seed": plan.seed,
        "households": work.taken_over,
        "handed_in": work.handed_in,
        "tasks_done": dict(sorted(work.done.items())),
        "tasks_undoable": dict(sorted(office.undoable.items())),
        "tries_refused": dict(sorted(work.refused.items())),
        "happened": dict(sorted(work.happened.items())),
        "median_days_to_hear_of_a_death": median(heard) if heard else None,
        "figures": shown,
        "incidents": [
            {
                "case": one.business_key,
                "step": one.element_name,
                "kind": one.incident.kind,
                "reason": one.incident.reason,
            }
            for one in stuck
        ],
        "books": {check.value: _of(check, findings) for check in Check},
    }


def holds(found: JsonObject) -> bool:
    """Say whether everything that came up could be done and the books hold."""
    books = any(found["books"].values())
    return not (books or found["incidents"] or found["tasks_undoable"])


def as_text(found: JsonObject) -> Iterator[str]:
    """Yield the report, line by line."""
    shown = found["figures"]
    yield f"\n合成数据 synthetic data  {found['start']} – {found['end']}  种子 seed {found['seed']}"
    yield f"在享家庭 households {found['households']}，新申请 handed in {found['handed_in']}"
    yield f"完成任务 tasks done {sum(found['tasks_done'].values())}；发生 happened {_row(found['happened'])}"
    yield from _cases(shown)
    yield from _limits(shown)
    yield from _quality(shown, found)
    yield from _money(shown)
    yield from _stuck(found)
    yield from _books(found["books"])


def _cases(shown: JsonObject) -> Iterator[str]:
    yield "\n各镇案件 cases by town：收到 received｜办结 closed｜不予受理 declined｜撤回 withdrawn｜在办 in work"
    for one in shown["towns"]:
        counts = "｜".join(str(one[name]) for name in ("received", "closed", "declined", "withdrawn", "in_work"))
        yield f"  {one['town']} {one['town_en']}: {counts}"
    yield "各项目 by programme：转办 sent｜给予 granted｜不给予 refused｜退回 returned｜撤销 cancelled｜在办 in work"
    names = ("sent", "granted", "refused", "returned", "cancelled", "in_work")
    for programme in sorted({one["programme"] for one in shown["programmes"]}):
        rows = [one for one in shown["programmes"] if one["programme"] == programme]
        yield f"  {programme}: " + "｜".join(str(sum(row[name] for row in rows)) for name in names)


def _limits(shown: JsonObject) -> Iterator[str]:
    yield "时限 limits：到期 due｜按时 kept｜迟办 late｜逾期在办 still open｜停钟 resting｜按时率 rate"
    for one in shown["on_time"]:
        counts = "｜".join(str(one[name]) for name in ("due", "kept", "late", "still_open", "resting"))
        yield f"  {one['kind']}: {counts}｜{_share(one['rate'])}"
    ages = "，".join(f"{_days(one)}: {one['cases']}" for one in shown["ages"])
    yield f"在办案件工作日龄 age in working days：{ages}"
    yield f"办结天数中位数 median days to close {shown['median_days_to_close'] or '—'}"
    yield "待办最多的步骤 steps that wait："
    for one in sorted(shown["waiting"], key=lambda row: (-row["overdue"], -row["open"]))[:12]:
        yield (
            f"  {one['name']} {one['name_en']} ({one['unit_kind']}): 待办 open {one['open']}，"
            f"逾期 overdue {one['overdue']}，中位 median {one['median_days']} d"
        )
    yield "各单位 units：收到 sent｜签收 acknowledged｜办结 finished｜在办 open｜逾期 overdue｜中位天数 median days"
    for one in shown["units"]:
        counts = "｜".join(str(one[name]) for name in ("sent", "acknowledged", "finished", "open", "overdue"))
        yield f"  {one['unit_kind']}: {counts}｜{one['median_days_to_result'] or '—'}"


def _quality(shown: JsonObject, found: JsonObject) -> Iterator[str]:
    procedure, urgent = shown["procedure"], shown["urgent"]
    yield (
        f"补正率 corrections {_share(procedure['correction_share'])}；退回 returns {procedure['returned']}/"
        f"{procedure['referrals']}；公示异议 objections {_share(procedure['objection_share'])}，"
        f"改变 reversed {_share(procedure['reversal_share'])}；核对异议 report objections "
        f"{procedure['report_objections']}，改变 changed {procedure['reports_changed']}；"
        f"近亲属 kin {procedure['kin_cases']}"
    )
    yield (
        f"急难救助 urgent：{urgent['claims']} 件，24 小时内 in time {_share(urgent['paid_in_time_share'])}，"
        f"按期补档 files {_share(urgent['files_in_time_share'])}，{urgent['amount']} 元 yuan"
    )
    yield "信息单位 sources：问 asked｜答 answered｜缺 missing｜迟 late｜缺答率 missing｜中位小时 median hours"
    for one in shown["sources"]:
        counts = "｜".join(str(one[name]) for name in ("asked", "answered", "missing", "late"))
        yield f"  {one['title']}: {counts}｜{_share(one['missing_share'])}｜{one['median_hours'] or '—'}"
    rechecks = "，".join(
        f"{one['recheck_class'] or '—'}: {one['planned']}（逾期 overdue {one['overdue']}）" for one in shown["rechecks"]
    )
    yield f"复核 re-checks：办结 done {shown['rechecks_done']}；待办 planned {rechecks or '—'}"
    days = found["median_days_to_hear_of_a_death"]
    yield f"死亡发现天数中位数 median days until a death is known {days if days is not None else '—'}"


def _money(shown: JsonObject) -> Iterator[str]:
    yield (
        "待遇 benefits：户 households｜人 persons｜月金额 a month｜人均补差 base a person｜"
        "分类施保 add-ons｜新增 begun｜终止 ended"
    )
    for one in shown["benefits"]:
        yield (
            f"  {one['programme']}: {one['households']}｜{one['persons']}｜{one['amount']}｜"
            f"{one['average_base'] or '—'}｜{_share(one['add_on_share'])}｜{one['begun']}｜{one['ended']}"
        )
    yield f"覆盖率 coverage {_share(shown['coverage'])}（户籍人口 population {shown['population'] or '—'}）"


def _stuck(found: JsonObject) -> Iterator[str]:
    yield f"异常 incidents {len(found['incidents'])}"
    for one in found["incidents"][:MOST_INCIDENTS]:
        yield f"  {one['case']} {one['step']}: {one['reason'][:200]}"
    for what, count in found["tasks_undoable"].items():
        yield f"  无法完成 undoable {what} ×{count}"


def _books(books: JsonObject) -> Iterator[str]:
    yield "账目 books："
    for check in Check:
        zh, en = CHECK_NAMES[check]
        wrong = books[check.value]
        yield f"  {'✗' if wrong else '✓'} {zh} {en}" + (f" ×{len(wrong)}" if wrong else "")
        for one in wrong[:MOST_FINDINGS]:
            yield f"      {one['case']}: {one['zh']} {one['en']}"


def _of(check: Check, findings: Sequence[Finding]) -> list[JsonObject]:
    return [
        {"case": one.case_number, "zh": one.zh, "en": one.en}
        for one in sorted(findings, key=lambda one: (one.case_number, one.en))
        if one.check is check
    ]


def _days(age: JsonObject) -> str:
    return f"{age['from_days']}–{age['to_days']}" if age["to_days"] is not None else f">{age['from_days'] - 1}"


def _share(value: object) -> str:
    return "—" if value is None else f"{float(str(value)):.1%}"


def _row(counted: JsonObject) -> str:
    return "，".join(f"{name} {count}" for name, count in counted.items()) or "—"
