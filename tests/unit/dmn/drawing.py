"""Small decision models for tests, written as a modeler would save them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.dmn import DecisionOutcome, Model, decide, parse
from engine.feel import Settings

SETTINGS = Settings(now=datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


def document(body: str, *, namespace: str = "urn:test", name: str = "低保", edition: str = "20191111") -> bytes:
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/{edition}/MODEL/" id="model" '
        f"name={quoteattr(name)} namespace={quoteattr(namespace)}>{body}</definitions>"
    ).encode()


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *, requires: str = "", type_ref: str = "") -> str:
    variable = f"<variable name={quoteattr(name)} typeRef={quoteattr(type_ref)}/>" if type_ref else ""
    return f'<decision id="{name}" name="{name}">{variable}{requires}{logic}</decision>'


def requires_decision(*ids: str) -> str:
    return "".join(f'<informationRequirement><requiredDecision href="#{one}"/></informationRequirement>' for one in ids)


def requires_input(*ids: str) -> str:
    return "".join(f'<informationRequirement><requiredInput href="#{one}"/></informationRequirement>' for one in ids)


def requires_knowledge(*ids: str) -> str:
    return "".join(f'<knowledgeRequirement><requiredKnowledge href="#{one}"/></knowledgeRequirement>' for one in ids)


def input_data(name: str, type_ref: str = "Any") -> str:
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


def table(
    inputs: list[str],
    outputs: list[str],
    rules: list[list[str]],
    *,
    hit_policy: str = "UNIQUE",
    aggregation: str = "",
) -> str:
    """A decision table; an output may be written "name=default" or "name:allowed values"."""
    columns = "".join(
        f'<input id="in{n}"><inputExpression><text>{escape(text)}</text></inputExpression></input>'
        for n, text in enumerate(inputs, start=1)
    )
    columns += "".join(_output(text, n) for n, text in enumerate(outputs, start=1))
    rows = "".join(_rule(cells, n, len(inputs)) for n, cells in enumerate(rules, start=1))
    extra = f" aggregation={quoteattr(aggregation)}" if aggregation else ""
    return f'<decisionTable id="table" hitPolicy={quoteattr(hit_policy)}{extra}>{columns}{rows}</decisionTable>'


def _output(text: str, number: int) -> str:
    name, _, default = text.partition("=")
    name, _, allowed = name.partition(":")
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    if default:
        values += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
    return f'<output id="out{number}" name={quoteattr(name)}>{values}</output>'


def _rule(cells: list[str], number: int, inputs: int) -> str:
    tags = ["inputEntry"] * inputs + ["outputEntry"] * (len(cells) - inputs)
    entries = "".join(
        f'<{tag} id="cell{number}_{place}"><text>{escape(cell)}</text></{tag}>'
        for place, (tag, cell) in enumerate(zip(tags, cells, strict=True), start=1)
    )
    return f'<rule id="rule{number}"><description>reason {number}</description>{entries}</rule>'


def model_of(*parts: str, **options: Any) -> Model:
    return parse(document("".join(parts), **options))


def outcome(model: Model, name: str, inputs: dict[str, Any] | None = None) -> DecisionOutcome:
    return decide(model, name, {} if inputs is None else inputs, SETTINGS)


def decided(model: Model, name: str, inputs: dict[str, Any] | None = None) -> Any:
    return outcome(model, name, inputs).value
