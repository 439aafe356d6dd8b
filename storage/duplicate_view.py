"""Suspected duplicates side by side: compared in full and shown masked, each side as far as it may be seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, or_, select

from engine.model import Actor
from storage.case_files import to_case
from storage.case_visibility import in_whole_region, is_visible
from storage.duplicates import to_duplicate
from storage.encryption import KeyRing
from storage.kin import cases_of_kin
from storage.tables.casework import case_file, member
from storage.tables.register import duplicate
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.model import Case, Member
from workflows.casework.register.errors import DuplicateNotFound
from workflows.casework.register.model import Duplicate
from workflows.casework.register.queries import (
    DuplicateFilter,
    DuplicatePage,
    DuplicateSide,
    DuplicateView,
    SameFacts,
)
from workflows.rules.masks import masked_account, masked_identity_number, masked_phone


def duplicate_page(connection: Connection, keys: KeyRing, wanted: DuplicateFilter) -> DuplicatePage:
    """Return a page of findings of cases the actor may see."""
    found = _seen(wanted.actor)
    if wanted.open_only:
        found = found.where(duplicate.c.decision.is_(None))
    if wanted.kind is not None:
        found = found.where(duplicate.c.kind == wanted.kind)
    if wanted.case is not None:
        of_case = select(case_file.c.id).where(case_file.c.number == wanted.case).scalar_subquery()
        found = found.where(or_(duplicate.c.case_id == of_case, duplicate.c.other_case_id == of_case))
    page = found.order_by(duplicate.c.found_at.desc(), duplicate.c.id).offset(wanted.offset).limit(wanted.limit)
    total = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    rows = connection.execute(page).mappings().all()
    return DuplicatePage(
        duplicates=[_view(connection, keys, to_duplicate(row), wanted.actor) for row in rows], total=total
    )


def one_duplicate(connection: Connection, keys: KeyRing, duplicate_id: UUID, actor: Actor) -> DuplicateView:
    """Return a finding of a case the actor may see."""
    row = connection.execute(_seen(actor).where(duplicate.c.id == duplicate_id)).mappings().first()
    if row is None:
        raise DuplicateNotFound
    return _view(connection, keys, to_duplicate(row), actor)


def _seen(actor: Actor) -> Select[Any]:
    """Findings of which at least one side is the actor's, of posts that see whole cases.

    Erased cases are left out, and findings of which either side is a case of the actor's kin.
    """
    seen = select(case_file.c.id).where(is_visible(actor), in_whole_region(case_file.c.region, actor))
    erased = select(case_file.c.id).where(case_file.c.wrapped_key.is_(None))
    of_kin = cases_of_kin(actor.id)
    return select(duplicate).where(
        or_(duplicate.c.case_id.in_(seen), duplicate.c.other_case_id.in_(seen)),
        duplicate.c.case_id.not_in(erased),
        duplicate.c.other_case_id.not_in(erased),
        duplicate.c.case_id.not_in(of_kin),
        duplicate.c.other_case_id.not_in(of_kin),
    )


def _view(connection: Connection, keys: KeyRing, found: Duplicate, actor: Actor) -> DuplicateView:
    case, other = (_case(connection, keys, one) for one in (found.case_id, found.other_case_id))
    one, two = _member(case, found.member), _member(other, found.other_member)
    return DuplicateView(
        duplicate=found,
        case=_side(case, one, is_seen=_may_see(connection, case, actor)),
        other=_side(other, two, is_seen=_may_see(connection, other, actor)),
        same=SameFacts(
            identity_number=one.person.identity_number == two.person.identity_number,
            name=one.person.name == two.person.name,
            birth_date=one.birth_date == two.birth_date,
            phone=bool(one.person.phone) and one.person.phone == two.person.phone,
            account=case.account is not None
            and other.account is not None
            and case.account.number == other.account.number,
            address=case.household.address == other.household.address,
        ),
    )


def _may_see(connection: Connection, case: Case, actor: Actor) -> bool:
    statement = select(case_file.c.id).where(
        and_(case_file.c.id == case.id, is_visible(actor), in_whole_region(case_file.c.region, actor))
    )
    return connection.execute(statement).first() is not None


def _case(connection: Connection, keys: KeyRing, case_id: UUID) -> Case:
    row = connection.execute(select(case_file).where(case_file.c.id == case_id)).mappings().one()
    members = select(member).where(member.c.case_id == case_id).order_by(member.c.number)
    return to_case(row, connection.execute(members).mappings().all(), keys)


def _member(case: Case, number: int) -> Member:
    return next(one for one in case.members if one.number == number)


def _side(case: Case, of: Member, *, is_seen: bool) -> DuplicateSide:
    town = TOWN_BY_REGION.get(case.region)
    person, account = of.person, case.account
    return DuplicateSide(
        case_number=case.number,
        town=town.name if town else case.region,
        town_en=town.name_en if town else case.region,
        status=case.status,
        received_on=case.received_on,
        member=of.number,
        name=person.name if is_seen else None,
        identity_number=masked_identity_number(person.identity_number) if is_seen else None,
        birth_date=of.birth_date if is_seen else None,
        sex=of.sex if is_seen else None,
        phone=masked_phone(person.phone) if is_seen else None,
        account=masked_account(account.number) if is_seen and account else None,
        address=case.household.address if is_seen else None,
        household_size=len(case.members) if is_seen else None,
        needs=case.needs if is_seen else (),
        event=case.event.kind if is_seen and case.event else None,
    )
