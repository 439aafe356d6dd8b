"""Every finding about a decision model: its code, how bad it is, what it says and advises, in both languages.

A new rule is one entry here and one `finding_at(place, code, ...)` where it is found.
"""

from __future__ import annotations

from engine.findings import Rule, error_rule, warning_rule

DOCUMENT_RULES = {
    "document-too-large": error_rule(
        "文件超过 {limit} 字节。",
        "The document is larger than {limit} bytes.",
        "请把模型拆分成几个文件，用导入连接。",
        "Split the model by imports.",
    ),
    "not-well-formed": error_rule(
        "文件不是有效的 XML：{reason}。",
        "This is not XML: {reason}.",
        "请用建模工具重新保存该文件。",
        "Save the model again from the modeler.",
    ),
    "doctype": error_rule(
        "文件含有 DOCTYPE 声明，出于安全原因不予接受。",
        "The document has a document type (DOCTYPE), which is refused for safety.",
        "请删除 <!DOCTYPE …> 声明。",
        "Take the DOCTYPE out of the file.",
    ),
    "not-dmn": error_rule(
        "根元素应为 DMN 1.1 至 1.5 的 definitions，实际为“{tag}”。",
        "The root element must be the 'definitions' of DMN 1.1 to 1.5, found {tag!r}.",
        "请把模型保存为 DMN 1.3 或更高版本。",
        "Save the model as DMN 1.3 or later.",
    ),
    "logic-too-deep": error_rule(
        "决策逻辑嵌套过深。",
        "The logic nests too deep.",
        "请拆分成几个决策。",
        "Split it into several decisions.",
    ),
    "missing-id": error_rule(
        "有一个元素既没有 id 也没有名称。",
        "An element has neither id nor name.",
        "请为每个元素设置唯一的 id。",
        "Give every element an id of its own.",
    ),
    "duplicate-id": error_rule(
        "id“{id}”被重复使用。",
        "The id {id!r} is used twice.",
        "请为每个元素设置唯一的 id。",
        "Give every element an id of its own.",
    ),
    "unknown-type": warning_rule(
        "没有名为“{type}”的类型，按任意类型处理。",
        "There is no type {type!r}; it is taken as Any.",
        "请把它定义为数据类型，或更正类型名称。",
        "Define the type as an item definition, or correct the type reference.",
    ),
}

REQUIREMENT_RULES = {
    "import-circle": error_rule(
        "导入“{namespace}”后又回到了本模型。",
        "The import of {namespace!r} leads back to itself.",
        "请去掉其中一个导入。",
        "Break the circle.",
    ),
    "imports-unavailable": error_rule(
        "模型导入了“{namespace}”，但此处没有其他模型可用。",
        "The model imports {namespace!r}, and no models are at hand.",
        "请把被导入的模型与本模型一起部署。",
        "Deploy the imported model together with this one.",
    ),
    "unknown-import": error_rule(
        "没有命名空间为“{namespace}”的模型。",
        "There is no model of the namespace {namespace!r}.",
        "请把被导入的模型与本模型一起部署。",
        "Deploy the imported model together with this one.",
    ),
    "requirement-circle": error_rule(
        "决策依赖于自身：{path}。",
        "The decision requires itself: {path}.",
        "请去掉其中一个信息需求。",
        "Remove one of these information requirements.",
    ),
    "dangling-requirement": error_rule(
        "“{name}”需要的元素“{id}”不存在。",
        "{name!r} requires the element {id!r}, which does not exist.",
        "请重新画出该需求，或将其删除。",
        "Draw the requirement again, or remove it.",
    ),
    "requirement-missing": error_rule(
        "“{name}”用到了“{read}”，图中有它，却没有连到这里：取值将为空。",
        "{name!r} reads {read!r}, which is drawn but not required here: it will be null.",
        "请画一条从“{read}”到“{name}”的需求连线。",
        "Draw a requirement from {read!r} to {name!r}.",
    ),
}

LOGIC_RULES = {
    "no-logic": warning_rule(
        "结果总是空值：{reason}。",
        "The value is always null: {reason}.",
        "请用 FEEL 写出决策逻辑。",
        "Draw the logic, in FEEL.",
    ),
    "no-feel": error_rule(
        "{place}：“{text}”不是 FEEL：{error}。",
        "{place}: {text!r} is no FEEL: {error}.",
        "请改正；文本要写在英文双引号里。",
        "Correct the text; strings stand in double quotation marks.",
    ),
    "full-width-sign": warning_rule(
        "{place}：“{text}”用到了名称“{name}”{hint}。",
        "{place}: {text!r} reads the name {name!r}{hint}.",
        "运算符和括号请用半角字符。",
        "Type operators and brackets as half-width signs.",
    ),
}

