"""Printed documents: which were issued, what they say, and whether anybody can verify them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from api.demo.desk import Desk
from api.scenario.course import SUPERVISOR, Course, Missing, Office
from api.scenario.registry import by_nobody, takes
from engine.json_values import JsonObject
from workflows.casework.documents.kinds import paper_kinds
from workflows.playing.comparing import Comparison
from workflows.printing.template_file import text_of


@by_nobody
@takes("kind")
def verify_paper(desk: Desk, course: Course, given: JsonObject) -> JsonObject:
    """持纸面文书的人按文号和查验码查验最近一份，须为有效新版。 Whoever holds the newest paper of a kind verifies it."""
    paper = _newest(_issued(desk, course), str(given["kind"]))
    code = urlencode({"number": paper["number"], "code": paper["code"]})
    told: JsonObject = desk.get(f"/document-verification?{code}")
    if told["digest"] != paper["digest"] or not told["is_current"]:
        raise Missing(f"文书 {paper['number']} 查验不符。", f"The document {paper['number']} does not verify.")
    return told


def documents(office: Office, course: Course, expected: dict[str, int]) -> Iterator[Comparison]:
    """本案已出具的文书，按种类的份数（各版算一份），不多不少。 The documents of the case by kind: these, no others."""
    numbers = {(one["kind"], one["number"]) for one in _issued(office.desk(SUPERVISOR), course)}
    found = Counter(kind for kind, _ in numbers)
    for kind in sorted({*found, *expected}):
        yield Comparison(what=f"documents {kind}", expected=expected.get(kind, 0), found=found[kind])


def document_texts(office: Office, course: Course, expected: dict[str, list[str]]) -> Iterator[Comparison]:
    """各种文书最近一份纸面上须有的文字。 What the newest document of a kind must say."""
    desk = office.desk(SUPERVISOR)
    issued = _issued(desk, course)
    for kind, texts in expected.items():
        said = text_of(desk.file(f"/documents/{_newest(issued, kind)['id']}/file?form=docx"))
        for text in texts:
            yield Comparison(what=f"text of {kind}", expected=text, found=text if text in said else said)


def _issued(desk: Desk, course: Course) -> list[Any]:
    found: list[Any] = desk.get(f"/cases/{quote(course.case)}/documents")["documents"]
    return found


def _newest(issued: list[Any], kind: str) -> Any:
    if kind not in {one.key for one in paper_kinds()}:
        raise Missing(f"没有文书种类 {kind}。", f"There is no kind of document {kind}.")
    found = [one for one in issued if one["kind"] == kind]
    if not found:
        raise Missing(f"本案没有出具文书 {kind}。", f"The case has no document {kind}.")
    return found[-1]


ACTS = {"verify_paper": verify_paper}
EXPECTATIONS = {"documents": documents, "document_texts": document_texts}
