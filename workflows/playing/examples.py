"""Examples of a decision: inputs with what must come out, kept with the decision and run on a draft or version."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine import dmn, feel
from engine.dmn.logic import DecisionTable
from engine.errors import NotFound
from engine.execution import environment_settings
from engine.expressions import LayeredScope
from engine.feel.messages import Telling
from engine.json_values import JsonValue, load_json
from workflows.casework.days import local_day
from workflows.playing.comparing import Comparison, compared
from workflows.playing.errors import ExamplesStale
from workflows.playing.lending import Playing
from workflows.playing.model import DecisionExamples, Example, PlaySource
from workflows.playing.tables import FiredRule, TableCount, counted_tables, decision_model, fired_rules
from workflows.workbench.commands import require_analyst

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
ROOTS = ("case", "standard")
"""What expressions read as objects of the office; an example gives its own, figures of policy where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResult:
    """A row beside what came out."""

    example: Example
    value: JsonValue
    fired: Sequence[FiredRule]
    comparisons: Sequence[Comparison]
    doubts: Sequence[Telling]  # why something came to null
    failure: Telling | None

    @property
    def holds(self) -> bool:
        """Say whether it came out as expected, as far as something is."""
        return self.failure is None and all(one.holds for one in self.comparisons)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResults:
    """All rows of a decision, run on a draft or version."""

    file_name: str
    decision_id: str
    name: str
    decisions: Mapping[str, str]  # of the file: id and name
    columns: Sequence[str]  # what its tables read plainly: names with dots between
    outputs: Sequence[str]  # the entries of what it comes to; none: one value
    kept: DecisionExamples
    results: Sequence[ExampleResult]
    tables: Sequence[TableCount]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunExamples:
    """Run examples of a decision on a draft or version: the rows given, else those kept; nothing is kept.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft, version or decision.
        NotPlayable: it has errors.
    """

    source: PlaySource
    decision_id: str | None = None  # None: the first of the file
    rows: Sequence[Example] | None = None

    def execute(self, context: Playing) -> ExampleResults:
        """Run them."""
        require_analyst(context)
        name, model = decision_model(context, self.source)
        decision_id = self.decision_id or next(iter(model.decisions), "")
        decision = model.decisions.get(decision_id)
        if decision is None:
            raise NotFound("decision", decision_id)
        kept = kept_examples(context, decision_id)
        rows = kept.rows if self.rows is None else self.rows
        results = [_result(context, model, decision_id, row) for row in rows]
        fired = Counter(rule for one in results for rule in set(one.fired))
        return ExampleResults(
            file_name=name,
            decision_id=decision_id,
            name=decision.name,
            decisions={one.id: one.name for one in model.decisions.values()},
            columns=_columns(model, decision_id),
            outputs=_outputs(decision, results),
            kept=kept,
            results=results,
            tables=list(counted_tables(model, decision_id, fired)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadExamples:
    """Return the examples of a decision.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    decision_id: str

    def execute(self, context: Playing) -> DecisionExamples:
        """Return them."""
        require_analyst(context)
        return kept_examples(context, self.decision_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepExamples:
    """Keep the examples of a decision in the place of those there are.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        ExamplesStale: somebody kept others since `version`.
    """

    decision_id: str
    version: int
    rows: Sequence[Example]

    def execute(self, context: Playing) -> DecisionExamples:
        """Keep them."""
        require_analyst(context)
        kept = DecisionExamples(
            decision_id=self.decision_id,
            rows=tuple(self.rows),
            version=self.version + 1,
            saved_at=context.now(),
            saved_by=context.actor.id,
        )
        if not context.unit_of_work.plays.keep_examples(kept, over=self.version):
            raise ExamplesStale(self.decision_id)
        return kept


def kept_examples(context: Playing, decision_id: str) -> DecisionExamples:
    """Return the examples that are kept, else those that come with the product."""
    found = context.unit_of_work.plays.examples(decision_id)
    if found is not None:
        return found
    rows = shipped_examples(decision_id)
    return DecisionExamples(decision_id=decision_id, rows=rows, version=0, saved_at=None, saved_by=None)


@cache
def shipped_examples(decision_id: str) -> tuple[Example, ...]:
    """Return the rows that stand beside a decision of the product and ask no other one of its file."""
    entry = files("workflows").joinpath("dmn", f"{decision_id}.tests.json")
    if not decision_id.isidentifier() or not entry.is_file():
        return ()
    rows = load_json(entry.read_text(encoding="utf-8"))
    return tuple(Example.from_json(row) for row in rows if row.get("decision", decision_id) == decision_id)


def _result(context: Playing, model: dmn.Model, decision_id: str, row: Example) -> ExampleResult:
    standard = dict(context.unit_of_work.policy.parameters_on(local_day(context.now())))
    roots = {"case": row.inputs.get("case"), "standard": standard | dict(row.inputs.get("standard") or {})}
    variables = {name: one for name, one in row.inputs.items() if name not in ROOTS}
    try:
        outcome = dmn.decide(model, decision_id, LayeredScope(variables, roots), environment_settings(context))
        value = feel.to_json(outcome.value)
    except (dmn.DmnError, dmn.UnknownDecisionError, feel.FeelError) as error:
        return ExampleResult(example=row, value=None, fired=(), comparisons=(), doubts=(), failure=error)
    fired = fired_rules(outcome.trace)
    facts = () if row.expected is None else tuple(compared("value", row.expected, value))
    doubts = [one.message for one in outcome.warnings] if value is None else []
    return ExampleResult(example=row, value=value, fired=fired, comparisons=facts, doubts=doubts, failure=None)


def _columns(model: dmn.Model, decision_id: str) -> list[str]:
    """Return what the tables read plainly of what is given: neither of one another nor of the figures of policy."""
    made = {name for one in model.decisions.values() if one.id != decision_id for name in (one.variable, one.name)}
    read = [text.strip() for table in counted_tables(model, decision_id, {}) for text in table.inputs]
    plain = [text for text in dict.fromkeys(read) if _PATH.fullmatch(text)]
    return [text for text in plain if text.partition(".")[0] not in made | {"standard"}]


def _outputs(decision: dmn.Decision, results: Sequence[ExampleResult]) -> list[str]:
    """Return the entries of what a decision comes to, as its table names them, else as its values have them."""
    if isinstance(decision.logic, DecisionTable) and len(decision.logic.outputs) > 1:
        return [one.name for one in decision.logic.outputs]
    found = [one for each in results for one in (each.value, each.example.expected) if isinstance(one, Mapping)]
    return list(dict.fromkeys(name for one in found for name in one))
