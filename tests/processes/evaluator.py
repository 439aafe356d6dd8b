"""tmp"""

from engine.core.model import ExpressionFailed


class TestEvaluator:
    __test__ = False

    def evaluate(self, text, scope):
        try:
            import re

            t = text[1:].strip()
            t = re.sub(r"(?<![<>=!])=(?!=)", "==", t)
            return eval(t, {"true": True, "false": False, "null": None, "count": len}, dict(scope))
        except Exception as e:
            raise ExpressionFailed(str(e)) from e

    def decide(self, decision_id, scope):
        raise ExpressionFailed("no such decision")
