"""Read a DMN document into a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.dmn.documents import child, children, line_of, place_of, read_document, refusal, refusal_at
from engine.dmn.findings import DmnError, Finding, finding_at
from engine.dmn.item_types import TypeBook
from engine.dmn.logic import FunctionLogic, Place
from engine.dmn.logic_reader import LogicReader, read_function
from engine.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Import,
    InputData,
    Model,
    Reference,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml import etree

    from engine.feel.types import FeelType

    Loader = Callable[[str], bytes]

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_NAMED = frozenset(
    [
        "variable", "itemComponent", "itemDefinition", "decision", "inputData", "businessKnowledgeModel", "import",
        "decisionService", "formalParameter", "parameter", "column", "output",
    ]
)  # fmt: skip
_DMN_IMPORT_MARK = "/DMN/"
DEEPEST_IMPORT = 20


def parse(xml: bytes, *, imports: Loader | None = None) -> Model:
    """Read a DMN 1.1 to 1.5 document.

    imports: gives the XML of an imported model for its namespace; may raise KeyError when it has none.

    Raises:
        DmnError: the document cannot be read as a model; its findings say where and what to do.
    """
    try:
        return _Reading(imports=imports, path=()).read(xml)
    except RecursionError as error:
        raise refusal("logic-too-deep", line=1) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Reading one document; path holds the namespaces of the documents importing it."""

    imports: Loader | None
    path: tuple[str, ...]

    def read(self, xml: bytes) -> Model:
        root = read_document(xml)
        imported = tuple(self._imports(root))
        types = TypeBook(root, names=_names(root, imported), imported=_imported_types(imported))
        elements = _Elements(root, LogicReader(types, _names(root, imported)))
        decisions = elements.decisions()
        model = Model(
            id=root.get("id") or root.get("name") or "",
            name=root.get("name") or root.get("id") or "",
            namespace=root.get("namespace") or "",
            decisions=decisions,
            input_data=elements.input_data(),
            knowledge=elements.knowledge(),
            decision_services=elements.decision_services(),
            imports=imported,
            types=types.all(),
            findings=_unknown_types(types),
        )
        _refuse_cycles(model)
        return model

    def _imports(self, root: etree._Element) -> Iterator[Import]:
        for element in children(root, "import"):
            namespace = element.get("namespace") or ""
            name = element.get("name") or ""
            if _DMN_IMPORT_MARK not in (element.get("importType") or _DMN_IMPORT_MARK):
                continue
            if namespace in self.path or len(self.path) >= DEEPEST_IMPORT:
                raise refusal("import-circle", line=line_of(element), namespace=namespace)
            inner = _Reading(imports=self.imports, path=(*self.path, root.get("namespace") or ""))
            yield Import(name=name, namespace=namespace, model=inner.read(self._load(element, namespace)))

    def _load(self, element: etree._Element, namespace: str) -> bytes:
        if self.imports is None:
            raise refusal("imports-unavailable", line=line_of(element), namespace=namespace)
        try:
            return self.imports(namespace)
        except KeyError as error:
            raise refusal("unknown-import", line=line_of(element), namespace=namespace) from error


