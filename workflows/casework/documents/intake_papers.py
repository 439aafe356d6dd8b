"""The papers of the window: application, acceptance, correction, non-acceptance, authorisation, urgent relief."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.casework.agencies import AGENCIES
from workflows.casework.county import COUNTY_NAME, UNIT_KIND_NAMES
from workflows.casework.documents import words
from workflows.casework.documents.gathering import Asked, Gathered
from workflows.casework.documents.persons import CENTRE, account, health, member_line, town
from workflows.casework.model import Case, CaseStatus, Household, Member
from workflows.casework.relief.model import ReliefClaim
from workflows.rules.masks import masked_identity_number, masked_phone

DECLINE_BASIS = "社会救助法（2026）第六十四条"


def application(asked: Asked) -> Gathered:
    """Fill the application from what was handed in."""
    case = asked.case
    household, applicant = case.household, case.applicant.person
    kin = asked.unit_of_work.procedure.kin.of_case(case.id)
    incomes = [one.person.income for one in case.at_home]
    income = sum(one.net_monthly_wage + one.other_monthly_income + one.basic_pension for one in incomes)
    return Gathered(
        unit=asked.town_office,
        values={
            **asked.about,
            "identity": masked_identity_number(applicant.identity_number),
            "phone": masked_phone(applicant.phone) if applicant.phone else "",
            "members": [member_line(one) for one in case.members],
            "reasons": case.remark,
            "income": f"全家月收入合计 {words.money(income)} 元",
            "assets": _assets(household),
            "spending": _spending(household),
            "supporters": [
                {
                    "name": one.name,
                    "relation": words.word(words.SUPPORTERS, one.relation),
                    "condition": words.word(words.CONDITIONS, one.condition),
                }
                for one in case.supporters
            ],
            "relatives": "；".join(f"{one.name}（{one.relation}，{one.unit}）" for one in kin)
            or "无近亲属从事社会救助工作或担任村（居）委会成员",
            "account": account(case),
        },
    )


def acceptance(asked: Asked) -> Gathered:
    """Fill the slip of an accepted application."""
    case = asked.case
    if case.accepted_on is None:
        raise asked.missing("受理记录")
    return Gathered(
        unit=asked.town_office,
        day=words.day(case.accepted_on),
        values={
            **asked.about,
            "received": words.numbered(words.word(words.PAPERS, one) for one in case.documents),
            "accepted_on": words.day(case.accepted_on),
            "due_on": words.day(case.due_on),
            "handler": _handler(asked),
            "query_code": case.receipt_number or case.number,
        },
    )


def _handler(asked: Asked) -> str:
    """Return who accepted: whoever was named when the slip was first issued, at the acceptance itself."""
    earlier = asked.unit_of_work.documents.versions(kind="acceptance", case_id=asked.case.id, subject="")
    named = (earlier[-1].values or {}).get("handler") if earlier else None
    return str(named or asked.context.actor.name)


def correction(asked: Asked) -> Gathered:
    """Fill the one notice of everything that is missing."""
    notice = asked.unit_of_work.notices.correction(asked.case.id)
    if notice is None:
        raise asked.missing("补正通知")
    window = f"{town(asked.case)}社会救助窗口"
    return Gathered(
        subject=str(notice.id),
        unit=asked.town_office,
        day=words.day(notice.issued_at),
        values={
            **asked.about,
            "missing": [
                {
                    "title": str(one["title"]),
                    "reason": str(one["reason"]),
                    "where": str(one.get("where") or f"{window}"),
                }
                for one in notice.missing
            ],
            "due_on": words.day(notice.due_on),
            "how": f"送交{window}，或者通过村（居）协理员、网上申请页面提交",
            "note": notice.note or "",
        },
    )


def non_acceptance(asked: Asked) -> Gathered:
    """Fill the letter that an application is not taken."""
    case = asked.case
    if case.status is not CaseStatus.DECLINED:
        raise asked.missing("不予受理决定")
    return Gathered(
        unit=asked.town_office,
        day=words.day(case.closed_at),
        values={
            **asked.about,
            "reason": case.declined_reason or "",
            "legal_base": DECLINE_BASIS,
            "right_unit": _right_unit(case),
            "remedies": words.sections(
                (
                    f"自收到本通知书之日起{asked.figure('review_days')}日内，可以向{COUNTY_NAME}人民政府申请行政复议",
                    f"或者在{asked.figure('suit_months')}个月内向{COUNTY_NAME}人民法院提起行政诉讼",
                )
            ),
        },
    )


def authorisation(asked: Asked) -> Gathered:
    """Fill the consent of every member, and of supporters who gave their own."""
    case, unit_of_work = asked.case, asked.unit_of_work
    signed = {one.person: one for one in unit_of_work.authorisations.of_case(case.id) if one.withdrawn_at is None}
    witness = next((one.recorded_by for one in signed.values()), asked.context.actor.id)
    persons = [_person(one, case) for one in case.members]
    for line, member in zip(persons, case.members, strict=True):
        consent = signed.get(member.number)
        if consent is not None:
            line["signed_on"] = consent.signed_on.isoformat()
            line["signed_by"] = consent.guardian or words.word(words.SIGNERS, consent.signed_by)
    for supporter in unit_of_work.supporters.of_case(case.id):
        consent = signed.get(supporter.number)
        persons.append(
            {
                "name": supporter.name,
                "relation": words.word(words.SUPPORTERS, supporter.relation),
                "identity": supporter.identity_number,
                "signed_by": "本人",
                "signed_on": consent.signed_on.isoformat() if consent else "",
            }
        )
    return Gathered(
        unit=asked.town_office,
        values={
            **asked.about,
            "persons": persons,
            "agent": CENTRE,
            "agencies": "、".join(dict.fromkeys(one.name for one in AGENCIES)),
            "valid_until": "自签署之日起至救助待遇终止之日止",
            "witness": asked.people(witness),
            "copy_holder": "□家庭　□案卷　□核对机构",
        },
    )


def urgent_slip(asked: Asked) -> Gathered:
    """Fill the slip of relief that was paid before the file was complete."""
    case, unit_of_work = asked.case, asked.unit_of_work
    found = (unit_of_work.relief_claims.of_referral(one.id) for one in unit_of_work.referrals.of_case(case.id))
    claims = [one for one in found if one is not None]
    claim: ReliefClaim = asked.newest(claims, "急难救助申领", keys=lambda one: (one.id, one.referral_id))
    return Gathered(
        subject=str(claim.id),
        unit=asked.town_office,
        day=words.day(claim.paid_at),
        values={
            **asked.about,
            "event": words.word(words.EVENTS, claim.event_kind),
            "happened_on": words.day(claim.happened_on),
            "reference": claim.event_reference or "",
            "amount": words.money(claim.amount),
            "mode": words.word(words.MODES, claim.mode),
            "paid_at": words.moment(claim.paid_at),
            "receiver": case.applicant.person.name,
            "make_up_on": words.day(claim.make_up_due_on),
        },
    )


def self_care(asked: Asked) -> Gathered:
    """Fill the assessment of a person with what they say of themselves; the assessors add what they saw."""
    case = asked.case
    person: Member = case.applicant
    if asked.subject is not None:
        person = asked.newest(case.members, "家庭成员", keys=lambda one: (one.number,))
    failed = person.person.failed_self_care
    return Gathered(
        subject=str(person.number),
        unit=asked.town_office,
        values={
            **asked.about,
            "person": f"{person.person.name}（{health(person)}）",
            "items": [
                {"item": name, "result": "不能" if key in failed else "能"} for key, name in words.SELF_CARE.items()
            ],
            "failed": str(len(failed)),
        },
    )


def _person(member: Member, case: Case) -> dict[str, str]:
    guardian = f"监护人{case.applicant.person.name}" if member.authorised_by == "guardian" else "本人"
    return {
        "name": member.person.name,
        "relation": words.word(words.RELATIONS, member.person.relation),
        "identity": member.person.identity_number,  # banks and registers answer by the whole number only
        "signed_by": guardian,
        "signed_on": member.authorised_on.isoformat() if member.authorised_on else "",
    }


def _assets(household: Household) -> str:
    vehicle = "有" if household.has_vehicle else "无"
    dwelling = f"{words.word(words.TENURES, household.tenure)}住房，自有面积 {household.own_area} 平方米"
    return f"金融资产 {words.money(household.assets_declared)} 元；{vehicle}机动车；{dwelling}"


def _spending(household: Household) -> str:
    paid = household.yearly_spending
    sums = (("医疗", paid.medical), ("教育", paid.education), ("康复", paid.rehabilitation))
    return "近十二个月自付：" + "，".join(f"{name} {words.money(amount)} 元" for name, amount in sums)


def _right_unit(case: Case) -> str:
    names: Mapping[str, tuple[str, str]] = UNIT_KIND_NAMES
    reason = case.declined_reason or ""
    return next((COUNTY_NAME + zh for zh, _ in names.values() if zh in reason), "")
