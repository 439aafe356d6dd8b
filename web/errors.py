"""What can go wrong at the edge before a command runs: not signed in, a forged or broken request, too much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.core.texts import Words
from engine.errors import EngineError
from workflows.organisation.rights import Right

_NEEDED = {
    Right.PUBLIC: ("无", "nothing"),
    Right.SIGNED_IN: ("已登录的账号", "an account"),
    Right.WORK: ("任一办理岗位", "a post in a unit"),
    Right.INTAKE: ("窗口经办", "the post of a window clerk"),
    Right.OPERATE: ("主管或系统管理员", "the post of a supervisor or an administrator"),
    Right.SUPERVISE: ("主管", "the post of a supervisor"),
    Right.ADMINISTER: ("系统管理员", "the post of an administrator"),
    Right.DEPLOY: ("全县系统管理员", "the post of an administrator of the whole county"),
}


class EdgeError(EngineError):
    """Base of the refusals of the edge."""

    code = "edge-error"


class NotSignedIn(EdgeError):
    """The route needs an account, and the request names none."""

    code = "not-signed-in"
    text_zh = "请先登录；如果您已登录，登录可能已过期。"
    text_en = "Sign in first; if you were signed in, your session may have ended."


class RightMissing(EdgeError):
    """The route is for people with another kind of post."""

    code = "not-permitted"
    text_zh = "您的岗位不能使用此功能，需要：{needed_zh}。请联系本单位管理员或主管。"
    text_en = "Your posts do not allow this; it needs {needed_en}. Ask your administrator or supervisor."

    def __init__(self, right: Right) -> None:
        needed_zh, needed_en = _NEEDED[right]
        super().__init__(needed_zh=needed_zh, needed_en=needed_en)


class SignInFailed(EdgeError):
    """Login or password is wrong; which of the two is not told."""

    code = "sign-in-failed"
    text_zh = "登录名或密码不正确。连续 5 次错误将锁定账号 15 分钟。"
    text_en = "Login or password is wrong. Five wrong attempts in a row lock the account for 15 minutes."


class AccountLocked(EdgeError):
    """Too many wrong passwords; the account opens again by itself."""

    code = "account-locked"
    text_zh = "密码连续错误，账号已锁定。请约 {minutes} 分钟后再试，或联系管理员。"
    text_en = "Too many wrong passwords: the account is locked. Try again later (minutes: about {minutes})."

    def __init__(self, *, until: datetime, now: datetime) -> None:
        self.seconds = max(1, int((until - now).total_seconds()))
        super().__init__(minutes=max(1, -(-self.seconds // 60)))


class PasswordMustChange(EdgeError):
    """The first password of an account works for nothing but choosing another one."""

    code = "password-must-change"
    text_zh = "首次登录须先修改密码，然后才能使用系统。"
    text_en = "Change your first password before you use anything else."


class CsrfFailed(EdgeError):
    """A change came without the token of the page it should come from."""

    code = "csrf-failed"
    text_zh = (
        "页面已过期，本次操作未执行。请刷新页面后重试；"
        "程序调用接口时，须把登录应答中的 csrf_token 放入 X-CSRF-Token 请求头。"
    )
    text_en = (
        "This page is out of date and nothing was done. Reload it and try again; a program sends the csrf_token that "
        "signing in answered in the header X-CSRF-Token."
    )


class ForeignSite(EdgeError):
    """A page of another site tries a change with credentials the browser remembers."""

    code = "foreign-site"
    text_zh = "此请求来自其他网站，未执行。请在本系统的页面中操作。"
    text_en = "This request comes from another site and nothing was done. Use the pages of this system."


class BadRequest(EdgeError):
    """The request cannot be read."""

    code = "bad-request"
    text_zh = "请求无法读取：{reason_zh}"
    text_en = "The request cannot be read: {reason}"

    def __init__(self, reason: Words) -> None:
        super().__init__(reason=reason.en, reason_zh=reason.zh)


class BadJson(EdgeError):
    """The body is not JSON this system accepts."""

    code = "bad-json"
    text_zh = "请求正文不是可接受的 JSON:{reason_zh}"
    text_en = "The body is not JSON this system accepts: {reason}"

    def __init__(self, reason: Words) -> None:
        super().__init__(reason=reason.en, reason_zh=reason.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One value that cannot be accepted; `path` is where it stands, as keys and row numbers."""

    path: tuple[str | int, ...]
    code: str
    message_zh: str
    message_en: str

    def message(self, language: str) -> str:
        """Return the message in 'zh' or 'en'."""
        return self.message_zh if language.startswith("zh") else self.message_en


