"""Every finding the lint can make: its code, how bad it is, what it says and what it advises, in both languages."""

from __future__ import annotations

from engine.bpmn.lint_catalogue_duplicates import DUPLICATE_RULES
from engine.bpmn.lint_doubts import DOUBT_RULES
from engine.bpmn.mapping_rules import MAPPING_RULES
from engine.findings import Rule, error_rule, warning_rule

DOCUMENT_RULES = {
    "not-well-formed": error_rule(
        "文件不是有效的 XML:{reason}。",
        "The file is not well-formed XML: {reason}.",
        "请用建模工具重新保存该文件。",
        "Save the file again from the modeler.",
    ),
    "doctype": error_rule(
        "文件含有 DOCTYPE 声明，出于安全原因不予接受。",
        "The file declares a document type, which is refused for safety.",
        "请删除 <!DOCTYPE …> 声明。",
        "Delete the <!DOCTYPE …> declaration.",
    ),
    "not-bpmn": error_rule(
        "根元素是“{found}”，不是 BPMN 2.0 的 definitions。",
        "The root element is {found!r}, not the definitions of BPMN 2.0.",
        "请上传 BPMN 2.0 流程图文件。",
        "Upload a BPMN 2.0 diagram.",
    ),
    "no-executable-process": error_rule(
        "文件中没有可执行的流程。",
        "The file holds no executable process.",
        "在建模工具中选中流程，勾选“可执行(Executable)”。",
        "Select the process in the modeler and tick Executable.",
    ),
    "process-not-executable": warning_rule(
        "流程“{id}”不可执行，部署后不会运行。",
        "The process {id!r} is not executable and will not run.",
        "如需运行，请勾选“可执行”；仅作说明则无需处理。",
        "Tick Executable if it should run; leave it if it is only drawn for explanation.",
    ),
    "missing-id": error_rule(
        "元素“{tag}”没有 id。",
        "A {tag!r} has no id.",
        "请为该元素设置唯一的 id。",
        "Give the element an id of its own.",
    ),
    "duplicate-id": error_rule(
        "id“{id}”被重复使用（另见第 {other} 行）。",
        "The id {id!r} is used twice (also at line {other}).",
        "请改为唯一的 id。",
        "Give one of them another id.",
    ),
    "dangling-reference": error_rule(
        "“{attribute}”指向不存在的元素“{reference}”。",
        "{attribute!r} refers to {reference!r}, which does not exist or is not what is needed here.",
        "请重新连接或选择正确的元素。",
        "Connect or choose the right element.",
    ),
    "flow-across-scopes": error_rule(
        "顺序流“{id}”跨越了子流程边界。",
        "The sequence flow {id!r} crosses the border of a sub-process.",
        "请在同一层内连线；跨层请用事件。",
        "Connect elements of the same scope; use events to leave it.",
    ),
    "unsupported-element": error_rule(
        "不支持元素“{tag}”。",
        "The element {tag!r} is not supported.",
        "{advice_zh}",
        "{advice_en}",
    ),
    "unsupported-extension": error_rule(
        "扩展“{tag}”在此处不受支持。",
        "The extension {tag!r} is not supported here.",
        "{advice_zh}",
        "{advice_en}",
    ),
    "camunda-7-extension": error_rule(
        "“{tag}”是 Camunda 7 的扩展。",
        "{tag!r} is an extension of Camunda 7.",
        "请在建模工具中按 Camunda 8 重新设置该属性。",
        "Set the property again in a diagram for Camunda 8.",
    ),
    "foreign-extension": warning_rule(
        "扩展“{tag}”不属于本系统，不起作用（共 {count} 处）。",
        "The extension {tag!r} belongs to another product and has no effect here (places: {count}).",
        "如不需要请删除。",
        "Delete it if nothing else needs it.",
    ),
    "unsupported-attribute": error_rule(
        "“{tag}”的属性“{attribute}”(值“{value}”)不受支持。",
        "The attribute {attribute!r} of {tag!r} (value {value!r}) is not supported.",
        "{advice_zh}",
        "{advice_en}",
    ),
    "missing-attribute": error_rule(
        "“{tag}”缺少“{attribute}”。",
        "{tag!r} lacks {attribute!r}.",
        "请在属性面板中填写。",
        "Fill it in in the properties panel.",
    ),
    "bad-value": error_rule(
        "“{attribute}”的值“{value}”无效，允许：{allowed}。",
        "{attribute!r} has the value {value!r}; allowed: {allowed}.",
        "请改为允许的值。",
        "Choose one of the allowed values.",
    ),
    "bad-variable-name": error_rule(
        "“{value}”不是有效的变量名。",
        "{value!r} is not a name for a variable.",
        "变量名以文字或下划线开头，只含文字、数字、下划线；只有映射的目标可用点分隔层级。",
        "Begin with a letter or underscore, go on with letters, digits and underscores; in the target of a mapping "
        "dots make levels.",
    ),
    "variable-name-taken": error_rule(
        "“{id}”的“{attribute}”要写入“{name}”，但它是表达式读取的系统对象。",
        "{attribute!r} of {id!r} would write {name!r}, which is an object of the office that expressions read.",
        "请换一个变量名。",
        "Use another name for the variable.",
    ),
    "no-shape": warning_rule(
        "元素“{id}”没有图形，图上看不到它。",
        "The element {id!r} has no shape: nobody sees it in the diagram.",
        "请在建模工具中重新画出该元素。",
        "Draw the element again in the modeler.",
    ),
    "no-diagram": warning_rule(
        "文件中没有图形信息，无法显示流程图。",
        "The file holds no layout, so that the diagram cannot be shown.",
        "请用建模工具打开并保存。",
        "Open and save it with a modeler.",
    ),
}

