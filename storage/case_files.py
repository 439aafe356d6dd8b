"""Case files in PostgreSQL: sealed on the way in, opened on the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, RowMapping, Select, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import JsonObject
from storage.case_search import SEARCH_FORM, applicant_sort_key, search_tokens
from storage.check_reports import report_content, to_report
from storage.circumstances import (
    circumstances_column,
    circumstances_of,
    open_circumstances,
    open_personal,
    personal_circumstances,
    yearly_spending,
)
from storage.encryption import ERASED, CaseSeal, KeyRing
from storage.erasure import erase_case
from storage.sealing import open_json, seal_json
from storage.tables import casework as tables
from workflows.casework.county import CASE_NUMBER_PREFIX
from workflows.casework.model import (
    ZERO,
    Account,
    Case,
    CaseStatus,
    Health,
    Household,
    Income,
    Member,
    Person,
    Presence,
)
from workflows.casework.records import CheckReport

PLAIN_COLUMNS = (
    "id",
    "number",
    "region",
    "channel",
    "submission_key",
    "received_on",
    "received_at",
    "accepted_on",
    "due_on",
    "receipt_number",
    "declined_reason",
    "outcome",
    "routing_note",
    "closed_at",
    "process_instance_id",
    "recognised_status",
    "remark",
)
_ERASED_FACTS: JsonObject = {
    "labour_capacity": ERASED,
    "employment": ERASED,
    "income": {},
    "school_stage": "none",
    "grade": None,
    "health": {},
}
_WANTED: BindParameter[Any] = bindparam("wanted")
_BY_ID = select(tables.case_file).where(tables.case_file.c.id == _WANTED)
_BY_NUMBER = select(tables.case_file).where(tables.case_file.c.number == _WANTED)
_BY_SUBMISSION_KEY = select(tables.case_file).where(tables.case_file.c.submission_key == _WANTED)
_MEMBERS = select(tables.member).where(tables.member.c.case_id == _WANTED).order_by(tables.member.c.number)
"""Questions every step asks are put together once."""
_CONSENT = (
    update(tables.member)
    .where(
        tables.member.c.number == bindparam("member_number"),
        tables.member.c.authorised_on.is_distinct_from(bindparam("signed_on"))
        | tables.member.c.authorised_by.is_distinct_from(bindparam("signed_by")),
    )
    .values(authorised_on=bindparam("signed_on"), authorised_by=bindparam("signed_by"))
)


class SqlCases:
    """Case files with their members, in one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys
        self._revision = 0

    @property
    def revision(self) -> int:
        """Return how often case files were written in this transaction."""
        return self._revision

    def next_number(self, *, region: str, year: int) -> str:
        """Return a number nobody has; the counter of a year goes on over rollbacks, so numbers may be missing."""
        count = self._connection.execute(select(func.nextval(f"case_number_{year}"))).scalar_one()
        return f"{CASE_NUMBER_PREFIX}{region}-{year}-{count:06d}"

    def add(self, case: Case) -> bool:
        """Keep a new case with a key of its own, unless its submission is on file."""
        seal, wrapped = self._keys.new_seal()
        values = {
            **_columns(case),
            **_account_columns(case, seal, self._keys),
            **circumstances_column(case, seal),
            "household_sealed": seal_json(seal, _dwelling(case.household), where=f"household:{case.id}"),
            "submission_sealed": seal.encrypt(case.submission_digest, where=f"submission:{case.id}"),
            "wrapped_key": wrapped,
            "applicant": case.applicant.person.name,
            "applicant_sort": applicant_sort_key(case),
            "search": search_tokens(case, self._keys),
            "search_form": SEARCH_FORM,
        }
        statement = upsert(tables.case_file).values(values).on_conflict_do_nothing(index_elements=["submission_key"])
        if self._connection.execute(statement.returning(tables.case_file.c.id)).first() is None:
            return False
        members = [_member_row(case.id, member, seal, self._keys) for member in case.members]
        self._connection.execute(insert(tables.member), members)
        self._revision += 1
        return True

    def get(self, case_id: UUID) -> Case | None:
        """Return a case file."""
        return self._one(_BY_ID, case_id)

    def lock(self, case_id: UUID) -> Case | None:
        """Return a case file and keep others from changing it."""
        return self._one(_BY_ID.with_for_update(key_share=True), case_id)

    def by_number(self, number: str) -> Case | None:
        """Return a case file by its number."""
        return self._one(_BY_NUMBER, number)

    def by_submission_key(self, submission_key: str) -> Case | None:
        """Return the case that came of a submission."""
        return self._one(_BY_SUBMISSION_KEY, submission_key)

    def save(self, case: Case) -> None:
        """Write where the case stands, its dates and papers, and who authorised."""
        changed = {name: getattr(case, name) for name in PLAIN_COLUMNS if name not in ("id", "number", "region")}
        statement = update(tables.case_file).where(tables.case_file.c.id == case.id)
        self._connection.execute(statement.values(**changed, status=case.status, documents=list(case.documents)))
        consents = [
            {"member_number": one.number, "signed_on": one.authorised_on, "signed_by": one.authorised_by}
            for one in case.members
        ]
        self._connection.execute(_CONSENT.where(tables.member.c.case_id == case.id), consents)
        self._revision += 1

    def save_facts(self, case: Case) -> None:
        """Write what is known of household and members: only what the declaration holds, no names or numbers."""
        seal = case_seal(self._connection, self._keys, case.id)
        file = update(tables.case_file).where(tables.case_file.c.id == case.id)
        place = f"household:{case.id}"
        self._connection.execute(
            file.values(
                household_sealed=seal_json(seal, _dwelling(case.household), where=place),
                **circumstances_column(case, seal),
            )
        )
        for member in case.members:
            facts = seal_json(seal, _facts(member.person), where=f"facts:{case.id}:{member.number}")
            of_member = (tables.member.c.case_id == case.id, tables.member.c.number == member.number)
            self._connection.execute(update(tables.member).where(*of_member).values(facts_sealed=facts))
        self._revision += 1

    def save_account(self, case: Case) -> None:
        """Write where a case is paid to."""
        columns = _account_columns(case, case_seal(self._connection, self._keys, case.id), self._keys)
        columns["account_changed_at"] = case.account_changed_at
        self._connection.execute(update(tables.case_file).where(tables.case_file.c.id == case.id).values(columns))
        self._revision += 1

    def renew_search(self, *, limit: int) -> int:
        """Make the search of some cases anew that a release before wrote; return how many were looked at."""
        columns = tables.case_file.c
        old = select(tables.case_file).where(columns.search_form < SEARCH_FORM).order_by(columns.id).limit(limit)
        rows = self._connection.execute(old.with_for_update(skip_locked=True)).mappings().all()
        for row in rows:
            members = self._connection.execute(_MEMBERS, {"wanted": row["id"]}).mappings().all()
            case = to_case(row, members, self._keys)
            search = row["search"] if case.erased else search_tokens(case, self._keys)
            file = update(tables.case_file).where(columns.id == row["id"])
            self._connection.execute(file.values(search=search, search_form=SEARCH_FORM))
        return len(rows)

    def erase(self, case_id: UUID) -> None:
        """Destroy the keys of the case and of its process, and blank what stands in the clear."""
        erase_case(self._connection, case_id)
        self._revision += 1

    def add_check_report(self, report: CheckReport) -> None:
        """Keep a version of the report, sealed as a whole."""
        seal = case_seal(self._connection, self._keys, report.case_id)
        self._connection.execute(
            insert(tables.check_report).values(
                id=report.id,
                case_id=report.case_id,
                version=report.version,
                compiled_at=report.compiled_at,
                content_sealed=seal_json(seal, report_content(report), where=f"check_report:{report.id}"),
            )
        )
        self._revision += 1

    def save_check_report(self, report: CheckReport) -> None:
        """Write what a version concludes; it is made and concluded in one transaction."""
        seal = case_seal(self._connection, self._keys, report.case_id)
        sealed = seal_json(seal, report_content(report), where=f"check_report:{report.id}")
        statement = update(tables.check_report).where(tables.check_report.c.id == report.id)
        self._connection.execute(statement.values(content_sealed=sealed))
        self._revision += 1

    def check_report(self, case_id: UUID) -> CheckReport | None:
        """Return the newest version of the report."""
        statement = (
            select(tables.check_report, tables.case_file.c.wrapped_key)
            .join(tables.case_file, tables.case_file.c.id == tables.check_report.c.case_id)
            .where(tables.check_report.c.case_id == case_id, tables.case_file.c.wrapped_key.is_not(None))
            .order_by(tables.check_report.c.version.desc())
            .limit(1)
        )
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_report(row, self._keys.seal(row["wrapped_key"]))

    def _one(self, statement: Select[Any], wanted: UUID | str) -> Case | None:
        row = self._connection.execute(statement, {"wanted": wanted}).mappings().first()
        if row is None:
            return None
        members = self._connection.execute(_MEMBERS, {"wanted": row["id"]}).mappings().all()
        return to_case(row, members, self._keys)


