"""What the entries of `case` hold, in both languages, for whoever writes expressions; a test holds it to the shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str


CASE_WORDS: Mapping[str, Words] = {
    "case": Words("案件，每次求值时读取", "The case, read whenever an expression is evaluated"),
    "case.number": Words("案件编号", "Number of the case"),
    "case.region": Words("所属行政区划代码", "Code of the region the case belongs to"),
    "case.channel": Words("申请渠道", "How the application came in"),
    "case.received_on": Words("收到申请之日", "Day the application came in"),
    "case.accepted_on": Words("受理之日", "Day the application was accepted"),
    "case.due_on": Words("法定期限届满之日", "Last day of the statutory term"),
    "case.recognised_status": Words("已认定的救助身份", "Status recognised before"),
    "case.needs": Words("申请的需求", "Needs that are applied for"),
    "case.documents": Words("已交的材料", "Documents that were handed in"),
    "case.household": Words("家庭情况", "The household"),
    "case.household.size": Words("共同生活的家庭成员人数", "How many members live together"),
    "case.household.tenure": Words("住房权属", "How the dwelling is held"),
    "case.household.own_area": Words("自有住房面积，平方米", "Area of the own dwelling, square metres"),
    "case.household.settlement": Words("城镇或农村", "Urban or rural"),
    "case.household.dangerous_dwelling": Words("住房经鉴定为危房", "The dwelling was found dangerous"),
    "case.household.monthly_rent": Words("月租金，元", "Rent, yuan per month"),
    "case.household.assets_declared": Words("申报的金融资产，元", "Financial assets as declared, yuan"),
    "case.household.has_vehicle": Words("申报有机动车", "A vehicle was declared"),
    "case.household.yearly_spending": Words("年度刚性支出", "What the household must spend in a year"),
    "case.household.yearly_spending.medical": Words("年度医疗支出，元", "On treatment, yuan per year"),
    "case.household.yearly_spending.education": Words("年度教育支出，元", "On education, yuan per year"),
    "case.household.yearly_spending.rehabilitation": Words("年度康复支出，元", "On rehabilitation, yuan per year"),
    "case.members": Words("家庭成员", "The members of the household"),
    "case.members.number": Words("成员序号", "Number of the member"),
    "case.members.relation": Words("与申请人的关系", "Relation to the applicant"),
    "case.members.age": Words("求值当日的周岁", "Age on the day of evaluation"),
    "case.members.sex": Words("性别", "Sex"),
    "case.members.labour_capacity": Words("劳动能力", "Capacity to work"),
    "case.members.employment": Words("就业状况", "Employment"),
    "case.members.net_monthly_wage": Words("月工资性收入，元", "Net wage, yuan per month"),
    "case.members.other_monthly_income": Words("其他月收入，元", "Other income, yuan per month"),
    "case.members.basic_pension": Words("基础养老金，元/月", "Basic pension, yuan per month"),
    "case.members.school_stage": Words("就学阶段", "Stage of school"),
    "case.members.grade": Words("年级", "Grade at school"),
    "case.members.disability_kind": Words("残疾类别", "Kind of disability"),
    "case.members.disability_level": Words("残疾等级，一级最重", "Level of disability, 1 is the heaviest"),
    "case.members.serious_illness": Words("患重大疾病", "Is seriously ill"),
    "case.members.presence": Words("在家、在外或在机构", "At home, away or in an institution"),
    "case.members.authorised": Words("查询授权仍有效", "The consent to be verified stands"),
    "case.members.card_expires_on": Words("残疾人证有效期至", "Last day of the disability card"),
    "case.members.failed_self_care": Words("不能自理的项目", "What of self-care the member cannot do"),
    "case.supporters": Words("法定赡养、抚养、扶养义务人", "Those who owe support by law"),
    "case.supporters.relation": Words("与申请人的关系", "Relation to the applicant"),
    "case.supporters.age": Words("周岁", "Age"),
    "case.supporters.recognised_status": Words("已认定的救助身份", "Status recognised before"),
    "case.supporters.condition": Words("特殊情形", "Condition that counts"),
    "case.supporters.low_means": Words("属于低收入", "Has low means"),
    "case.supporters.consented": Words("已授权查询", "Consented to be verified"),
    "case.event": Words("引起困难的事件", "The event that brought hardship"),
    "case.event.kind": Words("事件类别", "Kind of event"),
    "case.event.happened_on": Words("发生之日", "Day it happened"),
    "case.event.place": Words("发生地点", "Where it happened"),
    "case.event.region": Words("发生地行政区划代码", "Code of the region where it happened"),
    "case.event.reference": Words("灾情等的编号", "Reference, such as the number of a disaster"),
    "case.bills": Words("费用单据", "Bills"),
    "case.bills.kind": Words("费用类别", "Kind of bill"),
    "case.bills.amount": Words("金额，元", "Amount, yuan"),
    "case.bills.reimbursed": Words("已报销，元", "Reimbursed, yuan"),
    "case.means": Words("核对报告中的经济状况；没有报告时为空", "Means by the check report; null while there is none"),
    "case.means.monthly_income": Words("家庭月收入，元", "Income of the household, yuan per month"),
    "case.means.income_per_capita": Words("人均月收入，元", "Income per head, yuan per month"),
    "case.means.assets": Words("金融资产，元", "Financial assets, yuan"),
    "case.means.has_vehicle": Words("查到机动车", "A vehicle was found"),
    "case.means.complete": Words("各单位均已答复", "Every agency has answered"),
    "case.means.needs_explanation": Words("有需要说明的差异", "There are differences to be explained"),
    "case.means.stale": Words("已超过有效期", "Past its term of validity"),
    "case.means.wages": Words("查到的各成员工资", "Wages that were found, by member"),
    "case.means.wages.number": Words("成员序号", "Number of the member"),
    "case.means.wages.amount": Words("月工资，元", "Wage, yuan per month"),
    "case.means.version": Words("核对报告的版次", "Version of the check report"),
    "case.means.conclusion": Words("核对结论", "Conclusion of the check"),
    "case.means.valid_until": Words("核对报告有效期至", "Last day the report is valid"),
    "case.referrals": Words("转办", "The referrals"),
    "case.referrals.number": Words("转办编号", "Number of the referral"),
    "case.referrals.need": Words("需求", "Need"),
    "case.referrals.programme": Words("救助项目", "Programme"),
    "case.referrals.state": Words("转办状态", "State"),
    "case.referrals.outcome": Words("办理结果", "Outcome"),
    "case.referrals.with_unit": Words("尚在承办单位", "A unit still holds it"),
    "case.referrals.result_due_on": Words("应反馈结果之日", "Day the result is due"),
}
"""By path; an entry of a list's members stands below the list."""

STANDARD_WORDS = Words("案件受理之日有效的政策参数", "Figures of policy in force on the day the case was accepted")
