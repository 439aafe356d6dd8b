"""Questions to banks and other firms as table files, and what comes back: row by row, every fault with its row.

The file of questions is written anew each time it is handed out: persons stand in the cases, never in a copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.core.texts import Words
from engine.errors import NotPermitted
from engine.host import Context
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.correspondence import Inquiry, inquiry_of
from workflows.casework.days import local_day
from workflows.casework.errors import CaseworkError, RecordNotFound
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import AgencyRequest
from workflows.casework.verification.answering import deliver
from workflows.casework.verification.authorising import unauthorised_members
from workflows.casework.verification.errors import FileRefused, NothingToAsk
from workflows.casework.verification.model import BankFile, FileEncoding, FileFormat
from workflows.casework.verification.return_rows import RETURN_COLUMNS, RowFault, answer_of
from workflows.casework.verification.table_files import TableRow, digest_of, read_table, write_table
from workflows.connectors.answer_records import AnswerWrong
from workflows.connectors.answers import checked_answer

ASK_COLUMNS = (
    "批次号", "查询编号", "姓名", "证件号码", "查询项目", "法律依据", "授权书编号", "截至日期", "回溯月数", "答复期限",
)  # fmt: skip
CHECKER = "checker"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeBankFile:
    """Gather every unanswered question to an agency into a file of questions.

    Raises:
        NotPermitted: the actor is no checker of the region.
        NothingToAsk: no question waits.
        RecordNotFound: there is no such agency.
    """

    agency: str
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> BankFile:
        """Keep which questions are in it."""
        _require_checker(context, self.region)
        agency = AGENCY_BY_KEY.get(self.agency)
        if agency is None:
            raise RecordNotFound("agency", self.agency)
        waiting = context.unit_of_work.agency_requests.unanswered_by([self.agency], region=self.region)
        asked = [request for request in waiting if _may_be_asked(context, request)]
        if not asked:
            raise NothingToAsk(agency=agency.name)
        file_id = uuid4()
        file = BankFile(
            id=file_id,
            number=f"PL{local_day(context.now()):%Y%m%d}-{file_id.hex[:8].upper()}",
            agency=self.agency,
            region=self.region,
            created_at=context.now(),
            created_by=context.actor.id,
            request_ids=tuple(request.id for request in asked),
        )
        context.unit_of_work.query_ledger.add_file(file)
        return file


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """A file of questions as handed out: its bytes, its name and its hash, which travels apart from it."""

    name: str
    content: bytes
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutBankFile:
    """Write a file of questions; who handed it out and its hash are kept.

    Raises:
        NotPermitted, RecordNotFound
        ConsentMissing: a consent in it was withdrawn meanwhile; make another file.
        FileRefused: a name cannot be written in GBK.
    """

    file_id: UUID
    kind: FileFormat
    encoding: FileEncoding

    def execute(self, context: Context[CaseworkUnitOfWork]) -> HandedOut:
        """Write it."""
        file = _file(context, self.file_id)
        rows = [row for inquiry in _inquiries(context, file).values() for row in question_rows(file.number, inquiry)]
        content = write_table(ASK_COLUMNS, rows, kind=self.kind, encoding=self.encoding)
        digest = digest_of(content)
        context.unit_of_work.query_ledger.save_file(replace(file, digest=digest))
        return HandedOut(name=f"{file.number}.{self.kind.value}", content=content, digest=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBankFile:
    """Take in what came back for a file of questions; rows with faults are told, the others' answers are kept.

    A question counts as answered when no row of it has a fault and all of its persons are in it.

    Raises:
        NotPermitted, RecordNotFound
        FileRefused: the hash differs, or it is no such table at all.
    """

    file_id: UUID
    content: bytes
    digest: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> BankFile:
        """Read, deliver, and keep what happened."""
        file = _file(context, self.file_id)
        digest = digest_of(self.content)
        if digest != self.digest.strip().lower():
            raise FileRefused(Words("校验值不符，文件可能被改动", "its hash differs, so it may have been changed"))
        rows = read_table(self.content, needed=RETURN_COLUMNS)
        answered, faults = 0, []
        for number, group in _grouped(rows).items():
            try:
                self._take(context, file, number, group)
                answered += 1
            except RowFault as fault:
                faults.append(fault)
        taken = replace(
            file,
            returned_at=context.now(),
            return_digest=digest,
            rows=len(rows),
            answered=answered,
            errors=tuple(fault.shown() for fault in sorted(faults, key=lambda one: one.row)),
        )
        context.unit_of_work.query_ledger.save_file(taken)
        return taken

    def _take(
        self, context: Context[CaseworkUnitOfWork], file: BankFile, number: str, rows: Sequence[TableRow]
    ) -> None:
        request = context.unit_of_work.agency_requests.by_number(number)
        if request is None or request.id not in file.request_ids:
            raise RowFault(rows[0].number, Words("查询编号不属于本批次", "the question is none of this file"))
        case = context.unit_of_work.cases.get(request.case_id)
        if case is None or case.erased:
            raise RowFault(rows[0].number, Words("案件信息已销毁", "the persons of the case were erased"))
        try:
            inquiry = inquiry_of(context, request, case)
            with context.savepoint():
                deliver(context, request, case, checked_answer(answer_of(rows, inquiry), inquiry))
        except AnswerWrong as wrong:
            raise RowFault(rows[0].number, Words(f"答复不符合要求（{wrong}）", str(wrong))) from wrong
        except CaseworkError as refused:
            raise RowFault(rows[0].number, Words(refused.text("zh"), refused.text("en"))) from refused


def _require_checker(context: Context[CaseworkUnitOfWork], region: str) -> None:
    if not context.actor.system and not context.actor.has_role(CHECKER, region):
        raise NotPermitted("收发银行核对文件", CHECKER)


def _file(context: Context[CaseworkUnitOfWork], file_id: UUID) -> BankFile:
    file = context.unit_of_work.query_ledger.file(file_id)
    if file is None:
        raise RecordNotFound("bank file", file_id)
    _require_checker(context, file.region)
    return file


def _may_be_asked(context: Context[CaseworkUnitOfWork], request: AgencyRequest) -> bool:
    case = context.unit_of_work.cases.get(request.case_id)
    return case is not None and not case.erased and not unauthorised_members(context, case)


def _inquiries(context: Context[CaseworkUnitOfWork], file: BankFile) -> Mapping[UUID, Inquiry]:
    found = {}
    for request_id in file.request_ids:
        request = context.unit_of_work.agency_requests.get(request_id)
        case = context.unit_of_work.cases.get(request.case_id) if request else None
        if request is not None and case is not None and request.status is None:
            found[request_id] = inquiry_of(context, request, case)
    return found


def question_rows(batch: str, inquiry: Inquiry) -> list[list[str]]:
    """Return the rows of one question, one for each person, in the order of ASK_COLUMNS."""
    consents = "、".join(str(one)[:8] for one in inquiry.authorisations)
    return [
        [
            batch,
            inquiry.number,
            subject.name,
            subject.identity_number,
            "、".join(inquiry.items),
            inquiry.legal_basis,
            consents,
            inquiry.today.isoformat(),
            str(inquiry.look_back_months),
            inquiry.answer_by.isoformat(),
        ]
        for subject in inquiry.subjects
    ]


def _grouped(rows: Sequence[TableRow]) -> Mapping[str, list[TableRow]]:
    groups: dict[str, list[TableRow]] = defaultdict(list)
    for row in rows:
        groups[row.cells.get("查询编号", "")].append(row)
    return groups
