"""Deployed resources made ready to run: read once per version, kept, and shared between threads."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from engine import dmn, forms
from engine.bpmn.reader import read_deployed
from engine.core.model import CallFailed

if TYPE_CHECKING:
    from engine.core.graph import Process
    from engine.model import Definition
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

    def form(self, definition_id: UUID, definitions: Definitions) -> forms.Form:
        """Return the parsed form of a form definition."""
        return self._cached(self._forms, definition_id, lambda: forms.parse(definitions.content(definition_id)))

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
            CallFailed: it is not deployed, or bound in a way that is not supported.
        """
        if binding == "deployment":
            found = self._definitions.beside(UUID(caller), "process", process_id)
        elif binding == "latest":
            found = self._definitions.latest("process", process_id)
        else:
            raise CallFailed(f"binding {binding!r} (version tag {version_tag!r}) is not supported; bind to latest")
        if found is None:
            raise CallFailed(f"the called process {process_id!r} is not deployed; deploy it and retry")
        return str(found.id)


def _known(definitions: Definitions, definition_id: UUID) -> Definition:
    found = definitions.get(definition_id)
    if found is None:
        raise LookupError(f"definition {definition_id} is not stored")
    return found
