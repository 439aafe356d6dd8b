"""The pages of migrations and of batches: who may, what is refused beside its field, what the API tells too."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from api.services import Services
from engine.commands.batches import DoBatchItem
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.model import SYSTEM
from tests.api.conftest import OTHER_TOWN, TOWN, Client
from tests.api.test_operations import RENAMED, STEPS, STUCK, begin, deploy, work_off
from tests.engines import person
from tests.processes.diagrams import call, end, extension, flows, one_process, parallel, start, user, zeebe

SignIn = Callable[[str], Client]
CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
OTHERWISE = one_process(
    start(), user("take", CLERKS, name="受理"), user("check", CLERKS, name="复核"), end(), flows("s>take>check>e")
)
AT = "/api/v1/migrations"


@pytest.fixture
def versions(services: Services) -> tuple[str, str]:
    """Two cases in one town and one in another stand at `make`, which the newest version calls otherwise."""
    source = deploy(services, STEPS)
    for region in (TOWN, TOWN, OTHER_TOWN):
        begin(services, region)
    return source, deploy(services, OTHERWISE)


def plan(versions: tuple[str, str], **fields: str) -> dict[str, str]:
    source, target = versions
    return {"source": source, "target": target, "to.make": "take", "reason": "新规定", "do": "preview", **fields}


def confirmed(versions: tuple[str, str], seen: int = 3, **fields: str) -> dict[str, str]:
    """Return what a page of a trial sends to have done what it showed."""
    return plan(versions, seen=str(seen), do="apply", word="迁移", **fields)


def typed(answer: str) -> dict[str, str]:
    """Return what a page hands on in its hidden fields."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer))


def test_the_api_tells_where_cases_stand_of_what_the_asker_may_migrate(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    source, _target = versions

    def told(login: str) -> list[tuple[str, int, int]]:
        found = sign_in(login).get(f"{AT}/standing?source={source}").json["elements"]
        return [(one["element_id"], one["instances"], one["tasks"]) for one in found]

    assert told("administrator") == [("P", 3, 0), ("make", 3, 3)]
    assert told("town-administrator") == [("P", 2, 0), ("make", 2, 2)]
    administrator = sign_in("administrator")
    assert administrator.get(f"{AT}/standing?source={uuid4()}").status_code == 404
    assert administrator.get(f"{AT}/standing?source=x").status_code == 422
    assert sign_in("supervisor").get(f"{AT}/standing?source={source}").status_code == 403


def test_tokens_at_joins_and_what_a_called_process_runs_by_are_counted(services: Services, sign_in: SignIn) -> None:
    inner = one_process(
        start(),
        parallel("p"),
        user("here", CLERKS),
        user("there", CLERKS),
        parallel("j"),
        end(),
        flows("s>p>here>j>e p>there>j"),
    ).replace(b'id="P"', b'id="Inner"')
    version = deploy(services, inner)
    deploy(services, one_process(start(), call("c", "Inner"), end(), flows("s>c>e")))
    instance = begin(services)
    [task] = [one for one in services.queries.instance(instance.id).tasks if one.element_id == "here"]
    clerk = person("lin", "township/clerk", region=TOWN)
    services.engine.execute(ClaimUserTask(user_task_id=task.id), actor=clerk)
    services.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=clerk)
    administrator = sign_in("administrator")
    asked = administrator.get(f"{AT}/versions?process_id=Inner").json["versions"]
    assert [(one["version"], one["running"]) for one in asked] == [(1, 1)]
    standing = administrator.get(f"{AT}/standing?source={version}").json["elements"]
    assert {one["element_id"]: (one["instances"], one["tasks"]) for one in standing} == {
        "Inner": (1, 0),
        "here": (0, 0),  # its task is finished
        "j": (1, 0),
        "there": (1, 1),
    }


