"""The papers of decisions: the decision, the hearing before an adverse one, change and stop, referral slips."""

from __future__ import annotations

from document_layouts.shapes import COMPLAINTS, REMEDIES, Layout, form, one, paragraph, to, two

LAYOUTS = {
    "decision": Layout(
        title="社会救助决定书",
        parts=(
            to(),
            paragraph("您的社会救助申请（案件编号 {{案号}}，居住地址：{{居住地址}}）已审核完毕，现决定：{{决定}}。"),
            paragraph("金额：{{金额?}}。"),
            paragraph("起始月份：{{起始月份?}}。"),
            paragraph("有效期限：{{有效期限?}}。"),
            paragraph("计算过程：{{计算过程?}}。"),
            paragraph("理由：{{理由}}。"),
            paragraph("法律依据："),
            paragraph("{{法律依据}}"),
            paragraph("如不服本决定，可以自收到本决定书之日起："),
            REMEDIES,
        ),
        signed=("送达情况：{{送达}}　　受送达人（签名）：__________________",),
    ),
    "hearing": Layout(
        title="陈述申辩告知书",
        parts=(
            to(),
            paragraph(
                "关于您家（居住地址：{{居住地址}}）享受的{{救助项目}}（案件编号 {{案号}}），"
                "我单位拟作出{{拟作决定}}的决定。"
            ),
            paragraph("理由：{{理由}}。"),
            paragraph(
                "依据{{法律依据}}，作出决定前，您有权进行陈述和申辩。请于{{陈述申辩期限}}前，以书面、"
                "口头或者电话方式向我单位提出；逾期未提出的，视为放弃陈述和申辩。"
            ),
            paragraph("您提出的事实、理由和证据，我单位将予以复核；成立的，予以采纳。不因陈述申辩而加重不利后果。"),
            COMPLAINTS,
        ),
        signed=("受送达人（签名）：__________________　　　　　　年　　月　　日",),
    ),
    "change_notice": Layout(
        title="社会救助待遇变更（停发）通知书",
        parts=(
            to(),
            paragraph(
                "关于您家（居住地址：{{居住地址}}）享受的{{救助项目}}（案件编号 {{案号}}），"
                "经复核并听取您的意见，依据决定{{决定文号}}号，现通知：{{决定}}，自{{执行月份}}起执行。"
            ),
            form(two(("原金额", "{{原金额}}"), ("现金额", "{{现金额}}")), one("计算过程", "{{计算过程}}")),
            paragraph("理由：{{理由}}。", space=True),
            paragraph("法律依据："),
            paragraph("{{法律依据}}"),
            paragraph("如不服，可以自收到本通知书之日起："),
            REMEDIES,
        ),
    ),
    "referral": Layout(
        title="社会救助转介单",
        parts=(
            form(
                two(("转办编号", "{{转办编号}}"), ("案件编号", "{{案号}}")),
                two(("申请人", "{{申请人}}"), ("救助项目", "{{救助项目}}")),
                one("居住地址", "{{居住地址}}"),
                one("接收单位", "{{接收单位}}"),
                one("转介事由", "{{转介事由}}", tall=True),
                one("法律依据", "{{法律依据}}"),
                two(("转出日期", "{{转出日期}}"), ("签收期限", "{{签收期限}}")),
                two(("反馈期限", "{{反馈期限}}"), ("办理状态", "{{办理状态}}")),
                one("办理结果", "{{办理结果}}", tall=True),
            ),
        ),
        signed=("接收人（签名）：__________________　　　　　　年　　月　　日",),
    ),
}