@dataclass(slots=True)
class _Elements:
    """The elements of one document."""

    root: etree._Element
    reader: LogicReader
    _ids: set[str] = field(default_factory=set)

    def decisions(self) -> dict[str, Decision]:
        found = {}
        for element in children(self.root, "decision"):
            place = place_of(element)
            variable = child(element, "variable")
            decision = Decision(
                id=self._id(element),
                name=place.name,
                variable=(variable.get("name") if variable is not None else None) or place.name,
                line=place.line,
                type=self.reader.types.of(variable),
                information=self._references(element, "informationRequirement", "requiredDecision", "requiredInput"),
                knowledge=self._references(element, "knowledgeRequirement", "requiredKnowledge"),
                logic=self.reader.logic_in(element, place),
                version_tag=_version_tag(element),
            )
            found[decision.id] = decision
        return found

    def input_data(self) -> dict[str, InputData]:
        found = {}
        for element in children(self.root, "inputData"):
            variable = child(element, "variable")
            name = (variable.get("name") if variable is not None else None) or element.get("name") or ""
            one = InputData(id=self._id(element), name=name, type=self.reader.types.of(variable))
            found[one.id] = one
        return found

    def knowledge(self) -> dict[str, BusinessKnowledgeModel]:
        found = {}
        for element in children(self.root, "businessKnowledgeModel"):
            place = place_of(element)
            variable = child(element, "variable")
            body = child(element, "encapsulatedLogic")
            one = BusinessKnowledgeModel(
                id=self._id(element),
                name=(variable.get("name") if variable is not None else None) or place.name,
                type=self.reader.types.of(variable),
                knowledge=self._references(element, "knowledgeRequirement", "requiredKnowledge"),
                logic=read_function(self.reader, body, place_of(body, fallback=place))
                if body is not None
                else FunctionLogic(place=place, type=self.reader.types.of(None), kind="FEEL", parameters=(), body=None),
            )
            found[one.id] = one
        return found

    def decision_services(self) -> dict[str, DecisionService]:
        found = {}
        for element in children(self.root, "decisionService"):
            variable = child(element, "variable")
            one = DecisionService(
                id=self._id(element),
                name=(variable.get("name") if variable is not None else None) or element.get("name") or "",
                type=self.reader.types.of(variable),
                outputs=self._hrefs(element, "outputDecision"),
                encapsulated=self._hrefs(element, "encapsulatedDecision"),
                input_decisions=self._hrefs(element, "inputDecision"),
                input_data=self._hrefs(element, "inputData"),
            )
            found[one.id] = one
        return found

    def _id(self, element: etree._Element) -> str:
        """The id of an element; one without gets its name, so that it can still be referred to."""
        own = element.get("id") or element.get("name") or ""
        if not own:
            raise refusal_at(place_of(element), "missing-id")
        if own in self._ids:
            raise refusal_at(place_of(element), "duplicate-id", id=own)
        self._ids.add(own)
        return own

    def _references(self, element: etree._Element, requirement: str, *targets: str) -> tuple[Reference, ...]:
        return tuple(
            reference for holder in children(element, requirement) for reference in self._hrefs(holder, *targets)
        )

    def _hrefs(self, element: etree._Element, *tags: str) -> tuple[Reference, ...]:
        own = self.root.get("namespace") or ""
        references = []
        for target in children(element, *tags):
            namespace, _, local = (target.get("href") or "").rpartition("#")
            references.append(Reference(namespace=namespace or own, id=local))
        return tuple(references)


def _version_tag(element: etree._Element) -> str | None:
    found = element.find(f"{{*}}extensionElements/{{{ZEEBE}}}versionTag")
    return None if found is None else found.get("value") or None


def _names(root: etree._Element, imported: tuple[Import, ...]) -> frozenset[str]:
    names = {
        str(element.get("name"))
        for element in root.iter(f"{{{_namespace(root)}}}*")
        if element.get("name") and str(element.tag).rpartition("}")[2] in _NAMED
    }
    for one in imported:
        names.update(_names_of_model(one.model))
    return frozenset(names)


def _namespace(root: etree._Element) -> str:
    return str(root.tag)[1:].partition("}")[0]


def _names_of_model(model: Model) -> set[str]:
    names = {d.variable for d in model.decisions.values()} | {i.name for i in model.input_data.values()}
    names |= {k.name for k in model.knowledge.values()} | {s.name for s in model.decision_services.values()}
    for one in model.imports:
        names |= _names_of_model(one.model)
    return names


def _imported_types(imported: tuple[Import, ...]) -> Mapping[str, FeelType]:
    return {
        (f"{one.name}.{name}" if one.name else name): of for one in imported for name, of in one.model.types.items()
    }


def _unknown_types(types: TypeBook) -> tuple[Finding, ...]:
    return tuple(
        finding_at(Place(element_id="", name=name, line=line), "unknown-type", type=name)
        for name, line in types.unknown
    )


def _refuse_cycles(model: Model) -> None:
    """A decision that requires itself, directly or not, can never be made."""
    done: set[str] = set()
    for start in model.decisions:
        path: list[str] = []
        _walk(model, start, path, done)


def _walk(model: Model, start: str, path: list[str], done: set[str]) -> None:
    stack = [(start, iter(_required(model, start)))]
    path.append(start)
    while stack:
        current, following = stack[-1]
        for required in following:
            if required in path:
                decision = model.decisions[required]
                raise DmnError((_cycle(decision, [*path, required]),))
            if required not in done:
                stack.append((required, iter(_required(model, required))))
                path.append(required)
                break
        else:
            stack.pop()
            path.pop()
            done.add(current)


def _required(model: Model, decision_id: str) -> list[str]:
    decision = model.decisions[decision_id]
    return [r.id for r in decision.information if r.namespace == model.namespace and r.id in model.decisions]


def _cycle(decision: Decision, path: list[str]) -> Finding:
    place = Place(element_id=decision.id, name=decision.name, line=decision.line)
    return finding_at(place, "requirement-circle", path=" → ".join(path))
