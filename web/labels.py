"""The names of choices and states in both languages, as lists and pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from engine.model import Definition
from web import i18n
from workflows.casework.county import PROGRAMME_NAMES, TOWN_BY_REGION, UNIT_KIND_NAMES

Texts = dict[str, tuple[str, str]]

LABELS: dict[str, Texts] = {
    "case_status": {
        "received": ("已登记", "Received"),
        "correcting": ("待补正", "Awaiting papers"),
        "accepted": ("已受理", "Accepted"),
        "checking": ("核对调查中", "Being checked"),
        "referred": ("转办中", "With the units"),
        "closed": ("已办结", "Closed"),
        "declined": ("不予受理", "Declined"),
    },
    "channel": {
        "window": ("窗口", "Window"),
        "online": ("网上", "Online"),
        "phone": ("电话", "Telephone"),
        "village": ("村(社区)代办", "Village or community"),
        "proxy": ("委托代理", "By proxy"),
        "found": ("主动发现", "Found by the town"),
    },
    "recognised_status": {
        "none": ("无", "None"),
        "dibao": ("最低生活保障对象", "Subsistence allowance"),
        "edge": ("低保边缘家庭", "Edge household"),
        "rigid": ("刚性支出困难家庭", "Rigid-expenditure household"),
        "tekun": ("特困人员", "Destitute person"),
    },
    "need": {
        "subsistence": ("基本生活", "Subsistence"),
        "medical": ("医疗", "Medical"),
        "education": ("教育", "Education"),
        "housing": ("住房", "Housing"),
        "employment": ("就业", "Employment"),
        "urgent": ("突发急难", "Urgent need"),
        "large_bill": ("大额必需支出", "A large necessary bill"),
        "care": ("无人供养", "Nobody to live on"),
        "disability": ("残疾", "Disability"),
        "disaster": ("自然灾害", "Disaster"),
        "child": ("儿童无人照料", "A child without a carer"),
        "shelter": ("流散无着", "Stranded"),
        "legal": ("法律援助", "Legal aid"),
        "worker": ("困难职工", "A worker in hardship"),
        "student": ("升入大学", "Entering university"),
        "family": ("困境妇女儿童", "Women and children in hardship"),
        "charity": ("慈善帮扶", "Charity"),
        "humanitarian": ("人道救助", "Humanitarian aid"),
        "emergency_treatment": ("急危重伤病救治", "Emergency treatment"),
        "rebuilding": ("农村危房", "A dangerous house"),
        "rehabilitation": ("康复培训", "Rehabilitation"),
    },
    "relation": {
        "self": ("本人", "Applicant"),
        "spouse": ("配偶", "Spouse"),
        "child": ("子女", "Child"),
        "parent": ("父母", "Parent"),
        "other": ("其他", "Other"),
    },
    "labour_capacity": {
        "full": ("有劳动能力", "Able to work"),
        "partial": ("部分丧失", "Partly able"),
        "none": ("无劳动能力", "Unable to work"),
    },
    "presence": {
        "home": ("共同生活", "At home"),
        "deceased": ("已故", "Deceased"),
        "imprisoned": ("服刑", "Imprisoned"),
        "conscript": ("服兵役", "In military service"),
        "missing": ("失踪", "Missing"),
        "elsewhere": ("不共同生活", "Lives elsewhere"),
    },
    "self_care": {
        "eat": ("吃饭", "Eating"),
        "dress": ("穿衣", "Dressing"),
        "bed": ("上下床", "In and out of bed"),
        "toilet": ("如厕", "Toilet"),
        "walk": ("室内行走", "Walking indoors"),
        "bathe": ("洗澡", "Bathing"),
    },
    "event": {
        "accident": ("交通事故等意外", "Accident"),
        "fire": ("火灾", "Fire"),
        "illness": ("突发重病", "Sudden illness"),
        "other": ("其他", "Other"),
    },
    "bill": {
        "medical": ("医疗", "Medical"),
        "education": ("教育", "Education"),
        "rehabilitation": ("康复", "Rehabilitation"),
        "living": ("基本生活", "Living"),
        "other": ("其他", "Other"),
    },
    "supporter_relation": {
        "parent": ("父母", "Parent"),
        "child": ("子女", "Child"),
        "spouse": ("配偶", "Spouse"),
        "grandparent": ("祖父母、外祖父母", "Grandparent"),
        "grandchild": ("孙子女、外孙子女", "Grandchild"),
        "sibling": ("兄弟姐妹", "Sibling"),
    },
    "supporter_condition": {
        "able": ("有履行能力", "Able"),
        "severely_disabled": ("重度残疾", "Severely disabled"),
        "incapable": ("无民事行为能力", "Incapable"),
        "missing": ("失踪", "Missing"),
        "imprisoned": ("服刑", "Imprisoned"),
    },
    "employment": {
        "employed": ("就业", "Employed"),
        "jobless": ("失业", "Jobless"),
        "retired": ("退休", "Retired"),
        "student": ("在校", "Student"),
        "none": ("无业", "Not working"),
    },
    "school_stage": {
        "none": ("不在学", "None"),
        "nursery": ("学前", "Nursery"),
        "primary": ("小学", "Primary"),
        "junior": ("初中", "Junior"),
        "senior": ("高中(中职)", "Senior"),
        "college": ("大专及以上", "College"),
    },
    "disability_kind": {
        "none": ("无", "None"),
        "visual": ("视力", "Visual"),
        "hearing": ("听力", "Hearing"),
        "speech": ("言语", "Speech"),
        "physical": ("肢体", "Physical"),
        "intellectual": ("智力", "Intellectual"),
        "mental": ("精神", "Mental"),
        "multiple": ("多重", "Multiple"),
    },
    "tenure": {
        "owned": ("自有", "Owned"),
        "rented": ("租住", "Rented"),
        "borrowed": ("借住", "Borrowed"),
    },
    "settlement": {"town": ("城镇", "Town"), "village": ("农村", "Village")},
    "sex": {"male": ("男", "Male"), "female": ("女", "Female")},
    "document": {
        "application_form": ("救助申请书", "Application form"),
        "identity_papers": ("身份证、户口簿", "Identity papers"),
        "identity_card": ("身份证", "Identity card"),
        "household_register": ("户口簿", "Household register"),
        "authorisation": ("核对授权书", "Authorisation"),
        "income_declaration": ("收入财产申报表", "Declaration of income"),
        "truth_promise": ("诚信承诺书", "Promise of truth"),
        "bank_account": ("银行账户", "Bank account"),
        "illness_proof": ("疾病诊断证明", "Proof of illness"),
        "disability_card": ("残疾人证", "Disability card"),
        "school_roll": ("学籍证明", "School roll"),
        "lease": ("租赁合同", "Lease"),
        "rent_contract": ("租赁合同", "Lease"),
        "dwelling_report": ("房屋鉴定报告", "Dwelling report"),
        "divorce_papers": ("离婚证明", "Divorce papers"),
    },
    "referral_state": {
        "draft": ("待发送", "Draft"),
        "sent": ("待签收", "Sent"),
        "acknowledged": ("已签收", "Acknowledged"),
        "in_work": ("办理中", "In work"),
        "need_info": ("待补充情况", "Waiting for information"),
        "done": ("已反馈", "Answered"),
        "returned": ("已退回", "Returned"),
        "cancelled": ("已撤销", "Cancelled"),
    },
    "outcome": {
        "granted": ("给予救助", "Granted"),
        "refused": ("不予救助", "Refused"),
        "not_eligible": ("不符合条件", "Not eligible"),
        "returned": ("退回", "Returned"),
        "cancelled": ("撤销", "Cancelled"),
        "no_referral": ("无需转办", "No referral"),
    },
    "amount_period": {
        "month": ("元/月", "yuan a month"),
        "year": ("元/年", "yuan a year"),
        "once": ("元(一次性)", "yuan, once"),
    },
    "answer_status": {
        "hit": ("有记录", "Found"),
        "no_hit": ("无记录", "Nothing found"),
        "no_data": ("无法取得", "No data"),
    },
    "report_item": {
        "monthly_income": ("月收入(元)", "Monthly income (yuan)"),
        "other_monthly_income": ("其他月收入(元)", "Other monthly income (yuan)"),
        "assets": ("财产(元)", "Assets (yuan)"),
        "has_vehicle": ("机动车", "Vehicle"),
        "no_data": ("无法取得", "No data"),
        "no_hit": ("无记录", "Nothing found"),
        "explanation": ("需说明", "To be explained"),
    },
    "report_source": {
        "declaration": ("申报", "Declared"),
        "survey": ("入户调查", "Visit"),
        "total": ("计入合计", "Counted in all"),
    },
    "conclusion": {
        "within": ("限额之内", "Within the limits"),
        "over": ("超限", "Over a limit"),
        "needs_explanation": ("需说明", "To be explained"),
    },
    "notice_kind": {
        "correction": ("补正通知", "Correction notice"),
        "receipt": ("受理通知", "Receipt"),
        "declined": ("不予受理通知", "Declined"),
        "result": ("结果告知", "Result"),
        "decision": ("决定书", "Decision"),
        "hearing": ("陈述申辩告知", "Hearing before a cut or stop"),
        "expiry": ("认定到期提醒", "Status about to end"),
        "findings": ("核对结果告知", "Findings of the check"),
        "withdrawal": ("撤回授权通知", "Withdrawn consent"),
    },
    "decision_kind": {
        "grant": ("给予救助", "Granted"),
        "refuse": ("不予救助", "Refused"),
        "recognise": ("认定身份", "Status recognised"),
        "change": ("变更", "Changed"),
        "suspend": ("暂停", "Suspended"),
        "resume": ("恢复", "Resumed"),
        "stop": ("停止", "Stopped"),
    },
    "remedy": {"review": ("行政复议", "Review"), "suit": ("行政诉讼", "Suit")},
    "benefit_state": {
        "not_started": ("未开始", "Not started"),
        "in_payment": ("发放中", "In payment"),
        "suspended": ("暂停", "Suspended"),
        "ended": ("已停发", "Ended"),
    },
    "notice_state": {
        "prepared": ("待张贴", "To be posted"),
        "posted": ("公示中", "Posted"),
        "locked": ("有异议，暂停上报", "Locked by an objection"),
        "over": ("公示期满", "Over"),
        "withdrawn": ("已撤下", "Withdrawn"),
    },
    "objection_outcome": {"dismissed": ("异议不成立", "Dismissed"), "upheld": ("异议成立", "Upheld")},
    "extension_state": {
        "asked": ("待批准", "Asked"),
        "approved": ("已批准", "Approved"),
        "refused": ("未批准", "Refused"),
        "lapsed": ("已失效", "Lapsed"),
    },
    "link_kind": {"single_entry": ("单人户", "Single person")},
    "programme": {key: (zh, en[0].upper() + en[1:]) for key, (zh, en) in PROGRAMME_NAMES.items()},
    "role": {
        "clerk": ("经办", "clerk"),
        "surveyor": ("入户调查员", "surveyor"),
        "reviewer": ("审核", "reviewer"),
        "checker": ("核对员", "checker"),
        "supervisor": ("主管", "supervisor"),
        "administrator": ("系统管理员", "administrator"),
    },
    "definition_kind": {
        "process": ("流程", "Process"),
        "decision": ("决策", "Decision"),
        "form": ("表单", "Form"),
    },
    "situation": {
        "soon": ("3 个工作日内到期", "Due within 3 working days"),
        "paused": ("暂停或暂缓", "Paused or put off"),
        "put-off": ("暂缓", "Put off"),
        "unheld": ("超 1 个工作日无人签收", "Unclaimed for over a working day"),
    },
    "case_match": {
        "number": ("案件编号", "case number"),
        "applicant": ("申请人姓名", "applicant's name"),
        "applicant-pinyin": ("申请人姓名拼音", "applicant's name in pinyin"),
        "member": ("家庭成员姓名", "name of a member"),
        "member-pinyin": ("家庭成员姓名拼音", "name of a member in pinyin"),
        "identity-number": ("身份证号码", "identity number"),
        "phone": ("手机号码", "phone number"),
    },
    "list_column": {
        "applicant": ("申请人", "Applicant"),
        "step": ("环节", "Step"),
        "unit": ("承办单位", "Unit"),
        "arrived": ("到达时间", "Arrived"),
        "due": ("办理期限", "Due"),
        "holder": ("办理人", "Handler"),
    },
    "batch_outcome": {
        "done": ("已办", "Done"),
        "not-tried": ("未办", "Not done"),
        "waiting": ("正在自动审核", "Being checked"),
    },
    "task_action": {
        "claim": ("签收所选", "Claim ticked"),
        "release": ("释放所选", "Release ticked"),
        "assign": ("分派所选", "Assign ticked"),
        "complete": ("完成所选", "Complete ticked"),
    },
    "order_state": {
        "open": ("待答复", "To be answered"),
        "answered": ("待审核", "To be reviewed"),
        "closed": ("已办结", "Closed"),
    },
    "order_step": {
        "issued": ("下发", "Issued"),
        "due_soon": ("到期提醒", "Reminded of its day"),
        "answered": ("单位答复", "Answered"),
        "returned": ("退回", "Returned"),
        "accepted": ("采纳并办结", "Accepted, closed"),
        "escalated": ("逾期上报", "Escalated"),
    },
    "escalation_level": {
        "1": ("一级：单位负责人", "Level 1: head of the unit"),
        "2": ("二级：县级督办人员", "Level 2: county supervisors"),
        "3": ("三级：县级负责人", "Level 3: county leader"),
    },
    "basis_kind": {
        "legal": ("法律法规和政策文件", "Law or regulation"),
        "internal": ("内部规定或会议议定", "Internal rule or decision"),
    },
    "notice_cause": {
        "reminder": ("催办", "Reminder"),
        "order_issued": ("收到督办单", "Order received"),
        "order_due_soon": ("督办单即将到期", "Order due soon"),
        "order_answered": ("督办单已答复", "Order answered"),
        "order_returned": ("答复被退回", "Answer returned"),
        "order_accepted": ("答复已采纳", "Answer accepted"),
        "order_escalated": ("督办单逾期上报", "Order escalated"),
    },
    "task_state": {
        "open": ("办理中", "Open"),
        "completed": ("已办结", "Completed"),
        "cancelled": ("已取消", "Cancelled"),
    },
    "instance_state": {
        "active": ("运行中", "Running"),
        "suspended": ("已挂起", "Suspended"),
        "completed": ("已结束", "Completed"),
        "cancelled": ("已终止", "Cancelled"),
    },
    "repair": {
        "move": ("移动环节", "Move a token"),
        "variable": ("修改变量", "Change a variable"),
        "retry": ("重试故障", "Retry an incident"),
        "suspend": ("挂起流程", "Suspend"),
        "resume": ("恢复流程", "Resume"),
        "cancel": ("终止流程", "Cancel"),
    },
    "purpose": {
        "contact": ("联系当事人", "To get in touch"),
        "identity_check": ("核验身份", "To check the identity"),
        "payment": ("发放救助金", "To pay a benefit"),
        "correction": ("更正登记信息", "To correct the record"),
    },
    "history_action": {
        "started": ("流程启动", "Started"),
        "claimed": ("签收", "Claimed"),
        "released": ("释放", "Released"),
        "assigned": ("分派", "Assigned"),
        "completed": ("完成", "Completed"),
        "cancelled": ("取消", "Cancelled"),
        "job-completed": ("自动作业完成", "Job done"),
        "job-failed": ("自动作业失败", "Job failed"),
        "job-error": ("自动作业返回业务错误", "Job answered an error"),
        "timer": ("到期触发", "Timer fired"),
        "message": ("收到消息", "Message received"),
        "not-caught": ("消息或信号无人接收", "A message or signal nobody awaits"),
        "retried": ("重试", "Retried"),
        "variables-set": ("修改流程变量", "Variables set"),
        "task-updated": ("修改任务", "Task changed"),
        "task-denied": ("任务操作未获准", "Task action denied"),
        "modified": ("人工修改流程", "Modified by hand"),
        "suspended": ("挂起", "Suspended"),
        "resumed": ("恢复", "Resumed"),
        "migrated": ("迁移到另一版本", "Migrated to another version"),
        "migration-reverted": ("撤销迁移", "Migration undone"),
        "retries-set": ("设置重试次数", "Retries set"),
        "ad-hoc-activated": ("启动临时子流程环节", "Ad-hoc elements begun"),
        "revealed": ("查看完整号码", "Numbers shown in full"),
        "document_issued": ("出具文书", "Document issued"),
        "document_read": ("查看文书", "Document read"),
        "document_printed": ("打印文书", "Document printed"),
        "erased": ("销毁个人信息", "Personal facts erased"),
    },
    "incident_kind": {
        "job": ("自动作业失败", "A job failed"),
        "handler": ("办理步骤出错", "A step failed"),
        "expression": ("表达式无法计算", "An expression failed"),
        "condition": ("没有可走的流向", "No flow can be taken"),
        "decision": ("决策表无法计算", "A decision failed"),
        "assignment": ("找不到承办人", "Nobody to assign to"),
        "call": ("无法调用子流程", "A process cannot be called"),
        "timer": ("期限无法计算", "A timer cannot be set"),
        "message": ("消息无法关联", "A message cannot be awaited"),
        "signal": ("信号无法发送", "A signal cannot be sent"),
        "error-not-caught": ("业务错误无人处理", "An error nobody catches"),
    },
    "agency": {
        "household_register": ("公安局户籍", "Police household register"),
        "vehicle": ("公安局交警大队", "Police vehicle register"),
        "exit_entry": ("公安局出入境", "Police exit and entry"),
        "civil_affairs_register": ("民政局登记处", "Civil affairs register"),
        "social_insurance": ("社保中心", "Social insurance"),
        "medical_insurance": ("医保局", "Medical insurance"),
        "health_register": ("卫健局出生死亡登记", "Birth and death register"),
        "housing_register": ("不动产登记中心", "Property register"),
        "housing_bureau": ("住建局", "Housing bureau"),
        "tax": ("税务局", "Tax Bureau"),
        "market": ("市场监督管理局", "Market register"),
        "provident_fund": ("住房公积金中心", "Housing provident fund"),
        "transport": ("交通运输局", "Transport bureau"),
        "bank": ("银行", "Banks"),
        "securities": ("证券公司", "Securities firms"),
        "insurance": ("保险公司", "Insurers"),
        "payment": ("非银行支付机构", "Payment firms"),
        "agriculture": ("农业农村局", "Agriculture bureau"),
        "disability_register": ("残疾人联合会", "Disability register"),
        "school_register": ("教育局学籍", "School register"),
        "veterans": ("退役军人事务局", "Veterans affairs"),
        "justice": ("司法局", "Justice bureau"),
        "court": ("人民法院", "Court"),
    },
}


def label(kind: str, value: object) -> str:
    """Return the name of a value in the reader's language; a value without a name shows as it is."""
    key = str(value.value if isinstance(value, Enum) else value)
    texts = LABELS[kind].get(key)
    return key if texts is None else in_language(*texts)


