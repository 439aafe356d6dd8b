"""Every route declares its right, and refuses whoever does not hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from tests.api.conftest import OTHER_TOWN, Client, content
from tests.processes.diagrams import end, flows, one_process, receive, start
from web.authentication import required_right
from workflows.organisation.rights import Right

WITHOUT = {
    Right.WORK: "idle",
    Right.INTAKE: "teacher",
    Right.OPERATE: "clerk",
    Right.SUPERVISE: "clerk",
    Right.ADMINISTER: "supervisor",
    Right.DEPLOY: "town-administrator",
}


def test_every_route_declares_a_right(app: Flask) -> None:
    undeclared = [rule.endpoint for rule in app.url_map.iter_rules() if required_right(app, rule.endpoint) is None]

    assert undeclared == []


def test_only_what_strangers_need_is_public(app: Flask) -> None:
    public = {rule.endpoint for rule in app.url_map.iter_rules() if required_right(app, rule.endpoint) is Right.PUBLIC}

    assert public == {
        "static",
        "openapi",
        "api.create_session",
        "api.get_health",
        "api.record_objection",  # anyone may object to a public notice
        "session.sign_in_page",
        "session.sign_in_now",
        "api.get_status",
        "api.create_online_entry",
        "public.status_page",
        "public.show_status",
        "public.entry_page",
        "public.enter_application",
        "api.verify_document",  # whoever holds a document may ask whether it is genuine
        "verification.verify_page",
        "api.get_photo_link",  # who holds the link of a phone hands in photos, and sees nothing
        "api.add_photo",
        "photos.photo_page",
        "photos.add_photos",
        "camunda.get_topology",  # Camunda's Modeler asks it before anybody has signed in
        "camunda.get_status",
        "camunda.get_license",
        "pulse.pulse",  # whoever holds the signed address of a list learns when something happened, never what
    }


def test_strangers_are_refused_on_every_other_route(app: Flask) -> None:
    for rule, method in protected(app):
        answer = app.test_client().open(address(rule), method=method, headers={"Accept": "application/json"})
        assert answer.status_code == 401, (method, rule.rule, answer.status_code)


def test_who_lacks_the_right_is_refused_on_every_method(app: Flask, sign_in: Callable[[str], Client]) -> None:
    clients = {login: sign_in(login) for login in set(WITHOUT.values())}
    for rule, method in protected(app):
        right = required_right(app, rule.endpoint)
        if right is None or right is Right.SIGNED_IN:
            continue
        person = clients[WITHOUT[right]]
        headers = {"Accept": "application/json", "X-CSRF-Token": person.token}
        answer = person.client.open(address(rule), method=method, headers=headers)
        assert answer.status_code == 403, (method, rule.rule, answer.status_code)
        if method != "HEAD":
            assert content(answer)["code"] == "not-permitted", (method, rule.rule)


def test_the_administrator_of_a_town_does_not_deploy_for_the_county(sign_in: Callable[[str], Client]) -> None:
    town, county = sign_in("town-administrator"), sign_in("administrator")

    for path in ("/api/v1/deployments", "/definitions"):
        assert town.post(path, data={"files": (BytesIO(b"{}"), "odd.form")}).status_code == 403
        assert county.post(path, data={"files": (BytesIO(b"{}"), "odd.form")}).status_code == 422
    assert 'type="file"' not in town.get("/definitions").text
    assert 'type="file"' in county.get("/definitions").text


def test_the_administrator_of_a_town_sends_no_message_to_another_town(
    services: Services, sign_in: Callable[[str], Client]
) -> None:
    drawn = one_process(start(), receive("Wait", "paid", '="7"'), end(), flows("s>Wait>e"))
    deploy = DeployResources(resources=(Resource(name="wait.bpmn", kind="process", content=drawn),))
    begin = StartProcessInstance(process_id="P", business_key="K-1", region=OTHER_TOWN, variables={})
    services.engine.execute(deploy, actor=SYSTEM)
    services.engine.execute(begin, actor=SYSTEM)
    message = {"name": "paid", "correlation_key": "7"}

    town, county = sign_in("town-administrator"), sign_in("administrator")
    for path, body in (
        ("messages", message),
        ("messages/correlation", message),
        ("signals", {"name": "paid"}),
        ("conditions/evaluation", {}),
    ):
        assert town.post(f"/api/v1/{path}", body).status_code == 403
    assert county.post("/api/v1/messages/correlation", message).json["state"] == "completed"


def protected(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if required_right(app, rule.endpoint) is not Right.PUBLIC:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield rule, method


def address(rule: Rule) -> str:
    values = {name: _value(rule, name) for name in rule.arguments}
    return str(rule.build(values, append_unknown=False)[1])  # type: ignore[index]


def _value(rule: Rule, name: str) -> str | UUID:
    """Return some value of a part of an address: one of its choices where it has such."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else uuid4()
