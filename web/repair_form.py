"""The form of a repair: what was typed, and the step it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _

from engine.commands.incidents import ResolveIncident
from engine.commands.operations import Activate, ModifyProcessInstance, ScopeVariables
from engine.commands.repairs import RepairKind, RepairProcessInstance, RepairStep, step_on_the_whole
from engine.json_values import JsonObject
from engine.permissions import MAX_REASON
from web import i18n
from web.errors import BadJson
from web.requests import json_text

LONGEST = 100_000  # characters of one field
MOST_DIGITS = 9


class RepairAction(StrEnum):
    """What the form is for."""

    MOVE = "move"
    VARIABLE = "variable"
    RETRY = "retry"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"


WHOLE = {
    RepairAction.SUSPEND: RepairKind.SUSPEND,
    RepairAction.RESUME: RepairKind.RESUME,
    RepairAction.CANCEL: RepairKind.CANCEL,
}
FIELDS = ("version", "reason", "token", "target", "scope", "name", "value", "incident")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairForm:
    """What was typed; `target` is the key of a scope and the id of an element that is drawn in it."""

    action: RepairAction
    typed: Mapping[str, str]

    @classmethod
    def of(cls, action: RepairAction, given: Mapping[str, str]) -> RepairForm:
        """Read a form or an address."""
        return cls(action=action, typed={name: given.get(name, "")[:LONGEST].strip() for name in FIELDS})

    def __getitem__(self, name: str) -> str:
        return self.typed[name]

    def objections(self) -> dict[str, str]:
        """Return what is wrong with what was typed, by field."""
        found = {}
        if not self["reason"] or len(self["reason"]) > MAX_REASON:
            found["reason"] = str(_("请填写原因，最多 %(most)s 个字。", most=MAX_REASON))
        if _number(self["version"]) is None:
            found["version"] = str(_("流程的版本无法识别，请重新打开本页。"))
        return found | self._of_action()

    def repair(self, instance_id: UUID) -> RepairProcessInstance:
        """Return the command; only where nothing is objected to."""
        version = _number(self["version"]) or 0
        return RepairProcessInstance(
            process_instance_id=instance_id, expected_version=version, step=self._step(instance_id)
        )

    def _of_action(self) -> dict[str, str]:
        match self.action:
            case RepairAction.MOVE:
                return self._of_move()
            case RepairAction.VARIABLE:
                return self._of_variable()
            case RepairAction.RETRY if _uuid(self["incident"]) is None:
                return {"incident": str(_("请选择要重试的故障。"))}
            case _:
                return {}

    def _of_move(self) -> dict[str, str]:
        found = {}
        if not self["token"] and not self["target"]:
            found["token"] = str(_("请选择要结束的环节、要开始的环节，或两者都选。"))
        if self["token"] and _number(self["token"]) is None:
            found["token"] = str(_("请从列表中选择。"))
        if self["target"] and _number(self["target"].partition(":")[0]) is None:
            found["target"] = str(_("请从列表中选择。"))
        return found

    def _of_variable(self) -> dict[str, str]:
        found = {}
        if _number(self["scope"]) is None:
            found["scope"] = str(_("请从列表中选择。"))
        if not self["name"]:
            found["name"] = str(_("请填写变量名。"))
        try:
            json_text(self["value"])
        except BadJson as refused:
            found["value"] = i18n.refusal_text(refused)
        return found

    def _step(self, instance_id: UUID) -> RepairStep:
        reason = self["reason"]
        if self.action in WHOLE:
            return step_on_the_whole(WHOLE[self.action], process_instance_id=instance_id, reason=reason)
        if self.action is RepairAction.RETRY:
            return ResolveIncident(incident_id=UUID(self["incident"]), reason=reason)
        if self.action is RepairAction.VARIABLE:
            set_to: JsonObject = {self["name"]: json_text(self["value"])}
            variables = ScopeVariables(scope_key=int(self["scope"]), variables=set_to, local=True)
            return ModifyProcessInstance(process_instance_id=instance_id, reason=reason, variables=(variables,))
        scope, _between, element = self["target"].partition(":")
        begin = (Activate(element_id=element, scope_key=int(scope)),) if element else ()
        end = (int(self["token"]),) if self["token"] else ()
        return ModifyProcessInstance(process_instance_id=instance_id, reason=reason, activate=begin, cancel_keys=end)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
