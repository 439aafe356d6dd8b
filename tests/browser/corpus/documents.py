"""Form documents by chance: every type, every rule, groups and lists in each other, conditions over other fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from engine.json_values import JsonObject, JsonValue
from tests.browser.corpus.expressions import Reference, computation, condition, options, quantity

OPTION_LISTS: list[list[JsonValue]] = [
    [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}],
    [{"label": "一级", "value": 1}, {"label": "二级", "value": 2}, {"label": "三级", "value": 3}],
    ["a", "b", "c"],
    [{"label": "对", "value": True}, {"label": "错", "value": False}],
    [{"label": "零", "value": 0}, {"label": "甲", "value": {"code": "A", "rank": 1}}],
]
PATTERNS = [r"^1[3-9]\d{9}$", r"^[\u4e00-\u9fa5·]{2,6}$", r"\d{3}", "^A", r"^\S+$", r"^.{2}$", r"^[^\s]*$", r"\bx\b"]
INPUTS = (
    *("textfield", "textfield", "textarea", "number", "number", "number", "checkbox", "radio", "select"),
    *("checklist", "taglist", "datetime", "datetime", "expression", "filepicker"),
)
PRESENTATION: list[JsonObject] = [
    {"type": "text", "text": "# 说明 {{missing}}"},
    {"type": "html", "content": "<b>说明</b>"},
    {"type": "image", "alt": "图"},
    {"type": "iframe", "label": "页"},
    {"type": "table", "label": "表", "dataSource": "=schools", "columns": [{"label": "值", "key": "value"}]},
    {"type": "documentPreview", "label": "文件", "dataSource": "=papers"},
    {"type": "spacer", "height": 10},
    {"type": "separator"},
    {"type": "button", "label": "交", "action": "submit"},
]
KEYS = ("k", "收入", "a_b", "N", "家庭.成员", "home.street.no", "数_1")
TEXT_DEFAULTS: list[JsonValue] = ["无", "x", "  ", "2026"]
NUMBER_DEFAULTS: list[JsonValue] = [0, 5, -1]


@dataclass(slots=True)
class DocumentMaker:
    """Makes one document: first its components, then the rules that refer to other components."""

    chance: Random
    count: int = 0
    references: list[Reference] = field(default_factory=list)
    rules: list[Callable[[], None]] = field(default_factory=list)

    def document(self) -> JsonObject:
        """Return a document."""
        components = self._components(self.chance.randint(2, 5), place=(), rows=0, level=0)
        for rule in self.rules:
            rule()
        return {"id": "corpus", "type": "default", "schemaVersion": 19, "components": components}

    def _components(self, count: int, *, place: tuple[str, ...], rows: int, level: int) -> list[JsonObject]:
        return [self._component(place, rows, level) for _ in range(count)]

    def _component(self, place: tuple[str, ...], rows: int, level: int) -> JsonObject:
        roll = self.chance.random()
        if level < 3 and roll < 0.1:
            return self._group(place, rows, level)
        if level < 3 and roll < 0.22:
            return self._list(place, rows, level)
        if roll < 0.27:
            return self._hiding({**self.chance.choice(PRESENTATION), "id": self._id()}, place, rows)
        return self._input(place, rows)

    def _id(self) -> str:
        self.count += 1
        return f"Field_{self.count}"

    def _group(self, place: tuple[str, ...], rows: int, level: int) -> JsonObject:
        element_id = self._id()
        path = self.chance.choice([None, f"g{self.count}", f"组{self.count}.内"])
        inside = place if path is None else (*place, *path.split("."))
        group: JsonObject = {"type": "group", "id": element_id, "label": "组", **({"path": path} if path else {})}
        group["components"] = self._components(self.chance.randint(1, 3), place=inside, rows=rows, level=level + 1)
        return self._hiding(group, place, rows)

    def _list(self, place: tuple[str, ...], rows: int, level: int) -> JsonObject:
        element_id = self._id()
        path = self.chance.choice([f"rows{self.count}", f"成员{self.count}", f"in{self.count}.rows"])
        inside = (*place, *path.split("."))
        listed: JsonObject = {"type": "dynamiclist", "id": element_id, "label": "表", "path": path, "isRepeating": True}
        if self.chance.random() < 0.3:
            listed["allowAddRemove"] = False
        if self.chance.random() < 0.5:
            listed["defaultRepetitions"] = self.chance.randint(0, 2)
        self.references.append(Reference(kind="dynamiclist", path=inside, rows=rows))
        listed["components"] = self._components(self.chance.randint(1, 2), place=(), rows=rows + 1, level=level + 1)
        return self._hiding(listed, place, rows)

    def _input(self, place: tuple[str, ...], rows: int) -> JsonObject:
        kind = self.chance.choice(INPUTS)
        element_id = self._id()
        first, *rest = self.chance.choice(KEYS).split(".")
        key = ".".join((f"{first}{self.count}", *rest))
        component: JsonObject = {"type": kind, "id": element_id, "key": key, "label": key}
        self.references.append(Reference(kind=kind, path=(*place, *key.split(".")), rows=rows))
        own = self.references[-1]
        self.rules.append(lambda: self._add_rules(component, own))
        return component

    def _hiding(self, component: JsonObject, place: tuple[str, ...], rows: int) -> JsonObject:
        own = Reference(kind=component["type"], path=place, rows=rows)
        if self.chance.random() < 0.3:
            self.rules.append(lambda: component.update(conditional={"hide": self._condition(own)}))
        return component

    def _add_rules(self, component: JsonObject, own: Reference) -> None:
        if self.chance.random() < 0.3:
            component["conditional"] = {"hide": self._condition(own)}
        roll = self.chance.random()
        if component["type"] != "expression":
            if roll < 0.06:
                component["readonly"] = True
            elif roll < 0.14:
                component["readonly"] = self._condition(own)
            elif roll < 0.18:
                component["disabled"] = True
            if self.chance.random() < 0.35:
                component["validate"] = {"required": True}
        _RULES[component["type"]](self, component, own)

    def _condition(self, own: Reference) -> str:
        return "=" + condition(self.chance, own, self.references)

    def _text(self, component: JsonObject, own: Reference) -> None:
        validate = component.setdefault("validate", {})
        if self.chance.random() < 0.3:
            validate["minLength"] = self._limit(own, [0, 1, 2, 3])
        if self.chance.random() < 0.3:
            validate["maxLength"] = self._limit(own, [1, 3, 5, 20])
        if component["type"] == "textfield" and self.chance.random() < 0.25:
            validate["pattern"] = self.chance.choice(PATTERNS)
        if component["type"] == "textfield" and self.chance.random() < 0.3:
            validate["validationType"] = self.chance.choice(["email", "phone", "custom"])
        self._default(component, TEXT_DEFAULTS)

    def _number(self, component: JsonObject, own: Reference) -> None:
        validate = component.setdefault("validate", {})
        if self.chance.random() < 0.3:
            validate["min"] = self._limit(own, [0, 1, -5, "0.1", "1.5"])
        if self.chance.random() < 0.3:
            validate["max"] = self._limit(own, [5, 100, "0.3", 540])
        if self.chance.random() < 0.3:
            component["decimalDigits"] = self.chance.randint(0, 3)
        if self.chance.random() < 0.2:
            component["increment"] = self.chance.choice(["0.1", "0.5", 1, 3, "0.01"])
        is_text = self.chance.random() < 0.25
        if is_text:
            component["serializeToString"] = True
        self._default(component, ["5", "0.50"] if is_text else NUMBER_DEFAULTS)

    def _limit(self, own: Reference, figures: list[JsonValue]) -> JsonValue:
        if self.chance.random() < 0.6:
            return self.chance.choice(figures)
        return "=" + quantity(self.chance, own, self.references)

    def _checkbox(self, component: JsonObject, own: Reference) -> None:
        self._default(component, [True, False])

    def _choice(self, component: JsonObject, own: Reference) -> None:
        roll = self.chance.random()
        if roll < 0.6:
            component["values"] = self.chance.choice(OPTION_LISTS)
        elif roll < 0.8:
            component["valuesKey"] = self.chance.choice(["schools", "numbers", "nowhere"])
        else:
            component["valuesExpression"] = "=" + options(self.chance, own, self.references)

    def _datetime(self, component: JsonObject, own: Reference) -> None:
        component["subtype"] = self.chance.choice(["date", "time", "datetime"])
        component["dateLabel"], component["timeLabel"] = "日期", "时间"
        if self.chance.random() < 0.2:
            component["disallowPassedDates"] = True
        if component["subtype"] != "date":
            component["timeInterval"] = self.chance.choice([15, 30])
            component["timeSerializingFormat"] = self.chance.choice(["utc_offset", "utc_normalized", "no_timezone"])

    def _expression(self, component: JsonObject, own: Reference) -> None:
        component["expression"] = "=" + computation(self.chance, own, self.references)
        component["computeOn"] = self.chance.choice(["change", "presubmit"])

    def _file(self, component: JsonObject, own: Reference) -> None:
        component["multiple"] = self.chance.choice([True, False, self._condition(own)])
        component["accept"] = ".pdf,.jpg"

    def _default(self, component: JsonObject, values: list[JsonValue]) -> None:
        if self.chance.random() < 0.25:
            component["defaultValue"] = self.chance.choice(values)


_RULES: dict[str, Callable[[DocumentMaker, JsonObject, Reference], None]] = {
    "textfield": DocumentMaker._text,
    "textarea": DocumentMaker._text,
    "number": DocumentMaker._number,
    "checkbox": DocumentMaker._checkbox,
    "radio": DocumentMaker._choice,
    "select": DocumentMaker._choice,
    "checklist": DocumentMaker._choice,
    "taglist": DocumentMaker._choice,
    "datetime": DocumentMaker._datetime,
    "expression": DocumentMaker._expression,
    "filepicker": DocumentMaker._file,
}


def inputs_of(components: list[JsonObject], base: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], JsonObject]]:
    """Yield every input and list with its path, row numbers left out."""
    for component in components:
        kind = component["type"]
        own = (
            (*base, *str(component.get("key") or component.get("path") or "").split("."))
            if _is_placed(component)
            else base
        )
        if kind not in ("group",) and _is_placed(component):
            yield own, component
        yield from inputs_of(component.get("components", []), own)


def _is_placed(component: JsonObject) -> bool:
    return bool(component.get("key") or component.get("path"))
