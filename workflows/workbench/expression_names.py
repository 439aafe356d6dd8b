"""What an expression of a draft may name: the case, figures of policy, functions, forms' fields, decisions' results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from engine import dmn, forms
from engine.dmn.logic import DecisionTable
from engine.feel import FeelType
from engine.feel.types import ContextType, ListType
from engine.forms.model import (
    CheckboxRules,
    ComputedRules,
    DatetimeRules,
    DynamicList,
    Field,
    FileRules,
    Group,
    ManyChoicesRules,
    NumberRules,
    TextRules,
)
from engine.host import Context
from engine.json_values import JsonValue
from engine.model import Definition
from workflows.casework.case_shape import expression_objects
from workflows.casework.case_words import CASE_WORDS, STANDARD_WORDS, Words
from workflows.casework.days import local_day
from workflows.casework.parameters import parameter_titles
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.rules.function_words import FUNCTION_WORDS, FunctionWords
from workflows.workbench.commands import require_analyst
from workflows.workbench.ports import WorkbenchUnitOfWork

LISTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
"""The hit policies that give a list."""


class NamesUnitOfWork(CaseworkUnitOfWork, WorkbenchUnitOfWork, Protocol):
    """One transaction over definitions and figures of policy."""


Names = Context[NamesUnitOfWork]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachableName:
    """A name that can be written; one below another is named by its path with dots, through lists as well."""

    path: str
    type: str
    is_list: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesOf:
    """What a form brings in, by its fields, or what a decision comes to; `type` is that of the whole."""

    id: str
    type: str
    is_list: bool
    names: Sequence[ReachableName]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionNames:
    """Everything an expression may name beside what its own diagram or table defines."""

    objects: Sequence[ReachableName]
    functions: Sequence[FunctionWords]
    forms: Sequence[NamesOf]
    decisions: Sequence[NamesOf]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListExpressionNames:
    """Tell what expressions may name, with the forms and decisions among these definitions; nothing is written.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    definitions: Sequence[Definition]

    def execute(self, context: Names) -> ExpressionNames:
        """List it."""
        require_analyst(context)
        parameters = context.unit_of_work.policy.parameters_on(local_day(context.now()))
        return ExpressionNames(
            objects=list(_objects(parameters)),
            functions=FUNCTION_WORDS,
            forms=[_of_form(_form(context, one.id, one.key)) for one in self.definitions if one.kind == "form"],
            decisions=[
                _of_decision(_model(context, one.id).decisions[one.key])
                for one in self.definitions
                if one.kind == "decision"
            ],
        )


def _form(context: Names, definition_id: UUID, form_id: str) -> forms.Form:
    english = context.host.form_texts(form_id)
    return context.definitions.form(definition_id, context.unit_of_work.definitions, english=english)


def _model(context: Names, definition_id: UUID) -> dmn.Model:
    return context.definitions.decision_model(definition_id, context.unit_of_work.definitions)


def _objects(parameters: Mapping[str, JsonValue]) -> Iterator[ReachableName]:
    words = {**CASE_WORDS, "standard": STANDARD_WORDS}
    words |= {f"standard.{key}": _of_figure(key, value) for key, value in parameters.items()}
    for name, of in expression_objects(parameters).items():
        yield from _names(name, of, words)


def _of_figure(key: str, value: JsonValue) -> Words:
    named = parameter_titles().get(key)
    today = value if isinstance(value, int | float | str) else "…"
    if named is None:
        return Words(f"政策参数，今日为 {today}", f"A figure of policy, {today} today")
    unit = f"（{named.unit}）" if named.unit else ""
    return Words(f"{named.title}{unit}，今日为 {today}", f"{named.title}{unit}; {today} today")


def _names(path: str, of: FeelType, words: Mapping[str, Words]) -> Iterator[ReachableName]:
    """Yield a name and, of a context or a list of contexts, what stands in it."""
    inner = of.element if isinstance(of, ListType) else of
    zh, en = words.get(path, Words("", ""))
    yield ReachableName(path=path, type=_written(of), is_list=isinstance(of, ListType), zh=zh, en=en)
    for name, below in _entries(inner):
        yield from _names(f"{path}.{name}", below, words)


def _of_form(form: forms.Form) -> NamesOf:
    return NamesOf(id=form.id, type="context", is_list=False, names=list(_fields(form.components, ())))


def _fields(components: Sequence[Field | Group | DynamicList], base: tuple[str, ...]) -> Iterator[ReachableName]:
    for one in components:
        path = (*base, *one.path)
        if isinstance(one, Field):
            kind, is_list = _kind(one)
            yield _entry(path, kind, is_list=is_list, words=Words(one.label, one.label_en or one.label))
            continue
        if isinstance(one, DynamicList):
            words = Words(one.label, one.label_en or one.label)
            yield _entry(path, "list<context>", is_list=True, words=words)
        elif one.path:
            yield _entry(path, "context", is_list=False, words=Words("", ""))
        yield from _fields(one.components, path)


def _entry(path: tuple[str, ...], kind: str, *, is_list: bool, words: Words) -> ReachableName:
    return ReachableName(path=".".join(path), type=kind, is_list=is_list, zh=words.zh, en=words.en)


def _kind(field: Field) -> tuple[str, bool]:
    """Return the type of what a field brings in, as it stands in a variable: days and times are texts there."""
    rules = field.rules
    if isinstance(rules, NumberRules):
        return ("string" if rules.is_text else "number"), False
    if isinstance(rules, CheckboxRules):
        return "boolean", False
    if isinstance(rules, ManyChoicesRules):
        return "list<string>", True
    if isinstance(rules, FileRules):
        return "list", True
    if isinstance(rules, TextRules | DatetimeRules):
        return "string", False
    return ("Any" if isinstance(rules, ComputedRules) else "string"), False


def _of_decision(decision: dmn.Decision) -> NamesOf:
    """Return what a decision comes to, as its table tells it, else as its type does."""
    table, of = decision.logic, decision.type
    if isinstance(table, DecisionTable):
        single = len(table.outputs) == 1
        of = table.outputs[0].type if single else ContextType(tuple((one.name, one.type) for one in table.outputs))
        of = ListType(of) if table.hit_policy in LISTS and table.aggregation is None else of
    inner = of.element if isinstance(of, ListType) else of
    names = [one for name, below in _entries(inner) for one in _names(name, below, {})]
    return NamesOf(id=decision.id, type=_written(of), is_list=isinstance(of, ListType), names=names)


def _written(of: FeelType) -> str:
    if isinstance(of, ListType):
        return f"list<{_written(of.element)}>"
    return "context" if isinstance(of, ContextType) else of.name


def _entries(of: FeelType) -> Sequence[tuple[str, FeelType]]:
    return of.entries if isinstance(of, ContextType) else ()
