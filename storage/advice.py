"""Questions to other units in PostgreSQL: what is asked and answered is sealed under the key of the case."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Connection,
    Select,
    Uuid,
    any_,
    bindparam,
    exists,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.case_files import case_seal
from storage.encryption import CaseSeal, KeyRing
from storage.pipeline import Pipeline, Statement
from storage.rows import Row, to_row, to_value
from storage.tables.advice import advice as table
from storage.tables.advice import advice_evidence
from storage.tables.casework import case_file
from storage.tables.engine import user_task
from workflows.casework.advice.model import Advice, AdviceState

IS_OPEN = table.c.state == literal_column("'open'")
ADVICE_BESIDE_TASK = exists().where(table.c.task_id == user_task.c.id, IS_OPEN)
"""Read with the task, as `storage.kin.LOGINS_BESIDE_TASK` is: who completes a task asks for nothing more."""

_these = bindparam("task_ids", type_=ARRAY(Uuid))
ASKING_OF = Statement.of(select(table.c.task_id).where(table.c.task_id == any_(_these), IS_OPEN))


class AskingTasks:
    """Which of the tasks that a transaction has read have open questions."""

    def __init__(self) -> None:
        self._known: dict[UUID, bool] = {}

    def remember(self, task_id: UUID, *, asks: bool) -> None:
        """Keep what `ADVICE_BESIDE_TASK` brought."""
        self._known[task_id] = asks

    def doubtful(self, task_ids: Sequence[UUID]) -> list[UUID]:
        """Return the tasks that are not known to have none."""
        return [one for one in task_ids if self._known.get(one, True)]


class SqlAdvice:
    """Questions, in one transaction."""

    def __init__(self, connection: Connection, pipeline: Pipeline, keys: KeyRing, asking: AskingTasks) -> None:
        self._connection = connection
        self._pipeline = pipeline
        self._keys = keys
        self._asking = asking

    def add(self, advice: Advice, *, submission_key: str, evidence_ids: Sequence[UUID]) -> bool:
        """Keep a question, unless its submission key is known."""
        seal = case_seal(self._connection, self._keys, advice.case_id)
        row = {**to_row(advice, "question", "answer"), "submission_key": submission_key}
        sealed = seal.encrypt(advice.question, where=_question_place(advice.id))
        once = upsert(table).values(**row, question_sealed=sealed).on_conflict_do_nothing()
        if self._connection.execute(once.returning(literal(1))).first() is None:
            return False
        self._asking.remember(advice.task_id, asks=True)
        if evidence_ids:
            shown = [{"advice_id": advice.id, "evidence_id": one} for one in evidence_ids]
            self._connection.execute(insert(advice_evidence), shown)
        return True

    def by_submission_key(self, submission_key: str) -> Advice | None:
        """Return the question that came of a submission."""
        return self._one(_opened().where(table.c.submission_key == submission_key))

    def shown_with(self, advice_id: UUID) -> AbstractSet[UUID]:
        """Return the evidence shown with a question."""
        shown = select(advice_evidence.c.evidence_id).where(advice_evidence.c.advice_id == advice_id)
        return set(self._connection.execute(shown).scalars())

    def get(self, advice_id: UUID) -> Advice | None:
        """Return a question as it stands."""
        return self._one(_opened().where(table.c.id == advice_id))

    def lock(self, advice_id: UUID) -> Advice | None:
        """Return a question while other changes of it wait."""
        return self._one(_opened().where(table.c.id == advice_id).with_for_update(of=table))

    def save(self, advice: Advice) -> None:
        """Write how it stands."""
        seal = case_seal(self._connection, self._keys, advice.case_id)
        answer = advice.answer
        sealed = None if answer is None else seal.encrypt(answer, where=_answer_place(advice.id))
        statement = update(table).where(table.c.id == advice.id)
        self._connection.execute(
            statement.values(
                state=advice.state,
                answer_sealed=sealed,
                closed_at=advice.closed_at,
                closed_by=advice.closed_by,
                process_instance_id=advice.process_instance_id,
            )
        )

    def open_of_tasks(self, task_ids: Sequence[UUID]) -> Sequence[Advice]:
        """Return the open questions of tasks."""
        doubtful = self._asking.doubtful(task_ids)
        if not doubtful:
            return []
        [found] = self._pipeline.read((ASKING_OF, {"task_ids": doubtful}))
        if not found:
            return []  # as nearly always: most tasks that end have asked nobody
        asking = [row[0] for row in found]
        statement = _opened().where(table.c.task_id.in_(asking), IS_OPEN).order_by(table.c.asked_at, table.c.id)
        return [self._value(row) for row in self._connection.execute(statement).mappings().all()]

    def keep_open(self, task_id: UUID) -> bool:
        """Say whether a question of a task is open, and stays so."""
        statement = select(table.c.id).where(table.c.task_id == task_id, IS_OPEN).order_by(table.c.id)
        return bool(self._connection.execute(statement.with_for_update(read=True)).all())

    def are_open(self, case_id: UUID) -> bool:
        """Say whether a question about a case is open."""
        statement = select(literal(1)).where(table.c.case_id == case_id, IS_OPEN).limit(1)
        return self._connection.execute(statement).first() is not None

    def _one(self, statement: Select[Any]) -> Advice | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else self._value(row)

    def _value(self, row: Row) -> Advice:
        return to_advice(row, self._keys.seal(row["wrapped_key"]))


def to_advice(row: Row, seal: CaseSeal) -> Advice:
    """Return the question of a row."""
    question = seal.decrypt(row["question_sealed"], where=_question_place(row["id"]))
    sealed = row["answer_sealed"]
    answer = None if sealed is None else seal.decrypt(sealed, where=_answer_place(row["id"]))
    return to_value(Advice, {**row, "state": AdviceState(row["state"]), "question": question, "answer": answer})


def _opened() -> Select[Any]:
    """Return the question for rows of cases that are not erased, with their keys."""
    columns = (*table.c, case_file.c.wrapped_key)
    joined = select(*columns).join(case_file, case_file.c.id == table.c.case_id)
    return joined.where(case_file.c.wrapped_key.is_not(None))


def _question_place(advice_id: UUID) -> str:
    return f"advice-question:{advice_id}"


def _answer_place(advice_id: UUID) -> str:
    return f"advice-answer:{advice_id}"
