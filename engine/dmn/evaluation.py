"""Make decisions: what is required first, then the logic, with a trace of all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.dmn.boxed import value_of
from engine.dmn.findings import UnknownDecisionError
from engine.dmn.input_values import fit_input
from engine.dmn.logic import Place
from engine.dmn.messages import DecisionMessage, DecisionNull, DecisionTooDeep
from engine.dmn.run import Run, Variables
from engine.dmn.trace import DecisionTrace, DecisionWarning, Trace
from engine.feel import FeelValue, Settings
from engine.feel.errors import NullResult
from engine.feel.functions import DefinedFunction
from engine.feel.types import coerce, result_of
from engine.feel.values import normalise

if TYPE_CHECKING:
    from engine.dmn.model import (
        BusinessKnowledgeModel,
        Decision,
        DecisionService,
        InputData,
        Model,
        Reference,
    )
    from engine.feel import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOutcome:
    """What was decided, why, and what became null on the way."""

    value: FeelValue
    trace: Trace
    warnings: tuple[DecisionWarning, ...]


def decide(
    model: Model, decision_id_or_name: str, inputs: Mapping[str, FeelValue], settings: Settings
) -> DecisionOutcome:
    """Make a decision, run a decision service, or call a business knowledge model, of a model.

    inputs: by the names of the input data; read lazily. Names no input data declares are visible to the logic, too.

    Raises:
        UnknownDecisionError: the model has none of these of that id or name.
        FeelLimitError: the logic took too many steps or nested too deep.
    """
    trace = Trace(model_id=model.id, model_name=model.name, decision=decision_id_or_name)
    frame = _Frame(model=model, inputs=_Recorded(inputs, trace), run=Run(settings, model.all_types(), trace))
    try:
        value = frame.made(decision_id_or_name)
    except RecursionError as error:
        raise DecisionTooDeep("decision-too-deep") from error
    return DecisionOutcome(value=value, trace=trace, warnings=trace.warnings)


def _find(elements: Mapping[str, Any], id_or_name: str) -> Any:  # the element class the mapping holds
    if id_or_name in elements:
        return elements[id_or_name]
    return next((one for one in elements.values() if one.name == id_or_name), None)


class _Recorded(Mapping[str, FeelValue]):
    """The inputs, noting in the trace what is read; lazy objects are not drawn into the record."""

    def __init__(self, inputs: Mapping[str, FeelValue], trace: Trace) -> None:
        self._inputs = inputs
        self._trace = trace

    def __getitem__(self, name: str) -> FeelValue:
        value = self._inputs[name]
        if isinstance(value, dict) or not isinstance(value, Mapping):
            self._trace.inputs[name] = value
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._inputs

    def __iter__(self) -> Iterator[str]:
        return iter(self._inputs)

    def __len__(self) -> int:
        return len(self._inputs)


@dataclass(slots=True, kw_only=True)
class _Frame:
    """One model with the inputs it is given; remembers what was decided."""

    model: Model
    inputs: Mapping[str, FeelValue]
    run: Run
    decided: dict[str, FeelValue] = field(default_factory=dict)
    imported: dict[str, _Frame] = field(default_factory=dict)

    def made(self, id_or_name: str) -> FeelValue:
        """The value of a decision, decision service or business knowledge model."""
        decision = _find(self.model.decisions, id_or_name)
        if decision is not None:
            return self.decision(decision)
        service = _find(self.model.decision_services, id_or_name)
        if service is not None:
            return self.service_outputs(service)
        function = _find(self.model.knowledge, id_or_name)
        if function is not None:
            return self._called(function)
        known = tuple(sorted(d.name for d in self.model.decisions.values()))
        raise UnknownDecisionError("no-decision", decision=id_or_name, model=self.model.name, known=known)

    def _called(self, known: BusinessKnowledgeModel) -> FeelValue:
        """The answer of a business knowledge model for the inputs named like its parameters."""
        names = [name for name, _ in known.logic.parameters]
        arguments = {name: normalise(self.inputs[name]) for name in names if name in self.inputs}
        trace = DecisionTrace(decision_id=known.id, name=known.name, namespace=self.model.namespace)
        self.run.begin(trace)
        try:
            trace.value = self._knowledge(known).call_named(arguments, self.run.session)
        except NullResult as reason:
            self.run.attempt(known.logic.place, reason)
        finally:
            self.run.end()
        return trace.value

    def decision(self, decision: Decision) -> FeelValue:
        """The value of a decision, made once a frame."""
        if decision.id in self.decided:
            return self.decided[decision.id]
        undrawn = _Without(self.inputs, {data.name for data in self.model.input_data.values()})
        trace = DecisionTrace(decision_id=decision.id, name=decision.name, namespace=self.model.namespace)
        self.run.begin(trace)  # an input that is missing or refused is told with the decision that needs it
        try:
            variables = self._variables(decision.information, decision.knowledge, undrawn)
            value = value_of(decision.logic, variables, self.run)
            trace.value = self.run.fitted(value, decision.type, decision.logic.place)
        finally:
            self.run.end()
        self.decided[decision.id] = trace.value
        return trace.value

    def _variables(
        self, information: tuple[Reference, ...], knowledge: tuple[Reference, ...], base: Mapping[str, FeelValue] | None
    ) -> Variables:
        names: dict[str, Any] = {}
        for reference in (*information, *knowledge):
            owner, prefix = self._owner(reference)
            if owner is None:
                continue
            target = names.setdefault(prefix, {}) if prefix else names
            target.update(owner.required(reference.id))
        return Variables(names, base)

    def _owner(self, reference: Reference) -> tuple[_Frame | None, str]:
        """The frame of the model an element belongs to, and the name it was imported under."""
        if reference.namespace == self.model.namespace or not reference.namespace:
            return self, ""
        found = self.model.imported(reference.namespace)
        if found is None:
            return None, ""
        if found.namespace not in self.imported:
            inputs = _ImportedInputs(self.inputs, found.name)
            self.imported[found.namespace] = _Frame(model=found.model, inputs=inputs, run=self.run)
        return self.imported[found.namespace], found.name

    def required(self, element_id: str) -> dict[str, FeelValue]:
        """The names a required element brings, with their values."""
        model = self.model
        if element_id in model.decisions:
            decision = model.decisions[element_id]
            value = self.decision(decision)
            return {decision.id: value, decision.name: value, decision.variable: value}
        if element_id in model.input_data:
            data = model.input_data[element_id]
            return {data.name: self._input(data)}
        if element_id in model.knowledge:
            known = model.knowledge[element_id]
            return {known.name: self._knowledge(known)}
        if element_id in model.decision_services:
            service = model.decision_services[element_id]
            return {service.name: self._service(service)}
        return {}

    def _input(self, data: InputData) -> FeelValue:
        place = Place(element_id=data.id, name=data.name, line=0)
        try:
            value = self.inputs[data.name]
        except KeyError:
            self.run.warn(DecisionMessage("input-missing", name=data.name), place)
            return None
        try:
            return fit_input(normalise(value), data.type)
        except NullResult as reason:
            self.run.warn(DecisionMessage("input-refused", name=data.name, reason=reason.message), place)
            return None

    def _knowledge(self, known: BusinessKnowledgeModel) -> DefinedFunction:
        logic, result = known.logic, result_of(known.type)

        def body(arguments: Mapping[str, FeelValue], _session: Session) -> FeelValue:
            if logic.body is None or logic.kind != "FEEL":
                raise DecisionNull("function-kind", function=known.name, kind=logic.kind)
            names = self._variables((), known.knowledge, None)
            own = Variables({known.name: made}, names)
            value = value_of(logic.body, Variables(arguments, own), self.run)
            return self.run.fitted(value, result, logic.place)

        made = DefinedFunction(name=known.name, parameters=logic.parameters, body=body, result=result)
        return made

    def _service(self, service: DecisionService) -> FeelValue:
        parameters = []
        for reference in (*service.input_data, *service.input_decisions):
            owner, _ = self._owner(reference)
            element = None if owner is None else owner.element(reference.id)
            if element is not None:
                parameters.append((element.variable if hasattr(element, "variable") else element.name, element.type))

        def body(arguments: Mapping[str, FeelValue], _session: Session) -> FeelValue:
            return coerce(self.with_inputs(arguments).service_outputs(service), result)

        result = result_of(service.type)
        return DefinedFunction(name=service.name, parameters=tuple(parameters), body=body, result=result)

    def element(self, element_id: str) -> Any:  # a decision or input data
        """The decision or input data of an id."""
        return self.model.decisions.get(element_id) or self.model.input_data.get(element_id)

    def with_inputs(self, inputs: Mapping[str, FeelValue]) -> _Frame:
        """The same model with other inputs and nothing decided."""
        return _Frame(model=self.model, inputs=inputs, run=self.run)

    def service_outputs(self, service: DecisionService) -> FeelValue:
        """Run a decision service: its input decisions are given, its outputs made."""
        for reference in service.input_decisions:
            owner, _ = self._owner(reference)
            if owner is not None and reference.id in owner.model.decisions:
                owner.decided[reference.id] = owner.given(owner.model.decisions[reference.id])
        values: dict[str, FeelValue] = {}
        for reference in service.outputs:
            owner, _ = self._owner(reference)
            if owner is not None and reference.id in owner.model.decisions:
                decision = owner.model.decisions[reference.id]
                values[decision.variable] = owner.decision(decision)
        return next(iter(values.values())) if len(values) == 1 else values

    def given(self, decision: Decision) -> FeelValue:
        """The value of an input decision: it is not made but taken from the inputs."""
        for name in (decision.variable, decision.name, decision.id):
            if name in self.inputs:
                try:
                    return coerce(normalise(self.inputs[name]), decision.type)
                except NullResult as reason:
                    place = Place(element_id=decision.id, name=decision.name, line=decision.line)
                    self.run.warn(DecisionMessage("given-refused", name=name, reason=reason.message), place)
                    return None
        return None


class _Without(Mapping[str, FeelValue]):
    """The inputs no input data declares: what is drawn is visible only to the decisions that require it."""

    def __init__(self, inputs: Mapping[str, FeelValue], hidden: Set[str]) -> None:
        self._inputs = inputs
        self._hidden = hidden

    def __getitem__(self, name: str) -> FeelValue:
        if name in self._hidden:
            raise KeyError(name)
        return self._inputs[name]

    def __contains__(self, name: object) -> bool:
        return name not in self._hidden and name in self._inputs

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._inputs if name not in self._hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _ImportedInputs(Mapping[str, FeelValue]):
    """The inputs of an imported model: those under the import's name first, then those of the importing model."""

    def __init__(self, inputs: Mapping[str, FeelValue], prefix: str) -> None:
        self._inputs = inputs
        self._prefix = prefix

    def __getitem__(self, name: str) -> FeelValue:
        under_import = self._inputs.get(self._prefix)
        if isinstance(under_import, Mapping) and name in under_import:
            return normalise(under_import[name])
        return self._inputs[name]

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._inputs)

    def __len__(self) -> int:
        return len(self._inputs)
