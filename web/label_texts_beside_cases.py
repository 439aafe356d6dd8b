"""The names of what stands beside a case: evidence, questions to other units, what tasks on hold wait for."""

from __future__ import annotations

from web.conference_texts import CONFERENCE_LABELS
from web.spot_check_texts import SPOT_CHECK_LABELS
from web.winter_texts import WINTER_LABELS

Texts = dict[str, tuple[str, str]]

BESIDE_CASES: dict[str, Texts] = {
    **CONFERENCE_LABELS,
    **SPOT_CHECK_LABELS,
    **WINTER_LABELS,
    "evidence_kind": {
        "jpeg": ("JPEG 图片", "JPEG picture"),
        "png": ("PNG 图片", "PNG picture"),
        "webp": ("WebP 图片", "WebP picture"),
        "pdf": ("PDF 文件", "PDF"),
        "docx": ("Word 文档", "Word document"),
        "xlsx": ("Excel 表格", "Excel workbook"),
    },
    "advice_state": {
        "open": ("待答复", "Waiting for an answer"),
        "answered": ("已答复", "Answered"),
        "returned": ("已退回", "Returned"),
        "withdrawn": ("已撤回", "Withdrawn"),
    },
    "delivery_way": {
        "handed": ("直接送达", "Handed over"),
        "left": ("留置送达", "Left at the home"),
        "post": ("邮寄送达", "By post"),
    },
    "distribution_method": {
        "none": ("自行签收", "Claimed by people"),
        "round-robin": ("轮流分派", "One after the other"),
        "least-load": ("在办最少者优先", "Who holds least"),
    },
    "task_ground": {
        "round-robin": ("按规则轮流分派", "By rule: one after the other"),
        "least-load": ("按规则派给在办最少者", "By rule: to who holds least"),
        "untouched": ("久未办理，退回本单位", "Untouched: back to the unit"),
        "registered_as_kin": ("亲属回避", "Barred as kin"),
    },
    "hold_event": {
        "evidence": ("或收到新的佐证材料", "or until evidence arrives"),
        "advice": ("或征求意见得到答复", "or until a question is answered"),
    },
    "hold_event_told": {
        "evidence": ("收到新的佐证材料即恢复。", "It is back as soon as evidence arrives."),
        "advice": ("征求意见得到答复即恢复。", "It is back as soon as a question is answered."),
    },
}
