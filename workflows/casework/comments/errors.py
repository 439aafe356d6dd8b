"""What can go wrong with comments; of persons only the word somebody typed after an @ is said back."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class CommentNotFound(CaseworkError):
    """There is no such comment, or the actor may not know that it exists."""

    code = "comment-not-found"
    text_zh = "没有找到该留言，或该留言不在您的查看范围内。请从案件留言列表中操作。"
    text_en = "There is no such comment here, or it is none you may see. Start from the comments of the case."


class CommentTextWrong(CaseworkError):
    """A comment is empty or too long."""

    code = "comment-text-wrong"
    text_zh = "留言应为 1 至 {most} 个字，现为 {found} 个字。请填写或缩短后再提交。"
    text_en = "A comment has 1 to {most} signs, found {found}. Write something or make it shorter, then send it again."

    def __init__(self, *, most: int, found: int) -> None:
        super().__init__(most=most, found=found)


class MentionOutsideSight(CaseworkError):
    """Nobody of this login or name may see the case."""

    code = "mention-outside-sight"
    text_zh = (
        "要提醒的“{who}”不是可以查看案件“{number}”的人员，留言尚未保存。"
        "请从可提醒的人员中选择；“@”若不是要提醒谁，请在其后空一格。"
    )
    text_en = (
        "{who!r} is to be told, but nobody of that login or name may see the case {number!r}; nothing was saved. "
        "Choose one of those who may see it; put a space after an @ that is to tell nobody."
    )

    def __init__(self, *, who: str, number: str) -> None:
        super().__init__(who=who, number=number)


class MentionAmbiguous(CaseworkError):
    """Several people of this name may see the case."""

    code = "mention-ambiguous"
    text_zh = "可以查看本案的人员中有 {count} 位叫“{who}”，留言尚未保存。请改用登录名提醒其中一位。"
    text_en = (
        "{count} people called {who!r} may see the case; nothing was saved. Use the login of the one who is to be told."
    )

    def __init__(self, *, who: str, count: int) -> None:
        super().__init__(who=who, count=count)


class TooManyMentions(CaseworkError):
    """A comment mentions more people than one comment may."""

    code = "too-many-mentions"
    text_zh = "一条留言最多提醒 {most} 人，现为 {found} 人，尚未保存。请减少后再提交。"
    text_en = "A comment mentions {most} people at most, found {found}; nothing was saved. Name fewer."

    def __init__(self, *, most: int, found: int) -> None:
        super().__init__(most=most, found=found)


class CommentNotOwn(CaseworkError):
    """Only who wrote a comment may correct or withdraw it."""

    code = "comment-not-own"
    text_zh = "只有留言人本人可以更正或撤回留言。如有不同意见，请另写一条留言。"
    text_en = "Only who wrote a comment may correct or withdraw it. Write a comment of your own instead."


class CommentSettled(CaseworkError):
    """The time in which a comment could be corrected is over."""

    code = "comment-settled"
    text_zh = "该留言的更正时限已过。请另写一条留言说明，或撤回该留言。"
    text_en = "The time to correct this comment is over. Write another one, or withdraw it."


class CommentWithdrawn(CaseworkError):
    """A withdrawn comment is corrected no more."""

    code = "comment-withdrawn"
    text_zh = "该留言已撤回，不能更正。请另写一条留言。"
    text_en = "This comment was withdrawn and cannot be corrected. Write another one."


class CommentChanged(CaseworkError):
    """A comment was corrected since the one that is to be corrected was read."""

    code = "comment-changed"
    text_zh = "该留言在您打开后已被更正（第 {version} 版），本次更正未保存。请刷新后再更正。"
    text_en = "This comment was corrected since you opened it (version {version}); nothing was saved. Reload it first."

    def __init__(self, *, version: int) -> None:
        super().__init__(version=version)


class CommentKeyTaken(CaseworkError):
    """The key of a submission belongs to another comment."""

    code = "comment-key-taken"
    text_zh = "同一提交标识已用于另一条内容不同的留言。请重新打开页面后再提交。"
    text_en = "This Idempotency-Key belongs to another comment. Send the changed one under a new key."