class RequestInvalid(EdgeError):
    """The body or the query breaks the rules of the route; `errors` names each value."""

    code = "request-invalid"
    text_zh = "有 {count} 处内容不符合要求。"
    text_en = "Values that do not follow the rules of this route: {count}."

    def __init__(self, errors: Sequence[Objection]) -> None:
        self.errors = tuple(errors)
        super().__init__(count=len(self.errors))


class UnsupportedMediaType(EdgeError):
    """The body has another content type than the route takes."""

    code = "unsupported-media-type"
    text_zh = "不支持的内容类型“{found}”，需要 {needed}。"
    text_en = "The content type {found!r} is not taken here; send {needed}."

    def __init__(self, *, found: str, needed: str) -> None:
        super().__init__(found=found[:80], needed=needed)


class TooLarge(EdgeError):
    """The body is larger than the route takes."""

    code = "too-large"
    text_zh = "提交内容过大。请减少内容或文件后重试。"
    text_en = "The request is too large. Send less, or smaller files."


class NoSuchAddress(EdgeError):
    """There is no page or route at this address."""

    code = "no-such-address"
    text_zh = "没有这个页面。请核对网址，或返回工作台。"
    text_en = "There is nothing at this address. Check it, or go back to the work list."


class NumberInAddress(EdgeError):
    """A search in an address bears a number of a person, which proxies, logs and histories would keep."""

    code = "number-in-address"
    text_zh = (
        "地址中不能带有身份证号码或电话号码，以免留在日志和浏览记录中。请改用 POST {twin}，把查询内容放在请求体中。"
    )
    text_en = (
        "An address may not bear an identity number or a telephone number: logs and histories keep it. "
        "Use POST {twin} and send what is searched for in the body."
    )

    def __init__(self, *, twin: str) -> None:
        super().__init__(twin=twin)


class MethodNotAllowed(EdgeError):
    """The address exists and takes other methods."""

    code = "method-not-allowed"
    text_zh = "此地址不支持这种请求方法。"
    text_en = "This address does not take that method."


class Unavailable(EdgeError):
    """The database cannot be reached for the moment."""

    code = "unavailable"
    text_zh = "系统暂时无法访问数据库，本次操作未保存。请稍后再试。"
    text_en = "The database cannot be reached at the moment and nothing was saved. Try again shortly."


class OutcomeNotKnown(EdgeError):
    """The line to the database broke while the change was being kept."""

    code = "outcome-unknown"
    text_zh = "保存时与数据库的连接中断，本次操作可能已保存，也可能未保存。请先查看当前状态，再决定是否重试。"
    text_en = (
        "The connection to the database broke while this was being saved; it may be saved or not. "
        "Look how things stand before you try again."
    )


class NoRoomLeft(EdgeError):
    """The database's disk is full."""

    code = "storage-full"
    text_zh = "数据库的存储空间已满，本次操作未保存。请联系管理员释放空间，之后再试。"
    text_en = (
        "The database has no room left to write and nothing was saved. Ask your administrator to free space, "
        "then try again."
    )


class Unexpected(EdgeError):
    """Something broke that should not; the log holds the details under the id."""

    code = "unexpected"
    text_zh = "系统发生错误，本次操作未保存。请稍后再试；如仍出现，请将编号 {id} 告知管理员。"
    text_en = "Something went wrong and nothing was saved. Try again later, or tell the administrator the id {id}."

    def __init__(self, id_: str) -> None:
        super().__init__(id=id_)
