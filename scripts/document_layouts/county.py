"""The papers about the whole county: rosters, bank lists, supervision orders, minutes."""

from __future__ import annotations

from document_layouts.shapes import Layout, form, one, paragraph, rows, two

LAYOUTS = {
    "roster": Layout(
        title="社会救助资金发放花名册",
        landscape=True,
        parts=(
            paragraph(
                "发放月份：{{发放月份}}　　救助项目：{{救助项目}}　　地区：{{地区}}　　单位：元",
                flush=True,
                size=12,
                space=True,
            ),
            rows(
                "发放明细",
                ("序号", 12),
                ("村（居）", 32),
                ("户号", 44),
                ("收款人", 28),
                ("人数", 14),
                ("基本金", 26),
                ("增发", 24),
                ("价格补贴", 24),
                ("合计", 28),
                ("账号尾号", 22),
                figures="基本金 增发 价格补贴 合计",
            ),
            paragraph("合计：{{户数合计}} 户，{{人数合计}} 人，金额 {{金额合计}} 元", flush=True, size=12, space=True),
        ),
        signed=("制表：{{制表}}　　　　　　复核：{{复核}}　　　　　　审批：{{审批}}",),
    ),
    "bank_list": Layout(
        title="社会化发放委托清单及回盘表",
        parts=(
            paragraph(
                "发放月份：{{发放月份}}　批次号：{{批次号}}　代发银行：{{代发银行}}", flush=True, size=12, space=True
            ),
            paragraph("文件校验：{{文件校验}}", flush=True, size=10.5),
            rows(
                "发放明细",
                ("序号", 12),
                ("收款人", 32),
                ("账号", 46),
                ("金额", 26),
                ("回盘状态", 24),
                ("返回码", 16),
                figures="金额",
            ),
            form(
                two(("笔数", "{{笔数}}"), ("金额合计", "{{金额合计}} 元")),
                two(("成功金额", "{{成功金额}} 元"), ("失败金额", "{{失败金额}} 元")),
            ),
        ),
        signed=("财政经办：______________　　银行经办：______________",),
    ),
    "supervision": Layout(
        title="督办单",
        parts=(
            form(
                two(("被督办单位", "{{被督办单位}}"), ("督办等级", "{{督办等级}}")),
                one("督办事项", "{{督办事项}}"),
                one("事实", "{{事实}}", tall=True),
                one("办理要求", "{{办理要求}}", tall=True),
                one("回复期限", "{{回复期限}}"),
                one("办理回复", "{{办理回复}}", tall=True),
                one("销号意见", "{{销号意见}}", tall=True),
            ),
        ),
        signed=("签发人：__________________",),
    ),
    "circular": Layout(
        title="社会救助工作月度通报",
        parts=(
            paragraph("通报月份：{{通报月份}}　　统计时间：{{统计时间}}", flush=True, size=12, space=True),
            paragraph("一、总体情况", flush=True, space=True),
            paragraph("{{总体情况}}"),
            rows(
                "各街道（镇）情况",
                ("序号", 12),
                ("街道（镇）", 36),
                ("收到", 16),
                ("办结", 16),
                ("不予受理", 20),
                ("在办", 16),
                ("到期", 14),
                ("按期", 14),
                ("按期率", 22),
                caption="二、各街道（镇）情况（按按期率排序）",
                figures="收到 办结 不予受理 在办 到期 按期 按期率",
            ),
            rows(
                "各单位情况",
                ("序号", 12),
                ("单位", 36),
                ("转入", 16),
                ("签收", 16),
                ("办结", 16),
                ("超期", 16),
                ("到期", 16),
                ("按期", 16),
                ("按期率", 22),
                caption="三、各单位情况（按按期率排序）",
                figures="转入 签收 办结 超期 到期 按期 按期率",
            ),
            paragraph("四、督办和抽查", flush=True, space=True),
            paragraph("{{督办和抽查}}"),
            paragraph("五、工作要求", flush=True, space=True),
            paragraph("{{工作要求}}"),
        ),
    ),
    "minutes": Layout(
        title="会议纪要",
        parts=(
            form(
                one("会议名称", "{{会议名称}}"),
                two(("会议日期", "{{会议日期}}"), ("会议地点", "{{会议地点}}")),
                one("主持人", "{{主持人}}"),
                one("参会人员", "{{参会人员}}"),
            ),
            paragraph("议题：", flush=True, space=True),
            paragraph("{{议题}}"),
            rows(
                "议定事项",
                ("序号", 14),
                ("事项", 62),
                ("责任单位", 36),
                ("完成时限", 26),
                ("进展", 18),
                caption="议定事项",
            ),
        ),
    ),
}
