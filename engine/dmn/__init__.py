"""DMN 1.1 to 1.5: read decision models, decide with a trace of what fired and why, and find what is wrong in them."""

from engine.dmn.evaluation import DecisionOutcome, decide
from engine.dmn.findings import DmnError, Finding, UnknownDecisionError
from engine.dmn.lint import lint
from engine.dmn.model import Decision, DecisionService, InputData, Model
from engine.dmn.neighbours import Neighbours
from engine.dmn.reader import parse
from engine.dmn.trace import DecisionWarning, Trace

__all__ = [
    "Decision",
    "DecisionOutcome",
    "DecisionService",
    "DecisionWarning",
    "DmnError",
    "Finding",
    "InputData",
    "Model",
    "Neighbours",
    "Trace",
    "UnknownDecisionError",
    "decide",
    "lint",
    "parse",
]
