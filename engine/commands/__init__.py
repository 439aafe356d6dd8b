"""Commands: one small object a write, run by `engine.executor.Engine.execute` in one transaction."""