def test_versions_of_every_process_are_told_at_once(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    found = sign_in("administrator").get(f"{AT}/versions").json["versions"]

    assert [(one["version"], one["running"]) for one in found if one["process_id"] == "P"] == [(2, 0), (1, 3)]
    assert len({one["process_id"] for one in found}) > 20
    assert "运行中" in sign_in("administrator").get("/migrations").text


def test_the_plan_shows_what_is_stranded_and_takes_what_was_chosen(versions: tuple[str, str], sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    source, target = versions
    page = administrator.get(f"/migrations?source={source}").text
    assert 'data-mapping-row="make" class="is-stranded"' in page
    assert "按原版本运行 3 件" in page
    chosen = administrator.get(f"/migrations?source={source}&target={target}&to.make=take").text
    assert 'class="is-stranded"' not in chosen
    assert "手工指定" in chosen
    assert administrator.get(f"/migrations?source={uuid4()}").status_code == 404
    assert "按原版本运行 3 件" in administrator.get(f"/migrations?source={source}&target={source}").text


def test_what_was_typed_and_chosen_stays_when_other_versions_are_chosen(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    administrator = sign_in("administrator")
    source, target = versions
    typed = {"source": source, "target": target, "to.make": "take", "reason": "改用新版办理", "number": "案-7"}

    same = administrator.form(
        "/migrations", **typed, do="change", other_source=source, other_target=target, **{"to.gone": "x"}
    )
    turned = administrator.form("/migrations", **typed, do="change", other_source=target, other_target=source)

    for page in (same, turned):
        assert page.status_code == 200
        assert "改用新版办理" in page.text
        assert 'value="案-7"' in page.text
    assert "手工指定" in same.text
    assert administrator.form("/migrations", **typed, do="change").status_code == 404
    foreign = deploy(services, STEPS.replace(b'id="P"', b'id="Other"'))
    assert (
        administrator.form("/migrations", **typed, do="change", other_source=source, other_target=foreign).status_code
        == 404
    )


@pytest.mark.parametrize("target", ["", "x", "{uuid}", "{source}", "{other}"])
def test_what_is_no_other_version_of_the_process_is_no_target_and_nothing_is_done(
    services: Services, versions: tuple[str, str], sign_in: SignIn, target: str
) -> None:
    other = deploy(services, STEPS.replace(b'id="P"', b'id="Other"'))
    named = target.format(uuid=uuid4(), source=versions[0], other=other)
    administrator = sign_in("administrator")
    answer = administrator.form("/migrations", **(confirmed(versions) | {"target": named}))

    assert answer.status_code == 404
    assert administrator.get("/api/v1/batches").json["batches"] == []
    if target in ("x", "{uuid}", "{other}"):
        assert administrator.get(f"/migrations?source={versions[0]}&target={named}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("to.make", "nowhere", r'id="to\.make-error">新版本中没有可以接办'),
        ("to.check", "", r'id="to\.check-error">新版本中没有可以接办'),  # it would go by its own id all the same
        ("to.nowhere", "take", r'role="alert">原版本中没有环节 nowhere'),
        ("element", "nowhere", r'id="element-error">请从列表中选择'),
    ],
)
def test_a_choice_that_cannot_be_is_told_in_its_place(
    versions: tuple[str, str], sign_in: SignIn, field: str, value: str, told: str
) -> None:
    answer = sign_in("administrator").form("/migrations", **(plan(versions) | {field: value}))

    assert answer.status_code == 422
    assert re.search(told, answer.text)
    assert "符合条件的共" not in answer.text


def test_a_step_that_was_chosen_stays_chosen_when_nothing_stands_there_any_more(
    versions: tuple[str, str], sign_in: SignIn
) -> None:
    answer = sign_in("administrator").form("/migrations", **plan(versions, element="check", do="edit"))

    assert re.search(r'<option value="check" selected>复核 · 0</option>', answer.text)


def test_what_changed_since_the_trial_is_shown_again_and_not_done(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    administrator = sign_in("administrator")
    unseen = administrator.form("/migrations", **plan(versions, do="apply", word="迁移"))
    assert (unseen.status_code, "请先核对试算结果" in unseen.text) == (422, True)
    handed_on = typed(administrator.form("/migrations", **plan(versions)).text) | {"do": "apply", "word": "迁移"}
    handed_on.pop("csrf_token")
    services.engine.execute(
        StartProcessInstance(process_id="P", version=1, variables={}, region=TOWN, business_key="2026-78"), actor=SYSTEM
    )
    answer = administrator.form("/migrations", **handed_on)
    assert answer.status_code == 422
    assert "由 3 件变为 4 件，未执行" in answer.text
    assert "可行 4 件，不能 0 件" in answer.text
    assert administrator.get("/api/v1/batches").json["batches"] == []
    handed_on["seen"] = typed(answer.text)["seen"]
    assert administrator.form("/migrations", **handed_on).status_code == 303


def test_a_wrong_word_costs_no_new_trial(versions: tuple[str, str], sign_in: SignIn) -> None:
    answer = sign_in("administrator").form("/migrations", **(confirmed(versions) | {"word": "好"}))

    assert answer.status_code == 422
    assert "以前一页的试算结果为准，符合条件的共 3 件" in answer.text
    assert "逐件结果" not in answer.text


def test_finished_tasks_that_would_not_count_are_told_and_meant_by_whoever_confirms(
    services: Services, sign_in: SignIn
) -> None:
    source = deploy(services, STEPS)
    instance = begin(services)
    clerk = person("lin", "township/clerk", region=TOWN)
    [task] = services.queries.instance(instance.id).tasks
    services.engine.execute(ClaimUserTask(user_task_id=task.id), actor=clerk)
    services.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=clerk)
    distinct = extension('<zeebe:properties><zeebe:property name="distinctFrom" value="take"/></zeebe:properties>')
    steps = (start(), user("take", CLERKS, name="受理"), user("check", CLERKS, distinct, name="复核"), end())
    target = deploy(services, one_process(*steps, flows("s>take>check>e")))
    versions, administrator = (source, target), sign_in("administrator")

    standing = administrator.get(f"{AT}/standing?source={source}").json["elements"]
    assert [(one["element_id"], one["tasks"], one["finished"]) for one in standing] == [
        ("P", 0, 0),
        ("check", 1, 0),
        ("make", 0, 1),
    ]
    page = administrator.get(f"/migrations?source={source}").text
    assert 'data-mapping-row="make" class="is-forgotten"' in page
    assert "已办的 1 个任务没有对应环节" in page
    lost = {"to.make": ""}
    tried = administrator.form("/migrations", **(plan(versions) | lost)).text
    assert "已办的 1 个任务在新版本中没有对应环节，不再计入经办复核分离：经办" in tried
    refused = administrator.form("/migrations", **(confirmed(versions, seen=1) | lost))
    assert refused.status_code == 422
    assert 'id="allowed-error"' in refused.text
    mapped = administrator.form("/migrations", **plan(versions)).text
    assert "不再计入" not in mapped
    assert 'name="allowed"' not in mapped
    meant = administrator.form("/migrations", **(confirmed(versions, seen=1, allowed="yes") | lost))
    assert meant.status_code == 303


def test_nobody_takes_the_key_of_another(services: Services, versions: tuple[str, str], sign_in: SignIn) -> None:
    town, county = sign_in("town-administrator"), sign_in("administrator")
    assert town.form("/migrations", **confirmed(versions, seen=2, submission_key="administrator:k1")).status_code == 303
    asked = {"source": versions[0], "target": versions[1], "mapping": {"make": "take"}, "all": True, "reason": "新规定"}
    assert county.post(AT, asked, headers={"Idempotency-Key": "k1"}).status_code == 200


def test_what_a_cancelled_batch_left_is_not_offered_again(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    administrator = sign_in("administrator")
    place = administrator.form("/migrations", **confirmed(versions, **{"to.make": ""})).location
    services.engine.execute(DoBatchItem(), actor=SYSTEM)
    assert "其余各件不再执行" in administrator.get(place).text
    administrator.form(f"{place}/cancellation")
    page = administrator.get(place).text
    assert 'data-count="not-tried">1<' in page
    assert f"{place}/retry" not in page
    again = administrator.form("/migrations", **confirmed(versions, **{"to.make": ""})).location
    work_off(services)
    assert f"{again}/retry" in administrator.get(again).text


def test_a_process_of_one_version_has_nowhere_to_go(services: Services, sign_in: SignIn) -> None:
    only = deploy(services, STUCK)

    assert "该流程只有一个版本" in sign_in("administrator").get(f"/migrations?source={only}").text


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("reason", "  ", "请填写原因"),
        ("since", "2026-13-01", "日期无法识别"),
        ("until", "x", "日期无法识别"),
        ("region", "999999", "请从列表中选择"),
    ],
)
def test_wrong_entries_are_told_beside_their_field_and_nothing_is_tried(
    versions: tuple[str, str], sign_in: SignIn, field: str, value: str, told: str
) -> None:
    answer = sign_in("administrator").form("/migrations", **plan(versions, **{field: value}))

    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">[^<]*{told}', answer.text)
    assert "符合条件的共" not in answer.text


def test_days_narrow_and_a_last_day_before_the_first_is_refused(versions: tuple[str, str], sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    turned = administrator.form("/migrations", **plan(versions, since="2026-02-01", until="2026-01-01"))
    assert (turned.status_code, "截止日期不能早于起始日期" in turned.text) == (422, True)
    past = administrator.form("/migrations", **plan(versions, until="2020-01-01"))
    assert "符合条件的共 0 件" in past.text
    assert 'value="apply"' not in past.text
    town = administrator.form("/migrations", **plan(versions, region=OTHER_TOWN, since="2020-01-01"))
    assert "符合条件的共 1 件" in town.text


def test_only_the_word_makes_the_batch_and_sent_twice_it_is_one(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    administrator = sign_in("administrator")
    tried = administrator.form("/migrations", **plan(versions))
    assert "可行 3 件，不能 0 件" in tried.text
    handed_on = typed(tried.text) | {"do": "apply"}
    handed_on.pop("csrf_token")
    assert administrator.form("/migrations", **handed_on, word="好").status_code == 422
    made = [administrator.form("/migrations", **handed_on, word=" 迁移 ") for _ in range(2)]
    assert [one.status_code for one in made] == [303, 303]
    assert made[0].location == made[1].location
    work_off(services)
    page = administrator.get(made[0].location).text
    assert 'data-count="done">3<' in page
    assert "make → take" in page
    assert administrator.get("/api/v1/batches").json["batches"][0]["counts"] == {"done": 3}


def test_a_town_migrates_its_own_and_undoes_no_more(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    town, county = sign_in("town-administrator"), sign_in("administrator")
    assert "符合条件的共 2 件" in town.form("/migrations", **plan(versions)).text
    made = county.form("/migrations", **confirmed(versions))
    work_off(services)
    reversal = made.location.replace("/batches/", "/migrations/") + "/reversal"
    assert town.get(reversal).status_code == 404
    assert county.form(reversal, reason=" ", do="preview").status_code == 422
    shown = county.form(reversal, reason="看错", do="preview")
    assert (shown.status_code, "可行 3 件" in shown.text) == (200, True)
    undone = county.form(reversal, reason="看错", do="apply", word="撤销", seen="3")
    work_off(services)
    assert 'data-count="done">3<' in county.get(undone.location).text
    again = county.form(reversal, reason="再看", do="preview")
    assert "不能 3 件" in again.text
    no_migration = undone.location.replace("/batches/", "/migrations/") + "/reversal"
    assert county.get(no_migration).status_code == 404


def test_a_batch_is_stopped_rests_and_goes_on_and_its_page_says_when_to_look_anew(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    administrator = sign_in("administrator")
    place = administrator.form("/migrations", **confirmed(versions)).location
    asked = administrator.get(f"{place}/progress")
    assert ("HX-Refresh" in asked.headers, "已处理 0 / 3" in asked.text) == (False, True)
    assert administrator.form(f"{place}/suspension").status_code == 303
    assert administrator.get(f"{place}/progress").headers["HX-Refresh"] == "true"
    work_off(services)
    assert "已处理 0 / 3" in administrator.get(place).text
    administrator.form(f"{place}/resumption")
    work_off(services)
    assert 'data-count="done">3<' in administrator.get(f"{place}?state=done").text
    over = administrator.form(f"{place}/cancellation", reason="晚了")
    assert "现为“已完成”，不能终止" in administrator.get(over.location).text
    assert administrator.form(f"{place}/explosion").status_code == 404


def test_whoever_operates_sees_own_batches_and_supervisors_do_not_migrate(
    services: Services, versions: tuple[str, str], sign_in: SignIn
) -> None:
    county, town, supervisor = sign_in("administrator"), sign_in("town-administrator"), sign_in("supervisor")
    place = county.form("/migrations", **confirmed(versions)).location
    assert "新规定" in supervisor.get("/batches").text
    assert "新规定" not in town.get("/batches").text
    assert town.get(place).status_code == 404
    assert supervisor.get(place).status_code == 200
    assert "/reversal" not in supervisor.get(place).text
    assert supervisor.get("/migrations").status_code == 403
    assert sign_in("clerk").get("/batches").status_code == 403
    kinds = {"kind": "suspend", "reason": "停", "filter": {"region": TOWN, "started_after": "2026-01-01T00:00:00Z"}}
    made = supervisor.post("/api/v1/batches", kinds).json["batch"]
    for language, words in (("zh", ("启动不早于", "地区")), ("en", ("Started from", "Region"))):
        page = supervisor.get(f"/batches/{made['id']}?lang={language}").text
        assert [word for word in words if f"<dt>{word}</dt>" not in page] == []


def test_a_plan_nobody_can_carry_out_is_refused_above_the_form(versions: tuple[str, str], sign_in: SignIn) -> None:
    narrowed = plan(versions, number="nothing-of-that-number", seen="3", do="apply", word="迁移")
    answer = sign_in("administrator").form("/migrations", **narrowed)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_elements_of_the_same_name_go_by_themselves(services: Services, sign_in: SignIn) -> None:
    source = deploy(services, STEPS)
    begin(services)
    deploy(services, RENAMED)

    page = sign_in("administrator").get(f"/migrations?source={source}").text
    assert "同名称" in page
    assert 'class="is-stranded"' not in page
