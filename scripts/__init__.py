"""Programs for who works on the house; none of them is part of it."""
