"""Validating a submission on the server, the authority over what a form may bring in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel import FeelError, Settings
from engine.forms.checks import ValueCheck, checked_value
from engine.forms.errors import UNNAMED, FieldError, field_error
from engine.forms.instances import ContainerInstance, Expansion, FieldInstance, labels_of
from engine.forms.limits import DEFAULT_LIMITS, Limits, whole_error
from engine.forms.model import ComputedRules, Form, Path
from engine.forms.settle import Evaluator, settle
from engine.forms.values import Absent
from engine.json_values import JsonObject, JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The outcome: clean values when there is no error, otherwise the errors and no values.

    Hidden fields are left out, locked ones hold what is stored, computed ones what the server computed; numbers are
    Decimal, dates stay texts.
    """

    values: JsonObject
    errors: tuple[FieldError, ...]


def validate(
    form: Form,
    submission: JsonValue,
    *,
    data: Mapping[str, JsonValue],
    settings: Settings,
    limits: Limits = DEFAULT_LIMITS,
) -> Submission:
    """Check what was submitted against the form, over the stored data the page was shown with.

    Whatever the submission is, the answer is clean values or errors, never an exception.
    """
    unfit = whole_error(submission, limits)
    if unfit is not None:
        return Submission(values={}, errors=(unfit,))
    if not isinstance(submission, Mapping):
        return Submission(values={}, errors=(field_error("not-an-object", path=(), labels=UNNAMED),))
    instances = Expansion(form.components, data, limits).over(submission)
    evaluator = Evaluator(settings)
    settle(instances, evaluator)
    values: JsonObject = {}
    errors: list[FieldError] = []
    for instance in instances:
        if isinstance(instance, ContainerInstance):
            errors.extend(_container_errors(instance))
            if instance.rows is not None and not instance.hidden:
                _put(values, instance.path, [{} for _ in instance.rows])
        elif instance.hidden:
            errors.extend(_answers_nobody_asked(instance))
        else:
            check = ValueCheck(instance=instance, evaluator=evaluator, limits=limits, data=data)
            value = _clean(check)
            errors.extend(check.errors)
            if not isinstance(value, Absent):
                _put(values, instance.path, value)
    return Submission(values={} if errors else values, errors=tuple(errors))


def _answers_nobody_asked(instance: FieldInstance) -> Sequence[FieldError]:
    """A hidden field may be sent along empty or as it was stored; another answer was given to no question."""
    empty: tuple[JsonValue | Absent, ...] = (None, "", False)
    if isinstance(instance.submitted, Absent) or instance.submitted in empty or instance.submitted == []:
        return ()
    field = instance.field
    is_given = field.readonly is not False or field.disabled or isinstance(field.rules, ComputedRules)
    if is_given or instance.submitted == instance.stored:
        return ()
    return (field_error("hidden", path=instance.path, labels=labels_of(field)),)


def _container_errors(container: ContainerInstance) -> Sequence[FieldError]:
    if container.hidden:
        return ()
    if container.failure is None:
        return container.errors
    failed = field_error(
        "expression-failed",
        path=container.path,
        labels=container.labels,
        reason_zh=container.failure.text("zh"),
        reason_en=container.failure.text("en"),
    )
    return (*container.errors, failed)


def _clean(check: ValueCheck) -> JsonValue | Absent:
    instance = check.instance
    try:
        if instance.failure is None:
            return instance.effective if instance.locked else checked_value(check)
        failure = instance.failure
    except FeelError as error:
        failure = error
    check.refuse("expression-failed", reason_zh=failure.text("zh"), reason_en=failure.text("en"))
    return None


def _put(values: JsonObject, path: Path, value: JsonValue) -> None:
    place: Any = values
    for name in path[:-1]:
        place = place[name] if isinstance(name, int) else place.setdefault(name, {})
    place[path[-1]] = value
