"""Settling a form: what is hidden, what is locked and what is computed, until nothing changes any more.

A hidden field counts for every other expression as what it held when the form was opened, inside an object or a row
as null; so hiding one may show another. A form whose conditions chase each other is stopped after some rounds and taken
as it then stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.feel import Expression, FeelError, FeelValue, Settings, to_json
from engine.forms.instances import ContainerInstance, FieldInstance, Instance, Scope
from engine.forms.model import CheckboxRules, ComputedRules, Condition, ManyChoicesRules, NumberSetting, TextRules
from engine.forms.values import ABSENT, Absent, Overlay
from engine.json_values import JsonValue

MOST_ROUNDS = 12
FlagOrCondition = bool | Condition | None
FlagOrExpression = bool | Expression
_EMPTY: Mapping[type, JsonValue] = {TextRules: "", ManyChoicesRules: [], CheckboxRules: False}


class Evaluator:
    """Evaluates the expressions of one form over its scopes, each seen from its own row."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._contexts: dict[int, Mapping[str, JsonValue]] = {}

    def value(self, expression: Expression, scope: Scope) -> FeelValue:
        """Evaluate an expression.

        Raises:
            FeelError: a limit is exceeded.
        """
        return expression.evaluate(self._context(scope), self.settings).value

    def holds(self, setting: FlagOrCondition, scope: Scope) -> bool:
        """Tell whether a flag is set, or the condition for it holds.

        Raises:
            FeelError: a limit is exceeded.
        """
        if not isinstance(setting, Condition):
            return setting is True
        value = self.value(setting.expression, scope)
        return (value is True or value is None) is not setting.negated

    def is_true(self, setting: FlagOrExpression, scope: Scope) -> bool:
        """Tell whether a flag, or the expression for it, is exactly true.

        Raises:
            FeelError: a limit is exceeded.
        """
        if isinstance(setting, bool):
            return setting
        return self.value(setting, scope) is True

    def setting(self, setting: NumberSetting, scope: Scope) -> FeelValue:
        """Return a number of the form, or what the expression for it gives.

        Raises:
            FeelError: a limit is exceeded.
        """
        return self.value(setting, scope) if isinstance(setting, Expression) else setting

    def _context(self, scope: Scope) -> Mapping[str, JsonValue]:
        known = self._contexts.get(id(scope))
        if known is None:
            known = self._contexts[id(scope)] = _context_of(scope)
        return known


def settle(instances: Sequence[Instance], evaluator: Evaluator) -> None:
    """Decide what is hidden and locked and which value counts, for every instance."""
    for instance in instances:
        _start(instance)
    for _ in range(MOST_ROUNDS):
        changes = [_settle(instance, evaluator) for instance in instances]
        if not any(changes):
            return


def _start(instance: Instance) -> None:
    """Let every value be seen before anything is hidden, so that a condition may look at its own field."""
    if isinstance(instance, FieldInstance):
        is_locked = instance.field.disabled or instance.field.readonly is True
        instance.effective = _stored(instance) if is_locked else instance.submitted
        _show(instance)
    elif instance.target is not None and instance.rows is not None:
        instance.target[str(instance.path[-1])] = instance.rows


def _settle(instance: Instance, evaluator: Evaluator) -> bool:
    if isinstance(instance, ContainerInstance):
        return _settle_container(instance, evaluator)
    before = (instance.hidden, instance.locked, instance.effective)
    instance.failure = None
    try:
        _settle_field(instance, evaluator)
    except FeelError as error:
        instance.failure = error
    _show(instance)
    return before != (instance.hidden, instance.locked, instance.effective)


def _settle_container(container: ContainerInstance, evaluator: Evaluator) -> bool:
    before = container.hidden
    container.failure = None
    try:
        hidden = evaluator.holds(container.hide, container.scope)
    except FeelError as error:
        hidden = False
        container.failure = error
    container.hidden = hidden or (container.parent is not None and container.parent.hidden)
    if container.target is not None:
        name = str(container.path[-1])
        if container.hidden:
            container.target[name] = container.opened_with if len(container.path) == 1 else None
        elif container.rows is not None:
            container.target[name] = container.rows
        else:
            container.target.pop(name, None)
    return before != container.hidden


def _settle_field(instance: FieldInstance, evaluator: Evaluator) -> None:
    field = instance.field
    instance.hidden = instance.parent.hidden or evaluator.holds(field.hide, instance.scope)
    if instance.hidden:
        instance.effective = ABSENT
        return
    if isinstance(field.rules, ComputedRules):
        instance.locked = True
        instance.effective = to_json(evaluator.value(field.rules.expression, instance.scope))
        return
    instance.locked = field.disabled or evaluator.holds(field.readonly, instance.scope)
    instance.effective = _stored(instance) if instance.locked else instance.submitted


def _stored(instance: FieldInstance) -> JsonValue | Absent:
    """Return what a locked field keeps: the stored value, else its default."""
    if isinstance(instance.stored, Absent) and instance.field.default is not None:
        return instance.field.default
    return instance.stored


def _opened_with(instance: FieldInstance) -> JsonValue:
    """Return what a field holds when the form is opened: what is stored, its default, or what its type starts with."""
    kept = _stored(instance)
    return _EMPTY.get(type(instance.field.rules)) if isinstance(kept, Absent) else kept


def _show(instance: FieldInstance) -> None:
    """Let the other expressions see the value that counts."""
    name = instance.field.path[-1]
    if not isinstance(instance.effective, Absent):
        instance.target[name] = instance.effective
    elif instance.locked or (instance.hidden and len(instance.path) == 1):
        instance.target[name] = _opened_with(instance)
    elif instance.hidden:
        instance.target[name] = None
    else:
        instance.target.pop(name, None)  # what is stored shows through


def _context_of(scope: Scope) -> Mapping[str, JsonValue]:
    """Return what an expression sees: all values by name, and this, parent and i for the row it stands in."""
    own: dict[str, JsonValue] = {
        "this": scope.values,
        "parent": None if scope.parent is None else scope.parent.values,
        "i": list(scope.indexes),
    }
    underscored = {f"_{name}_": value for name, value in own.items()}
    return Overlay(underscored, *scope.root.values.maps, own)
