"""Run test cases in the format of the DMN Technology Compatibility Kit against this engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from lxml import etree

from engine.dmn.evaluation import decide
from engine.dmn.findings import DmnError, UnknownDecisionError
from engine.dmn.neighbours import Neighbours, root_of
from engine.dmn.reader import parse
from engine.feel import FeelLimitError, FeelValue, Settings
from engine.feel.builtins.conversion import to_text
from engine.feel.comparison import same
from engine.feel.errors import NullResult
from engine.feel.temporal_text import parse_date, parse_date_and_time, parse_duration, parse_time
from engine.feel.values import is_function, normalise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.dmn.model import Model

_TESTS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TOLERANCE = Decimal("1e-8")
_SETTINGS = Settings(now=datetime(2026, 1, 5, 9, 30, tzinfo=UTC))


@dataclass(slots=True, kw_only=True)
class Count:
    """How many of how many."""

    passed: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A result that is not the expected one."""

    model: str
    case: str
    node: str
    expected: str
    found: str


@dataclass(slots=True, kw_only=True)
class Report:
    """Results expecting a value and results expecting null or an error, counted apart."""

    value: Count = field(default_factory=Count)
    null: Count = field(default_factory=Count)
    failed: list[Failure] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "value": {"passed": self.value.passed, "total": self.value.total},
            "null": {"passed": self.null.passed, "total": self.null.total},
            "failed": [
                {"model": f.model, "case": f.case, "node": f.node, "expected": f.expected, "found": f.found}
                for f in self.failed
            ],
        }


def run(folder: Path) -> Report:
    """Run every test file found in a folder and below it; what is no test file is passed over."""
    report = Report()
    for path in sorted(folder.rglob("*.xml")):
        root = root_of(path)
        if root is not None and root.tag == f"{_TESTS}testCases":
            _run_file(path, root, report)
    return report


def _run_file(path: Path, root: etree._Element, report: Report) -> None:
    name = (root.findtext(f"{_TESTS}modelName") or "").strip()
    model: Model | str
    try:
        model = parse((path.parent / name).read_bytes(), imports=Neighbours(path.parent))
    except (DmnError, OSError) as error:
        model = f"the model cannot be read: {error}"
    for case in root.iter(f"{_TESTS}testCase"):
        for node in case.iter(f"{_TESTS}resultNode"):
            _run_node(model, case, node, report, model_name=name)


def _run_node(
    model: Model | str, case: etree._Element, node: etree._Element, report: Report, *, model_name: str
) -> None:
    expected = _value(node.find(f"{_TESTS}expected"))
    count = report.null if expected is None or node.get("errorResult") == "true" else report.value
    count.total += 1
    found: FeelValue | _Unreadable = _Unreadable(model) if isinstance(model, str) else _answer(model, case, node)
    if not isinstance(found, _Unreadable) and _agrees(expected if count is report.value else None, found):
        count.passed += 1
        return
    report.failed.append(
        Failure(
            model=model_name,
            case=case.get("id") or "",
            node=node.get("name") or "",
            expected=to_text(expected),
            found=found.reason if isinstance(found, _Unreadable) else to_text(found),
        )
    )


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """No answer at all, not even null."""

    reason: str


def _answer(model: Model, case: etree._Element, node: etree._Element) -> FeelValue | _Unreadable:
    inputs = {given.get("name") or "": _value(given) for given in case.findall(f"{_TESTS}inputNode")}
    invocable = case.get("invocableName") if case.get("type") in ("decisionService", "bkm") else None
    try:
        outcome = decide(model, invocable or node.get("name") or "", inputs, _SETTINGS)
    except (UnknownDecisionError, FeelLimitError) as error:
        return _Unreadable(str(error))
    if invocable and isinstance(outcome.value, Mapping) and node.get("name") in outcome.value:
        return normalise(outcome.value[node.get("name") or ""])
    return outcome.value


def _value(element: etree._Element | None) -> FeelValue:
    """The value a test states: simple, a list, or components."""
    if element is None or element.get(_NIL) == "true":
        return None
    components = element.findall(f"{_TESTS}component")
    if components:
        return {component.get("name") or "": _value(component) for component in components}
    members = element.find(f"{_TESTS}list")
    if members is not None:
        if members.get(_NIL) == "true":
            return None
        return [_value(item) for item in members.findall(f"{_TESTS}item")]
    value = element.find(f"{_TESTS}value")
    return None if value is None or value.get(_NIL) == "true" else _simple(value)


def _simple(value: etree._Element) -> FeelValue:
    kind = (value.get(_TYPE) or "string").rpartition(":")[2]
    text = value.text or ""
    try:
        return _READERS.get(kind, str)(text if kind == "string" else text.strip())
    except (NullResult, InvalidOperation):
        return text


_READERS: Mapping[str, Callable[[str], FeelValue]] = {
    "boolean": lambda text: text in ("true", "1"),
    **dict.fromkeys(("decimal", "double", "float", "integer", "int", "long", "short"), Decimal),
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_and_time,
    **dict.fromkeys(("duration", "dayTimeDuration", "yearMonthDuration"), parse_duration),
}


def _agrees(expected: FeelValue, found: FeelValue) -> bool:
    found = normalise(found)
    if isinstance(expected, Decimal) and isinstance(found, Decimal) and expected.is_finite():
        return abs(expected - found) <= _TOLERANCE * max(abs(expected), Decimal(1))
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_agrees, expected, found))
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return set(expected) == set(found) and all(_agrees(expected[key], found[key]) for key in expected)
    return not is_function(found) and same(expected, found)
