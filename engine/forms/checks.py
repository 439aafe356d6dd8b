"""Checking one value against the rules of its field; a value comes out clean or with its errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from typing import Any

import re2

from engine.forms.bounds import NoBound, length_bound, number_bound
from engine.forms.errors import FieldError, field_error, wrong_type
from engine.forms.instances import FieldInstance, labels_of
from engine.forms.limits import Limits
from engine.forms.model import (
    CheckboxRules,
    DatetimeRules,
    FileRules,
    ManyChoicesRules,
    NumberRules,
    NumberSetting,
    OneChoiceRules,
    TextRules,
)
from engine.forms.options import option_identities
from engine.forms.settle import Evaluator
from engine.forms.temporal import day_of, is_of_subtype
from engine.forms.values import ABSENT, BLANKS, Absent, exact_number, identity_of, is_empty, is_list
from engine.json_values import JsonValue

_EXACT = Context(prec=200)
_MOST_DIGITS = 34
_LARGEST_EXPONENT = 30
_LARGEST = 10 ** (_LARGEST_EXPONENT + 1) - 1
_LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re2.compile(rf"^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(\.{_LABEL})+$")
_PHONE = re2.compile(r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|(\+|00)[1-9][\d -]{5,18})$")
_DIGITS = re2.compile(r"^-?(\d{1,34}(\.\d{0,34})?|\.\d{1,34})$")
_FILE_REFERENCE = re2.compile(r"^[^\s\x00-\x1f]{1,200}$")
_DATETIME_ERRORS = {"date": "date", "time": "time", "datetime": "date-and-time"}


@dataclass(slots=True, kw_only=True)
class ValueCheck:
    """The check of one value: what it needs to look at, and the errors it has found."""

    instance: FieldInstance
    evaluator: Evaluator
    limits: Limits
    data: Mapping[str, JsonValue]
    errors: list[FieldError] = field(default_factory=list)

    def refuse(self, code: str, **words: object) -> None:
        """Record an error of the field."""
        self.errors.append(field_error(code, path=self.instance.path, labels=labels_of(self.instance.field), **words))

    def refuse_type(self, zh: str, en: str, found: JsonValue) -> None:
        """Record that a value of another kind was found."""
        self.errors.append(wrong_type(self.instance.path, labels_of(self.instance.field), (zh, en), found))

    def length(self, setting: NumberSetting) -> Decimal | None:
        """Return a limit of a length, computed if it is an expression."""
        return length_bound(self.evaluator.setting(setting, self.instance.scope))

    def number(self, setting: NumberSetting) -> Decimal | None:
        """Return a limit of a number, computed if it is an expression; what is no number is an error."""
        try:
            return number_bound(self.evaluator.setting(setting, self.instance.scope))
        except NoBound:
            self.refuse("limit-no-number")
            return None


def checked_value(check: ValueCheck) -> JsonValue | Absent:
    """Return the clean value of an editable, visible field; errors go to the check.

    Raises:
        FeelError: an expression among the rules exceeds a limit.
    """
    value, rules = check.instance.effective, check.instance.field.rules
    if isinstance(value, Absent) or value is None or value == "":
        if check.instance.field.required:
            check.refuse("must-be-checked" if isinstance(rules, CheckboxRules) else "required")
        return _empty(value, rules)
    return _CHECKS[type(rules)](check, rules, value)


def _empty(value: JsonValue | Absent, rules: object) -> JsonValue | Absent:
    """Return what an empty field means: an empty text stays one, an emptied list is [], everything else null."""
    if isinstance(value, Absent):
        return ABSENT
    if isinstance(rules, ManyChoicesRules):
        return []
    return value if isinstance(rules, TextRules) else None


def _text(check: ValueCheck, rules: TextRules, value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        check.refuse_type("文本", "a text", value)
        return None
    if len(value) > check.limits.text:
        check.refuse("too-long", limit=check.limits.text, found=len(value))
        return None
    if "\0" in value or not is_storable(value):
        check.refuse("characters")
        return None
    if check.instance.field.required and is_empty(value):
        check.refuse("required")
        return value
    _check_length(check, rules, len(value.strip(BLANKS)))
    if rules.pattern is not None and not rules.pattern.matches(value):
        _refuse_pattern(check, rules.pattern.message)
    if rules.validation_type == "email" and not _EMAIL.search(value):
        check.refuse("email")
    if rules.validation_type == "phone" and not _PHONE.search(value):
        check.refuse("phone")
    return value


def _check_length(check: ValueCheck, rules: TextRules, length: int) -> None:
    shortest, longest = check.length(rules.min_length), check.length(rules.max_length)
    if shortest is not None and length < shortest:
        check.refuse("too-short", limit=_shown(shortest), found=length)
    if longest is not None and length > longest:
        check.refuse("too-long", limit=_shown(longest), found=length)


def _refuse_pattern(check: ValueCheck, message: str | None) -> None:
    error = field_error("pattern", path=check.instance.path, labels=labels_of(check.instance.field))
    if message is not None:
        error = replace(error, message_zh=message)  # a form's own texts are Chinese
    check.errors.append(error)


def _number(check: ValueCheck, rules: NumberRules, value: JsonValue) -> JsonValue:
    number = _number_in(value, rules)
    if number is None:
        if rules.is_text:
            check.refuse_type("以文本表示的数字", "a number written as text", value)
        else:
            check.refuse_type("数字", "a number", value)
        return None
    if number.copy_abs() > _LARGEST:
        check.refuse("number-too-large", limit=_LARGEST)
        return None
    if not _is_in_reach(number):
        check.refuse("number-out-of-reach", limit=_MOST_DIGITS)
        return None
    lowest, highest = check.number(rules.minimum), check.number(rules.maximum)
    if lowest is not None and number < lowest:
        check.refuse("too-small", limit=_shown(lowest))
    if highest is not None and number > highest:
        check.refuse("too-great", limit=_shown(highest))
    digits = max(0, -int(number.normalize(_EXACT).as_tuple().exponent))
    if rules.decimal_digits is not None and digits > rules.decimal_digits:
        check.refuse("decimal-digits", limit=rules.decimal_digits, found=digits)
    if rules.increment is not None and _EXACT.remainder(number, rules.increment):
        check.refuse("increment", limit=_shown(rules.increment))
    return value if rules.is_text and isinstance(value, str) else number


def _number_in(value: JsonValue, rules: NumberRules) -> Decimal | None:
    if isinstance(value, str):
        return Decimal(value) if rules.is_text and _is_digits(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return exact_number(value)


def _is_digits(text: str) -> bool:
    return is_storable(text) and _DIGITS.search(text) is not None


def _is_in_reach(number: Decimal) -> bool:
    is_tiny = bool(number) and number.adjusted() < -_LARGEST_EXPONENT
    return len(number.as_tuple().digits) <= _MOST_DIGITS and not is_tiny


def _checkbox(check: ValueCheck, rules: CheckboxRules, value: JsonValue) -> JsonValue:
    if not isinstance(value, bool):
        check.refuse_type("真或假", "true or false", value)
        return None
    if check.instance.field.required and not value:
        check.refuse("must-be-checked")
    return value


def _one_choice(check: ValueCheck, rules: OneChoiceRules, value: JsonValue) -> JsonValue:
    if identity_of(value) not in option_identities(rules.choices, check.instance.scope, check.data, check.evaluator):
        check.refuse("not-an-option")
        return None
    return value


def _many_choices(check: ValueCheck, rules: ManyChoicesRules, value: JsonValue) -> JsonValue:
    if not is_list(value):
        check.refuse_type("列表", "a list", value)
        return None
    chosen: list[JsonValue] = list(value)  # type: ignore[arg-type]  # is_list has looked
    if len(chosen) > check.limits.entries:
        check.refuse("too-many", limit=check.limits.entries, found=len(chosen))
        return None
    if not chosen and check.instance.field.required:
        check.refuse("required")
    identities = [identity_of(entry) for entry in chosen]
    if len(set(identities)) < len(identities):
        check.refuse("chosen-twice")
    options = option_identities(rules.choices, check.instance.scope, check.data, check.evaluator)
    if not options.issuperset(identities):
        check.refuse("not-an-option")
    return chosen


def _datetime(check: ValueCheck, rules: DatetimeRules, value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        check.refuse_type("文本", "a text", value)
        return None
    if not is_of_subtype(value, rules.subtype):
        check.refuse(_DATETIME_ERRORS[rules.subtype])
        return None
    now = check.evaluator.settings.now
    day = day_of(value, rules.subtype, now.tzinfo)
    if rules.disallow_passed_dates and day is not None and day < now.date():
        check.refuse("passed-date", limit=now.date().isoformat())
    return value


def _files(check: ValueCheck, rules: FileRules, value: JsonValue) -> JsonValue:
    references: list[JsonValue] = list(value) if is_list(value) else [value]  # type: ignore[arg-type]  # it has looked
    if not references and check.instance.field.required:
        check.refuse("required")
    if len(references) > check.limits.entries:
        check.refuse("too-many", limit=check.limits.entries, found=len(references))
        return None
    if not all(isinstance(entry, str) and is_storable(entry) and _FILE_REFERENCE.search(entry) for entry in references):
        check.refuse("file-reference")
        return None
    if len(references) > 1 and not check.evaluator.is_true(rules.multiple, check.instance.scope):
        check.refuse("one-file", found=len(references))
    return value


def is_storable(text: str) -> bool:
    """Tell whether a text can be written as UTF-8: half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(number: Decimal) -> str:
    return format(number.normalize(_EXACT), "f")


_CHECKS: Mapping[type, Callable[[ValueCheck, Any, JsonValue], JsonValue]] = {
    TextRules: _text,
    NumberRules: _number,
    CheckboxRules: _checkbox,
    OneChoiceRules: _one_choice,
    ManyChoicesRules: _many_choices,
    DatetimeRules: _datetime,
    FileRules: _files,
}