FLOW_RULES = {
    "no-start-event": error_rule(
        "“{id}”没有开始事件。",
        "{id!r} has no start event.",
        "请添加一个开始事件。",
        "Add a start event.",
    ),
    "several-none-start-events": error_rule(
        "“{id}”有 {count} 个无触发条件的开始事件，只能有一个。",
        "{id!r} has {count} start events without a trigger; there may be only one.",
        "保留一个，其余改为消息、定时或信号开始事件。",
        "Keep one; make the others message, timer or signal start events.",
    ),
    "sub-process-start": error_rule(
        "子流程“{id}”必须有且只有一个无触发条件的开始事件。",
        "The sub-process {id!r} needs exactly one start event, without a trigger.",
        "请保留一个普通开始事件。",
        "Keep one plain start event.",
    ),
    "event-sub-process-start": error_rule(
        "事件子流程“{id}”必须有且只有一个带触发条件的开始事件。",
        "The event sub-process {id!r} needs exactly one start event, with a trigger.",
        "请设置消息、定时、信号、条件、错误或升级开始事件。",
        "Make it a message, timer, signal, conditional, error or escalation start event.",
    ),
    "unreachable": error_rule(
        "元素“{id}”无法到达，永远不会执行。",
        "The element {id!r} cannot be reached and would never run.",
        "请连接该元素或将其删除。",
        "Connect the element or delete it.",
    ),
    "no-incoming-allowed": error_rule(
        "“{id}”不能有流入的顺序流。",
        "No sequence flow may lead to {id!r}.",
        "请删除该顺序流。",
        "Delete the sequence flow.",
    ),
    "no-outgoing-allowed": error_rule(
        "“{id}”不能有流出的顺序流。",
        "No sequence flow may leave {id!r}.",
        "请删除该顺序流。",
        "Delete the sequence flow.",
    ),
    "flow-without-condition": error_rule(
        "网关“{gateway}”的分支“{id}”既无条件，也不是默认分支。",
        "The flow {id!r} out of the gateway {gateway!r} has no condition and is not the default.",
        "请填写条件，或设为默认分支。",
        "Give it a condition, or make it the default flow.",
    ),
    "no-default-flow": warning_rule(
        "“{id}”没有默认分支；所有条件都不成立时会产生异常事件。",
        "{id!r} has no default flow; when no condition is true it becomes an incident.",
        "请把其中一个分支设为默认分支。",
        "Make one of the flows the default.",
    ),
    "default-with-condition": error_rule(
        "默认分支“{id}”带有条件，条件不会被判断。",
        "The default flow {id!r} has a condition, which would never be looked at.",
        "请删除条件，或取消默认。",
        "Delete the condition, or make another flow the default.",
    ),
    "default-without-choice": error_rule(
        "“{id}”设置了默认分支，但其他分支没有条件。",
        "{id!r} has a default flow, but no other flow has a condition.",
        "请为其他分支填写条件，或取消默认。",
        "Give the other flows conditions, or drop the default.",
    ),
    "condition-not-allowed": error_rule(
        "“{source}”之后的顺序流“{id}”不能带条件。",
        "The flow {id!r} out of {source!r} cannot have a condition.",
        "请改用排他网关或包容网关。",
        "Use an exclusive or inclusive gateway.",
    ),
    "event-gateway-target": error_rule(
        "事件网关“{gateway}”之后的“{id}”不是消息、定时、信号、条件捕获事件或接收任务，或另有流入。",
        "{id!r} behind the event-based gateway {gateway!r} is no message, timer, signal or conditional catch event or "
        "receive task of its own.",
        "事件网关之后只能直接连捕获事件或接收任务，且各自只有一个流入。",
        "Lead each flow straight to a catch event or receive task that nothing else leads to.",
    ),
    "event-gateway-single": error_rule(
        "事件网关“{id}”之后少于两个事件。",
        "Fewer than two events follow the event-based gateway {id!r}.",
        "请补充事件，或去掉网关。",
        "Add an event, or drop the gateway.",
    ),
    "link-without-target": error_rule(
        "链接事件“{id}”(名称“{name}”)在同一层没有唯一的对应捕获事件。",
        "The link event {id!r} (name {name!r}) has not exactly one catch event of that name in its scope.",
        "请在同一层画一个同名的链接捕获事件。",
        "Draw one link catch event of the same name in the same scope.",
    ),
    "compensation-handler": error_rule(
        "补偿边界事件“{id}”没有用关联线连到同一层中唯一的补偿活动。",
        "The compensation event {id!r} is not associated with exactly one compensation activity of its scope.",
        "请用关联线连到同一层中一个标记为“补偿”的活动。",
        "Associate it with one activity of the same scope that is marked as compensation.",
    ),
    "nothing-to-compensate": error_rule(
        "“{id}”要补偿的“{activity}”不是同一层中可补偿的活动。",
        "{id!r} compensates {activity!r}, which is no activity of its scope that can be undone.",
        "请选同一层的活动，并为它（或子流程内的活动）添加补偿边界事件。",
        "Choose an activity of the same scope, with a compensation event on it or, in a sub-process, on one within.",
    ),
    "ad-hoc-content": error_rule(
        "临时子流程“{id}”中不能有开始或结束事件，且至少要有一个可选的活动。",
        "The ad-hoc sub-process {id!r} may hold no start or end event, and needs an activity to choose.",
        "请删除开始/结束事件，并放入活动。",
        "Delete start and end events and put activities in.",
    ),
}

