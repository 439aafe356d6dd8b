"""A decision run again on what cases asked it last: how often each rule counted, and what a draft would change.

What was decided is kept with the variables that were read and the value of every column; of the objects of the office
only the columns are kept. So the case is taken as it is on file now, with the columns as they were recorded, and the
figures of policy of the day that counted. Whether that is enough is not guessed: the version by which it was decided is
run on it too, and where it does not come to what was recorded the case counts as one that cannot be recomputed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from engine import dmn, feel
from engine.errors import NotFound
from engine.execution import environment_settings
from engine.expressions import LayeredScope
from engine.feel.messages import Telling
from engine.json_values import JsonValue
from workflows.casework.case_reading import case_on
from workflows.casework.days import day_of_figures, local_day
from workflows.casework.decisions.model import RecordedEvaluation
from workflows.playing.budget import SECONDS_OF_A_RUN, Budget
from workflows.playing.lending import Playing
from workflows.playing.model import PlaySource
from workflows.playing.tables import FiredRule, TableCount, counted_tables, decision_model, fired_rules
from workflows.workbench.commands import require_analyst

MOST_REPLAYED = 1000
MOST_LISTED = 200
_PATH = re.compile(r"(case|standard)(\.[^\W\d]\w*)+")
_NAMES_CASE = re.compile(rb"\bcase\b")


class Verdict(StrEnum):
    """What a draft makes of one evaluation."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"  # the facts on record do not tell how it was decided


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedEvaluation:
    """One evaluation as it was recorded, beside what comes out now; rules by their numbers then and now."""

    case_number: str
    decided_at: datetime
    version: int
    verdict: Verdict
    before: JsonValue
    after: JsonValue
    fired_before: Sequence[FiredRule]
    fired_after: Sequence[FiredRule]
    failure: Telling | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedHits:
    """How often each rule counted in cases, by table and id of the rule, and since when that was counted."""

    file_name: str
    decision_id: str
    name: str
    decisions: Mapping[str, str]  # of the file: id and name
    counted: int
    since: datetime | None
    hits: Mapping[tuple[str, str], int]
    tables: Sequence[TableCount]  # `fired`: by the replay; before one nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReplay:
    """The last evaluations of a decision, run on a draft or version; `listed` are those that are not the same."""

    recorded: RecordedHits
    replayed: int
    counts: Mapping[Verdict, int]
    listed: Sequence[ReplayedEvaluation]
    tables: Sequence[TableCount]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRecordedHits:
    """Count how often each rule of a draft or version counted when cases asked the decision last.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft, version or decision.
        NotPlayable: it has errors.
    """

    source: PlaySource
    decision_id: str | None = None  # None: the first of the file

    def execute(self, context: Playing) -> RecordedHits:
        """Count them."""
        require_analyst(context)
        name, model = decision_model(context, self.source)
        decision = _decision(model, self.decision_id)
        return _hits(name, model, decision, _readable(context, decision.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayDecision:
    """Run the last evaluations of a decision on a draft or version, as many as there is time for; nothing is kept.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft, version or decision.
        NotPlayable: it has errors.
    """

    source: PlaySource
    decision_id: str | None = None  # None: the first of the file
    seconds: int = SECONDS_OF_A_RUN

    def execute(self, context: Playing) -> DecisionReplay:
        """Run them."""
        require_analyst(context)
        name, model = decision_model(context, self.source)
        decision = _decision(model, self.decision_id)
        records = _readable(context, decision.id)
        replayed = list(_replayed(context, model, decision.id, records, Budget(seconds=self.seconds)))
        fired = Counter(rule for one in replayed for rule in set(one.fired_after))
        return DecisionReplay(
            recorded=_hits(name, model, decision, records),
            replayed=len(replayed),
            counts=Counter(one.verdict for one in replayed),
            listed=[one for one in replayed if one.verdict is not Verdict.SAME][:MOST_LISTED],
            tables=list(counted_tables(model, decision.id, fired)),
        )


def _decision(model: dmn.Model, decision_id: str | None) -> dmn.Decision:
    wanted = decision_id or next(iter(model.decisions), "")
    found = model.decisions.get(wanted)
    if found is None:
        raise NotFound("decision", wanted)
    return found


def _readable(context: Playing, decision_id: str) -> list[RecordedEvaluation]:
    """Return the last evaluations; of an erased case nothing can be read."""
    found = context.unit_of_work.decisions.last_evaluations(decision_id, MOST_REPLAYED)
    return [one for one in found if one.evaluation.record]


def _hits(name: str, model: dmn.Model, decision: dmn.Decision, records: Sequence[RecordedEvaluation]) -> RecordedHits:
    hits = Counter(rule for one in records for rule in {(at, rule_id) for at, rule_id, _index in _matched(one)})
    return RecordedHits(
        file_name=name,
        decision_id=decision.id,
        name=decision.name,
        decisions={one.id: one.name for one in model.decisions.values()},
        counted=len(records),
        since=records[-1].evaluation.decided_at if records else None,
        hits=hits,
        tables=list(counted_tables(model, decision.id, {})),
    )


def _matched(one: RecordedEvaluation) -> Iterator[tuple[str, str, int]]:
    for table in _tables(one):
        yield from ((table["id"], rule["id"], rule["index"]) for rule in table["matched"] if rule["fired"])


def _tables(one: RecordedEvaluation) -> Iterator[Any]:  # a table as `engine.dmn.trace` records it
    made: Any = one.evaluation.record["decisions"]
    for decision in made:
        yield from decision["tables"]


def _replayed(
    context: Playing, model: dmn.Model, decision_id: str, records: Sequence[RecordedEvaluation], budget: Budget
) -> Iterator[ReplayedEvaluation]:
    for one in records:
        if budget.is_spent:
            return
        yield _again(context, model, decision_id, one)


def _again(context: Playing, model: dmn.Model, decision_id: str, one: RecordedEvaluation) -> ReplayedEvaluation:
    made, definitions = one.evaluation, context.unit_of_work.definitions
    scope, settings = _facts(context, one), _settings_at(context, made.decided_at)
    before = _recorded_value(one)
    decided_by = context.definitions.decision_model(made.definition_id, definitions)
    then, _fired, failed = _decided(decided_by, decision_id, scope, settings)
    after, fired, failure = _decided(model, decision_id, scope, settings)
    if failed is not None or not alike(before, then):
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.SAME if failure is None and alike(before, after) else Verdict.CHANGED
    version = definitions.get(made.definition_id)
    return ReplayedEvaluation(
        case_number=one.case_number,
        decided_at=made.decided_at,
        version=version.version if version else 0,
        verdict=verdict,
        before=before,
        after=after,
        fired_before=[FiredRule(table_id=at, index=index) for at, _rule, index in _matched(one)],
        fired_after=fired,
        failure=failure,
    )


def _recorded_value(one: RecordedEvaluation) -> JsonValue:
    made: Any = one.evaluation.record["decisions"]
    value: JsonValue = next((each["value"] for each in made if each["id"] == one.evaluation.decision_id), None)
    return value


def _decided(
    model: dmn.Model, decision_id: str, scope: LayeredScope, settings: feel.Settings
) -> tuple[JsonValue, Sequence[FiredRule], Telling | None]:
    try:
        outcome = dmn.decide(model, decision_id, scope, settings)
        return feel.to_json(outcome.value), fired_rules(outcome.trace), None
    except (dmn.DmnError, dmn.UnknownDecisionError, feel.FeelError) as error:
        return None, (), error


def _facts(context: Playing, one: RecordedEvaluation) -> LayeredScope:
    """Return what the decision was asked on, as far as it is on record or on file."""
    room, day = context.unit_of_work, local_day(one.evaluation.decided_at)
    case = room.cases.by_number(one.case_number) if _reads_case(context, one) else None
    on_file = None if case is None else case_on(room, case, day)
    is_its_own = case is not None and case.process_instance_id in (None, one.evaluation.process_instance_id)
    counts = day_of_figures(case.accepted_on if case is not None and is_its_own else None, day)
    roots: dict[str, Any] = {"case": on_file, "standard": dict(room.policy.parameters_on(counts))}
    for table in _tables(one):
        for column in table["inputs"]:
            if _PATH.fullmatch(column["expression"].strip()):
                _put(roots, column["expression"].strip().split("."), column["value"])
    variables: Any = one.evaluation.record["inputs"]
    return LayeredScope(variables, roots)


def _reads_case(context: Playing, one: RecordedEvaluation) -> bool:
    """Say whether the file of a decision names the case or figures of the day it was accepted: then it is read."""
    content = context.unit_of_work.definitions.content(one.evaluation.definition_id)
    return bool(_NAMES_CASE.search(content)) or b"standard" in content


def _put(found: dict[str, Any], path: Sequence[str], value: JsonValue) -> None:
    *outer, last = path
    for name in outer:
        below = found.get(name)
        if not isinstance(below, dict):
            below = found[name] = {}
        found = below
    found[last] = value


def _settings_at(context: Playing, moment: datetime) -> feel.Settings:
    """Return the clock of that moment, in the office's zone, and the functions of the office."""
    return replace(environment_settings(context), now=moment.astimezone(ZoneInfo(context.host.time_zone)))


def alike(one: JsonValue, other: JsonValue) -> bool:
    """Say whether two values are the same; numbers by what they are, true and false apart from numbers."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(alike(*pair) for pair in zip(one, other, strict=True))
    return one == other
