"""A search of the work list is compiled once for everybody of a shape, and asked with each one's own sight."""

from __future__ import annotations

from uuid import uuid4

from engine.model import Actor, Membership
from engine.queries import TaskTab, UserTaskFilter
from engine.stand_ins import StandIn
from storage.questions import Question
from storage.task_questions import Named, page_of, total_of, versions_of

NAMED = Named(tokens=("cjg",), paper="cjg")


def somebody(login: str, region: str, *, kind: str = "township", stands_in_for: tuple[StandIn, ...] = ()) -> Actor:
    post = Membership(unit_kind=kind, region=region, role="clerk")
    return Actor(id=login, name=login, memberships=(post,), stands_in_for=stands_in_for)


def asked_by(actor: Actor) -> list[Question]:
    wanted = UserTaskFilter(actor=actor, tab=TaskTab.UNIT, text="cjg")
    return [one(wanted, named=NAMED) for one in (page_of, versions_of, total_of)]


def test_people_of_one_shape_share_the_statement_and_keep_their_own_sight() -> None:
    for near, far in zip(asked_by(somebody("near", "320481001")), asked_by(somebody("far", "320481002")), strict=True):
        assert near.statement is far.statement
        assert (near.values["seer_self"], near.values["seer_region_0"]) == ("near", "320481001")
        assert (far.values["seer_self"], far.values["seer_region_0"]) == ("far", "320481002")


def test_other_posts_are_asked_another_question() -> None:
    clerk, teacher = somebody("near", "320481001"), somebody("teacher", "320481001", kind="education")
    assert asked_by(clerk)[0].statement is not asked_by(teacher)[0].statement


def test_who_stands_in_is_asked_with_the_sight_of_whom_they_stand_in_for() -> None:
    def standing_in(login: str, absent: str, region: str) -> Actor:
        one = StandIn(person=somebody(absent, region), definition_ids=(uuid4(),))
        return somebody(login, "320481001", stands_in_for=(one,))

    first, second = standing_in("a", "b", "320481003"), standing_in("c", "d", "320481004")
    asked, other = asked_by(first)[0], asked_by(second)[0]

    assert asked.statement is other.statement
    for question, actor in ((asked, first), (other, second)):
        [one] = actor.stands_in_for
        assert question.values["seer_absent_0"] == one.person.id
        assert question.values["seer_absent_0_region_0"] == one.person.memberships[0].region
        assert question.values["seer_absent_0_scope"] == list(one.definition_ids or ())