def choices(kind: str) -> list[tuple[str, str]]:
    """Return the values of a kind with their names, for a list to choose from."""
    return [(value, in_language(*texts)) for value, texts in LABELS[kind].items()]


def labels(kind: str, values: Iterable[object]) -> str:
    """Return several names in one line."""
    return in_language("、", ", ").join(label(kind, value) for value in values)


def groups(candidate_groups: Iterable[str]) -> str:
    """Return candidate groups in words: the unit kind and the role."""
    return in_language("、", ", ").join(_group(group) for group in candidate_groups)


def town(region: str) -> str:
    """Return the name of a town by its code; a region without a name shows as it is."""
    found = TOWN_BY_REGION.get(region)
    return region if found is None else in_language(found.name, found.name_en)


def unit_kind(kind: str) -> str:
    """Return the name of a kind of unit; a kind without a name shows as it is."""
    found = UNIT_KIND_NAMES.get(kind)
    return kind if found is None else in_language(*found)


def in_language(zh: str, en: str) -> str:
    """Return the text in the reader's language."""
    return en if i18n.language() == "en" else zh


def definition_name(definition: Definition) -> str:
    """Return the name of what is deployed; what has no English one is called as in its diagram."""
    return in_language(definition.name, definition.name_en or definition.name)


def _group(group: str) -> str:
    kind, _, role = group.partition("/")
    return f"{unit_kind(kind)}{in_language('', ' ')}{label('role', role)}"
