"""Reading the rules of each input type from its properties."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from engine.forms.document_findings import shown
from engine.forms.model import (
    CheckboxRules,
    Choices,
    ComputedRules,
    DatetimeRules,
    FileRules,
    ManyChoicesRules,
    NumberRules,
    OneChoiceRules,
    Rules,
    Subtype,
    TextRules,
)
from engine.forms.patterns import Pattern, PatternRefused
from engine.forms.properties import Properties
from engine.forms.values import identity_of
from engine.json_values import JsonValue

_VALIDATION_TYPES = ("email", "phone", "custom")


def _text_rules(properties: Properties, validate: Properties) -> Rules:
    validation_type = validate.text("validationType")
    if validation_type is not None and validation_type not in _VALIDATION_TYPES:
        _report_word(validate, "validationType", _VALIDATION_TYPES, validation_type)
    if validation_type == "phone":
        properties.report("form-phone-international")
    return TextRules(
        min_length=validate.number_or_expression("minLength"),
        max_length=validate.number_or_expression("maxLength"),
        pattern=_pattern(validate),
        validation_type=None if validation_type == "custom" else validation_type,
    )


def _pattern(validate: Properties) -> Pattern | None:
    text = validate.text("pattern")
    message = validate.text("patternErrorMessage")
    if text is None:
        return None
    try:
        return Pattern(text, message)
    except PatternRefused as error:
        validate.report("form-pattern", reason=str(error))
        return None


def _number_rules(properties: Properties, validate: Properties) -> Rules:
    increment = properties.number("increment")
    if increment is not None and increment <= 0:
        found = shown(increment)
        properties.report("form-property", name="increment", expected_zh="正数", expected_en="above 0", found=found)
    return NumberRules(
        minimum=validate.number_or_expression("min"),
        maximum=validate.number_or_expression("max"),
        decimal_digits=properties.count("decimalDigits"),
        increment=increment,
        is_text=properties.flag("serializeToString"),
    )


def _checkbox_rules(properties: Properties, validate: Properties) -> Rules:
    return CheckboxRules()


def _one_choice_rules(properties: Properties, validate: Properties) -> Rules:
    return OneChoiceRules(choices=_choices(properties))


def _many_choices_rules(properties: Properties, validate: Properties) -> Rules:
    return ManyChoicesRules(choices=_choices(properties))


def _choices(properties: Properties) -> Choices:
    given = [name for name in ("values", "valuesKey", "valuesExpression") if properties.values.get(name) is not None]
    if len(given) != 1:
        properties.report("form-options", found=len(given))
    options = properties.list_of("values")
    values = tuple(value for option in options for value in _option_value(option, properties))
    seen: set[Hashable] = set()
    for value in values:
        identity = identity_of(value)
        if identity in seen:
            properties.report("form-option-duplicate", found=shown(value))
        seen.add(identity)
    return Choices(
        values=values,
        values_key=properties.text("valuesKey"),
        expression=properties.expression("valuesExpression"),
    )


def _option_value(option: JsonValue, properties: Properties) -> tuple[JsonValue, ...]:
    if isinstance(option, dict) and "value" in option:
        return (option["value"],)
    if isinstance(option, str | int) and not isinstance(option, bool):
        return (option,)
    found = shown(option)
    properties.report(
        "form-property", name="values[]", expected_zh="选项", expected_en="options with a value", found=found
    )
    return ()


def _datetime_rules(properties: Properties, validate: Properties) -> Rules:
    words = tuple(subtype.value for subtype in Subtype)
    subtype = properties.text("subtype") or "date"
    if subtype not in words:
        _report_word(properties, "subtype", words, subtype)
        subtype = "date"
    return DatetimeRules(subtype=Subtype(subtype), disallow_passed_dates=properties.flag("disallowPassedDates"))


def _file_rules(properties: Properties, validate: Properties) -> Rules:
    return FileRules(multiple=properties.flag_or_expression("multiple"))


def _computed_rules(properties: Properties, validate: Properties) -> Rules | None:
    expression = properties.expression("expression")
    if expression is None:
        if properties.values.get("expression") in (None, ""):
            properties.report("form-key-missing", name="expression")
        return None
    return ComputedRules(expression=expression)


def _report_word(properties: Properties, name: str, words: tuple[str, ...], found: str) -> None:
    expected = " / ".join(words)
    properties.report("form-property", name=name, expected_zh=expected, expected_en=expected, found=shown(found))


RULES_READERS: Mapping[str, Callable[[Properties, Properties], Rules | None]] = {
    "textfield": _text_rules,
    "textarea": _text_rules,
    "number": _number_rules,
    "checkbox": _checkbox_rules,
    "radio": _one_choice_rules,
    "select": _one_choice_rules,
    "checklist": _many_choices_rules,
    "taglist": _many_choices_rules,
    "datetime": _datetime_rules,
    "filepicker": _file_rules,
    "expression": _computed_rules,
}
