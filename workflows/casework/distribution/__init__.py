"""Who is given the tasks of a unit, by its rules, and when a task that nobody touches goes back."""
