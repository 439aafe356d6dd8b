"""What expressions may name, as the editors and programs are told it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.model import SYSTEM, Resource
from tests.api.conftest import Client, content

SignIn = Callable[[str], Client]
AT = "/api/v1/workbench/expression-names"


def named(names: list[Any], path: str) -> Any:
    return next(one for one in names if one["path"] == path)


def test_the_case_the_figures_and_the_functions_are_named_with_type_and_words(sign_in: SignIn) -> None:
    found = content(sign_in("administrator").get(AT))

    size = named(found["objects"], "case.household.size")
    assert (size["type"], size["is_list"], size["description"]) == ("number", False, "共同生活的家庭成员人数")
    assert named(found["objects"], "case.members")["type"] == "list<context>"
    assert named(found["objects"], "case.members.age")["type"] == "number"
    assert "低保小学生生活补助" in named(found["objects"], "standard.education_primary_dibao")["description"]
    add = next(one for one in found["functions"] if one["name"] == "add working days")
    assert [one["type"] for one in add["parameters"]] == ["date", "number"]
    assert add["result"] == "date"


def test_forms_and_decisions_are_named_by_what_they_bring(sign_in: SignIn) -> None:
    found = content(sign_in("administrator").get(AT))

    answer = next(one for one in found["forms"] if one["id"] == "enter_answer")
    assert answer["names"] != []
    assert all(one["description"] for one in answer["names"] if one["type"] != "context")
    hits = next(one for one in found["decisions"] if one["id"] == "limit_hits")
    assert (hits["type"], hits["is_list"]) == ("list<context>", True)
    assert named(hits["names"], "allowed")["type"] == "number"


def test_an_english_reader_is_told_in_english(sign_in: SignIn) -> None:
    client = sign_in("administrator")

    found = content(client.get(AT, headers={"Accept-Language": "en"}))

    assert named(found["objects"], "case.household.size")["description"] == "How many members live together"


def test_a_form_with_rows_and_dotted_keys_is_named_by_its_paths(services: Services, sign_in: SignIn) -> None:
    form = Resource(name="rows.form", kind="form", content=ROWS.encode())
    services.engine.execute(DeployResources(resources=(form,)), actor=SYSTEM)

    found = content(sign_in("administrator").get(AT))

    [rows] = [one for one in found["forms"] if one["id"] == "rows"]
    assert [(one["path"], one["type"], one["is_list"]) for one in rows["names"]] == [
        ("visit.place", "string", False),
        ("persons", "list<context>", True),
        ("persons.income", "number", False),
    ]


def test_who_may_not_draw_is_not_told(sign_in: SignIn) -> None:
    assert sign_in("clerk").get(AT).status_code == 403


ROWS = """{"type": "default", "id": "rows", "schemaVersion": 19, "components": [
 {"type": "textfield", "id": "place", "key": "visit.place", "label": "地点"},
 {"type": "dynamiclist", "id": "persons", "path": "persons", "label": "人员", "components": [
  {"type": "number", "id": "income", "key": "income", "label": "收入"}]}]}"""
