"""The classes of differences between viewer and server, each with its reason; what fits none is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel import Expression
from engine.forms import DEFAULT_LIMITS
from engine.forms.bounds import NoBound, number_bound
from engine.forms.instances import ContainerInstance, FieldInstance, Instance, Scope
from engine.forms.model import ComputedRules, Condition, NumberRules
from engine.forms.options import option_identities
from engine.forms.values import ABSENT, BLANKS, Absent, identity_of
from engine.json_values import JsonValue
from tests.browser.corpus.comparison import MISSING, Compared, Difference, is_number, same, value_at, without_rows
from tests.browser.corpus.viewer import Place

_LENGTH_OR_PATTERN = ("too-short", "too-long", "pattern")
_LENGTH_OR_PATTERN_MESSAGES = ("minimum length", "maximum length", "must match pattern")
_OF_ANOTHER_KIND = ("wrong-type", "characters", "file-reference", "one-file", "date", "time", "date-and-time")
_ONLY_RULES = (
    "required",
    "must-be-checked",
    "too-short",
    "too-long",
    "pattern",
    "email",
    "phone",
    "too-small",
    "too-great",
)
_MORE_RULES = ("decimal-digits", "increment", "limit-no-number", "expression-failed")
_PLAIN_NUMERAL = re.compile(r"-?([0-9]{1,34}(\.[0-9]{0,34})?|\.[0-9]{1,34})")
_COMPARISON = re.compile(r"[<>]|\bin [\[(]|= \[\]|!=|list contains")
_CHOICES = ("radio", "select", "checklist", "taglist")
_EMPTY: dict[str, JsonValue] = {"textfield": "", "textarea": "", "checkbox": False, "checklist": [], "taglist": []}
Claim = Callable[[Difference, Compared], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceClass:
    """A kind of difference that is meant, or that is the viewer's own weakness."""

    name: str
    claim: Claim


def class_of(difference: Difference, both: Compared) -> DifferenceClass | None:
    """Return the class a difference belongs to; None where the two should have agreed."""
    return next((known for known in CLASSES if known.claim(difference, both)), None)


def _is_unknown_key(difference: Difference, both: Compared) -> bool:
    return (
        difference.kind == "forged" and difference.code == "unknown-key" and _forgery(both) in ("unknown-key", "rows")
    )


def _is_hidden_answer(difference: Difference, both: Compared) -> bool:
    return difference.kind == "forged" and difference.code == "hidden" and difference.path not in both.played.shown


def _is_other_kind(difference: Difference, both: Compared) -> bool:
    return difference.kind == "forged" and difference.code in _OF_ANOTHER_KIND


def _is_rows_forged(difference: Difference, both: Compared) -> bool:
    return difference.kind == "forged" and difference.code == "fixed-rows"


def _is_rule_forged(difference: Difference, both: Compared) -> bool:
    """A rule both know; only that this value was never put to the viewer."""
    return (
        difference.kind == "forged"
        and difference.code in (*_ONLY_RULES, *_MORE_RULES)
        and _forgery(both) != "unknown-key"
    )


def _forgery(both: Compared) -> str:
    return both.forgery.kind if both.forgery is not None else ""


def _is_no_option(difference: Difference, both: Compared) -> bool:
    if difference.code == "chosen-twice":
        return difference.kind == "forged"
    return difference.code == "not-an-option" and (difference.kind == "forged" or not _are_options(difference, both))


def _are_options(difference: Difference, both: Compared) -> bool:
    field = both.fields[difference.path]
    known = option_identities(field.field.rules.choices, field.scope, both.case.stored, both.evaluator)  # type: ignore[union-attr]  # a choice
    chosen = difference.there if isinstance(difference.there, list) else [difference.there]
    return known.issuperset(map(identity_of, chosen))


def _is_passed(difference: Difference, both: Compared) -> bool:
    disallows = bool(both.component(difference.path).get("disallowPassedDates"))
    return difference.code == "passed-date" and (disallows or difference.kind == "forged")


def _is_beyond_size(difference: Difference, both: Compared) -> bool:
    if difference.code in ("number-too-large", "number-out-of-reach"):
        return True
    return (
        difference.code == "too-long"
        and isinstance(difference.there, str)
        and len(difference.there) > DEFAULT_LIMITS.text
    )


def _is_blank(difference: Difference, both: Compared) -> bool:
    there = difference.there
    is_text = isinstance(there, str) and there != "" and not there.strip(BLANKS)
    return difference.kind == "refused-here" and difference.code == "required" and is_text


