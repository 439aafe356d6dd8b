"""The names of choices and states on the pages of registers and books, by their kind: Chinese and English."""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]

OFFICE_LABELS: dict[str, Texts] = {
    "entry_action": {
        "registered": ("登记", "Entered"),
        "confirmed": ("新案受理后更新", "Confirmed by a newer case"),
        "corrected": ("更正", "Corrected"),
        "merged": ("合并", "Merged"),
        "revealed": ("查看完整号码", "Numbers shown in full"),
    },
    "parameter_change_state": {
        "asked": ("待审批", "To be decided"),
        "approved": ("已同意", "Approved"),
        "refused": ("未同意", "Refused"),
        "withdrawn": ("已撤回", "Withdrawn"),
    },
    "correction_state": {
        "requested": ("待审批", "To be decided"),
        "approved": ("已同意", "Approved"),
        "refused": ("未同意", "Refused"),
    },
    "register_field": {
        "name": ("姓名", "Name"),
        "identity_number": ("身份证号码", "Identity number"),
        "phone": ("手机号码", "Phone"),
        "address": ("居住地址", "Address"),
        "division": ("村（社区）区划代码", "Village code"),
        "account": ("发放账户", "Account"),
        "left": ("不再是成员", "No member any more"),
        "bank": ("开户银行", "Bank"),
        "holder": ("户名", "Holder"),
        "number": ("账号", "Number"),
        "on": ("最后一天", "Last day"),
        "members": ("成员", "Members"),
        "purpose": ("用途", "Purpose"),
    },
    "division_state": {
        "current": ("现行区划", "Current"),
        "abolished": ("已撤并，请核实新代码", "Abolished: ask for the new code"),
        "elsewhere": ("县外", "Outside the county"),
        "none": ("未登记区划代码", "No village code"),
    },
    "duplicate_kind": {
        "same_person": ("同一人在多个案件", "One person, two cases"),
        "two_households": ("同一人在两户", "One person, two households"),
        "same_event": ("同一事件重复申请", "One event, two claims"),
        "name_and_birth": ("姓名、出生日期相同", "Same name and birth date"),
        "phone": ("手机号码相同", "Same phone"),
        "account": ("收款账号相同", "Same account"),
    },
    "duplicate_decision": {
        "same": ("同一人（同一事件）", "The same"),
        "different": ("不同", "Different"),
        "merge": ("合并登记", "Merged"),
    },
    "batch_state": {
        "prepared": ("编制花名册", "Roster being prepared"),
        "checked": ("已复核", "Checked"),
        "approved": ("已批准拨付", "Funds approved"),
        "sent": ("已送银行", "At the bank"),
        "settled": ("已回盘", "Answered by the bank"),
        "dropped": ("无应发款项", "Nothing to pay"),
    },
    "batch_kind": {
        "retry-incidents": ("重试故障", "Retry incidents"),
        "cancel": ("终止流程", "Cancel instances"),
        "suspend": ("挂起流程", "Suspend instances"),
        "resume": ("恢复流程", "Resume instances"),
        "modify": ("修改流程", "Modify instances"),
        "set-retries": ("设置重试次数", "Set retries"),
        "migrate": ("流程迁移", "Migrate instances"),
        "revert-migration": ("撤销迁移", "Undo a migration"),
    },
    "batch_progress": {
        "created": ("等待执行", "Waiting"),
        "running": ("执行中", "At work"),
        "suspended": ("已暂停", "Suspended"),
        "cancelled": ("已终止", "Cancelled"),
        "completed": ("已完成", "Completed"),
    },
    "batch_item_state": {
        "waiting": ("等待", "Waiting"),
        "done": ("完成", "Done"),
        "not-tried": ("未执行", "Not done"),
        "failed": ("失败", "Failed"),
        "cancelled": ("已取消", "Cancelled"),
    },
    "forecast": {
        "done": ("可行", "Would be done"),
        "not-tried": ("不能", "Would stay"),
        "failed": ("会失败", "Would fail"),
    },
    "package_file": {
        "new": ("新文件，导入为草稿", "New here, becomes a draft"),
        "same": ("与在用版本相同，不导入", "As active here, left out"),
        "other": ("与在用版本不同，导入为草稿", "Other than active here, becomes a draft"),
        "drafted": ("已有草稿，不能导入", "There is a draft of it already"),
    },
    "mapping_by": {
        "id": ("同标识", "Same id"),
        "name": ("同名称", "Same name"),
        "hand": ("手工指定", "Chosen by hand"),
        "nothing": ("无对应", "Nothing there"),
    },
    "payment_state": {
        "due": ("待列入花名册", "Due"),
        "listed": ("已列入花名册", "Listed"),
        "sent": ("已送银行", "At the bank"),
        "paid": ("已到账", "Paid"),
        "failed": ("发放失败", "Failed"),
        "blocked": ("停止发放", "Blocked"),
    },
    "payment_kind": {
        "entitlement": ("待遇", "Benefit"),
        "price_subsidy": ("价格补贴", "Price subsidy"),
        "back_pay": ("补发", "Back pay"),
        "winter_relief": ("冬春救助", "Winter and spring relief"),
    },
    "recovery_cause": {
        "fraud": ("隐瞒、虚报", "Hidden or false facts"),
        "death": ("去世后发放", "Paid after a death"),
        "error": ("工作差错", "Error of the office"),
    },
    "recovery_state": {
        "open": ("调查认定中", "Being established"),
        "dropped": ("不予追回", "Dropped"),
        "decided": ("已决定追回", "Decided"),
        "settled": ("已缴清", "Settled"),
    },
    "finding_level": {
        "error": ("须更正", "To be corrected"),
        "warning": ("请留意", "Mind"),
    },
    "kin_post": {
        "staff": ("社会救助工作人员", "Works on relief cases"),
        "village": ("村（居）委会成员", "Sits on a village committee"),
    },
    "place_state": {
        "waiting": ("轮候中", "Waiting"),
        "allocated": ("已配租", "Has a dwelling"),
        "left": ("已退出", "Left"),
    },
}
