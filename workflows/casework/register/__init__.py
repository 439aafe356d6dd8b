"""The register over the cases: who is known, in which household when, and what comes in through which channel."""