TABLE_RULES = {
    "unknown-hit-policy": error_rule(
        "没有“{policy}”这种命中策略。",
        "There is no hit policy {policy!r}.",
        "请从七种命中策略中选择一种。",
        "Choose one of the seven hit policies.",
    ),
    "unknown-aggregation": error_rule(
        "没有“{aggregation}”这种汇总方式。",
        "There is no aggregation {aggregation!r}.",
        "请选择 SUM、COUNT、MIN 或 MAX。",
        "Choose SUM, COUNT, MIN or MAX.",
    ),
    "no-output": error_rule(
        "决策表没有输出列。",
        "The decision table has no output.",
        "请添加一个输出列。",
        "Add an output column.",
    ),
    "wrong-number-of-cells": error_rule(
        "第 {rule} 条规则有 {conditions} 个条件、{conclusions} 个结论；表有 {inputs} 列输入、{outputs} 列输出。",
        "Rule {rule} has conditions: {conditions}, conclusions: {conclusions}; "
        "the table has inputs: {inputs}, outputs: {outputs}.",
        "每条规则在每一列都要有一格。",
        "Give every rule one cell a column.",
    ),
    "no-rules": warning_rule(
        "决策表没有规则。",
        "The decision table has no rules.",
        "请添加规则。",
        "Add a rule.",
    ),
    "aggregation-of-several-outputs": error_rule(
        "{aggregation} 不能汇总 {count} 个输出列。",
        "{aggregation} cannot aggregate several outputs ({count}).",
        "请只保留一个输出列，或收集而不汇总。",
        "Leave one output, or collect without aggregation.",
    ),
    "priorities-missing": error_rule(
        "命中策略 {policy} 需要按先后列出允许的输出值。",
        "The hit policy {policy} needs the allowed output values in their order.",
        "请列出输出值，最重要的在前。",
        "List the output values, the most important first.",
    ),
    "rules-overlap": warning_rule(
        "{place}：第 {first} 条与第 {second} 条规则可能同时符合（{values}）。",
        "{place}: rules {first} and {second} can match at once ({values}).",
        "请让两条规则的条件互相排斥，或改用 UNIQUE 以外的命中策略。",
        "Make their conditions exclude each other, or choose another hit policy than UNIQUE.",
    ),
    "rules-contradict": warning_rule(
        "{place}：第 {first} 条与第 {second} 条规则可能同时符合（{values}），结论却不同。",
        "{place}: rules {first} and {second} can match at once ({values}) and conclude differently.",
        "命中策略 ANY 要求同时符合的规则结论一致；请改正条件或结论。",
        "With the hit policy ANY, rules that match together must agree; correct the conditions or the conclusions.",
    ),
    "rule-missing": warning_rule(
        "{place}：没有规则适用于 {values}，此时结果为空。",
        "{place}: no rule is for {values}; the result would be null.",
        "请补充规则，或设置默认输出。",
        "Add a rule, or a default output.",
    ),
    "rule-unreachable": warning_rule(
        "{place}：第 {rule} 条规则永远轮不到，前面的规则已经覆盖了它的全部取值。",
        "{place}: rule {rule} is never reached; the rules before it take all its values.",
        "请把它移到前面，或删除。",
        "Move it up, or delete it.",
    ),
    "condition-empty": warning_rule(
        "{place}：没有任何值能满足“{text}”，这条规则永远不会符合。",
        "{place}: no value passes {text!r}, so the rule never matches.",
        "请检查区间的起点和终点。",
        "Look at the ends of the range.",
    ),
    "condition-not-allowed": warning_rule(
        "{place}：“{text}”不在允许的取值（{allowed}）之内，这条规则永远不会符合。",
        "{place}: {text!r} is outside the allowed values ({allowed}), so the rule never matches.",
        "请改正条件，或补充允许的取值。",
        "Correct the condition, or add to the allowed values.",
    ),
    "output-not-allowed": error_rule(
        "{place}：“{text}”不在允许的输出值（{allowed}）之内，结果将为空。",
        "{place}: {text!r} is not among the allowed outputs ({allowed}); it will be null.",
        "请改正结论，或补充允许的输出值。",
        "Correct the conclusion, or add to the allowed outputs.",
    ),
}

TYPE_RULES = {
    "never-fits": error_rule(
        "{place}：结果是{found:kind}，声明的类型却是{expected:kind}，取值将总是为空。",
        "{place}: the value is {found:kind}, the declared type {expected:kind}; it will always be null.",
        "请改正表达式或声明的类型。",
        "Correct the expression, or the declared type.",
    ),
    "always-wrong": error_rule(
        "{place}：“{text}”第 {at} 个字符处：{reason}。",
        "{place}: {text!r} at character {at}: {reason}.",
        "不论取什么值都会出错；请改正表达式，或改正数据的类型声明。",
        "It goes wrong whatever the values are; correct the text, or the declared types of what it reads.",
    ),
    "doubtful": warning_rule(
        "{place}：“{text}”第 {at} 个字符处：{reason}。",
        "{place}: {text!r} at character {at}: {reason}.",
        "请检查名称是否写错；如果确由流程提供，请把它画成输入数据并连线。",
        "Look at the spelling; if the process brings it, draw it as input data and require it.",
    ),
}

RULES: dict[str, Rule] = {**DOCUMENT_RULES, **REQUIREMENT_RULES, **LOGIC_RULES, **TABLE_RULES, **TYPE_RULES}
