"""Advice: whoever holds a task asks another unit a question about its case, and keeps the task meanwhile."""
