"""Comments of staff on a case, with mentions of those who may see it."""
