"""The printed documents of the office: which there are, what is on them, how they are numbered, kept and verified."""
