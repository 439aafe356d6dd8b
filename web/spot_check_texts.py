"""The names of choices and states of spot checks, in Chinese and in English."""

from __future__ import annotations

SPOT_CHECK_LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "sample_basis": {
        "finished": ("已办结事项", "Finished cases"),
        "running": ("在享受待遇", "Running benefits"),
    },
    "sample_way": {
        "random": ("随机", "At random"),
        "risk": ("按风险", "By risk"),
        "mixed": ("一半按风险、一半随机", "Half by risk, half at random"),
    },
    "review_state": {
        "open": ("待核查", "To be reviewed"),
        "found": ("待处理", "To be decided on"),
        "done": ("已办结", "Done"),
        "withdrawn": ("已撤回", "Withdrawn"),
    },
    "finding_severity": {
        "minor": ("轻微", "Minor"),
        "serious": ("较重", "Serious"),
        "severe": ("严重", "Severe"),
    },
    "review_conclusion": {
        "right": ("认定正确", "Right"),
        "wrongly_in": ("错保", "Wrongly granted"),
        "wrongly_out": ("漏保", "Wrongly refused"),
        "wrong_amount": ("金额有误", "Wrong amount"),
    },
}
