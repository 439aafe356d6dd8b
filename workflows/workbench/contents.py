"""What stands in files: what they call themselves, new ones, and those that come with the product."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

from engine.bpmn.xml_source import XmlRefused, parse_xml
from engine.json_values import dump_json, load_json
from engine.model import Resource, ResourceKind
from workflows.workbench.model import ENDINGS

FOLDERS: Mapping[ResourceKind, str] = {"process": "bpmn", "decision": "dmn", "form": "forms"}
NAMED = {"process": ("process", "collaboration"), "decision": ("decision", "definitions")}
MOST_NAME = 120
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_]+")

NEW_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions
  xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="Definitions_{id}"
  targetNamespace="http://bpmn.io/schema/bpmn"
  modeler:executionPlatform="Camunda Cloud"
  modeler:executionPlatformVersion="8.9.0">
  <bpmn:process id="{id}" name="{id}" isExecutable="true">
    <bpmn:startEvent id="Event_Start" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_{id}">
    <bpmndi:BPMNPlane id="Plane_{id}" bpmnElement="{id}">
      <bpmndi:BPMNShape id="Shape_Start" bpmnElement="Event_Start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

NEW_DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions
  xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
  xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="Definitions_{id}"
  name="{id}"
  namespace="http://camunda.org/schema/1.0/dmn"
  modeler:executionPlatform="Camunda Cloud"
  modeler:executionPlatformVersion="8.9.0">
  <decision id="{id}" name="{id}">
    <decisionTable id="Table_{id}" hitPolicy="UNIQUE">
      <input id="Input_1" label="input">
        <inputExpression id="Expression_1" typeRef="string"><text>value</text></inputExpression>
      </input>
      <output id="Output_1" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef="{id}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def new_content(kind: ResourceKind, file_name: str) -> bytes:
    """Return an empty file of a kind, whose id is made of the file's name."""
    identifier = _NOT_IN_IDS.sub("_", PurePosixPath(file_name).stem).strip("_")
    if not identifier or not identifier[0].isalpha():
        identifier = f"new_{identifier}".strip("_")
    if kind == "form":
        return dump_json({"id": identifier, "type": "default", "schemaVersion": 19, "components": []}).encode()
    return (NEW_DIAGRAM if kind == "process" else NEW_DECISION).replace("{id}", identifier).encode()


def own_name(kind: ResourceKind, content: bytes, file_name: str) -> str:
    """Return what a file calls itself; of one that cannot be read, or says nothing, what it is called."""
    stem = PurePosixPath(file_name).stem
    if kind == "form":
        try:
            form = load_json(content)
        except (ValueError, ArithmeticError, RecursionError):
            return stem
        return str(form.get("id") or stem)[:MOST_NAME] if isinstance(form, dict) else stem
    try:
        root = parse_xml(content)
    except XmlRefused:
        return stem
    for tag in NAMED[kind]:
        for element in root.iter(f"{{*}}{tag}"):
            if element.get("name"):
                return str(element.get("name"))[:MOST_NAME]
    return stem


@cache
def shipped_files() -> Mapping[str, Resource]:
    """Return the diagrams, decisions and forms of the product by file name."""
    found: dict[str, Resource] = {}
    for kind, folder in FOLDERS.items():
        for entry in sorted(files("workflows").joinpath(folder).iterdir(), key=lambda one: one.name):
            if entry.name.endswith(ENDINGS[kind]):
                found[entry.name] = Resource(name=entry.name, kind=kind, content=entry.read_bytes())
    return found
