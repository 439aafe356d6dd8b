"""The pages the browser tests open, and what the tests can learn from the server's side."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader

from web import assets, i18n, shell
from web.shell import Account, Menu, NavigationItem, Shell

HERE = Path(__file__).parent
WORKFLOWS = assets.STATIC.parents[1] / "workflows"
WEB_TEMPLATES = assets.STATIC.parent / "templates"
TOKEN = "token-of-this-session"

ERRORS = [
    {"path": ["applicant", "identityNumber"], "field": "identityNumber", "message": "校验码不正确"},
    {"path": "members[1].age", "field": "age", "message": "年龄与身份证号不一致"},
    {"path": [], "field": None, "message": "该家庭本月已有在办申请"},
]


@dataclass
class Received:
    """What the browser sent."""

    drafts: list[dict[str, Any]] = field(default_factory=list)
    draft_answer: tuple[int, dict[str, Any]] = (200, {})
    submissions: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)
    answer: tuple[int, dict[str, Any]] = (200, {})


def create_app(received: Received) -> Flask:
    app = Flask(__name__, static_folder=str(assets.STATIC), static_url_path=assets.STATIC_URL)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / "templates"), FileSystemLoader(WEB_TEMPLATES)])
    shell.init_app(app, _shell)
    app.add_url_rule("/list", view_func=show_list)
    app.add_url_rule("/task", view_func=show_task)
    app.add_url_rule("/diagrams", view_func=show_diagrams)
    app.add_url_rule("/shipped", view_func=show_shipped)
    app.add_url_rule("/next", view_func=lambda: "next", endpoint="next")
    app.add_url_rule(
        "/survey.bpmn", view_func=lambda: Response(_sample("survey.bpmn"), mimetype="text/xml"), endpoint="xml"
    )

    @app.put("/draft")
    def save_draft() -> tuple[Response, int]:
        received.drafts.append(request.get_json())
        received.tokens.add(request.headers.get("X-CSRF-Token"))
        status, body = received.draft_answer
        return jsonify(body), status

    @app.post("/complete")
    def complete() -> tuple[Response, int]:
        received.submissions.append(request.get_json())
        received.tokens.add(request.headers.get("X-CSRF-Token"))
        status, body = received.answer
        return jsonify(body), status

    return app


def show_list() -> str:
    names = ["王秀英", "李建国", "欧阳静", "张伟", "买买提·吐尔逊", "赵敏"]
    tones = [("待受理", "neutral"), ("核对中", "info"), ("已通过", "ok"), ("待补正", "warn"), ("异常", "danger")]
    rows = [
        {
            "number": f"JZ-2026-{index:06d}",
            "name": names[index % 6],
            "place": "东坡镇红星村",
            "programme": "最低生活保障",
            "step": "窗口受理",
            "state": tones[index % 5][0],
            "tone": tones[index % 5][1],
            "amount": Decimal(735 * index),
            "left": index - 3,
            "paused": index == 7,
        }
        for index in range(9)
    ]
    return render_template("list.html", rows=rows, page_url=lambda number: f"/list?page={number}")


def show_task() -> str:
    form = {
        "schema": json.loads(_sample("accept.form")),
        "data": {
            "applicant": {"name": "王秀英"},
            "members": [{"name": "李建国", "age": 52}, {"name": "李明", "age": 9}],
            "secret": 1,
        },
        "submitUrl": "/complete",
        "draftUrl": "/draft",
        "draftVersion": "v1",
        "draftPeriod": 200,
        "nextUrl": "/next",
        "context": {"version": 7},
    }
    return render_template("task.html", form=form, diagram=_relief())


def show_diagrams() -> str:
    survey = {
        "title": "入户调查",
        "xmlUrl": "/survey.bpmn",
        "elements": {"Task_Visit": {"active": 1}},
        "flows": {"Flow_S1": 1},
    }
    return render_template("diagrams.html", relief=_relief(), survey=survey)


def show_shipped() -> str:
    forms = {path.stem: _shipped_form(path) for path in sorted(WORKFLOWS.glob("forms/*.form"))}
    diagrams = {path.stem: {"xml": path.read_text(encoding="utf-8")} for path in sorted(WORKFLOWS.glob("bpmn/*.bpmn"))}
    return render_template("shipped.html", forms=forms, diagrams=diagrams)


def _shipped_form(path: Path) -> dict[str, Any]:
    english = path.with_suffix(".en.json")
    is_translated = i18n.language() == "en" and english.is_file()
    translations = json.loads(english.read_text(encoding="utf-8")) if is_translated else {}
    return {"schema": json.loads(path.read_text(encoding="utf-8")), "translations": translations}


def _relief() -> dict[str, Any]:
    return {
        "title": "救助申请",
        "xml": _sample("relief.bpmn"),
        "elements": {
            "Start_Applied": {"completed": 1},
            "Task_Accept": {"completed": 2},
            "Gateway_Complete": {"completed": 2},
            "Task_Supplement": {"completed": 1},
            "Task_Verify": {"active": 1, "incidents": 1, "notes": ["银行接口超时：已重试 3 次"]},
            "Call_Survey": {"active": 12},
        },
        "flows": {"Flow_1": 1, "Flow_2": 2, "Flow_3": 1, "Flow_4": 1, "Flow_6": 1},
        "calls": {"Call_Survey": "#survey"},
        "selected": "Task_Verify",
    }


def _shell() -> Shell:
    return Shell(
        csrf_token=TOKEN,
        county="青河县",
        account=Account(
            name="李强",
            unit="东坡镇便民服务中心",
            entries=(NavigationItem(label="我的账号", url="#"),),
        ),
        navigation=(
            NavigationItem(label="待办", url="/list", count=9, is_current=True),
            NavigationItem(label="受理", url="#"),
            NavigationItem(label="案件", url="#"),
            NavigationItem(label="督办", url="#", count=3, tone="danger"),
        ),
        menus=(Menu(label="流程", entries=(NavigationItem(label="统计", url="#"),)),),
        sign_out_url="/sign-out",
        version="0.1.0",
    )


def _sample(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
