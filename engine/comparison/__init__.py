"""What a new version of a diagram, decision or form changes: element by element, with everything that runs."""

from engine.comparison.compare import compare_resources
from engine.comparison.model import Change, ChangeKind, Difference

__all__ = ["Change", "ChangeKind", "Difference", "compare_resources"]