CONTENT_RULES = {
    "event-definition-not-supported": error_rule(
        "“{id}”({tag})不支持事件类型“{kind}”。",
        "{id!r} ({tag}) does not support the event type {kind!r}.",
        "允许的类型：{allowed}。",
        "Allowed types: {allowed}.",
    ),
    "several-event-definitions": error_rule(
        "“{id}”有多个事件定义。",
        "{id!r} has several event definitions.",
        "每个事件只用一个定义；多个触发条件请画多个事件。",
        "Use one definition an event; draw several events for several triggers.",
    ),
    "cannot-be-non-interrupting": error_rule(
        "错误事件“{id}”不能设为非中断。",
        "The error event {id!r} cannot be non-interrupting.",
        "请改为中断，或改用升级事件。",
        "Make it interrupting, or use an escalation.",
    ),
    "error-without-code": error_rule(
        "“{id}”没有错误代码或升级代码。",
        "{id!r} has no error or escalation code.",
        "请填写代码。",
        "Fill in the code.",
    ),
    "message-without-name": error_rule(
        "“{id}”没有名称。",
        "{id!r} has no name.",
        "请填写消息或信号的名称。",
        "Fill in the name of the message or signal.",
    ),
    "message-without-correlation-key": warning_rule(
        "“{id}”等待的消息没有关联键，任何同名消息都会触发它。",
        "The message {id!r} waits for has no correlation key: any message of that name triggers it.",
        "请填写关联键，例如 =applicationNumber。",
        "Fill in the correlation key, for example =applicationNumber.",
    ),
    "timer-definition": error_rule(
        "定时事件“{id}”必须恰好填写日期、时长、循环三者之一。",
        "The timer {id!r} needs exactly one of date, duration and cycle.",
        "请只填写一种。",
        "Fill in one of them.",
    ),
    "timer-not-readable": error_rule(
        "“{id}”的时间“{value}”无法识别：{reason_zh}。",
        "The time {value!r} of {id!r} cannot be read: {reason_en}.",
        "日期如 2026-05-01T09:00:00+08:00,时长如 P15D,循环如 R3/P1D 或 0 0 9 * * MON-FRI,或以 = 开头的表达式。",
        "Write a date as 2026-05-01T09:00:00+08:00, a duration as P15D, a cycle as R3/P1D or 0 0 9 * * MON-FRI, "
        "or an expression after =.",
    ),
    "cycle-not-allowed": error_rule(
        "“{id}”不能使用循环定时。",
        "A cycle cannot be used at {id!r}.",
        "循环只能用于流程开始事件或非中断事件。",
        "Use cycles at process start events and non-interrupting events only.",
    ),
    "duration-not-allowed": error_rule(
        "流程开始事件“{id}”不能使用时长：没有可以起算的时刻。",
        "A duration cannot be used at the process start event {id!r}: there is nothing to count from.",
        "请改用日期或循环，例如 R/P1D 或 0 0 9 * * MON-FRI。",
        "Use a date or a cycle, for example R/P1D or 0 0 9 * * MON-FRI.",
    ),
    "script-refused": error_rule(
        "脚本任务“{id}”含有脚本代码，不予执行。",
        "The script task {id!r} holds script code, which never runs here.",
        "请改用 FEEL 表达式(zeebe:script)。",
        "Use a FEEL expression (zeebe:script).",
    ),
    "user-task-without-assignment": error_rule(
        "用户任务“{id}”没有候选组、候选人或办理人，没有人能看到它。",
        "The user task {id!r} names no candidate group, candidate user or assignee: nobody would see it.",
        "请填写候选组，例如 township/clerk。",
        "Fill in a candidate group, for example township/clerk.",
    ),
    "user-task-without-form": warning_rule(
        "用户任务“{id}”没有表单。",
        "The user task {id!r} has no form.",
        "请选择表单。",
        "Choose a form.",
    ),
    "no-implementation": error_rule(
        "“{id}”({tag})没有说明要做什么。",
        "{id!r} ({tag}) does not say what to do.",
        "请填写：{needed}。",
        "Fill in: {needed}.",
    ),
    "two-implementations": error_rule(
        "“{id}”同时设置了 {first} 和 {second}。",
        "{id!r} has both {first} and {second}.",
        "请只保留一种。",
        "Keep one of them.",
    ),
    "loop-without-end": error_rule(
        "循环活动“{id}”既没有循环条件，也没有最大次数，永远不会结束。",
        "The loop {id!r} has neither a condition nor a maximum number of rounds and would never end.",
        "请填写循环条件(loopCondition)或最大次数(loopMaximum)。",
        "Fill in the condition (loopCondition) or the maximum (loopMaximum).",
    ),
    "unknown-distinct-from": error_rule(
        "“{id}”的 distinctFrom 指向“{reference}”，它不是本流程的用户任务。",
        "distinctFrom of {id!r} names {reference!r}, which is no user task of this process.",
        "请填写本流程用户任务的 id,多个用逗号分隔。",
        "Name ids of user tasks of this process, separated by commas.",
    ),
    "listener-never-runs": error_rule(
        "“{id}”({tag})不能有“{event}”监听器：{reason_zh}。",
        "{id!r} ({tag}) cannot have {event!r} listeners: {reason_en}.",
        "{advice_zh}",
        "{advice_en}",
    ),
    "duplicate-listener": error_rule(
        "“{id}”有两个“{event}”监听器的作业类型都是“{type}”。",
        "{id!r} has two {event!r} listeners of the type {type!r}.",
        "请删除一个，或改用不同的作业类型。",
        "Delete one of them, or give it another type.",
    ),
    "listener-retries": error_rule(
        "“{id}”的监听器重试次数“{value}”不是非负整数。",
        "The retries {value!r} of a listener of {id!r} are no whole number of 0 or more.",
        "请填写整数，例如 3,或以 = 开头的表达式。",
        "Write a whole number such as 3, or an expression after =.",
    ),
    "expression-needed": error_rule(
        "“{id}”的“{where}”必须是表达式，以 = 开头（现为“{value}”）。",
        "{where!r} of {id!r} must be an expression that begins with = (found {value!r}).",
        "请写成 FEEL 表达式，以 = 开头，例如 =approved;其他产品的表达式写法不能识别。",
        "Write a FEEL expression after =, for example =approved; the notation of other products is not read.",
    ),
    "expression-language": error_rule(
        "“{attribute}”写明此处语言为“{value}”，而这里只识别 FEEL。",
        "{attribute!r} says that this is written in {value!r}; FEEL is the only language here.",
        "请改写为 FEEL 表达式，并删除该属性或填 feel。",
        "Write it in FEEL, and delete the attribute or fill in feel.",
    ),
    "feel-syntax": error_rule(
        "“{id}”的“{where}”表达式有语法错误：{reason_zh}",
        "The expression in {where!r} of {id!r} has a syntax error: {reason_en}",
        "请改正第 {position} 个字符附近的内容。",
        "Correct what stands near character {position}.",
    ),
    "feel-always-wrong": error_rule(
        "“{id}”的“{where}”表达式第 {position} 个字符处：{reason_zh}。",
        "The expression in {where!r} of {id!r} at character {position}: {reason_en}.",
        "不论变量取什么值都会出错，请改正表达式。",
        "It goes wrong whatever the variables are; correct the expression.",
    ),
    "feel-doubtful": warning_rule(
        "“{id}”的“{where}”表达式第 {position} 个字符处：{reason_zh}。",
        "The expression in {where!r} of {id!r} at character {position}: {reason_en}.",
        "请检查名称是否写错。",
        "Look at the spelling of the name.",
    ),
}

RULES: dict[str, Rule] = {
    **DOCUMENT_RULES,
    **FLOW_RULES,
    **CONTENT_RULES,
    **DUPLICATE_RULES,
    **MAPPING_RULES,
    **DOUBT_RULES,
}
