"""The panel of a unit's rules on the page of loads: the rules, the steps one can be for, and how they were changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from engine.model import Actor
from web.distribution import RuleBook, RuleChange, RuleLine, rule_book, supervises
from web.labels import definition_name, in_language
from web.services import services
from workflows.casework.distribution.steps import Step
from workflows.casework.supervision import OfficeKey, Offices


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePanel:
    """What the panel shows of a unit; `given` is what was typed and refused."""

    unit: str
    name: str
    book: RuleBook
    names: Mapping[str, str]  # of people
    processes: Mapping[str, str]
    steps: Mapping[str, Sequence[Step]]  # of the unit, by process
    given: Mapping[str, str]
    refused: str

    def place_name(self, line: RuleLine | RuleChange) -> str:
        """Return for what a rule is, in words; empty for the whole unit."""
        if not line.process_id:
            return ""
        process = self.processes.get(line.process_id, line.process_id)
        if not line.element_id:
            return process
        found = (one for one in self.steps.get(line.process_id, ()) if one.element_id == line.element_id)
        step = next((in_language(one.name, one.name_en) for one in found), line.element_id)
        return in_language(f"{process}：{step}", f"{process}: {step}")


def rule_panel(actor: Actor, opened: str | None, *, refused: str = "") -> RulePanel | None:
    """Return the panel of the unit that is opened; None where none is, or the actor does not supervise it."""
    unit = OfficeKey.parsed(opened or "")
    offices = Offices(services().organisation.units())
    if unit is None or not offices.has(unit) or not supervises(actor, unit):
        return None
    book = rule_book(actor, unit)
    people = {one.changed_by for one in book.rules} | {one.actor for one in book.events}
    definitions = [one for one in services().queries.definitions() if one.kind == "process"]
    steps: dict[str, list[Step]] = {}
    for one in services().distribution.steps():
        if one.group.partition("/")[0] in ("", unit.kind):
            steps.setdefault(one.process_id, []).append(one)
    names = {one.key: definition_name(one) for one in definitions}
    return RulePanel(
        unit=str(unit),
        name=in_language(*offices.name(unit)),
        book=book,
        names=services().organisation.names(sorted(people)),
        processes=names,
        steps=dict(sorted(steps.items(), key=lambda one: names.get(one[0], one[0]))),
        given=request.form if refused else {},
        refused=refused,
    )
