"""What can go wrong with spot checks; texts name numbers and days, never persons."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class SpotCheckNotFound(CaseworkError):
    """There is no such spot check, or the actor may not know that it exists."""

    code = "spot-check-not-found"
    text_zh = "没有找到该次抽查，或该次抽查不在您的监督范围内。请从抽查列表中打开。"
    text_en = "There is no such spot check here, or you do not supervise its region. Open it from the list."


class PopulationEmpty(CaseworkError):
    """Nothing fits what a sample was asked of."""

    code = "population-empty"
    text_zh = "所选条件下没有可抽查的事项（不含正在抽查和须您回避的），没有抽取。请放宽期间、地区、项目或单位。"
    text_en = (
        "Nothing can be sampled by these conditions (what is under review, and what you are barred from, is left out). "
        "Widen the period, the region, the programme or the unit."
    )


class PopulationTooLarge(CaseworkError):
    """More fits than can be drawn from at once."""

    code = "population-too-large"
    text_zh = "所选条件下有 {found} 件，一次最多从 {most} 件中抽取。请缩短期间，或按街道（镇）、项目、单位分次抽取。"
    text_en = (
        "{found} fit these conditions, a sample is drawn of at most {most}. "
        "Shorten the period, or draw by town, programme or unit."
    )

    def __init__(self, *, most: int, found: int) -> None:
        super().__init__(most=most, found=found)


class SampleSizeWrong(CaseworkError):
    """A sample was asked for that is none, or too large."""

    code = "sample-size-wrong"
    text_zh = "抽查数量应为 1 至 {most} 件，或 1% 至 100%（二者选一，折合不超过 {most} 件），现为 {found}。请更正。"
    text_en = (
        "A sample has 1 to {most} cases, or is 1 to 100 percent of at most that many (one of both); found {found}. "
        "Correct it."
    )

    def __init__(self, *, most: int, found: str) -> None:
        super().__init__(most=most, found=found)


class SamplePeriodWrong(CaseworkError):
    """The period of a sample ends before it begins, or nobody can mean it."""

    code = "sample-period-wrong"
    text_zh = "抽查期间 {since} 至 {until} 无法识别：截止日期不能早于起始日期，最长十年。请更正期间。"
    text_en = "The period {since} to {until} makes no sense: it ends after it begins, at most ten years later."

    def __init__(self, *, since: object, until: object) -> None:
        super().__init__(since=str(since), until=str(until))


class SeedWrong(CaseworkError):
    """A seed is too long, or holds signs that nobody could type again."""

    code = "seed-wrong"
    text_zh = "随机种子应为 1 至 64 个字母、数字或连字符。请更正，或留空由系统产生。"
    text_en = "A seed is 1 to 64 letters, digits or hyphens. Correct it, or leave it empty to get one."


class NobodyToReview(CaseworkError):
    """Everybody who could review a sampled case had a part in it, or is kin."""

    code = "nobody-to-review"
    text_zh = "抽中的案件“{number}”没有未经手且无须回避的人员可以核查，没有抽取。请由管理员增加复核人员，或缩小范围。"
    text_en = (
        "Of the case {number!r} that was drawn, everybody who could review it had a part in it or is barred; nothing "
        "was drawn. An administrator must add reviewers, or narrow the conditions."
    )

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class NobodyToDecide(CaseworkError):
    """Everybody who could decide on a severe finding in a sampled case had a part in it, or is kin."""

    code = "nobody-to-decide"
    text_zh = (
        "抽中的案件“{number}”没有未经手且无须回避的主管可以处理严重问题，没有抽取。请由管理员增加主管，或缩小范围。"
    )
    text_en = (
        "Of the case {number!r} that was drawn, every supervisor who could decide on severe findings had a part in it "
        "or is barred; nothing was drawn. An administrator must add supervisors, or narrow the conditions."
    )

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class SpotCheckOfKin(CaseworkError):
    """Who is kin in a sampled case does not end its review; which case it is, is not told."""

    code = "spot-check-of-kin"
    text_zh = "抽查“{number}”中有须您回避的案件，您不能撤回，没有撤回。请由另一位主管撤回。"
    text_en = (
        "The spot check {number!r} has a case from which you are barred as a relative; nothing was withdrawn. "
        "Another supervisor must withdraw it."
    )

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class SpotCheckKeyTaken(CaseworkError):
    """The key of a submission belongs to another draw."""

    code = "spot-check-key-taken"
    text_zh = "同一提交标识已用于另一次条件不同的抽查。请重新打开页面后再提交。"
    text_en = "This Idempotency-Key belongs to another spot check. Send the changed one under a new key."


class SpotCheckWithdrawn(CaseworkError):
    """A spot check was withdrawn, or nothing of it is open any more."""

    code = "spot-check-over"
    text_zh = "抽查“{number}”已撤回或已全部办结，不能进行此步骤。请刷新查看最新进展。"
    text_en = "The spot check {number!r} is withdrawn or done, so this step cannot come. Reload it."

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class TookPart(CaseworkError):
    """Who had a part in a case does not review it."""

    code = "took-part"
    text_zh = "您经办过案件“{number}”，不能办理“{task}”。请由没有经手的人员办理。"
    text_en = "You had a part in the case {number!r} and cannot do {task!r}. Somebody else must."

    def __init__(self, *, number: str, task: str) -> None:
        super().__init__(number=number, task=task)
