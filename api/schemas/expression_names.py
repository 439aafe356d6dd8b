"""What an expression may name, as programs and the editors are told it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.labels import in_language
from web.schemas.base import answer_schema
from workflows.workbench.expression_names import ExpressionNames, NamesOf, ReachableName


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLine:
    """A name by its path with dots, in the reader's language."""

    path: str
    type: str
    is_list: bool
    description: str

    @classmethod
    def of(cls, name: ReachableName) -> NameLine:
        """Show it."""
        return cls(path=name.path, type=name.type, is_list=name.is_list, description=in_language(name.zh, name.en))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesOfAnswer:
    """What a form brings in or a decision comes to."""

    id: str
    type: str
    is_list: bool
    names: Sequence[NameLine]

    @classmethod
    def of(cls, one: NamesOf) -> NamesOfAnswer:
        """Show it."""
        return cls(id=one.id, type=one.type, is_list=one.is_list, names=[NameLine.of(each) for each in one.names])


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterLine:
    """A parameter of a function."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionLine:
    """A function with its signature."""

    name: str
    parameters: Sequence[ParameterLine]
    result: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionNamesAnswer:
    """All that an expression may name beside what its own file defines."""

    objects: Sequence[NameLine]
    functions: Sequence[FunctionLine]
    forms: Sequence[NamesOfAnswer]
    decisions: Sequence[NamesOfAnswer]

    @classmethod
    def of(cls, names: ExpressionNames) -> ExpressionNamesAnswer:
        """Show them in the reader's language."""
        return cls(
            objects=[NameLine.of(one) for one in names.objects],
            functions=[
                FunctionLine(
                    name=one.name,
                    parameters=[ParameterLine(name=name, type=kind) for name, kind in one.parameters],
                    result=one.result,
                    description=in_language(one.zh, one.en),
                )
                for one in names.functions
            ],
            forms=[NamesOfAnswer.of(one) for one in names.forms],
            decisions=[NamesOfAnswer.of(one) for one in names.decisions],
        )


ExpressionNamesSchema = answer_schema(ExpressionNamesAnswer)
