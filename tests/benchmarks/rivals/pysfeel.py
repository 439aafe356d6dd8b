"""pySFeel: parses at every evaluation; its variables live in the parser, numbers must be floats, members are dotted."""

import json
import sys
import timeit

import pySFeel


def floats(value):
    """Numbers as it wants them."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return [floats(member) for member in value]
    return {key: floats(member) for key, member in value.items()} if isinstance(value, dict) else value


def measured(work):
    """Microseconds a call."""
    timer = timeit.Timer(work)
    calls, _ = timer.autorange()
    return min(timer.repeat(repeat=3, number=calls)) / calls * 1e6


answers = []
for case in json.load(sys.stdin):
    engine = pySFeel.SFeelParser()
    for name, value in floats(case["variables"]).items():
        engine.names[name] = value
        for member, inner in value.items() if isinstance(value, dict) else ():
            engine.names[f"{name}.{member}"] = inner
    try:
        status, found = engine.sFeelParse(case["feel"])
        if "errors" in status or found is None:
            raise ValueError(str(status.get("errors", "null"))[:80])
        answers.append({"value": found, "parsed": measured(lambda: engine.sFeelParse(case["feel"]))})
    except Exception as error:  # whatever a rival raises is its answer
        answers.append({"error": f"{type(error).__name__}: {error}".splitlines()[0][:80]})
json.dump(answers, sys.stdout, default=str)
