"""Plain forms of playing, read into what the schemas of plays know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from engine.core.graph import Process
from engine.errors import NotFound
from engine.json_values import JsonObject, JsonValue, load_json
from web.authentication import current_actor
from web.errors import BadJson, Objection, RequestInvalid
from web.playing import node_name, process_name
from web.requests import json_text
from web.services import services
from workflows.casework.days import COUNTY_TIME
from workflows.playing.commands import FindStartable
from workflows.playing.lending import PlayedFile
from workflows.playing.model import PlaySource
from workflows.playing.stage import Stage

MOST_DAYS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Startable:
    """What can be begun of a draft or version: its processes with the events they start by."""

    source: dict[str, str]  # as addresses name it
    file_name: str
    version: int | None
    processes: Mapping[str, tuple[str, list[tuple[str, str]]]]  # name, start events with theirs


def startable(arguments: Mapping[str, str]) -> Startable:
    """Return what the address is about.

    Raises:
        NotFound: it names no draft and no version.
        NotPlayable: what it names has errors.
    """
    source = source_of(arguments)
    played: PlayedFile = services().engine.execute(FindStartable(source=source), actor=current_actor())
    named = {"draft": str(played.draft_id)} if played.draft_id else {"definition": str(source.definition_id)}
    processes = {
        process.id: (
            process_name(process),
            [(_start_value(process, one), node_name(process.nodes[one])) for one in _start_events(process)],
        )
        for process in played.processes.values()
    }
    version = played.definition.version if played.definition else None
    return Startable(source=named, file_name=played.name, version=version, processes=processes)


def _start_events(process: Process) -> Sequence[str]:
    return process.nodes[process.id].start_events


def _start_value(process: Process, event: str) -> str:
    """Return how a start event is named in a setting: the one that waits for nothing needs no name."""
    return "" if process.none_start_events(process.id) == (event,) else event


def source_of(arguments: Mapping[str, str]) -> PlaySource:
    """Return the draft or version that an address names.

    Raises:
        NotFound: it names none.
    """
    draft, definition = (_id(arguments.get(name, "")) for name in ("draft", "definition"))
    if draft is None and definition is None:
        raise NotFound("process", arguments.get("draft") or arguments.get("definition") or "-")
    return PlaySource(draft_id=draft, definition_id=None if draft is not None else definition)


def source_arguments(arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return the draft or version that an address names, as other addresses name it."""
    return arguments_of(source_of(arguments))


def arguments_of(source: PlaySource) -> dict[str, Any]:
    """Return a draft or version as addresses name it."""
    if source.draft_id is not None:
        return {"draft": str(source.draft_id)}
    return {"definition": str(source.definition_id)}


def expectation(form: MultiDict[str, str], place: str) -> JsonObject:
    """Return what was typed to be expected after a step: elements by their ids, and variables; what is empty is not."""
    found: JsonObject = {}
    for name in ("open", "passed"):
        if f"{name}.{place}" in form and (form.get(f"has_{name}.{place}") or form[f"{name}.{place}"].strip()):
            found[name] = form[f"{name}.{place}"].replace(",", " ").split()
    if form.get(f"ended.{place}") in ("true", "false"):
        found["ended"] = form[f"ended.{place}"] == "true"
    variables = _object(form, f"variables.{place}")
    return found | ({"variables": variables} if variables else {})


def start_document(form: MultiDict[str, str]) -> JsonObject:
    """Return where a play is to begin, as its schema reads it."""
    process, _, start_event = form.get("start", "").partition("|")
    source = source_of(form)
    document: JsonObject = {
        "draft_id": str(source.draft_id) if source.draft_id else None,
        "definition_id": str(source.definition_id) if source.definition_id else None,
    }
    if form.get("scenario_id"):
        return document | {"scenario_id": form["scenario_id"]}
    document |= {"process_id": process or None, "start_event": start_event or None}
    if form.get("starts_at"):
        document["starts_at"] = _moment(form["starts_at"], "starts_at").isoformat()
    return document | {"variables": _object(form, "variables"), "case": _json(form, "case")}


