"""The economic check: consents, checks, objections, table files of banks, and what the report says."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from api.demo.desk import Desk
from api.scenario.course import Course, Missing, Office
from api.scenario.registry import takes
from engine.json_values import JsonObject
from workflows.casework.verification.model import FileEncoding, FileFormat
from workflows.casework.verification.return_rows import RETURN_COLUMNS
from workflows.casework.verification.table_files import digest_of, write_table
from workflows.playing.comparing import Comparison, compared

OPTIONAL_COLUMNS = ("项目", "金额", "单位", "账户状态", "份额", "共有人数", "代管", "参考号")
COLUMNS = (*RETURN_COLUMNS, *OPTIONAL_COLUMNS)
FOUND, NOTHING = "有记录", "无记录"


@takes(
    "person",
    optional=("signed_on", "signed_by", "guardian", "method", "agency_classes", "valid_to", "copies"),
)
def sign_authorisation(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """登记一人的核对授权。 Record a person's consent to the check."""
    signed: JsonObject = desk.post(f"/cases/{course.case}/authorisations", given)
    return signed


@takes("person", optional=("reason",))
def withdraw_authorisation(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """撤回一人的核对授权。 Withdraw a person's consent to the check."""
    path = f"/cases/{course.case}/authorisations/{given['person']}/withdrawal"
    withdrawn: JsonObject = desk.post(path, {"reason": given.get("reason", "")})
    return withdrawn


@takes("name", "identity_number", "relation", "supports")
def add_supporter(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """登记家庭以外的赡养抚养人。 Enter a supporter outside the home."""
    added: JsonObject = desk.post(f"/cases/{course.case}/supporters", given)
    return added


@takes("purpose", optional=("reason", "number"))
def request_check(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """发起核对（复查、投诉等）；number 可写别的案件编号。 Ask for a check; `number` may be of another case."""
    body = {"purpose": given["purpose"], "reason": given.get("reason", "")}
    started: JsonObject = desk.post(f"/cases/{given.get('number', course.case)}/checks", body)
    return started


@takes("agencies", "grounds", optional=("version", "evidence"))
def object_to_report(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """对最新核对报告提出异议。 Object to the newest check report, or to another version."""
    newest = _check(desk, course)["reports"]
    body = {
        "report_version": given.get("version") or (newest[0]["version"] if newest else 1),
        "agencies": given["agencies"],
        "grounds": given["grounds"],
        "evidence": [{"title": title} for title in given.get("evidence", ["凭证"])],
    }
    kept: JsonObject = desk.post(f"/cases/{course.case}/report-objections", body)
    return kept


@takes("agency")
def make_bank_file(desk: Desk, _course: Course, given: JsonObject) -> JsonObject:
    """生成发往某信息单位的核对文件。 Make a file of all unanswered questions to an agency."""
    made: JsonObject = desk.post("/bank-files", given)
    return made


@takes("file", "rows", optional=("encoding", "format", "digest"))
def import_bank_file(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """导入回文件；rows 按成员写金额等。 Import a returned file; `rows` say for each member what was found."""
    file = course.named.get(given["file"])
    if not isinstance(file, dict):
        raise Missing(f"没有名为 {given['file']} 的核对文件。", f"No bank file is kept as {given['file']}.")
    number = _number(desk, course, str(file["agency"]))
    members = course.applications[_label(course)]["members"]
    rows = [_row(number, members[int(row["member"]) - 1], row) for row in given["rows"]]
    content = write_table(
        COLUMNS,
        rows,
        kind=FileFormat(given.get("format", "csv")),
        encoding=FileEncoding(given.get("encoding", "gbk")),
    )
    body = {
        "content": base64.b64encode(content).decode("ascii"),
        "digest": given.get("digest") or digest_of(content),
    }
    taken: JsonObject = desk.post(f"/bank-files/{file['id']}/returns", body)
    return taken


def reports(office: Office, course: Course, expected: list[JsonObject]) -> Iterator[Comparison]:
    """核对报告各版（新版在前），逐键核对。 Versions of the report, newest first, key by key."""
    found = [_report(one) for one in _check(office.desk("supervisor"), course)["reports"]]
    yield Comparison(what="reports", expected=len(expected), found=len(found))
    for facts, report in zip(expected, found, strict=False):
        yield from compared(f"report v{report['version']}", facts, report)


def check(office: Office, course: Course, expected: JsonObject) -> Iterator[Comparison]:
    """核对情况任何内容，逐键核对。 Anything of GET /cases/{key}/check, key by key."""
    yield from compared("check", expected, _check(office.desk("supervisor"), course))


def refused_queries(office: Office, _course: Course, expected: list[str]) -> Iterator[Comparison]:
    """被拒发的查询的原因，新的在前。 Why queries were not let out, newest first."""
    found = [one["ground"] for one in office.desk("supervisor").get("/refused-queries")["queries"]]
    yield Comparison(what="refused_queries", expected=expected, found=found)


def _check(desk: Desk, course: Course) -> JsonObject:
    found: JsonObject = desk.get(f"/cases/{course.case}/check")
    return found


def _report(report: JsonObject) -> JsonObject:
    hits = report["hits"]
    return {
        **report,
        "assets": report["means"]["assets"],
        "income": report["means"]["monthly_income"],
        "stale": report["means"]["stale"],
        "over_by": hits[0]["over_by"] if hits else None,
        "limits": [hit["limit"] for hit in hits],
        "explain": [one["code"] for one in report["explanations"]],
    }


def _number(desk: Desk, course: Course, agency: str) -> str:
    asked = [one for one in _check(desk, course)["requests"] if one["agency"] == agency]
    if not asked:
        raise Missing(f"没有问过 {agency}。", f"{agency} was not asked.")
    return str(asked[-1]["number"])


def _label(course: Course) -> str:
    return next(label for label, number in course.cases.items() if number == course.case)


def _row(number: str, member: JsonObject, row: JsonObject) -> list[str]:
    found = "amount" in row
    cells = [
        number,
        str(row.get("name", member["name"])),
        str(member["identity_number"]),
        FOUND if found else NOTHING,
        str(row["as_of"]),
    ]
    if not found:
        return [*cells, *[""] * len(OPTIONAL_COLUMNS)]
    return [*cells, str(row.get("item", "存款")), str(row["amount"]), str(row.get("unit", "元")), *[""] * 5]


ACTS = {
    "add_supporter": add_supporter,
    "import_bank_file": import_bank_file,
    "make_bank_file": make_bank_file,
    "object_to_report": object_to_report,
    "request_check": request_check,
    "sign_authorisation": sign_authorisation,
    "withdraw_authorisation": withdraw_authorisation,
}
EXPECTATIONS: dict[str, Any] = {"reports": reports, "check": check, "refused_queries": refused_queries}
