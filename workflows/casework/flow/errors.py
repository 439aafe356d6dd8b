"""What questions about the flow of cases are refused for."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class HeatTakesTooLong(CaseworkError):
    """So many passages were to be counted that the server gave up on it, before it kept others from their work."""

    code = "heat-takes-too-long"
    text_zh = "热力图统计超过 {seconds} 秒，已停止。请缩短期间，或只看一个镇街。"
    text_en = "Counting for the heat map took more than {seconds} s and was stopped. Choose fewer days, or one town."

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
