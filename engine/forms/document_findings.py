"""What can be wrong in a form document: the texts of every finding, and the collector that places them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from engine.errors import EngineError
from engine.findings import Finding
from engine.json_values import JsonValue, dump_json


class FormDocumentError(EngineError):
    """A form document that cannot be used; `findings` say where and what to do."""

    code = "form-document-invalid"
    text_zh = "表单文件无法使用：{count} 个错误。请按清单逐项修改。"
    text_en = "The form document cannot be used (errors: {count}). Correct what the findings name."

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__(count=sum(1 for finding in findings if finding.severity == "error"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingText:
    """The words of one kind of finding: what was found, and what to do about it."""

    zh: str
    en: str
    do_zh: str
    do_en: str
    severity: Literal["error", "warning"] = "error"


TEXTS = {
    "form-not-json": FindingText(
        zh="要求一份 JSON 表单文件，但无法读取：{reason}。",
        en="A form document in JSON was asked for, but it cannot be read: {reason}.",
        do_zh="请用表单编辑器重新保存该文件。",
        do_en="Save the file again with a form editor.",
    ),
    "form-version": FindingText(
        zh="表单的 schemaVersion 为 {found}，本系统支持到 {supported}。",
        en="The form's schemaVersion is {found}; up to {supported} is supported.",
        do_zh="请用本系统的表单编辑器重新保存。",
        do_en="Save the form with this system's editor.",
    ),
    "form-property": FindingText(
        zh="属性 {name} 应为{expected_zh}，现为 {found}。",
        en="The property {name} must be {expected_en}, found {found}.",
        do_zh="请在表单编辑器中改正该属性。",
        do_en="Correct the property in the form editor.",
    ),
    "form-component-unknown": FindingText(
        zh="组件类型 {found} 不受支持。",
        en="The component type {found} is not supported.",
        do_zh="请改用本系统编辑器中的组件。",
        do_en="Use a component of this system's editor.",
    ),
    "form-id-duplicate": FindingText(
        zh="组件编号 {found} 出现多次。",
        en="The component id {found} occurs more than once.",
        do_zh="请为每个组件使用不同的编号。",
        do_en="Give every component an id of its own.",
    ),
    "form-key-missing": FindingText(
        zh="该组件没有 {name}，其值无处存放。",
        en="The component has no {name}: its value would have no place.",
        do_zh="请填写 {name}。",
        do_en="Give it a {name}.",
    ),
    "form-key-invalid": FindingText(
        zh="{name} {found} 不可用：各段须由汉字、字母、数字、下划线组成，以点分隔。",
        en="The {name} {found} cannot be used: its parts must be letters, digits and underscores, joined by dots.",
        do_zh="请更改 {name}。",
        do_en="Change the {name}.",
    ),
    "form-key-duplicate": FindingText(
        zh="{found} 已被组件 {other} 使用，或与其路径冲突。",
        en="The place {found} is taken by the component {other}, or lies inside it.",
        do_zh="请为其中一个组件更换键或路径。",
        do_en="Give one of the two another key or path.",
    ),
    "form-key-taken": FindingText(
        zh="{found} 是表达式读取的系统对象，不能作为表单的键或路径。",
        en="{found} is an object of the office that expressions read; no key or path may begin with it.",
        do_zh="请更换键或路径。",
        do_en="Give it another key or path.",
    ),
    "form-expression": FindingText(
        zh="属性 {name} 的 FEEL 表达式有误：{reason_zh}。",
        en="The FEEL expression of {name} is wrong: {reason_en}.",
        do_zh="请在所示位置改正表达式。",
        do_en="Correct the expression at the place named.",
    ),
    "form-pattern": FindingText(
        zh="正则表达式无法执行：{reason}。",
        en="The pattern cannot be run: {reason}.",
        do_zh="请勿使用前后查找和反向引用，并检查括号。",
        do_en="Do without looking ahead or behind and references back, and check the brackets.",
    ),
    "form-options": FindingText(
        zh="选项来源须恰好为一种（values、valuesKey 或 valuesExpression），现有 {found} 种。",
        en="Options must come from exactly one of values, valuesKey, valuesExpression; given: {found}.",
        do_zh="请保留一种选项来源。",
        do_en="Keep one source of options.",
    ),
    "form-option-duplicate": FindingText(
        zh="选项值 {found} 出现多次。",
        en="The option value {found} occurs more than once.",
        do_zh="请为每个选项使用不同的值。",
        do_en="Give every option a value of its own.",
    ),
    "form-too-deep": FindingText(
        zh="组件嵌套超过 {limit} 层。",
        en="Components nest more than {limit} levels deep.",
        do_zh="请减少嵌套。",
        do_en="Use fewer levels.",
    ),
    "form-phone-international": FindingText(
        zh="validationType 为 phone 时，浏览器要求号码以 + 或 00 及国家代码开头，普通手机号无法提交。",
        en="With validationType phone the browser wants + or 00 and a country code; a plain mobile number is refused.",
        do_zh="请改用 pattern，例如 ^1[3-9][0-9]{{9}}$。",
        do_en="Use a pattern instead, for example ^1[3-9][0-9]{{9}}$.",
        severity="warning",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the document a finding stands."""

    element_id: str | None = None
    element_name: str | None = None


@dataclass(slots=True, kw_only=True)
class FindingCollector:
    """Collects the findings of one document."""

    resource: str
    source: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, place: Place, **words: object) -> None:
        """Record a finding; the words fill the catalogue's text."""
        text = TEXTS[code]
        self.findings.append(
            Finding(
                severity=text.severity,
                code=code,
                resource=self.resource,
                element_id=place.element_id,
                element_name=place.element_name,
                line=self._line_of(place.element_id),
                message_zh=text.zh.format(**words),
                message_en=text.en.format(**words),
                advice_zh=text.do_zh.format(**words),
                advice_en=text.do_en.format(**words),
            )
        )

    @property
    def has_errors(self) -> bool:
        """Tell whether the document must be refused."""
        return any(finding.severity == "error" for finding in self.findings)

    def _line_of(self, element_id: str | None) -> int | None:
        if element_id is None:
            return None
        at = self.source.find(dump_json(element_id))
        return None if at < 0 else self.source.count("\n", 0, at) + 1


def shown(value: JsonValue) -> str:
    """Show a found value in a message, cut to a length one can read."""
    try:
        text = dump_json(value)
    except (ValueError, RecursionError, TypeError):
        text = type(value).__name__
    return text if len(text) <= 60 else f"{text[:60]}…"
