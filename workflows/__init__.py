"""What this office does, in terms of the engine: diagrams, the case file, rules, handlers and the outside."""