def case_seal(connection: Connection, keys: KeyRing, case_id: UUID) -> CaseSeal:
    """Return the seal of a case that is on file and not erased."""
    column = tables.case_file.c.wrapped_key
    return keys.seal(connection.execute(select(column).where(tables.case_file.c.id == case_id)).scalar_one())


def to_case(row: RowMapping, members: Sequence[RowMapping], keys: KeyRing) -> Case:
    """Return the case of a row and its members' rows; of an erased case the sealed facts are gone."""
    seal = keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None
    return Case(
        **{name: row[name] for name in PLAIN_COLUMNS},
        account_changed_at=row["account_changed_at"],
        status=CaseStatus(row["status"]),
        submission_digest=_opened(seal, row["submission_sealed"], where=f"submission:{row['id']}"),
        household=_household(row, seal),
        members=tuple(to_member(member, seal) for member in members),
        erased=seal is None,
        needs=tuple(row["needs"]),
        documents=tuple(row["documents"]),
        account=_account(row, seal),
        **circumstances_of(open_circumstances(row, seal)),
    )


def to_member(row: RowMapping, seal: CaseSeal | None) -> Member:
    """Return the member of a row."""
    place = f"{row['case_id']}:{row['number']}"
    phone = row["phone_sealed"]
    facts = _ERASED_FACTS if seal is None else open_json(seal, row["facts_sealed"], where=f"facts:{place}")
    return Member(
        number=row["number"],
        person=Person(
            name=row["name"],
            identity_number=_opened(seal, row["identity_sealed"], where=f"identity:{place}"),
            relation=row["relation"],
            phone=_opened(seal, phone, where=f"phone:{place}") if phone else "",
            labour_capacity=facts["labour_capacity"],
            employment=facts["employment"],
            income=Income(**{name: Decimal(value) for name, value in facts["income"].items()}),
            school_stage=facts["school_stage"],
            grade=facts["grade"],
            health=Health(**facts["health"]),
            presence=facts.get("presence", Presence.HOME),
            **open_personal(facts),
        ),
        birth_date=row["birth_date"],
        sex=row["sex"],
        authorised_on=row["authorised_on"],
        authorised_by=row["authorised_by"],
    )


