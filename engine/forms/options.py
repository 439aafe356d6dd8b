"""The options a choice may be made from."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from engine.feel import to_json
from engine.forms.instances import Scope
from engine.forms.model import Choices
from engine.forms.settle import Evaluator
from engine.forms.values import identity_of, is_list
from engine.json_values import JsonValue


def option_identities(
    choices: Choices, scope: Scope, data: Mapping[str, JsonValue], evaluator: Evaluator
) -> set[Hashable]:
    """Return the identities of all options; options under a key come from the stored data, never from the submission.

    Raises:
        FeelError: the expression for the options exceeds a limit.
    """
    if choices.expression is not None:
        found = to_json(evaluator.value(choices.expression, scope))
    elif choices.values_key is not None:
        found = data.get(choices.values_key)
    else:
        return {identity_of(value) for value in choices.values}
    return {identity_of(value) for value in _option_values(found)}


def _option_values(found: JsonValue) -> Iterable[JsonValue]:
    if not is_list(found):
        return
    for option in found:  # type: ignore[union-attr]  # is_list has looked
        if isinstance(option, Mapping):
            if "value" in option:
                yield option["value"]
        elif option is not None and not is_list(option):
            yield option