def step_document(form: MultiDict[str, str], stage: Callable[[], Stage]) -> JsonObject:
    """Return a step that was chosen on the page, as its schema reads it; how the play stands is asked where needed."""
    document: JsonObject = {"seen": whole_number(form, "seen")}
    what, name = form.get("what", ""), form.get("place", "")
    nth = whole_number(form, "nth") or 1
    if what == "task":
        document |= {"by": form.get("by") or None, "tasks": [{"task": name, "nth": nth}]}
    elif what == "job":
        document["jobs"] = [{"job": name, "nth": nth, **_answer(form)}]
    elif what == "message":
        document["messages"] = [{"message": name, "nth": nth, "variables": _object(form, "variables")}]
    elif what == "signal":
        document["signals"] = [{"signal": name, "variables": _object(form, "variables")}]
    elif what == "set":
        document["set"] = _object(form, "variables")
    elif what == "retry":
        document["retry"] = [name]
    else:
        document["at"] = _until(form, stage()).isoformat()
    return document


@cache
def sample_case() -> JsonObject:
    """Return an invented case, as expressions see one."""
    text = files("workflows").joinpath("playing", "sample_case.json").read_text(encoding="utf-8")
    found: JsonObject = load_json(text)
    return found


def _answer(form: MultiDict[str, str]) -> JsonObject:
    way = form.get("way", "")
    if way == "fail":
        return {"fail": form.get("reason", "").strip() or "-"}
    variables = {"variables": _object(form, "variables")}
    if way == "error":
        return variables | {"error": form.get("code", "").strip()}
    return variables


def _until(form: MultiDict[str, str], stage: Stage) -> datetime:
    """Return until when time passes: the next timer, some days, or a moment."""
    if form.get("what") == "timer":
        timer = stage.next_timer()
        return stage.now if timer is None else max(stage.now, timer[0])
    days = form.get("days", "").strip()
    if days:
        if not days.isdecimal() or len(days) > 4 or int(days) > MOST_DAYS:
            wrong = _objection("days", f"应为 0 至 {MOST_DAYS} 的整数", f"A whole number from 0 to {MOST_DAYS}")
            raise RequestInvalid([wrong])
        try:
            return stage.now + timedelta(days=int(days))
        except OverflowError:
            wrong = _objection("days", "超出可用的日期", "Beyond the dates there are")
            raise RequestInvalid([wrong]) from None
    return _moment(form.get("at", ""), "at")


def _moment(text: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RequestInvalid([_objection(name, "应为日期和时间", "A date and a time are needed")]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=COUNTY_TIME)


def whole_number(form: Mapping[str, str], name: str) -> int | None:
    """Return a number from a form; None where there is none, or none that could be meant."""
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def _object(form: MultiDict[str, str], name: str) -> JsonObject:
    """Return the object that was typed; none where nothing was."""
    found = _json(form, name)
    if found is None and form.get(name, "").strip() in ("", "null"):
        return {}
    if not isinstance(found, dict):
        wrong = _objection(name, '变量应为 JSON 对象，如 {"a": 1}', 'Variables: a JSON object is needed, as {"a": 1}')
        raise RequestInvalid([wrong])
    return found


def _json(form: MultiDict[str, str], name: str) -> JsonValue:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        found: JsonValue = json_text(text.encode())
    except BadJson as broken:
        zh, en = ("案件", "The case") if name == "case" else ("变量", "Variables")
        told_zh, told_en = broken.fields["reason_zh"], broken.fields["reason"]
        raise RequestInvalid([_objection(name, f"{zh}不是 JSON：{told_zh}", f"{en}: no JSON: {told_en}")]) from broken
    return found


def _objection(name: str, zh: str, en: str) -> Objection:
    return Objection(path=(name,), code="wrong", message_zh=zh, message_en=en)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
