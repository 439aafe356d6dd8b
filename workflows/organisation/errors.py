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
