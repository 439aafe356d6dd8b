"""Deployed resources made ready to run: read once per version, kept, and shared between threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from engine import dmn, forms
from engine.bindings import NotBound, bound_definition
from engine.bpmn.reader import read_deployed
from engine.core.model import CallFailed

if TYPE_CHECKING:
    from engine.core.graph import Process
    from engine.model import Definition, ResourceKind
    from engine.ports import Definitions

Compiled = TypeVar("Compiled")


class DefinitionCache:
    """Compiled definitions by id. A version never changes, so nothing is ever thrown out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._processes: dict[UUID, Process] = {}
        self._decisions: dict[UUID, dmn.Model] = {}
        self._forms: dict[UUID, forms.Form] = {}

    def process(self, definition_id: UUID, definitions: Definitions) -> Process:
        """Return the compiled graph of a process definition."""

        def compile_process() -> Process:
            definition = _known(definitions, definition_id)
            return read_deployed(definitions.content(definition_id)).processes[definition.key]

        return self._cached(self._processes, definition_id, compile_process)

    def decision_model(self, definition_id: UUID, definitions: Definitions) -> dmn.Model:
        """Return the parsed decision model a decision definition belongs to."""
        return self._cached(self._decisions, definition_id, lambda: dmn.parse(definitions.content(definition_id)))

    def form(self, definition_id: UUID, definitions: Definitions, *, english: Mapping[str, str]) -> forms.Form:
        """Return the parsed form of a form definition; `english` names its fields in English messages."""
        return self._cached(
            self._forms, definition_id, lambda: forms.parse(definitions.content(definition_id), english=english)
        )

    def _cached(self, kept: dict[UUID, Compiled], key: UUID, compile_it: Callable[[], Compiled]) -> Compiled:
        found = kept.get(key)
        if found is None:
            compiled = compile_it()
            with self._lock:
                found = kept.setdefault(key, compiled)
        return found


class InstanceDefinitions:
    """The core's view of deployed processes inside one transaction."""

    def __init__(self, cache: DefinitionCache, definitions: Definitions) -> None:
        self._cache = cache
        self._definitions = definitions

    def get(self, definition: str) -> Process:
        """Return the compiled process of a definition id."""
        return self._cache.process(UUID(definition), self._definitions)

    def called(self, process_id: str, *, caller: str, binding: str, version_tag: str | None) -> str:
        """Return the definition a call activity starts.

        Raises:
            CallFailed: no version fits its binding.
        """
        return self._bound("process", process_id, caller=caller, binding=binding, version_tag=version_tag)

    def form(self, form_id: str, *, caller: str, binding: str, version_tag: str | None) -> str:
        """Return the definition of the form version a user task is bound to.

        Raises:
            CallFailed: no version fits its binding.
        """
        return self._bound("form", form_id, caller=caller, binding=binding, version_tag=version_tag)

    def _bound(self, kind: ResourceKind, key: str, *, caller: str, binding: str, version_tag: str | None) -> str:
        try:
            found = bound_definition(
                self._definitions, kind, key, caller=caller, binding=binding, version_tag=version_tag
            )
        except NotBound as missing:
            raise CallFailed(str(missing)) from missing
        return str(found.id)


def _known(definitions: Definitions, definition_id: UUID) -> Definition:
    found = definitions.get(definition_id)
    if found is None:
        raise LookupError(f"definition {definition_id} is not stored")
    return found
