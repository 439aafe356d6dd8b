"""What can go wrong when a task is handed on."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class HandOverToNobody(CaseworkError):
    """Nobody in the unit could do the task: it has no such post, or everybody who holds one is barred."""

    code = "hand-over-to-nobody"
    text_zh = (
        "{unit}没有可以办理“{task}”的人员：没有相应岗位，或在岗人员须回避、经办复核须分离。"
        "未转交，请选择其他单位或人员。"
    )
    text_en = (
        "Nobody at {unit_en} could do the task {task!r}: there is no such post, or whoever holds it is barred. "
        "It was not handed over; choose another unit or person."
    )

    def __init__(self, *, task: str, unit: str, unit_en: str) -> None:
        super().__init__(task=task, unit=unit, unit_en=unit_en)
