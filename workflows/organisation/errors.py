"""What can go wrong with units, accounts and passwords."""

from __future__ import annotations

from engine.errors import EngineError


class OrganisationError(EngineError):
    """Base of the refusals of this room."""

    code = "organisation-error"


class OrganisationInvalid(OrganisationError):
    """A value does not have the shape it must have."""

    code = "organisation-invalid"
    text_zh = "“{field}”的值“{value}”不符合要求({rule})。请更正后重试。"
    text_en = "The value {value!r} of {field} does not follow its rule ({rule}). Correct it and try again."

    def __init__(self, *, field: str, value: str, rule: str) -> None:
        super().__init__(field=field, value=value, rule=rule)


class AlreadyExists(OrganisationError):
    """The login or unit id is taken."""

    code = "already-exists"
    text_zh = "{kind}“{key}”已存在。请使用其他编号。"
    text_en = "The {kind} {key!r} exists already. Choose another id."

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(kind=kind, key=key)


class FilterNameTaken(OrganisationError):
    """A person's filters have different names."""

    code = "filter-name-taken"
    text_zh = "已有名为“{name}”的筛选。请换一个名称，或在列表设置中更改原有筛选。"
    text_en = "There is a filter called {name!r} already. Choose another name, or change that one."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class TooManyFilters(OrganisationError):
    """One person keeps only so many filters."""

    code = "too-many-filters"
    text_zh = "每人最多保存 {most} 个筛选。请先删除不用的筛选。"
    text_en = "One person keeps at most {most} filters. Remove one that is not needed first."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class TooManySharedFilters(OrganisationError):
    """One unit is shown only so many filters."""

    code = "too-many-shared-filters"
    text_zh = "每个单位最多共享 {most} 个筛选。请先删除或改为仅自己可见，再共享。"
    text_en = "One unit is shown at most {most} filters. Remove one, or keep one to its owner, before sharing another."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class PasswordRefused(OrganisationError):
    """The new password is too weak or the same, or the current one is wrong."""

    code = "password-refused"
    text_zh = "密码未被接受：{reason_zh}"
    text_en = "The password was not accepted: {reason_en}"

    def __init__(self, *, reason_zh: str, reason_en: str, field: str) -> None:
        self.field = field
        super().__init__(reason_zh=reason_zh, reason_en=reason_en)

    @classmethod
    def because_current_is_wrong(cls) -> PasswordRefused:
        """Return the refusal of a change that came with a wrong current password."""
        return cls(field="current_password", reason_zh="当前密码不正确。", reason_en="the current password is wrong.")