def _counts_code_points(difference: Difference, both: Compared) -> bool:
    if not isinstance(difference.there, str) or not any(ord(sign) > 0xFFFF for sign in difference.there):
        return False
    is_there = all(any(words in message for words in _LENGTH_OR_PATTERN_MESSAGES) for message in difference.messages)
    return difference.code in _LENGTH_OR_PATTERN or (difference.kind == "refused-there" and is_there)


def _is_email(difference: Difference, both: Compared) -> bool:
    there = difference.there
    return difference.code == "email" and isinstance(there, str) and "." not in there.rpartition("@")[2]


def _is_phone(difference: Difference, both: Compared) -> bool:
    is_phone = both.component(difference.path).get("validate", {}).get("validationType") == "phone"
    is_there = difference.kind == "refused-there" and all("international phone" in text for text in difference.messages)
    return is_phone and (difference.code == "phone" or is_there)


def _is_odd_numeral(difference: Difference, both: Compared) -> bool:
    is_text = bool(both.component(difference.path).get("serializeToString"))
    is_odd = isinstance(difference.there, str) and not _PLAIN_NUMERAL.fullmatch(difference.there)
    return difference.kind == "refused-here" and difference.code == "wrong-type" and is_text and is_odd


def _is_exact(difference: Difference, both: Compared) -> bool:
    if difference.kind == "value":
        return _is_computed(difference, both) and _are_close(difference.there, difference.here)
    if difference.code not in ("too-small", "too-great") and difference.kind != "refused-there":
        return False
    field = both.fields.get(difference.path)
    if field is None or not isinstance(field.field.rules, NumberRules):
        return False
    rules = field.field.rules
    return any(_is_near_bound(difference.there, bound, both, field) for bound in (rules.minimum, rules.maximum))


def _is_near_bound(value: Any, setting: Any, both: Compared, field: Any) -> bool:
    if isinstance(setting, Decimal):
        return False
    try:
        bound, number = number_bound(both.evaluator.setting(setting, field.scope)), number_bound(value)
    except NoBound:
        return False
    return _are_close(number, bound)


def _are_close(left: Any, right: Any) -> bool:
    return is_number(left) and is_number(right) and abs(left - right) <= Decimal("1e-12") * max(1, abs(left))


def _is_kept(difference: Difference, both: Compared) -> bool:
    """A locked value: the server's is what is stored, its default, or nothing."""
    field = both.fields.get(difference.path)
    if difference.kind != "value" or field is None or not field.locked or _is_computed(difference, both):
        return False
    return any(
        identity_of_any(difference.here) == identity_of_any(kept)
        for kept in (field.stored, field.field.default, MISSING)
    )


def identity_of_any(value: Any) -> Any:
    """Return an identity for a value or its absence."""
    return "nothing" if value is MISSING or value is ABSENT else identity_of(value)


def _is_locked(difference: Difference, both: Compared) -> bool:
    field = both.fields.get(difference.path)
    return difference.kind == "refused-there" and field is not None and field.locked


def _is_computed(difference: Difference, both: Compared) -> bool:
    field = both.fields.get(difference.path)
    return field is not None and isinstance(field.field.rules, ComputedRules)


def _is_late(difference: Difference, both: Compared) -> bool:
    """Something looks at a value the viewer computes when it hands in, or computes once and no more."""
    seen = both.reach(difference.path)
    emptied = {
        without_rows(path)
        for path in both.played.shown
        if both.component(path)["type"] in _CHOICES
        and not same(value_at(both.case.answers, path), value_at(both.played.values, path))
    }
    computed = {path for path in seen if both.components[path]["type"] == "expression"}
    is_stale = difference.kind == "value" and _is_computed(difference, both) and bool(seen & emptied or computed)
    return is_stale or any(both.components[path].get("computeOn") == "presubmit" for path in seen)


def _is_behind_hidden(difference: Difference, both: Compared) -> bool:
    """Something looks at a field or list that is hidden on either side."""
    seen = both.reach(difference.path)
    placed: dict[Place, Instance] = {**both.fields, **both.lists}
    hidden = {without_rows(path) for path, instance in placed.items() if instance.hidden}
    shown = {without_rows(path) for path in both.played.shown}
    gone = {without_rows(path) for path in both.fields} - shown
    is_behind = any(path[: len(other)] == other for path in hidden | gone for other in seen)
    return is_behind and (difference.kind != "forged" or difference.code == "hidden")


def _is_circular(difference: Difference, both: Compared) -> bool:
    """A condition looks at what it decides about; the whole object this stands in may come and go with it."""
    objects = {path[0] for path in (without_rows(difference.path), *both.reach(difference.path)) if path}
    is_circular = any(path in both.reach(path) for path in both.components if path[0] in objects)
    return is_circular and (difference.kind != "forged" or difference.code == "hidden")


