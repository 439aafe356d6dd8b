"""Our element templates name what the house has: job types, processes, inputs of handlers; in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import workflows
from engine.bpmn.reader import read_deployed
from web.workbench import element_templates

ROOT = Path(__file__).parents[3]
DOCUMENTED = dict(
    re.findall(r"^\| `(\w+)`.*?\| [^|]* \| (.*)$", (ROOT / "docs/reference/service-tasks.md").read_text("utf-8"), re.M)
)
CHINESE = element_templates("zh")


def bound(template: dict[str, Any], kind: str, name: str | None = None) -> list[Any]:
    return [
        one
        for one in template["properties"]
        if one["binding"]["type"] == kind and name in (None, one["binding"].get("property"))
    ]


def inputs(template: dict[str, Any]) -> set[str]:
    return {one["binding"]["name"] for one in bound(template, "zeebe:input")}


def test_there_is_one_for_each_step_of_relief_work() -> None:
    names = {one["id"].removeprefix("reliefdesk.") for one in CHINESE}
    assert names == {"verify", "public-notice", "approve", "refer", "decide", "pay", "remind", "print"}


@pytest.mark.parametrize("template", CHINESE, ids=lambda one: one["id"])
def test_a_template_names_what_the_house_has(template: dict[str, Any]) -> None:
    for task in bound(template, "zeebe:taskDefinition", "type"):
        assert task["value"] in DOCUMENTED
        described = DOCUMENTED[task["value"]]
        assert {name for name in inputs(template) if not re.search(rf"\b{name}\b", described)} == set()
    for call in bound(template, "zeebe:calledElement", "processId"):
        xml = (Path(workflows.__file__).parent / "bpmn" / f"{call['value']}.bpmn").read_bytes()
        assert call["value"] in read_deployed(xml).processes
    assert isinstance(template["version"], int)
    assert {one["binding"].get("name") for one in bound(template, "zeebe:property")} >= {"legalBasis", "name.en"}


def test_every_text_has_its_english() -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [
                one for name, one in value.items() if name in ("name", "label", "description") and isinstance(one, str)
            ]
            return own + [text for one in value.values() for text in texts(one)]
        return [text for one in value for text in texts(one)] if isinstance(value, list) else []

    assert [text for text in texts(element_templates("en")) if re.search("[\u4e00-\u9fff]", text)] == []
