"""The interpreter: a pure function of (definition, snapshot, command, now) to (snapshot, facts)."""