def _is_behind_kept(difference: Difference, both: Compared) -> bool:
    """Something looks at a locked field for which the viewer has another value than the server keeps."""
    seen = both.reach(difference.path)
    locked = [field for path, field in both.fields.items() if field.locked and without_rows(path) in seen]
    is_asked = difference.kind != "forged" or difference.code == "hidden"
    return is_asked and any(_has_other_value(field, both) for field in locked)


def _has_other_value(field: FieldInstance, both: Compared) -> bool:
    there = value_at(both.played.values, field.path)
    if there is MISSING:  # disabled: the viewer may have emptied what is stored
        return not isinstance(field.stored, Absent)
    if isinstance(field.effective, Absent):
        return not same(there, _EMPTY.get(both.component(field.path)["type"]))
    return not same(there, field.effective)


def _is_empty_alike(difference: Difference, both: Compared) -> bool:
    return difference.kind == "value" and difference.there in ("", None) and difference.here in (None, [])


def _is_across_kinds(difference: Difference, both: Compared) -> bool:
    """An expression on the way compares what cannot be compared: null here, false or true there."""
    if difference.kind == "forged" and difference.code != "hidden":
        return False
    on_the_way = {without_rows(difference.path), *both.reach(difference.path)}
    placed: list[Instance] = [*both.fields.values(), *both.lists.values()]
    seen = [instance for instance in placed if without_rows(instance.path) in on_the_way]
    expressions = (pair for instance in seen for pair in _expressions(instance))
    return any(_cannot_compare(expression, scope, both) for expression, scope in expressions)


def _expressions(instance: Instance) -> Iterator[tuple[Expression, Scope]]:
    """Yield what decides about a field or list: its conditions, those around it, and its computation."""
    container: ContainerInstance | None = instance.parent if isinstance(instance, FieldInstance) else instance
    conditions = [(instance.field.hide, instance.field.readonly)] if isinstance(instance, FieldInstance) else []
    found = [(condition, instance.scope) for pair in conditions for condition in pair]
    while container is not None:
        found.append((container.hide, container.scope))
        container = container.parent
    for condition, scope in found:
        if isinstance(condition, Condition):
            yield condition.expression, scope
    if isinstance(instance, FieldInstance) and isinstance(instance.field.rules, ComputedRules):
        yield instance.field.rules.expression, instance.scope


def _cannot_compare(expression: Expression, scope: Scope, both: Compared) -> bool:
    if _COMPARISON.search(expression.text) is None:
        return False
    value = both.evaluator.value(expression, scope)
    return value is None or "[]" in expression.text


def _is_breakdown(difference: Difference, both: Compared) -> bool:
    return difference.kind == "failed"


CLASSES = (
    DifferenceClass(name="unknown-key", claim=_is_unknown_key),
    DifferenceClass(name="answer-to-hidden", claim=_is_hidden_answer),
    DifferenceClass(name="other-kind", claim=_is_other_kind),
    DifferenceClass(name="fixed-rows", claim=_is_rows_forged),
    DifferenceClass(name="rule-by-forgery", claim=_is_rule_forged),
    DifferenceClass(name="no-option", claim=_is_no_option),
    DifferenceClass(name="passed-date", claim=_is_passed),
    DifferenceClass(name="beyond-size", claim=_is_beyond_size),
    DifferenceClass(name="blank-is-empty", claim=_is_blank),
    DifferenceClass(name="whole-characters", claim=_counts_code_points),
    DifferenceClass(name="email-domain", claim=_is_email),
    DifferenceClass(name="phone-at-home", claim=_is_phone),
    DifferenceClass(name="odd-numeral", claim=_is_odd_numeral),
    DifferenceClass(name="exact-decimals", claim=_is_exact),
    DifferenceClass(name="locked-is-kept", claim=_is_kept),
    DifferenceClass(name="locked-is-unchecked", claim=_is_locked),
    DifferenceClass(name="empty-alike", claim=_is_empty_alike),
    DifferenceClass(name="computed-late", claim=_is_late),
    DifferenceClass(name="behind-hidden", claim=_is_behind_hidden),
    DifferenceClass(name="behind-locked", claim=_is_behind_kept),
    DifferenceClass(name="circular-conditions", claim=_is_circular),
    DifferenceClass(name="feel-across-kinds", claim=_is_across_kinds),
    DifferenceClass(name="viewer-breaks-down", claim=_is_breakdown),
)
