"""Findings about what would never be applied or never happen although it is drawn."""

from __future__ import annotations

from engine.findings import error_rule

MAPPING_RULES = {
    "mapping-never-applied": error_rule(
        "“{id}”({tag})的{kind_zh}映射永远不会执行：{reason_zh}。",
        "The {kind_en} mappings of {id!r} ({tag}) would never be applied: {reason_en}.",
        "请删除该映射，或按提示改放。",
        "Delete the mapping, or put it where the message says.",
    ),
    "join-in-ad-hoc": error_rule(
        "并行网关“{id}”等待的令牌不会都来：临时子流程中每个被启动的元素(如“{head}”)各走各的路。",
        "The parallel gateway {id!r} waits for tokens that never all come: "
        "what is begun in an ad-hoc sub-process, such as {head!r}, goes its way alone.",
        "请把需要汇合的部分画成临时子流程内的一个子流程，或改用排他网关合并。",
        "Draw what is to be joined as a sub-process within the ad-hoc one, or merge it by an exclusive gateway.",
    ),
}
