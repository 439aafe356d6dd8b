"""What the simulator replies to a call, whether it came over HTTP or from the same process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from engine.json_values import JsonObject, dump_json, load_json
from workflows.casework.verification.errors import FileRefused
from workflows.casework.verification.model import FileEncoding, FileFormat
from workflows.casework.verification.return_rows import ITEMS, RETURN_COLUMNS
from workflows.casework.verification.table_files import digest_of, read_table, write_table
from workflows.connectors.simulated_county import Behaviour, BehaviourUnknown, SimulatedCounty, subjects_of

JSON = "application/json; charset=utf-8"
ALL_COLUMNS = (*RETURN_COLUMNS, "项目", "金额", "单位", "账户状态", "份额", "共有人数", "代管", "参考号")
ITEM_NAMES = {code: name for name, code in ITEMS.items()}
UNIT_NAMES = {"yuan": "元", "ten_thousand_yuan": "万元", "fen": "分"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A status and a body; status 0 hangs up without a word."""

    status: int
    content: bytes = b""
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What somebody asks of the simulator."""

    method: str
    path: str
    content: bytes = b""
    key: str = ""


def json_reply(body: JsonObject, status: int = HTTPStatus.OK) -> Reply:
    """Return a JSON object as a reply."""
    return Reply(status=status, content=dump_json(body).encode())


UNKNOWN_PATH = json_reply({"error": "unknown path"}, HTTPStatus.NOT_FOUND)
NOT_READY = json_reply({"status": "pending"}, HTTPStatus.ACCEPTED)
NOT_RETURNED = json_reply({"status": "pending"}, HTTPStatus.NOT_FOUND)
HELD_BACK: Mapping[str, Reply] = {
    "silent": Reply(status=0),
    "error": json_reply({"error": "out of order"}, HTTPStatus.SERVICE_UNAVAILABLE),
    "refused": json_reply({"error": "not disclosed"}, HTTPStatus.FORBIDDEN),
    "malformed": Reply(status=HTTPStatus.OK, content=b"not JSON"),
}


def reply_to(county: SimulatedCounty, call: Call, *, pause: Callable[[float], None]) -> Reply:
    """Return what the simulator answers to a call; `pause` is how a slow answer takes its time."""
    match call.method:
        case "GET":
            return _reply_to_get(county, call.path, pause)
        case "PUT":
            return _reply_to_put(county, call.path, call.content)
    body = _read_json(call.content)
    if body is None:
        return json_reply({"error": "a JSON object is needed"}, HTTPStatus.BAD_REQUEST)
    return _reply_to_post(county, call.path, body, call.key, pause)


def _reply_to_get(county: SimulatedCounty, path: str, pause: Callable[[float], None]) -> Reply:
    """Return what may be read: the ledger, and tables that came back."""
    if path == "/simulator/ledger":
        return json_reply(county.ledger())
    match path.strip("/").split("/"):
        case ["agencies", agency, "files", name, "return"]:
            return _returned(county, agency, name, pause)
    return UNKNOWN_PATH


def _reply_to_put(county: SimulatedCounty, path: str, content: bytes) -> Reply:
    """Take a table of questions."""
    match path.strip("/").split("/"):
        case ["agencies", agency, "files", name]:
            try:
                rows = read_table(content, needed=("查询编号", "姓名", "证件号码"))
            except FileRefused as refused:
                return json_reply({"error": refused.text("en")}, HTTPStatus.BAD_REQUEST)
            subjects = [{"name": row.cells["姓名"], "identity_number": row.cells["证件号码"]} for row in rows]
            questions: JsonObject = {
                "request_id": name,
                "number": rows[0].cells["查询编号"] if rows else "",
                "as_of": rows[0].cells.get("截至日期") if rows else None,
                "subjects": subjects,
            }
            county.put_file(agency, name, questions)
            return json_reply({"taken": len(rows)})
    return UNKNOWN_PATH


def _reply_to_post(
    county: SimulatedCounty, path: str, body: JsonObject, key: str, pause: Callable[[float], None]
) -> Reply:
    """Answer a question, take a message or a status, or follow an instruction."""
    instructions: Mapping[str, Callable[[JsonObject], None]] = {
        "/simulator/facts": county.register,
        "/simulator/behaviour": county.behave,
        "/simulator/refused-numbers": county.refuse_number,
        "/simulator/reset": lambda _: county.reset(),
    }
    if path in instructions:
        return _instructed(instructions[path], body)
    match path.strip("/").split("/"):
        case ["agencies", agency, "inquiries"]:
            return _asked(county, agency, body, key, pause)
        case ["messages"]:
            reference = county.take_message(body, key)
            if reference is None:
                return json_reply({"error": "nothing can be sent to this number"}, HTTPStatus.UNPROCESSABLE_ENTITY)
            return json_reply({"reference": reference})
        case ["insurer", "status"]:
            status_from = county.take_status(body, key)
            if status_from is None:
                return json_reply({"error": "nobody of these is insured"}, HTTPStatus.NOT_FOUND)
            return json_reply({"status_from": status_from})
    return UNKNOWN_PATH


def _instructed(instruction: Callable[[JsonObject], None], body: JsonObject) -> Reply:
    try:
        instruction(body)
    except (KeyError, TypeError, ValueError, AttributeError, BehaviourUnknown) as error:
        return json_reply({"error": f"{type(error).__name__}: {error}"}, HTTPStatus.BAD_REQUEST)
    return json_reply({"done": True})


def _asked(county: SimulatedCounty, agency: str, body: JsonObject, key: str, pause: Callable[[float], None]) -> Reply:
    behaviour = county.behaviour_for(agency, subjects_of(body), _day_of(body))
    if behaviour.seconds:
        pause(behaviour.seconds)
    if left := county.seconds_left(agency, key, behaviour):
        return replace(NOT_READY, headers={"Retry-After": str(left)})
    if behaviour.mode in HELD_BACK:
        county.note(agency, body, key, outcome=behaviour.mode)
        return HELD_BACK[behaviour.mode]
    answer = county.answer(agency, body, key, behaviour)
    if answer is None:
        return json_reply({"error": "unknown agency"}, HTTPStatus.NOT_FOUND)
    encoding = "gbk" if behaviour.mode == "gbk" else "utf-8"
    return Reply(status=HTTPStatus.OK, content=dump_json(answer).encode(encoding))


def _returned(county: SimulatedCounty, agency: str, name: str, pause: Callable[[float], None]) -> Reply:
    questions = county.file(agency, name)
    if questions is None:
        return UNKNOWN_PATH
    behaviour = county.behaviour_for(agency, subjects_of(questions), _day_of(questions))
    if behaviour.seconds:
        pause(behaviour.seconds)
    if left := county.seconds_left(agency, name, behaviour):
        return replace(NOT_RETURNED, headers={"Retry-After": str(left)})
    if behaviour.mode in HELD_BACK:
        county.note(agency, questions, name, outcome=behaviour.mode)
        return HELD_BACK[behaviour.mode]
    answer = county.answer(agency, questions, name, behaviour)
    if answer is None:
        return json_reply({"error": "unknown agency"}, HTTPStatus.NOT_FOUND)
    content = return_table(answer, str(questions["number"]), behaviour)
    digest = digest_of(b"other bytes" if behaviour.mode == "changed" else content)
    return Reply(status=HTTPStatus.OK, content=content, kind="text/csv", headers={"X-Content-SHA256": digest})


def return_table(answer: JsonObject, number: str, behaviour: Behaviour) -> bytes:
    """Return an answer as the table that a bank gives back: GBK unless it likes a workbook."""
    rows = [row for person in subjects_of(answer) for row in _rows_of(answer, person, number)]
    kind = FileFormat.XLSX if behaviour.mode == "xlsx" else FileFormat.CSV
    try:
        return write_table(ALL_COLUMNS, rows, kind=kind, encoding=FileEncoding.GBK)
    except FileRefused:
        return write_table(ALL_COLUMNS, rows, kind=kind, encoding=FileEncoding.UTF_8)


def _rows_of(answer: JsonObject, person: JsonObject, number: str) -> Sequence[Sequence[str]]:
    identity, name, day = str(person["identity_number"]), str(person["name"]), str(answer["as_of"])
    found = [record for record in answer["records"] if record["identity_number"] == identity]
    if not found:
        return [[number, name, identity, "无记录", day, *[""] * (len(ALL_COLUMNS) - len(RETURN_COLUMNS))]]
    return [
        [
            number,
            str(record["name"]),
            identity,
            "有记录",
            day,
            ITEM_NAMES.get(str(record["item"]), str(record["item"])),
            _plain(record.get("amount")),
            UNIT_NAMES.get(str(record.get("unit")), str(record.get("unit"))),
            "已销户" if record.get("state") else "正常",
            _plain(record.get("share")),
            _plain(record.get("holders")),
            "是" if record.get("held_for_others") else "",
            str(record.get("reference") or ""),
        ]
        for record in found
    ]


def _day_of(body: JsonObject) -> str:
    return str(body.get("as_of") or "")


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _read_json(content: bytes) -> JsonObject | None:
    """Return the JSON object of a body; None where it is none."""
    try:
        body = load_json(content or b"{}")
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
