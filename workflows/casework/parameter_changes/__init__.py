"""Changing a dated figure of policy: asked for with source and reason, looked at before, decided by somebody else."""
