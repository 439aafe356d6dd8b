"""Winter and spring relief: the register of a season, the needs towns find, the plan, what is granted of it."""
