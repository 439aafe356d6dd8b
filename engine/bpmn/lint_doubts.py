"""Findings about what runs as drawn and is hardly meant so: it never waits, fires at once, or finds nobody."""

from __future__ import annotations

from engine.findings import warning_rule

DOUBT_RULES = {
    "implicit-end": warning_rule(
        "“{id}”之后没有顺序流，也不是结束事件。",
        "Nothing follows {id!r}, and it is no end event.",
        "请连到一个结束事件，说明结局。",
        "Lead it to an end event that names the outcome.",
    ),
    "negative-duration": warning_rule(
        "“{id}”的时长“{value}”为负，会立即触发。",
        "The duration {value!r} of {id!r} is negative: it fires at once.",
        "请填写正的时长，例如 P3D。",
        "Write a duration that goes forward, for example P3D.",
    ),
    "unknown-group": warning_rule(
        "用户任务“{id}”的候选组“{group}”无人担任，没有人能看到它。",
        "Nobody belongs to the candidate group {group!r} of {id!r}: nobody would see the task.",
        "请使用“单位类型/岗位”，已知的有：{known}。",
        "Write unit kind and role; known are: {known}.",
    ),
    "unknown-job-type": warning_rule(
        "“{id}”的作业类型“{type}”没有处理程序，到此会一直等待。",
        "Nothing handles the job type {type!r} of {id!r}: it would wait there for ever.",
        "请使用已有的作业类型：{known}。",
        "Use a job type that is handled: {known}.",
    ),
    "loop-never-waits": warning_rule(
        "{others} 形成循环，其中没有任何环节会等待：到达“{id}”后必然超出步数上限。",
        "{others} is a circle in which nothing waits: whatever reaches {id!r} is certain to run into the step limit.",
        "请在循环中加入等待的环节，或用带条件的网关离开循环。",
        "Put something that waits into the circle, or leave it by a gateway with a condition.",
    ),
    "join-of-a-choice": warning_rule(
        "并行网关“{id}”要等 {flows} 都到达，而“{choice}”之后只会走其中一条：到此会一直等待。",
        "The parallel gateway {id!r} waits for {flows}, but behind {choice!r} only one of them is taken: "
        "what comes here waits for ever.",
        "请用排他网关汇合；确需并行的，在“{id}”之前用并行网关分出各条分支。",
        "Merge by an exclusive gateway, or let a parallel gateway begin the branches that {id!r} joins.",
    ),
    "calls-itself": warning_rule(
        "“{id}”总会立即再次调用本流程“{process}”，必然超出步数上限。",
        "{id!r} always calls its own process {process!r} at once: that is certain to run into the step limit.",
        "请在调用前加入等待的环节，或用带条件的网关决定是否再次调用。",
        "Put something that waits before the call, or let a gateway decide whether to call again.",
    ),
}
