"""Schema migrations: small, forward-only, each safe beside the code before it."""
