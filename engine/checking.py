"""Checking a resource of any kind without deploying it: one list of findings, whoever found them."""

from __future__ import annotations

from dataclasses import replace

from engine import dmn, forms
from engine.bpmn.lint import lint
from engine.bpmn.office import UNKNOWN_OFFICE, Office
from engine.feel.analysis import NOTHING_AROUND, Surroundings
from engine.findings import Finding
from engine.model import Resource


def check_resource(
    resource: Resource, surroundings: Surroundings = NOTHING_AROUND, office: Office = UNKNOWN_OFFICE
) -> tuple[Finding, ...]:
    """Return everything wrong or doubtful in a resource.

    `surroundings` are the objects and functions the host lends to expressions, `office` who works for it.
    """
    if resource.kind == "process":
        return lint(resource.content, resource=resource.name, surroundings=surroundings, office=office)
    if resource.kind == "decision":
        return _check_decision(resource, surroundings)
    return _check_form(resource, surroundings)


def _check_decision(resource: Resource, surroundings: Surroundings) -> tuple[Finding, ...]:
    try:
        found = dmn.lint(dmn.parse(resource.content), surroundings)
    except dmn.DmnError as refused:
        found = list(refused.findings)
    return tuple(_of_decision(one, resource) for one in found)


def _of_decision(found: dmn.Finding, resource: Resource) -> Finding:
    return Finding(
        severity=found.severity,
        code=found.code,
        resource=resource.name,
        element_id=found.element_id or None,
        element_name=found.name or None,
        line=found.line or None,
        message_zh=found.message_zh,
        message_en=found.message_en,
        advice_zh=found.advice_zh,
        advice_en=found.advice_en,
    )


def _check_form(resource: Resource, surroundings: Surroundings) -> tuple[Finding, ...]:
    try:
        form = forms.parse(resource.content, taken=frozenset(surroundings.objects))
    except forms.FormDocumentError as refused:
        return tuple(replace(one, resource=resource.name) for one in refused.findings)
    return tuple(replace(one, resource=resource.name) for one in form.warnings)