def _columns(case: Case) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in PLAIN_COLUMNS},
        "status": case.status,
        "needs": list(case.needs),
        "documents": list(case.documents),
        "household_size": len(case.members),
    }


def _account_columns(case: Case, seal: CaseSeal, keys: KeyRing) -> dict[str, Any]:
    if case.account is None:
        return {}
    return {
        "account_bank": case.account.bank,
        "account_holder": case.account.holder,
        "account_sealed": seal.encrypt(case.account.number, where=f"account:{case.id}"),
        "account_hash": keys.search_hash(case.account.number, kind="account"),
    }


def _member_row(case_id: UUID, member: Member, seal: CaseSeal, keys: KeyRing) -> dict[str, Any]:
    person, place = member.person, f"{case_id}:{member.number}"
    return {
        "case_id": case_id,
        "number": member.number,
        "name": person.name,
        "relation": person.relation,
        "birth_date": member.birth_date,
        "sex": member.sex,
        "identity_sealed": seal.encrypt(person.identity_number, where=f"identity:{place}"),
        "identity_hash": keys.search_hash(person.identity_number, kind="identity"),
        "phone_sealed": seal.encrypt(person.phone, where=f"phone:{place}") if person.phone else None,
        "phone_hash": keys.search_hash(person.phone, kind="phone") if person.phone else None,
        "facts_sealed": seal_json(seal, _facts(person), where=f"facts:{place}"),
        "authorised_on": member.authorised_on,
        "authorised_by": member.authorised_by,
    }


def _facts(person: Person) -> JsonObject:
    return {
        "labour_capacity": person.labour_capacity,
        "employment": person.employment,
        "income": asdict(person.income),
        "school_stage": person.school_stage,
        "grade": person.grade,
        "health": asdict(person.health),
        "presence": person.presence,
        **personal_circumstances(person),
    }


def _dwelling(household: Household) -> JsonObject:
    dwelling = asdict(household)
    del dwelling["yearly_spending"], dwelling["division"]  # kept with the circumstances
    return dwelling


def _household(row: RowMapping, seal: CaseSeal | None) -> Household:
    if seal is None:
        return Household(address=ERASED, tenure=ERASED, own_area=ZERO, settlement=ERASED)
    values = open_json(seal, row["household_sealed"], where=f"household:{row['id']}")
    amounts = {name: Decimal(values[name]) for name in ("own_area", "monthly_rent", "assets_declared")}
    told = open_circumstances(row, seal)
    spending, division = yearly_spending(told), told.get("division", "")
    return Household(**{**values, **amounts, "yearly_spending": spending, "division": division})


def account_of(row: RowMapping, keys: KeyRing) -> Account | None:
    """Return the account of a case's row in full; None where there is none or the persons were erased."""
    return _account(row, keys.seal(row["wrapped_key"])) if row["wrapped_key"] else None


def _account(row: RowMapping, seal: CaseSeal | None) -> Account | None:
    if row["account_sealed"] is None:
        return None
    number = _opened(seal, row["account_sealed"], where=f"account:{row['id']}")
    return Account(bank=row["account_bank"], holder=row["account_holder"], number=number)


def _opened(seal: CaseSeal | None, sealed: bytes, *, where: str) -> str:
    return ERASED if seal is None else seal.decrypt(sealed, where=where)
