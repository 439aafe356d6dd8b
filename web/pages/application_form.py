"""The application as a plain HTML form: its sections and fields, reading it back, and errors at their fields.

The names of the fields are the paths of the application's JSON with dashes: `members-0-name` is `members[0].name`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from engine.json_values import JsonObject
from web.errors import Objection
from web.labels import LABELS, in_language
from web.schemas.application import ApplicationSchema
from web.schemas.messages import objections
from workflows.casework.county import TOWNS
from workflows.casework.intake import LARGEST_HOUSEHOLD
from workflows.casework.model import Application, DocumentKind

MAX_VALUE = 2000
WHOLE = frozenset({"grade", "disability_level"})
_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field: its key, what it is called, how it is entered."""

    key: str
    label: str
    kind: str = "text"  # text, number, date, choice, check, checks, textarea
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    hint: str = ""


@dataclass(slots=True, kw_only=True)
class ApplicationForm:
    """What was typed so far, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    members: int = 1
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, *, region: str, today: date, submission_key: str) -> ApplicationForm:
        """Return the form as it is opened."""
        values = {
            "region": region,
            "received_on": today.isoformat(),
            "submission_key": submission_key,
            "members-0-relation": "self",
            "recognised_status": "none",
            "channel": "window",
        }
        return cls(values=values)

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> ApplicationForm:
        """Return the form as it was sent; what is too long to be meant is cut."""
        members = form.get("member_count", "1")
        count = int(members) if members.isdecimal() and len(members) < 4 else 1
        return cls(
            values={name: value[:MAX_VALUE].strip() for name, value in form.items()},
            chosen={name: form.getlist(name)[:50] for name in ("needs", "documents")},
            members=max(1, min(count, LARGEST_HOUSEHOLD)),
        )

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """Return what is wrong with a field."""
        return self.errors.get(name, "")

    def is_chosen(self, name: str, option: str) -> bool:
        """Say whether an option of a list of boxes is ticked."""
        return option in self.chosen.get(name, [])

    def add_member(self) -> None:
        """Add an empty row."""
        if self.members < LARGEST_HOUSEHOLD:
            self.members += 1

    def remove_member(self, index: int) -> None:
        """Take a row out and move those below up."""
        if not 0 <= index < self.members or self.members == 1:
            return
        kept = {name: value for name, value in self.values.items() if not name.startswith("members-")}
        remaining = [row for row in range(self.members) if row != index]
        for place, row in enumerate(remaining):
            prefix = f"members-{row}-"
            for name, value in self.values.items():
                if name.startswith(prefix):
                    kept[f"members-{place}-{name.removeprefix(prefix)}"] = value
        self.values, self.members = kept, len(remaining)

    def application(self) -> Application | None:
        """Return the application, or None with the errors set."""
        for name, entry in self.entries().items():
            if entry.is_required and not (self.chosen.get(name) if entry.kind == "checks" else self.value(name)):
                self._set(name, in_language("此项必填", "This is required"))
        try:
            loaded: Application = ApplicationSchema().load(self._document())
        except ValidationError as invalid:
            self.set_objections(list(objections(invalid.messages)))
            return None
        return None if self.errors else loaded

    def entries(self) -> dict[str, Entry]:
        """Return all fields of the form by their names."""
        return {
            **{entry.key: entry for entry in heading_entries()},
            **{f"household-{entry.key}": entry for entry in household_entries()},
            **{f"members-{row}-{entry.key}": entry for row in range(self.members) for entry in member_entries()},
            **{f"account-{entry.key}": entry for entry in account_entries()},
            **{f"proxy-{entry.key}": entry for entry in proxy_entries()},
        }

    def listed_errors(self) -> list[tuple[str, str, str]]:
        """Return every error as the name of its field, what the field is called, and the text; names may be empty."""
        known = self.entries()
        found = sorted(self.errors.items(), key=lambda one: list(known).index(one[0]) if one[0] in known else -1)
        return [(name if name in known else "", _called(name, known), message) for name, message in found]

    def set_objections(self, found: Iterable[Objection]) -> None:
        """Show objections of the schema at their fields."""
        for one in found:
            self._set("-".join(str(step) for step in one.path), in_language(one.message_zh, one.message_en))

    def set_errors(self, found: Iterable[tuple[str, str]]) -> None:
        """Show errors of the domain at their fields; paths as in 'members[0].name'."""
        for path, message in found:
            self._set("-".join(_STEP.findall(path)), message)

    def _set(self, name: str, message: str) -> None:
        field_name = re.sub(r"^(needs|documents)-\d+$", r"\1", name)
        self.errors.setdefault(field_name, message)

    def _document(self) -> JsonObject:
        document: JsonObject = {
            **self._filled(heading_entries()),
            "submission_key": self.value("submission_key"),
            "needs": self.chosen.get("needs", []),
            "documents": self.chosen.get("documents", []),
            "household": self._filled(household_entries(), "household-"),
            "members": [self._filled(member_entries(), f"members-{row}-") for row in range(self.members)],
        }
        account = self._filled(account_entries(), "account-")
        if account:
            document["account"] = account
        proxy = self._filled(proxy_entries(), "proxy-")
        if proxy:
            document["proxy"] = proxy
        return document

    def _filled(self, entries: Iterable[Entry], prefix: str = "") -> JsonObject:
        found: JsonObject = {}
        for entry in entries:
            value = self.value(prefix + entry.key)
            if entry.kind == "check":
                found[entry.key] = value == "1"
            elif value and entry.kind != "checks":
                found[entry.key] = int(value) if entry.key in WHOLE and re.fullmatch(r"\d{1,4}", value) else value
        return found


def heading_entries() -> list[Entry]:
    """Return the fields of the application itself."""
    towns = (("", _("请选择")), *((town.region, in_language(town.name, town.name_en)) for town in TOWNS))
    return [
        Entry(key="region", label=_("街道（镇）"), kind="choice", options=towns, is_required=True),
        Entry(key="channel", label=_("申请渠道"), kind="choice", options=_options("channel")),
        Entry(key="received_on", label=_("申请日期"), kind="date"),
        Entry(key="recognised_status", label=_("已认定身份"), kind="choice", options=_options("recognised_status")),
        Entry(key="needs", label=_("救助需求"), kind="checks", options=_options("need"), is_required=True),
        Entry(key="documents", label=_("已提交材料"), kind="checks", options=_document_options()),
        Entry(key="remark", label=_("备注"), kind="textarea"),
    ]


def household_entries() -> list[Entry]:
    """Return the fields about where and how the household lives."""
    return [
        Entry(key="address", label=_("居住地址"), is_required=True),
        Entry(key="division", label=_("村（社区）代码"), hint=_("12 位区划代码，不清楚可留空")),
        Entry(key="settlement", label=_("城乡"), kind="choice", options=_to_choose("settlement"), is_required=True),
        Entry(key="tenure", label=_("住房性质"), kind="choice", options=_to_choose("tenure"), is_required=True),
        Entry(key="own_area", label=_("自有住房面积（平方米）"), kind="number"),
        Entry(key="monthly_rent", label=_("月租金（元）"), kind="number"),
        Entry(key="assets_declared", label=_("申报财产（元）"), kind="number"),
        Entry(key="dangerous_dwelling", label=_("居住危房"), kind="check"),
        Entry(key="has_vehicle", label=_("名下有机动车"), kind="check"),
    ]


def member_entries() -> list[Entry]:
    """Return the fields of one member of the household."""
    return [
        Entry(key="name", label=_("姓名"), is_required=True),
        Entry(key="identity_number", label=_("身份证号码"), is_required=True),
        Entry(key="relation", label=_("与申请人关系"), kind="choice", options=_to_choose("relation"), is_required=True),
        Entry(key="phone", label=_("手机号码")),
        Entry(
            key="labour_capacity",
            label=_("劳动能力"),
            kind="choice",
            options=_to_choose("labour_capacity"),
            is_required=True,
        ),
        Entry(key="employment", label=_("就业状况"), kind="choice", options=_to_choose("employment"), is_required=True),
        Entry(key="net_monthly_wage", label=_("月净工资（元）"), kind="number"),
        Entry(key="other_monthly_income", label=_("其他月收入（元）"), kind="number"),
        Entry(key="basic_pension", label=_("基础养老金（元/月）"), kind="number"),
        Entry(key="school_stage", label=_("就学阶段"), kind="choice", options=_options("school_stage")),
        Entry(key="grade", label=_("年级"), kind="number", hint=_("小学至初中按 1 至 9 年级")),
        Entry(key="disability_kind", label=_("残疾类别"), kind="choice", options=_options("disability_kind")),
        Entry(key="disability_level", label=_("残疾等级"), kind="number", hint=_("1 至 4 级，无残疾留空")),
        Entry(key="serious_illness", label=_("患重大疾病"), kind="check"),
    ]


def account_entries() -> list[Entry]:
    """Return the fields of the account a benefit is paid to."""
    return [
        Entry(key="bank", label=_("开户银行")),
        Entry(key="holder", label=_("户名")),
        Entry(key="number", label=_("账号")),
    ]


def proxy_entries() -> list[Entry]:
    """Return the fields of whoever hands in for the household, and the mandate."""
    return [
        Entry(key="name", label=_("代办人")),
        Entry(key="phone", label=_("代办人手机号码")),
        Entry(key="organisation", label=_("代办的村（居）委会")),
        Entry(key="mandate", label=_("委托书编号或存放处")),
        Entry(key="mandated_on", label=_("委托日期"), kind="date"),
    ]


def _called(name: str, known: Mapping[str, Entry]) -> str:
    if name not in known:
        return ""
    row = re.match(r"members-(\d+)-", name)
    prefix = in_language(f"家庭成员 {int(row[1]) + 1} ", f"Member {int(row[1]) + 1}, ") if row else ""
    return f"{prefix}{known[name].label}"


def _options(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, in_language(*texts)) for value, texts in LABELS[kind].items())


def _to_choose(kind: str) -> tuple[tuple[str, str], ...]:
    """Options of a fact nobody may assume: the first says that a choice is to be made."""
    return (("", _("请选择")), *_options(kind))


def _document_options() -> tuple[tuple[str, str], ...]:
    texts: Mapping[str, Any] = LABELS["document"]
    return tuple((kind.value, in_language(*texts[kind.value])) for kind in DocumentKind)
